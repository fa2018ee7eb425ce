"""Small recordings in every foreign format, made as their own recorders make them."""

import json
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from copycar.core.frame import Action
from copycar.testing.tub import draw_line, make_frame
from copycar.tubs.formats.png import encode_png
from copycar.tubs.jpeg import encode_jpeg
from copycar.tubs.write import TubWriter

SIZE = (24, 32)
STEERINGS = [-0.9, -0.5, -0.25, 0.0, 0.125, 0.375, 0.625, 1.0]


class Sources:
    """Makes recordings below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def donkeycar_v1(self, name: str = "tub_3_19-08-01", n: int = 8) -> Path:
        folder = self._folder(name)
        meta = {
            "inputs": ["cam/image_array", "user/angle", "user/throttle", "user/mode", "speed"],
            "types": ["image_array", "float", "float", "str", "float"],
            "start": 1_564_650_000.0,
            "location": "hall",
        }
        (folder / "meta.json").write_text(json.dumps(meta))
        (folder / "exclude.json").write_text("[3, 4]")
        for number in range(1, n + 1):
            picture = f"{number}_cam-image_array_.jpg"
            (folder / picture).write_bytes(jpeg(number))
            record = {"user/angle": steering(number), "user/throttle": 0.5, "user/mode": "user", "speed": number / 2}
            record |= {"cam/image_array": picture, "milliseconds": number * 50}
            (folder / f"record_{number}.json").write_text(json.dumps(record))
        return folder

    def tensorkart(self, name: str = "luigi", n: int = 8) -> Path:
        folder = self._folder(name)
        rows = []
        for number in range(n):
            (folder / f"img_{number}.png").write_bytes(png(number))
            rows.append(f"samples/2021-10-11/img_{number}.png,{steering(number)},-0.0078125,1,0,{number % 2}\n")
        (folder / "data.csv").write_text("".join(rows))
        return folder

    def udacity(self, name: str = "udacity", n: int = 8) -> Path:
        folder = self._folder(name)
        (folder / "IMG").mkdir()
        rows = []
        for number in range(n):
            names = [f"{camera}_2018_11_15_21_17_0{number % 10}_669.jpg" for camera in ("center", "left", "right")]
            for camera, picture in enumerate(names):
                (folder / "IMG" / picture).write_bytes(jpeg(number + camera))
            paths = ",".join(f"C:\\Users\\Doe, J\\IMG\\{picture}" for picture in names)
            rows.append(f"{paths},{steering(number) / 2},0.5,{0.25 if number == 3 else 0},9.5E-06\n")
        (folder / "driving_log.csv").write_text("".join(rows))
        return folder

    def autcar(self, name: str = "autcar", n: int = 12) -> Path:
        folder = self._folder(name)
        commands = [
            {"type": "left", "direction": "forward", "style": "medium"},
            {"type": "move", "speed": "medium", "direction": "forward"},
            {"style": "harsh", "type": "right", "direction": None},
            {"type": "stop"},
        ]
        rows = []
        for number in range(n):
            (folder / f"{number}_car_snapshot.png").write_bytes(png(number))
            rows.append(f"{number}_car_snapshot.png;{commands[number % 4]}\r\n")
        (folder / "training.csv").write_text("".join(rows), newline="")
        return folder

    def autcar_balanced(self, name: str = "balanced") -> Path:
        """Four frames of one command, two of another copied once each, one copy on either side."""
        folder = self._folder(name)
        frames = [0, 0, 1, 2, 3, 4, 3, 4]  # the first two: a car that stood still
        rows: dict[str, list[str]] = {"train": [], "test": []}
        for number, frame in enumerate(frames):
            command = "left_medium_forward" if frame >= 3 else "move_medium_forward"
            (folder / f"image_{number}.png").write_bytes(png(frame))
            rows["test" if number in {2, 6} else "train"].append(f"balanced_dataset/image_{number}.png\t{command}\n")
        for side, lines in rows.items():
            (folder / f"{side}_map.txt").write_text("".join(lines))
        return folder

    def film(self, name: str = "drive.mp4", n: int = 10, rate_hz: int = 20) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        with av.open(str(path), "w") as container:
            stream = container.add_stream("mpeg4", rate=rate_hz)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for number in range(n):
                image = draw_line(steering(number), (48, 64))
                container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
            container.mux(stream.encode(None))
        rows = ["steering,throttle,lap"] + [f"{steering(number)},0.5,1" for number in range(n)]
        path.with_suffix(".csv").write_text("\n".join(rows) + "\n")
        return path

    def tub(self, name: str = "data", n: int = 30) -> Path:
        """Two drives, own times, extras, a policy's frames among them, two frames deleted."""
        folder = self.folder / name
        for drive in range(2):
            with TubWriter(folder, extras={"speed": "float", "lap": "int"}, metadata={"location": "hall"}) as writer:
                for number in range(n // 2):
                    extras = {"speed": number / 3, "lap": drive}
                    source = "policy" if number % 5 == 4 else "human"
                    action = Action(steering(number), 0.5 - drive / 4)
                    frame = make_frame(action, source=source, t_ns=number * 50_000_000, extras=extras, image_size=SIZE)
                    writer.append(frame)
                if drive:
                    writer.erase_last(2)
        return folder

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True)
        return folder


def steering(number: int) -> float:
    return STEERINGS[number % len(STEERINGS)]


def picture(number: int) -> np.ndarray:
    return draw_line(steering(number), SIZE, np.random.default_rng(number))


def jpeg(number: int) -> bytes:
    return encode_jpeg(picture(number))


def png(number: int) -> bytes:
    return encode_png(picture(number))


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    """Makes recordings in every format below a folder of this test."""
    return Sources(tmp_path / "sources")


@pytest.fixture
def make_source(sources: Sources) -> dict[str, Callable[[], Path]]:
    """Format name -> makes a small recording of it."""
    return {
        "autcar": sources.autcar,
        "autcar-balanced": sources.autcar_balanced,
        "donkeycar-v1": sources.donkeycar_v1,
        "lerobot": lambda: Path(__file__).parent / "data" / "lerobot",
        "movie": sources.film,
        "tensorkart": sources.tensorkart,
        "tub": sources.tub,
        "udacity": sources.udacity,
    }
