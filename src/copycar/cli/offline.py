"""`copycar evaluate --on TUB` for people: tables, and in a terminal also the curves and the worst pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from copycar.cli.classification_table import classification_table
from copycar.cli.output import counting, print_json, quoted, show, tell, typed
from copycar.cli.strip_picture import Colour, strip_picture
from copycar.cli.terminal_picture import characters
from copycar.core.frame import Image
from copycar.evaluation.offline import Comparison, Split, compare_offline
from copycar.evaluation.offline.page import write_offline_page
from copycar.evaluation.offline.pictures import caption
from copycar.evaluation.offline.strips import broken
from copycar.evaluation.offline.tables import bin_name, figure
from copycar.learning.judgement import AXES

DRIVER: Colour = (236, 240, 245)
COLOURS: tuple[Colour, ...] = ((110, 168, 255), (255, 138, 80), (189, 147, 249), (79, 209, 197), (255, 121, 198))
STRIP_HEIGHT = 28
"""Pixels: fourteen lines of the terminal."""
N_PICTURES = 3
PICTURE_ROWS = 15
GAP = 6


def evaluate_on_tubs(
    policies: Sequence[str],
    tubs: Sequence[str],
    *,
    split: Split,
    html: Path | None,
    plots: Path | None,
    as_json: bool,
) -> None:
    """Ask the policies about recorded frames; write the page and the pictures where asked for, and show the result.

    Raises:
        CopycarError: see `compare_offline`; or a file cannot be written.
    """
    with counting("predicting") as on_progress:
        found = compare_offline(policies, tubs, split=split, on_progress=on_progress)
    written = _write(found, html, plots)
    if as_json:
        print_json({"offline": found.as_json(), **written})
        return
    _show(found)
    for name, paths in written.items():
        tell(show, f"{name}: {', '.join(paths) if isinstance(paths, list) else paths}")


def _write(found: Comparison, html: Path | None, plots: Path | None) -> dict[str, Any]:
    """Write what was asked for, and return where it lies."""
    written: dict[str, Any] = {}
    if html:
        written["html"] = str(write_offline_page(html, found, command=typed()))
    if plots:
        from copycar.evaluation.offline.plots import write_plots  # noqa: PLC0415 - matplotlib: only who wants it waits

        written["plots"] = [str(path) for path in write_plots(plots, found)]
    return written


def _show(found: Comparison) -> None:
    show.print(_errors(found))
    show.print(_bins(found))
    for one in found.answers:
        for name, told in one.classified.items():
            show.print(classification_table(told, f"{one.name}: {name}"))
    if show.is_terminal:
        _show_pictures(found)
    learned = [one for one in found.answers if one.figures["is_training_data"]]
    if learned and found.frames.split != "validation":
        tell(
            show, "It has learned from these frames; --split validation judges on those that it has not seen.", "yellow"
        )
    policy = quoted(found.answers[0].policy)
    tell(show, f"An offline error says little about driving. The proof: copycar evaluate {policy} --on oval")


def _errors(found: Comparison) -> Table:
    table = Table(f"{len(found.frames)} frames ({found.frames.split})", box=SIMPLE_HEAD)
    for axis in AXES:
        for name in (f"{axis} error", "RMSE", "R²"):
            table.add_column(name, justify="right")
    for one in found.answers:
        table.add_row(one.name, *(figure(one.figures[axis][key]) for axis in AXES for key in ("mae", "rmse", "r2")))
    first = found.answers[0].figures
    for name, key in (("guess the mean", "baseline_mean_mae"), ("repeat the last", "baseline_last_mae")):
        table.add_row(name, *(cell for axis in AXES for cell in (figure(first[axis][key]), "", "")), style="dim")
    return table


def _bins(found: Comparison) -> Table:
    caption = "average steering error; red: no better than guessing the mean"
    table = Table("where the driver steered", caption=caption, box=SIMPLE_HEAD)
    for name in ("frames", "guess the mean", *(one.name for one in found.answers)):
        table.add_column(name, justify="right")
    for number, part in enumerate(found.answers[0].figures["per_bin"]):
        cells = [_bin_cell(one.figures["per_bin"][number]) for one in found.answers]
        table.add_row(bin_name(part), str(part["n"]), figure(part["baseline_mean_mae"]), *cells)
    return table


def _bin_cell(part: dict[str, Any]) -> Text:
    is_bad = part["n"] and part["mae"] >= part["baseline_mean_mae"]
    return Text(figure(part["mae"]), style="red" if is_bad else "")


def _show_pictures(found: Comparison) -> None:
    """Show the steering around the worst frame, and the worst frames themselves."""
    worst = found.worst(N_PICTURES)
    names = [("driver", DRIVER), *((one.name, COLOURS[i % len(COLOURS)]) for i, one in enumerate(found.answers))]
    keys = Text("  ").join(Text(f"▬ {name}", style="rgb({},{},{})".format(*colour)) for name, colour in names)
    tell(show, f"Steering around frame {found.frames.records[worst[0]].index}, where it is furthest off; up is right")
    show.print(keys)
    show.print(Text.from_ansi(characters(_strip(found, worst[0], show.width), show.width, STRIP_HEIGHT // 2)))
    tell(show, "The worst frames:")
    show.print(Text.from_ansi(characters(_side_by_side(found, worst), show.width, PICTURE_ROWS)))
    for place in worst:
        tell(show, caption(found, place))


def _strip(found: Comparison, middle: int, width: int) -> Image:
    start = max(0, min(middle - width // 2, len(found.frames) - width))
    part = slice(start, start + width)
    columns = [found.frames.labels, *(one.predicted for one in found.answers)]
    lines = [broken(values[part, 0], found.frames.is_start[part])[:width] for values in columns]
    colours = (DRIVER, *(COLOURS[i % len(COLOURS)] for i in range(len(found.answers))))
    return strip_picture(list(zip(lines, colours, strict=True)), STRIP_HEIGHT)


def _side_by_side(found: Comparison, places: Sequence[int]) -> Image:
    pictures = found.frames.data.images[found.frames.rows[list(places)]]
    gap = np.zeros((pictures.shape[1], GAP, 3), dtype=np.uint8)
    parts = [part for picture in pictures for part in (picture, gap)]
    row: Image = np.concatenate(parts[:-1], axis=1)
    return row
