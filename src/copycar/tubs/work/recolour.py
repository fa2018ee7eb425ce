"""Exchange red and blue in every picture: the cure for a recorder that wrote BGR. Writes a new tub."""

from pathlib import Path

from copycar.core.progress import OnProgress
from copycar.tubs.tub import Tub
from copycar.tubs.work.made import Made
from copycar.tubs.work.rewrite import rewrite


def recolour(tub: Tub, path: Path, *, on_progress: OnProgress | None = None) -> Made:
    """Write a tub with red and blue exchanged; labels stay.

    Raises:
        CopycarError: `path` exists or cannot be written, or nothing can be read.
    """
    return rewrite(
        tub,
        path,
        picture=lambda image: image[:, :, ::-1],
        label=lambda record: record,
        metadata={"has_exchanged_colours": True},
        on_progress=on_progress,
    )
