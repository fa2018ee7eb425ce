"""The training page: the form above, the runs below it. Knows how they stand together and nothing else."""

from copycar.studio.shell import style
from copycar.studio.train.elsewhere import Elsewhere
from copycar.studio.train.form import draw_form
from copycar.studio.train.watch import Watch
from copycar.studio.workplace import Workplace


def build(workplace: Workplace) -> None:
    """Draw the page."""
    style("train/train.css")
    watch = Watch(workplace)
    elsewhere = Elsewhere(workplace)
    draw_form(workplace, on_start=watch.choose, on_sent=elsewhere.show)
    watch.draw()
    elsewhere.draw()
