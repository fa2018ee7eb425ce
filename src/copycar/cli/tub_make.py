"""`copycar tub flip`, `recolour`, `merge`, `split`, `prepare`, `movie`: something new from recordings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from copycar.cli.numbers import Positive, Seed, Share
from copycar.cli.output import counting, log, print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.tubs.tub import Tub, open_tubs
from copycar.tubs.work.flip import Rectangle
from copycar.tubs.work.flip import flip as flip_tub
from copycar.tubs.work.made import Made
from copycar.tubs.work.merge import merge as merge_tubs
from copycar.tubs.work.movie import make_movie
from copycar.tubs.work.prepare import prepare as prepare_tubs
from copycar.tubs.work.prepare_tensorkart import prepare_for_tensorkart
from copycar.tubs.work.recolour import recolour as recolour_tub
from copycar.tubs.work.split import split_by_episode, split_tubs

DEFAULT_RATE_HZ = 20.0


def flip(tub: str, *, out: Path, hud: str | None = None, keep_steering: bool = False, json: bool = False) -> None:
    """Write the mirrored twin of a tub: pictures left to right, steering with the opposite sign.

    Training keeps a twin on its parent's side when it holds frames out.

    Args:
        tub: folder of a recording.
        out: the new tub.
        hud: left,top,right,bottom in pixels: a part of the picture that is no scenery (map, score) and stays as it is.
        keep_steering: mirror the pictures only, where a camera was mounted or read mirrored.
        json: print one JSON object.
    """
    opened, rectangle = Tub.open(tub), _rectangle(hud) if hud else None
    with counting("mirroring") as on_progress:
        made = flip_tub(opened, out, hud=rectangle, keep_steering=keep_steering, on_progress=on_progress)
    _tell(made, json)


def recolour(tub: str, *, out: Path, json: bool = False) -> None:
    """Write a tub with red and blue exchanged, for pictures that were recorded the wrong way round.

    Args:
        tub: folder of a recording.
        out: the new tub.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    with counting("recolouring") as on_progress:
        made = recolour_tub(opened, out, on_progress=on_progress)
    _tell(made, json)


def merge(*tubs: str, out: Path, json: bool = False) -> None:
    """Write several tubs into one; episodes stay apart, pictures are copied byte for byte.

    Args:
        tubs: folders of recordings, or glob patterns.
        out: the new tub.
        json: print one JSON object.
    """
    opened = open_tubs(tubs)
    with counting("copying") as on_progress:
        made = merge_tubs(opened, out, on_progress=on_progress)
    _tell(made, json)


def split(
    *tubs: str, out: Path, share: Share = 0.2, seed: Seed = 0, episodes: bool = False, json: bool = False
) -> None:
    """Write the tubs OUT/train and OUT/validation, or one per episode.

    Whole episodes are held out, or contiguous blocks where there are few; copies and mirrored twins stay together.

    Args:
        tubs: folders of recordings, or glob patterns.
        out: a new folder.
        share: of the frames that is held out.
        seed: chooses what is held out.
        episodes: one tub per episode instead.
        json: print one JSON object.
    """
    opened = open_tubs(tubs)
    with counting("copying") as on_progress:
        if episodes:
            made = split_by_episode(opened, out, on_progress=on_progress)
        else:
            made = split_tubs(opened, out, share=share, seed=seed, on_progress=on_progress)
    if json:
        print_json({"tubs": [one.as_json() for one in made]})
        return
    for one in made:
        _tell(one, False, notes=())
    tell(show, made[0].notes[0])


def prepare(
    *tubs: str,
    out: Path,
    for_: Annotated[Literal["tensorkart"] | None, Parameter(name="--for")] = None,
    json: bool = False,
) -> None:
    """Write X.npy (pictures, uint8) and y.npy (steering, throttle) for a training script of your own.

    Args:
        tubs: folders of recordings, or glob patterns.
        out: a new folder.
        for_: as TensorKart's train.py reads them: pictures of 200x66, and the whole pad.
        json: print one JSON object.
    """
    opened = open_tubs(tubs)
    with counting("decoding") as on_progress:
        write = prepare_for_tensorkart if for_ else prepare_tubs
        prepared = write(opened, out, on_progress=on_progress)
    if json:
        print_json(prepared.as_json())
        return
    for note in prepared.notes:
        tell(log, f"note: {note}")
    labels = "5 float64" if for_ else "2 float32"
    tell(show, f"{out}: X.npy {' x '.join(map(str, prepared.shape))} uint8, y.npy {prepared.shape[0]} x {labels}")


def movie(tub: str, *, out: Path, rate: Positive = DEFAULT_RATE_HZ, json: bool = False) -> None:
    """Write an mp4 of what the camera saw, with bars for steering and throttle.

    Args:
        tub: folder of a recording.
        out: the film, *.mp4.
        rate: pictures a second.
        json: print one JSON object.
    """
    opened = Tub.open(tub)
    left_out: list[int] = []
    with counting("filming") as on_progress:
        n = make_movie(
            opened,
            out,
            rate_hz=rate,
            on_bad=lambda bad: left_out.append(bad.record.index),
            on_progress=on_progress,
        )
    if json:
        print_json({"movie": str(out), "frames": n, "left_out": left_out})
        return
    if left_out:
        tell(log, f"note: {len(left_out)} frames with an unusable picture left out (first: {left_out[0]})")
    tell(show, f"{out}: {n} frames, {n / rate:.0f} s")


def _tell(made: Made, json: bool, notes: Sequence[str] | None = None) -> None:
    if json:
        print_json(made.as_json())
        return
    for note in made.notes if notes is None else notes:
        tell(log, f"note: {note}")
    tell(show, f"{made.path}: {made.frames} frames")


def _rectangle(text: str) -> Rectangle:
    parts = text.replace(" ", "").split(",")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        raise CopycarError(f"{text!r} is no rectangle", fix="give left,top,right,bottom in pixels: --hud 0,0,60,20")
    left, top, right, bottom = map(int, parts)
    return left, top, right, bottom
