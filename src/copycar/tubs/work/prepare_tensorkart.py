"""`X.npy` and `y.npy` as TensorKart's `train.py` reads them. Knows nothing of networks.

`X` is uint8 (N, 66, 200, 3): the whole picture, squeezed as TensorKart squeezes it, 0 … 255. TensorKart's forks keep
pictures of 0 … 1 in whole numbers and so train on black ones. `y` is float64 (N, 5): stick x and y, the buttons A, B
and RB, as they were read.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from copycar.core.files import write_json
from copycar.core.progress import OnProgress
from copycar.environments.resize import resized
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.formats.tensorkart import columns
from copycar.tubs.load import load_images
from copycar.tubs.new_folder import new_folder
from copycar.tubs.records import joined
from copycar.tubs.tub import Tub
from copycar.tubs.work.prepare import ABOUT, LABELS, PICTURES, Prepared, check_not_black

HEIGHT, WIDTH = 66, 200  # TensorKart utils.py: Sample.IMG_H, IMG_W


def prepare_for_tensorkart(tubs: Sequence[Tub], path: Path, *, on_progress: OnProgress | None = None) -> Prepared:
    """Write the folder `path` with X.npy, y.npy and about.json.

    Args:
        tubs: their live frames follow each other.
        path: a new folder; it appears when everything is written.
        on_progress: is told (pictures done, pictures in all).

    Raises:
        CopycarError: no usable frame, black pictures only, or `path` exists or cannot be written.
    """
    store = load_images(joined(tub.records for tub in tubs), on_progress=on_progress)
    pictures = np.stack([resized(store[row : row + 1][0], WIDTH, HEIGHT) for row in range(len(store))])
    check_not_black(pictures, tubs)
    with new_folder(path) as folder:
        np.save(folder / PICTURES, pictures)
        np.save(folder / LABELS, np.array([columns(record) for record in store.records], np.float64))
        about = {"X": "uint8 (N, 66, 200, 3) RGB", "y": "float64 (N, 5) stick x, stick y, A, B, RB"}
        write_json(folder / ABOUT, {**about, "tubs": [str(t.path) for t in tubs], "fingerprint": fingerprint(tubs)})
    notes = tuple(f"left out {bad.record.image_path}: {bad.reason}" for bad in store.bad)
    return Prepared(path, pictures.shape, notes)
