"""`copycar ground calibrate`: lenses from boards, poses from known points, and whether both can be trusted."""

from pathlib import Path
from typing import Literal

from copycar.cli.ground_data import show_verdicts
from copycar.cli.numbers import Count, Natural, Positive
from copycar.cli.output import print_json, progress, show, tell
from copycar.core.errors import EXIT_DONE, EXIT_GATE_FAILED, CopycarError, require
from copycar.ground.calibrating.boards import BoardKind
from copycar.ground.calibrating.calibrate import (
    LensOf,
    calibrate_lenses,
    calibrate_poses,
    read_lenses,
    require_known,
    seen_tags,
    write_coverage,
    write_lenses,
    write_poses,
)
from copycar.ground.calibrating.floor_points import Seen, read_mat, read_points
from copycar.ground.calibrating.intrinsics import judge_lens
from copycar.ground.calibrating.pose import judge_pose
from copycar.ground.calibration import Calibration
from copycar.tubs.doctor.verdict import Verdict


def calibrate(
    project: Path,
    *,
    boards: Path | None = None,
    board: Literal["chessboard", "charuco"] = "chessboard",
    corners: str = "9x6",
    square_m: Positive = 0.04,
    marker_m: Positive = 0.03,
    dictionary: str = "DICT_5X5_1000",
    every: Count = 1,
    points: Path | None = None,
    mat: Path | None = None,
    pictures: Path | None = None,
    click: bool = False,
    port: Natural = 8887,
    lan: bool = False,
    together: bool = False,
    check: bool = False,
    coverage: Path | None = None,
    json: bool = False,
) -> int:
    """Calibrate cameras: their lenses from pictures of a board, their poses from known points of the floor.

    Writes 0-calibration/calibs/cam1.json … of the project. Exit code 1 where a result cannot be trusted.

    Args:
        project: the project's folder; it is made where it is not there.
        boards: a folder with cam1, cam2 …, each with pictures or films of the board: calibrates the lenses.
        board: what is printed.
        corners: inner corners of a chessboard, or squares of a ChArUco board: COLUMNSxROWS.
        square_m: side of a square.
        marker_m: side of a ChArUco board's markers.
        dictionary: of those markers.
        every: look at every n-th picture of the board.
        points: surveyed points (CSV: camera,u_px,v_px,x_m,y_m): calibrates the poses.
        mat: tags on the floor (JSON), found in --pictures: calibrates the poses.
        pictures: a folder with one raw picture per camera, cam1.png …, for --mat and --click.
        click: click surveyed points in the browser; they are kept in --points, or 0-calibration/points.csv.
        port: of the page to click on; 0 takes a free one.
        lan: let others in the network click, too, who have the link that is printed.
        together: refine all poses at once, and the surveyed places within half a centimetre.
        check: write nothing: say how far the project's calibration is from the known points.
        coverage: a folder for pictures of where each camera saw the board.
        json: print one JSON object.
    """
    if click:
        return _clicked(project, pictures, points, port=port, lan=lan, json=json)
    verdicts: list[Verdict] = []
    written: list[Path] = []
    if boards:
        kind = BoardKind(board, *_corners(corners), square_m, marker_m, dictionary)
        lenses = _lenses(boards, kind, every)
        verdicts += [judge_lens(name, of_camera.lens) for name, of_camera in lenses.items()]
        written += write_coverage(coverage, lenses) if coverage else []
        written += [] if check else write_lenses(project, lenses)
    if points or mat:
        cameras = read_lenses(project)
        seen = _seen(points, mat, pictures, cameras)
        posed = _posed(cameras, seen) if check else calibrate_poses(cameras, seen, together=together)
        verdicts += [judge_pose(calibration, seen[name]) for name, calibration in posed.items()]
        written += [] if check else write_poses(project, posed)
    return _told(verdicts, written, json)


def _clicked(project: Path, pictures: Path | None, points: Path | None, *, port: int, lan: bool, json: bool) -> int:
    require("nicegui", "studio")
    from copycar.cli.serve_pages import serve_pages  # noqa: PLC0415 - the web server takes a second to load
    from copycar.ground.calibrating.clicks import ClickedPoints  # noqa: PLC0415
    from copycar.studio.points.page import PAGES  # noqa: PLC0415

    if pictures is None:
        raise CopycarError(
            "--click needs a picture of every camera", fix="--pictures FOLDER, with cam1.png, cam2.png …"
        )
    serve_pages(PAGES, ClickedPoints(project, pictures, points), port=port, lan=lan, json=json)
    return EXIT_DONE


def _told(verdicts: list[Verdict], written: list[Path], is_json: bool) -> int:
    if not verdicts:
        raise CopycarError(
            "nothing to calibrate from",
            fix="name pictures of a board (--boards), or known points (--points, --mat, --click)",
        )
    if is_json:
        print_json({"verdicts": [verdict.as_json() for verdict in verdicts], "files": [str(path) for path in written]})
    else:
        show_verdicts(verdicts)
        for path in written:
            tell(show, f"wrote {path}")
    is_broken = any(verdict.status == "broken" for verdict in verdicts)
    return EXIT_GATE_FAILED if is_broken else EXIT_DONE


def _corners(text: str) -> tuple[int, int]:
    columns, _, rows = text.lower().partition("x")
    if not (columns.isdecimal() and rows.isdecimal() and int(columns) > 2 and int(rows) > 2):
        raise CopycarError(f"{text!r} is no board", fix="write COLUMNSxROWS, for example --corners 9x6")
    return int(columns), int(rows)


def _lenses(folder: Path, kind: BoardKind, every: int) -> dict[str, LensOf]:
    with progress("pictures") as bars:
        bar = bars.add_task("looking for the board", total=None)
        return calibrate_lenses(
            folder, kind, every, lambda name, done: bars.update(bar, description=name, completed=done)
        )


def _seen(
    points: Path | None, mat: Path | None, pictures: Path | None, cameras: dict[str, Calibration]
) -> dict[str, Seen]:
    if points and mat:
        raise CopycarError("known points come from --points or from --mat", fix="leave one of them out")
    if points:
        return read_points(points)
    if mat is None or pictures is None:
        raise CopycarError("--mat needs a picture of every camera", fix="--pictures FOLDER, with cam1.png, cam2.png …")
    return seen_tags(pictures, read_mat(mat), cameras)


def _posed(cameras: dict[str, Calibration], seen: dict[str, Seen]) -> dict[str, Calibration]:
    require_known(cameras, seen)
    blind = [name for name in seen if not len(seen[name].pixels)]
    if blind:
        raise CopycarError(f"{', '.join(blind)} shows no known point", fix="is the mat in the picture?")
    return {name: camera for name, camera in cameras.items() if name in seen}
