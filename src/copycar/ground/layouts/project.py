"""The project folder of MARMOT (cvlab-epfl, a multi-camera pipeline): reads it as a `Scene`, names its files.

```
data/                                  or the project folder itself
  0-calibration/calibs/cam1.json …     a camera is used when it has a file; cam1_new.json wins over cam1.json
  1-annotation/{train,val}/cam1/cam1_0.png …
  1-annotation/labels/{train,val}/{annotator}_0.json …
  2-training/{weights,logs,visualization}, 2-training/model_evaluation.hdf5
  project_config.yaml                  optional
```
Cameras go by natural order (cam2 before cam10). Where there are no labelled `val` frames, the last tenth of `train` is
held out, as MARMOT does. Of several annotators, the one with most files counts.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from copycar.core.errors import CopycarError
from copycar.ground.calibration import Calibration
from copycar.ground.layouts.calibration_json import read_calibration, unit_of
from copycar.ground.layouts.config_yaml import area_of, rate_of, read_config, thing_of
from copycar.ground.layouts.json_file import read_json
from copycar.ground.layouts.label_json import read_labels
from copycar.ground.scene import PERSON, SPLITS, Moment, Scene, natural

CALIBRATIONS = Path("0-calibration/calibs")
ANNOTATION = Path("1-annotation")
TRAINING = Path("2-training")
CONFIG = "project_config.yaml"
PICTURES = (".png", ".jpg", ".jpeg")
USUAL_RATE_HZ = 10.0  # MARMOT's save_framerate
HELD_OUT = 0.1

_CAMERA = re.compile(r"cam\d+(_new)?")


def is_here(folder: Path) -> bool:
    """Return whether `folder` is a project of this layout."""
    return (data_folder(folder) / CALIBRATIONS).is_dir()


def data_folder(folder: Path) -> Path:
    """Return the folder that holds `0-calibration`: `folder` or its `data`."""
    return folder / "data" if (folder / "data" / CALIBRATIONS).is_dir() else folder


def read(folder: Path) -> Scene:
    """Return the project.

    Raises:
        CopycarError: a damaged file, or no camera at all.
    """
    scene, _ = read_whole(folder)
    moments = scene.moments
    if moments["train"] and not any(moment.truth for moment in moments["val"]):
        n_train = len(moments["train"]) - round(HELD_OUT * len(moments["train"]))
        scene = replace(scene, moments={"train": moments["train"][:n_train], "val": moments["train"][n_train:]})
    return scene


def read_whole(folder: Path) -> tuple[Scene, float]:
    """Return the project with its frames as they lie there, and the metres in its files' unit of length.

    Raises:
        CopycarError: a damaged file, or no camera at all.
    """
    root = data_folder(folder)
    calibrations, unit_m = _calibrations(root / CALIBRATIONS)
    names = [calibration.name for calibration in calibrations]
    config_path = next((path for path in (root / CONFIG, folder / CONFIG) if path.is_file()), root / CONFIG)
    config = read_config(config_path)
    moments = {split: _moments(root / ANNOTATION, split, names, unit_m) for split in SPLITS}
    thing, rate_hz = thing_of(config_path, config, PERSON), rate_of(config_path, config, USUAL_RATE_HZ)
    left_out = tuple(_left_out(root, names))
    scene = Scene(root, tuple(calibrations), moments, thing, rate_hz, area_of(config_path, config), left_out)
    return scene, unit_m


def pictures_of(annotation: Path, split: str, camera: str) -> dict[int, Path]:
    """Return the pictures of one camera by frame number: `cam1/cam1_0.png`."""
    folder = annotation / split / camera
    pattern = re.compile(rf"{re.escape(camera)}_(\d+)")
    found = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        match = pattern.fullmatch(path.stem)
        if match and path.suffix.lower() in PICTURES:
            found[int(match[1])] = path
    return found


def labels_of(annotation: Path, split: str) -> dict[int, Path]:
    """Return the label files by frame number, those of the annotator with most files."""
    found: dict[str, dict[int, Path]] = {}
    for path in sorted((annotation / "labels" / split).glob("*.json")):
        annotator, _, number = path.stem.rpartition("_")
        if number.isdigit():
            found.setdefault(annotator, {})[int(number)] = path
    busiest = Counter({annotator: len(files) for annotator, files in found.items()}).most_common(1)
    return found[busiest[0][0]] if busiest else {}


def camera_files(folder: Path) -> dict[str, Path]:
    """Return the file of every camera by name, in natural order; `cam1_new.json` wins over `cam1.json`."""
    paths = (path for path in folder.glob("*.json") if _CAMERA.fullmatch(path.stem))
    files = {path.stem.removesuffix("_new"): path for path in sorted(paths, key=lambda path: len(path.stem))}
    return {name: files[name] for name in sorted(files, key=natural)}


def _calibrations(folder: Path) -> tuple[list[Calibration], float]:
    """Return the cameras in natural order and the metres in their unit, which labels share."""
    paths = list(camera_files(folder).values())
    if not paths:
        raise CopycarError(
            f"{folder} holds no camera", "a camera is a file cam1.json, cam2.json …", "calibrate: see docs/ground.md"
        )
    units = {unit_of(path, read_json(path)) for path in paths}
    if len(units) > 1:
        raise CopycarError(f"{folder}: cameras have different units", fix='give all of them the same "unit"')
    return [read_calibration(path) for path in paths], units.pop()


def _left_out(root: Path, cameras: Sequence[str]) -> Iterator[str]:
    """Yield what lies there and is not read: pictures without a calibration, calibrations that are no camera's."""
    for path in sorted((root / CALIBRATIONS).glob("*.json")):
        if not _CAMERA.fullmatch(path.stem):
            yield f"{path.relative_to(root)} is no camera's name: they are called cam1, cam2 …"
    for split in SPLITS:
        for path in sorted((root / ANNOTATION / split).glob("*")):
            if path.is_dir() and path.name not in cameras:
                yield f"{path.relative_to(root)} has pictures, but {CALIBRATIONS / path.name}.json is missing"


def _moments(annotation: Path, split: str, cameras: Sequence[str], unit_m: float) -> list[Moment]:
    pictures = [pictures_of(annotation, split, camera) for camera in cameras]
    labels = labels_of(annotation, split)
    numbers = sorted(set(labels).union(*pictures))
    return [
        Moment(
            number,
            tuple(of_camera.get(number) for of_camera in pictures),
            read_labels(labels[number], unit_m) if number in labels else None,
        )
        for number in numbers
    ]
