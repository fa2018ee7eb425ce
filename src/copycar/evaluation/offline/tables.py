"""The tables of the page about recordings. HTML; every text from outside is escaped."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from copycar.evaluation.classification import Classification
from copycar.evaluation.offline.evaluate import Comparison
from copycar.evaluation.report.words import DASH, headings
from copycar.evaluation.report.write import versions
from copycar.learning.judgement import AXES

BASELINES = (("always the average", "baseline_mean_mae"), ("repeat the frame before", "baseline_last_mae"))
MOST_EPISODES = 200
"""In the table of drives."""


def error_table(comparison: Comparison) -> str:
    """Return each policy's error on both axes, and what thoughtless answers would reach."""
    head = ["", *(f"{axis}: {name}" for axis in AXES for name in ("average error", "RMSE", "R²"))]
    rows = [
        [one.name, *(figure(one.figures[axis][key]) for axis in AXES for key in ("mae", "rmse", "r2"))]
        for one in comparison.answers
    ]
    first = comparison.answers[0].figures  # the baselines are those of the frames, the same for all
    rows += [[name, *(cell for axis in AXES for cell in (figure(first[axis][key]), "", ""))] for name, key in BASELINES]
    return (
        f'<p class="soft">{len(comparison.frames)} frames ({escape(comparison.frames.split)}). Smaller is better; '
        f"a policy must beat the average. Repeating the frame before is no driver: it needs somebody who drives.</p>"
        f"{_warning(comparison)}{table(head, rows)}"
    )


def bin_table(comparison: Comparison) -> str:
    """Return the steering error of each policy by what the driver did; red is no better than the average answer."""
    names = [name for one in comparison.answers for name in (f"{one.name}: error", "lean")]
    head = ["driver steered", "frames", "always the average", *names]
    bins = comparison.answers[0].figures["per_bin"]
    rows = [
        [
            bin_name(part),
            str(part["n"]),
            figure(part["baseline_mean_mae"]),
            *(cell for one in comparison.answers for cell in _bin_cells(one.figures["per_bin"][number])),
        ]
        for number, part in enumerate(bins)
    ]
    return (
        '<p class="soft">Most frames are straight ahead, so an average hides the bends. Lean: how much further right '
        f"(+) or left (-) than the driver, on average. Red: no better than the average answer.</p>{table(head, rows)}"
    )


def classification_tables(comparison: Comparison, name: str) -> str:
    """Return how well each policy tells these things apart, such as left, straight and right."""
    shown = "".join(_told_apart(one.name, one.classified[name]) for one in comparison.answers if name in one.classified)
    return f'<div class="side">{shown}</div>'


def episode_table(comparison: Comparison) -> str:
    """Return the steering error drive by drive."""
    head = ["drive", "frames", "from", "to", "always the average", *(one.name for one in comparison.answers)]
    drives = comparison.answers[0].figures["per_episode"]
    rows = [
        [
            f"{drive['tub']} {drive['episode']}",
            *(str(drive[key]) for key in ("n_frames", "first_frame", "last_frame")),
            figure(drive["steering"]["baseline_mean_mae"]),
            *(figure(one.figures["per_episode"][place]["steering"]["mae"]) for one in comparison.answers),
        ]
        for place, drive in enumerate(drives[:MOST_EPISODES])
    ]
    more = len(drives) - len(rows)
    rest = f'<p class="soft">… and {more} more drives.</p>' if more > 0 else ""
    return f'<p class="soft">Average steering error.</p>{table(head, rows)}{rest}'


def facts(comparison: Comparison, command: str) -> str:
    """Return the command, the files and the versions."""
    files = {one.name: one.policy for one in comparison.answers}
    how = {"how frames are held out": comparison.frames.data.split}
    rows = [[name, value] for name, value in {**files, **how, **versions()}.items()]
    shown = f"<p><code>{escape(command)}</code></p>" if command else ""
    return shown + table(["", ""], rows, is_text=True)


def bin_name(part: Mapping[str, Any]) -> str:
    """Return the range of a bin, and in words where a word helps.

    >>> bin_name({"from": -1.0, "to": -0.78}), bin_name({"from": 0.11, "to": 0.33})
    ('-1.00 to -0.78 full left', '+0.11 to +0.33')
    """
    words = {
        part["from"] == -1.0: "full left",
        part["to"] == 1.0: "full right",
        part["from"] < 0 < part["to"]: "straight",
    }
    return f"{part['from']:+.2f} to {part['to']:+.2f} {words.get(True, '')}".rstrip()


def figure(value: float | None) -> str:
    """Return an error to three decimals; a dash where it could not be measured."""
    return DASH if value is None else f"{value:.3f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, is_text: bool = False) -> str:
    """Return a table whose first column is text and whose others are figures; "!" before a figure makes it red."""
    kind = "" if is_text else ' class="n"'
    top = "".join(f"<th{kind if place else ''}>{escape(name)}</th>" for place, name in enumerate(head))
    body = "".join(
        f"<tr>{''.join(_cell(cell, kind if place else '') for place, cell in enumerate(r))}</tr>" for r in rows
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(text: str, kind: str) -> str:
    if text.startswith("!"):
        return f'<td class="n bad">{escape(text[1:])}</td>'
    return f"<td{kind}>{escape(text)}</td>"


def _bin_cells(part: Mapping[str, Any]) -> tuple[str, str]:
    if not part["n"]:
        return DASH, DASH
    is_bad = part["mae"] >= part["baseline_mean_mae"]
    return f"{'!' if is_bad else ''}{figure(part['mae'])}", f"{part['bias']:+.3f}"


def _told_apart(policy: str, found: Classification) -> str:
    said, was = headings(found.names)
    head = "".join(f'<th class="n">said {escape(name)}</th>' for name in said)
    rows = "".join(
        f"<tr><th>was {escape(name)}</th>{''.join(_share(n, sum(counts)) for n in counts)}</tr>"
        for name, counts in zip(was, found.confusion.tolist(), strict=True)
    )
    classes = [
        [one.name, figure(one.precision), figure(one.recall), figure(one.f1), str(one.support)]
        for one in found.classes()
    ]
    return (
        f"<div><h3>{escape(policy)}</h3><p>{found.accuracy:.0%} correct; always answering "
        f"{escape(found.names[found.majority])}: {found.majority_accuracy:.0%}.</p>"
        f'<div class="wide"><table class="confusion"><thead><tr><th></th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{table(['', 'precision', 'recall', 'F1', 'frames'], classes)}</div>"
    )


def _share(n: int, of: int) -> str:
    share = n / of if of else 0.0
    return f'<td style="--share:{share:.2f}">{n}</td>'


def _warning(comparison: Comparison) -> str:
    learned = [one.name for one in comparison.answers if one.figures["is_training_data"]]
    if not learned or comparison.frames.split == "validation":
        return ""
    return (
        f"<p><strong>{escape(', '.join(learned))} learned from this recording:</strong> figures on held-out frames "
        "(--split validation) are the honest ones.</p>"
    )
