"""`copycar ground annotate`: label frames in the browser."""

from pathlib import Path

from copycar.cli.numbers import Natural
from copycar.core.errors import require


def annotate(project: Path, *, port: Natural = 8887, lan: bool = False, json: bool = False) -> None:
    """Label frames in the browser: click a car or person in any view, see it in all of them.

    Every edit is on the disk at once, as 1-annotation/labels of the project, so that nothing is lost when the page is
    reloaded or this program ends; start it again to go on. Ctrl-C ends it.

    Args:
        project: calibrated cameras and extracted frames.
        port: of the page; 0 takes a free one.
        lan: let others in the network in, too, who have the link that is printed.
        json: print one JSON object with the links as soon as the page can be opened.
    """
    require("nicegui", "studio")
    from copycar.cli.serve_pages import serve_pages  # noqa: PLC0415 - the web server takes a second to load
    from copycar.ground.annotating.annotations import Annotations  # noqa: PLC0415
    from copycar.studio.annotate.page import PAGES  # noqa: PLC0415

    serve_pages(PAGES, Annotations(project), port=port, lan=lan, json=json)
