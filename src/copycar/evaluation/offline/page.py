"""One page about policies on recordings: figures, curves over time, and the frames they disagree on most."""

from html import escape
from pathlib import Path

from copycar.evaluation.offline.evaluate import DIRECTIONS_TOLD, Comparison
from copycar.evaluation.offline.pictures import disagreements
from copycar.evaluation.offline.strips import legend, strips
from copycar.evaluation.offline.tables import bin_table, classification_tables, episode_table, error_table, facts
from copycar.evaluation.report.verdict import offline_verdict
from copycar.tubs.pages.page import write_page

CAUTION = (
    "These are answers to recorded pictures: the driver put the car back in the middle before the next one. Whether a "
    "policy drives, and which one drives better, only driving can show: copycar evaluate POLICY --on ENVIRONMENT."
)


def write_offline_page(path: Path, comparison: Comparison, *, command: str = "") -> Path:
    """Write the page, one self-contained file, and return its path.

    Args:
        path: the HTML file; its folder must exist.
        comparison: what the policies answered.
        command: reproduces it.

    Raises:
        CopycarError: `path` cannot be written.
    """
    sections = (
        ("How far from the driver", error_table(comparison), ""),
        ("By how the driver steered", bin_table(comparison), ""),
        *((_told(name), classification_tables(comparison, name), "") for name in comparison.told_apart),
        ("Largest disagreements", disagreements(comparison), legend(comparison)),
        ("Frame by frame", strips(comparison), legend(comparison)),
        ("Drive by drive", episode_table(comparison), ""),
        ("Do it again", facts(comparison, command), ""),
    )
    shown = "".join(f"<section><h2>{title}</h2>{above}{content}</section>" for title, content, above in sections)
    title = _title(comparison)
    return write_page(path, title, f'<h1>{_headline(comparison)}</h1><p class="soft">{escape(CAUTION)}</p>{shown}')


def _told(name: str) -> str:
    return "Left, straight or right" if name == DIRECTIONS_TOLD else f"What it names: {escape(name)}"


def _title(comparison: Comparison) -> str:
    names = [one.name for one in comparison.answers]
    return f"{', '.join(names)} on {len(comparison.frames)} recorded frames"


def _headline(comparison: Comparison) -> str:
    if len(comparison.answers) > 1:
        return f"{len(comparison.answers)} policies beside the driver, on {len(comparison.frames)} recorded frames"
    return offline_verdict(comparison.answers[0].figures)
