"""The doctor's report as a page: a table of verdicts per tub, and pictures of the offending frames."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from copycar.tubs.doctor.examine import Examination
from copycar.tubs.doctor.verdict import Verdict
from copycar.tubs.judge import IMAGES
from copycar.tubs.pages.page import write_page
from copycar.tubs.pages.picture import picture_figure
from copycar.tubs.record import image_name
from copycar.tubs.tub import Tub

MOST_PICTURES = 8  # of one verdict: a row or two on a screen


def write_report(path: Path, examined: Sequence[Examination]) -> Path:
    """Write the page and return its path; it holds all its pictures.

    Raises:
        CopycarError: `path` cannot be written.
    """
    body = f"<h1>{headline(examined)}</h1>" + "".join(_section(one) for one in examined)
    return write_page(path, "What the data doctor says", body)


def headline(examined: Sequence[Examination]) -> str:
    """Return one sentence over all tubs."""
    verdicts = [verdict for one in examined for verdict in one.verdicts]
    n_broken, n_look = (sum(verdict.status == status for verdict in verdicts) for status in ("broken", "look"))
    tubs = "This recording is" if len(examined) == 1 else f"These {len(examined)} recordings are"
    if n_broken:
        return f"{_things(n_broken)} broken" + (f", {_things(n_look)} worth a look." if n_look else ".")
    return f"{tubs} usable; {_things(n_look)} worth a look." if n_look else f"{tubs} healthy."


def _things(n: int) -> str:
    return "one thing is" if n == 1 else f"{n} things are"


def _section(one: Examination) -> str:
    rows = "".join(_row(verdict) for verdict in one.verdicts)
    head = "<thead><tr><th></th><th>check</th><th>what was found</th><th>frames</th><th>first</th></tr></thead>"
    about = f"{len(one.tub)} frames, {len(one.tub.deleted)} deleted" if one.tub else "cannot be opened"
    table = f'<div class="wide"><table>{head}<tbody>{rows}</tbody></table></div>'
    parts = [_pictures(one.tub, verdict) for verdict in one.verdicts if one.tub and verdict.status != "ok"]
    sample = _sample(one.tub) if one.tub and one.tub.records else ""
    name = escape(str(one.path))
    return f'<section><h2>{name}</h2><p class="soft">{about}</p>{table}{"".join(parts)}{sample}</section>'


def _row(verdict: Verdict) -> str:
    fix = f"<br><code>{escape(verdict.fix)}</code>" if verdict.fix else ""
    n = len(verdict.frames) or ""
    first = verdict.frames[0] if verdict.frames else ""
    name = escape(verdict.name.replace("_", " "))
    return (
        f'<tr><td class="status {verdict.status}">{verdict.status}</td><td>{name}</td>'
        f'<td>{escape(verdict.words)}{fix}</td><td class="n">{n}</td><td class="n">{first}</td></tr>'
    )


def _pictures(tub: Tub, verdict: Verdict) -> str:
    if not verdict.frames:
        return ""
    known = {record.index: record.image_path for record in tub.records}
    chosen = _spread(verdict.frames, MOST_PICTURES)
    paths = [known.get(index, tub.path / IMAGES / image_name(index)) for index in chosen]
    shown = "".join(picture_figure(path, f"frame {index}") for path, index in zip(paths, chosen, strict=True))
    title = escape(verdict.name.replace("_", " "))
    return f'<h3 class="{verdict.status}">{title}</h3><div class="strip">{shown}</div>'


def _sample(tub: Tub) -> str:
    chosen = _spread(range(len(tub.records)), 6)
    shown = "".join(
        picture_figure(
            tub.records[place].image_path,
            f"frame {tub.records[place].index}: steering {tub.records[place].action.steering:+.2f}",
        )
        for place in chosen
    )
    return f'<h3>some of its frames</h3><div class="strip">{shown}</div>'


def _spread(items: Sequence[int], most: int) -> list[int]:
    """Return at most `most` of the items, evenly spread, the first among them."""
    step = -(-len(items) // most)
    return list(items[::step])
