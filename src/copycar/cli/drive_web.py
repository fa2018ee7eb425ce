"""`copycar drive ENV --web`: the same drive, with the page of the studio for a dashboard."""

from contextlib import suppress
from pathlib import Path

from copycar.core.errors import CopycarError, require
from copycar.driving.report import DriveReport


def drive_in_browser(
    environment: str, driver: str, *, record: Path | None, rate: float | None, port: int, lan: bool, https: bool
) -> DriveReport | None:
    """Serve the drive page until Ctrl-C, then say what the drive was like.

    Args:
        environment: where.
        driver: who rides along: a policy file, `expert`, or `keyboard` for nobody.
        record: tub to record into from the first frame on.
        rate: pictures per second, where the built-in track is driven.
        port: TCP port.
        lan: let other devices of this network in.
        https: with a certificate of our own.

    Returns:
        The report of the last drive that ended; None where there was none.

    Raises:
        CopycarError: the extra [studio] is missing, or the policy or the tub is outside the current folder.
    """
    require("nicegui", "studio")
    from copycar.cli.serve_pages import serve_pages  # noqa: PLC0415 - the web server takes a second to load
    from copycar.studio.drive.page import DriveWish  # noqa: PLC0415
    from copycar.studio.pages import DRIVE_ALONE  # noqa: PLC0415
    from copycar.studio.workplace import Workplace  # noqa: PLC0415

    workplace = Workplace(Path())
    wish = DriveWish(
        workplace,
        environment,
        policy="" if driver in {"keyboard", "human"} else driver,
        record=workplace.name(workplace.path(str(record))) if record else "",
        rate_hz=rate,
    )
    with suppress(KeyboardInterrupt):  # the usual end; by then the car stands and the recording is closed
        serve_pages(DRIVE_ALONE, wish, port=port, lan=lan, https=https)
    return wish.report


def check_options(**asked: object) -> None:
    """Make sure that nothing was asked for that the page itself decides.

    Raises:
        CopycarError: it was.
    """
    given = [f"--{name}" for name, value in asked.items() if value]
    if given:
        raise CopycarError(
            f"{', '.join(given)} does not go with --web", fix="--driver, --record, --rate, --port, --lan and --https do"
        )
