"""`copycar tub convert`: any known recording into any other."""

from pathlib import Path

from copycar.cli.output import log, print_json, progress, show
from copycar.tubs.formats.convert import Conversion
from copycar.tubs.formats.convert import convert as run_convert


def convert(
    source: Path,
    destination: Path,
    *,
    from_: str = "",
    to: str = "",
    quality: int | None = None,
    drop_originals: bool | None = None,
    rate: float | None = None,
    side_cameras: str | None = None,
    controls: Path | None = None,
    size: str | None = None,
    every: int | None = None,
    camera: str | None = None,
    steering: str | None = None,
    throttle: str | None = None,
    keep_copies: bool | None = None,
    test_share: float | None = None,
    seed: int | None = None,
    task: str | None = None,
    fps: int | None = None,
    json: bool = False,
) -> None:
    """Turn a recording into a tub, or a tub into another format. Example: copycar tub convert samples/luigi data.

    The source is found out by itself and never changed; the destination is complete or not there.

    Args:
        source: folder or file: a donkeycar tub of version 1 or 2, TensorKart, AutCar, Udacity, LeRobot, or a film.
        destination: what to make; must not exist yet. FILE.csv and FILE.parquet become tables, all else a tub.
        from_: format of the source, where it is not found out.
        to: format of the destination: tub, tensorkart, autcar, autcar-balanced, lerobot, csv or parquet.
        quality: 1 … 100, of pictures that are no JPEG yet (90); JPEG files are copied as they are.
        drop_originals: do not carry lossless pictures along; smaller, but no longer bit for bit on the way back.
        rate: frames per second of a recording that tells no time (TensorKart 5, AutCar 0.5).
        side_cameras: take Udacity's left and right cameras in, with this much steering back to the middle: 0.2 or 5deg.
        controls: table of steering and throttle of a film; default: beside it.
        size: of a film's pictures in the tub, e.g. 160x120; default: the film's.
        every: keep every n-th picture of a film.
        camera: of a LeRobot dataset; default: the first.
        steering: which part of a LeRobot action steers, + = right.
        throttle: which part of a LeRobot action is the throttle.
        keep_copies: keep the copies that AutCar's balancing made.
        test_share: of the frames of a balanced AutCar set (0.2).
        seed: of that division.
        task: what is done in a LeRobot dataset, in words.
        fps: of a LeRobot dataset; default: as measured.
        json: print the result as one JSON object.
    """
    given = {
        "quality": quality,
        "drop_originals": drop_originals,
        "rate": rate,
        "side_cameras": side_cameras,
        "controls": controls,
        "size": size,
        "every": every,
        "camera": camera,
        "steering": steering,
        "throttle": throttle,
        "keep_copies": keep_copies,
        "test_share": test_share,
        "seed": seed,
        "task": task,
        "fps": fps,
    }
    options = {name: value for name, value in given.items() if value is not None}
    with progress("frames") as bars:
        bar = bars.add_task(f"converting {source.name}", total=None)
        conversion = run_convert(
            source,
            destination,
            from_=from_,
            to=to,
            options=options,
            on_progress=lambda done, total: bars.update(bar, completed=done, total=max(done, total) or None),
        )
    if json:
        print_json(conversion.as_json())
    else:
        _show(conversion)


def _show(conversion: Conversion) -> None:
    deleted = f", {conversion.deleted} of them deleted" if conversion.deleted else ""
    n_frames, episodes = conversion.frames + conversion.deleted, conversion.episodes
    show.print(f"{conversion.source} ({conversion.source_format}): {n_frames} frames{deleted}, {episodes} episodes")
    show.print(f"→ {conversion.destination} ({conversion.destination_format})")
    for note in conversion.notes:
        show.print(f"[yellow]note:[/] {note}")
    if conversion.destination_format == "tub":
        log.print(f"next: copycar tub info {conversion.destination}")
