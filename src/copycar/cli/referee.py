"""`copycar evaluate --referee`: the score card of a real car, by the cameras beside its track. Parses nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copycar.cli.ground_run import follow_sources
from copycar.cli.output import log, tell, typed
from copycar.cli.proof import Proof
from copycar.core.errors import CopycarError
from copycar.evaluation.entrants import Entrant, entrants
from copycar.evaluation.report.write import write_report
from copycar.evaluation.score_card import ScoreCard
from copycar.evaluation.trace import Trace
from copycar.ground.course import COURSE, read_course
from copycar.ground.open_scene import open_scene
from copycar.ground.referee import main_path, trace_of
from copycar.ground.stream import Sources
from copycar.ground.trajectories import TRAJECTORIES, read_trajectories


@dataclass(frozen=True, slots=True)
class Drive:
    """What is judged.

    Attributes:
        rig: a ground project: cameras, detector, `course.json`, and the trajectories of the drive unless `sources` are
            named.
        sources: films or live cameras that are followed first.
        detector: its file, or its run's folder; None: the rig's own.
        car: number of the track; None: the one that drove farthest.
        laps: of the trial.
    """

    rig: Path
    sources: Sources
    detector: Path | None
    car: int | None
    laps: int


def prove_by_referee(policies: Sequence[str], drive: Drive, out: Path | None) -> tuple[Entrant, Proof]:
    """Return who drove and the proof of it.

    Args:
        policies: the one that drove, or nobody's name.
        drive: what the cameras saw.
        out: folder of the report; None: `evaluation` in the rig's.

    Raises:
        CopycarError: no course, no trajectories, or no car.
    """
    if len(policies) > 1:
        raise CopycarError(f"{len(policies)} policies cannot have driven one car", fix="name the one that did, or none")
    driver = entrants(policies)[0] if policies else Entrant("the car", "")
    trace = _trace(drive)
    card = ScoreCard.from_trials([trace])
    title = f"{driver.name}, by the cameras of {drive.rig.resolve().name}"
    return driver, Proof(
        card, [trace], write_report(out or drive.rig / "evaluation", card, [trace], title=title, command=typed())
    )


def _trace(drive: Drive) -> Trace:
    scene = open_scene(drive.rig)
    course, path = read_course(scene.folder / COURSE), scene.folder / TRAJECTORIES
    if drive.sources.is_any:
        follow_sources(drive.rig, drive.detector, drive.sources, path)
    chosen = main_path(read_trajectories(path), course, drive.car)
    tell(log, f"track {chosen.number} of {path}, {chosen.times_s[-1] - chosen.times_s[0]:.1f} s long")
    return trace_of(chosen, course, drive.rig.resolve().name, drive.laps)
