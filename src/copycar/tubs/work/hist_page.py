"""The distribution of steering and throttle as a page with charts."""

from html import escape
from pathlib import Path

from copycar.tubs.pages.charts import bars, curves, heat_map
from copycar.tubs.pages.page import write_page
from copycar.tubs.work.hist import Distribution

MOST_EPISODES = 60  # drawn; a page with thousands of curves opens nowhere
SIDES = ("-1 left", "0", "+1 right")


def write_hist(path: Path, found: Distribution) -> Path:
    """Write the page and return its path.

    Raises:
        CopycarError: `path` cannot be written.
    """
    charts = [
        bars(found.steering, SIDES, "Steering, frames per bin"),
        bars(found.throttle, ("-1 reverse", "0", "+1 forward"), "Throttle, frames per bin"),
        heat_map(found.coverage, "Which throttle (up) was driven at which steering; darker is more", SIDES),
    ]
    middle = len(found.steering) // 2
    straight = found.steering[middle] / found.frames
    drawn = [
        curves(
            [("", actions[:, 0]), ("throttle", actions[:, 1])],
            f"{tub} {episode.id}: {len(episode)} frames; steering blue, up is right; throttle green",
        )
        for tub, episode, actions in found.episodes[:MOST_EPISODES]
    ]
    more = len(found.episodes) - len(drawn)
    rest = f'<p class="soft">… and {more} more episodes.</p>' if more > 0 else ""
    title = f"{found.frames} frames, {straight:.0%} of them straight ahead"
    body = (
        f"<h1>{escape(title)}</h1><section><h2>How it was driven</h2>"
        f'<p class="soft">{found.covered_share:.0%} of the steering range holds at least one frame in a thousand.</p>'
        f'<div class="charts">{"".join(charts)}</div></section>'
        f"<section><h2>Episode by episode</h2>{''.join(drawn)}{rest}</section>"
    )
    return write_page(path, title, body)
