"""`copycar tub hist`, `balance`: how steering and throttle are distributed."""

from pathlib import Path

from rich.table import Table

from copycar.cli.numbers import Share
from copycar.cli.output import print_json, show, tell
from copycar.tubs.tub import open_tubs
from copycar.tubs.work.balance import balance as balance_steering
from copycar.tubs.work.hist import distribution
from copycar.tubs.work.hist_page import write_hist

BAR = 40  # letters of the longest bar


def hist(*tubs: str, out: Path | None = None, json: bool = False) -> None:
    """Show how steering and throttle are distributed; with --out as a page, with a curve per episode.

    Args:
        tubs: folders of recordings, or glob patterns.
        out: write a page (*.html) with charts.
        json: print one JSON object.
    """
    found = distribution(open_tubs(tubs))
    if out:
        write_hist(out, found)
    if json:
        print_json({**found.as_json(), "page": str(out) if out else None})
        return
    table = Table("from", "steering", "", "throttle", "")
    for edge, steering, throttle in zip(found.edges, found.steering, found.throttle, strict=False):
        bars = (_bar(steering, found.steering.max()), _bar(throttle, found.throttle.max()))
        table.add_row(f"{edge:+.2f}", str(steering), bars[0], str(throttle), bars[1])
    show.print(table)
    tell(show, f"{found.frames} frames in {len(found.episodes)} episodes" + (f"; page: {out}" if out else ""))


def balance(*tubs: str, strength: Share = 0.5, json: bool = False) -> None:
    """Show what weighting rare steering more would do; nothing is written.

    Args:
        tubs: folders of recordings, or glob patterns.
        strength: 0 leaves everything as it is, 1 makes every bin of the steering equally heavy.
        json: print one JSON object.
    """
    steering = [record.action.steering for tub in open_tubs(tubs) for record in tub.records]
    found = balance_steering(steering, strength=strength)
    if json:
        print_json(found.as_json())
        return
    table = Table("from", "frames", "before", "with weights", "after")
    highest = max(found.before.max(), found.after.max())
    for edge, before, after in zip(found.edges, found.before, found.after, strict=False):
        cells = (f"{before:.1%}", _bar(before, highest), f"{after:.1%}", _bar(after, highest))
        table.add_row(f"{edge:+.2f}", *cells)
    show.print(table)
    tell(
        show,
        f"straight ahead: {found.straight_before:.0%} before, {found.straight_after:.0%} after; as good as "
        f"{found.effective_frames:.0f} of {len(found.weights)} frames; heaviest frame {found.weights.max():.1f} times",
    )


def _bar(value: float, highest: float) -> str:
    return "█" * round(BAR * float(value) / max(float(highest), 1e-9)) or ("▏" if value else "")
