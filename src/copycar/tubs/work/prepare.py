"""`X.npy` and `y.npy` for people who bring their own training script. Knows nothing of networks.

`X` is uint8, exactly the pixels that the camera gave: no cast, no scaling and so no way to lose them. `y` is float32
[steering, throttle], row for row. Both open with `numpy.load(path, mmap_mode="r")`, which reads only what is used.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from copycar.core.errors import CopycarError
from copycar.core.files import write_json
from copycar.core.progress import OnProgress
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.load import common_image_size, load_images
from copycar.tubs.new_folder import new_folder
from copycar.tubs.records import joined
from copycar.tubs.store import Images
from copycar.tubs.tub import Tub

PICTURES, LABELS, FRAMES, ABOUT = "X.npy", "y.npy", "frames.csv", "about.json"
HEADER_BYTES = 128
"""Of a version 1.0 .npy file with a short shape: what numpy pads it to."""

LEAST_CONTRAST = 1.0
"""Standard deviation of a black picture's grey levels, of 255; JPEG noise included."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was written.

    Attributes:
        path: the folder.
        shape: of X: (N, H, W, 3).
        notes: what was left out, in plain words.
    """

    path: Path
    shape: tuple[int, ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the files, the shape and the notes."""
        files = {"pictures": str(self.path / PICTURES), "labels": str(self.path / LABELS)}
        return {**files, "frames": self.shape[0], "shape": list(self.shape), "notes": list(self.notes)}


def prepare(tubs: Sequence[Tub], path: Path, *, on_progress: OnProgress | None = None) -> Prepared:
    """Write the folder `path` with X.npy, y.npy, frames.csv (which tub and frame each row is) and about.json.

    Args:
        tubs: their live frames follow each other.
        path: a new folder; it appears when everything is written.
        on_progress: is told (pictures done, pictures in all).

    Raises:
        CopycarError: no usable frame, black pictures only, or `path` exists or cannot be written.
    """
    records = joined(tub.records for tub in tubs)
    size = common_image_size(records)
    with new_folder(path) as folder:
        rows = _rows(folder / PICTURES, (len(records), *size, 3))
        store = load_images(records, into=rows, on_progress=on_progress)
        n = len(store)
        check_not_black(rows[:n], tubs)
        rows.flush()
        _finish(folder / PICTURES, (n, *size, 3))
        labels = np.array([record.action for record in store.records], dtype=np.float32).reshape(n, 2)
        np.save(folder / LABELS, labels)
        origins = (f"{json.dumps(str(r.image_path.parent.parent))},{r.index},{r.session}\n" for r in store.records)
        (folder / FRAMES).write_text("tub,frame,episode\n" + "".join(origins), encoding="utf-8")
        about = {"X": "uint8 (N, H, W, 3) RGB", "y": "float32 (N, 2) steering, throttle; + is right, + is forward"}
        write_json(folder / ABOUT, {**about, "tubs": [str(t.path) for t in tubs], "fingerprint": fingerprint(tubs)})
    notes = tuple(f"left out {bad.record.image_path}: {bad.reason}" for bad in store.bad)
    return Prepared(path, (n, *size, 3), notes)


def _rows(path: Path, shape: tuple[int, ...]) -> "np.memmap[Any, np.dtype[np.uint8]]":
    """Return a memory map for the pictures behind the place of the header; the file is as long as all of them."""
    return np.memmap(path, dtype=np.uint8, mode="w+", offset=HEADER_BYTES, shape=shape)


def _finish(path: Path, shape: tuple[int, ...]) -> None:
    """Cut the file to the pictures that could be read, and write the header that says how many they are."""
    with path.open("r+b") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        assert file.tell() == HEADER_BYTES, "the header of a .npy file has another length than expected"
        file.truncate(HEADER_BYTES + int(np.prod(shape, dtype=np.int64)))


def check_not_black(images: Images, tubs: Sequence[Tub]) -> None:
    """Make sure that something is to be seen, in a sample of the rows as they were written."""
    sample = images[:: max(1, len(images) // 100)]
    if (sample.std(axis=(1, 2, 3)) < LEAST_CONTRAST).all():
        paths = " ".join(str(tub.path) for tub in tubs)
        raise CopycarError("all pictures are black or empty", "nothing can be learned", f"copycar tub check {paths}")
