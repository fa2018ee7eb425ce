"""`copycar evaluate`: the proof. Closed loop in an environment, or offline on recordings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from copycar.cli.numbers import Count, Percentage, Positive, Seed
from copycar.core.errors import CopycarError
from copycar.evaluation.entrants import entrants
from copycar.evaluation.trial import DEFAULT_TRIALS


def evaluate(
    *policies: str,
    on: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    trials: Count = DEFAULT_TRIALS,
    laps: Count = 3,
    split: Literal["train", "validation", "all"] = "all",
    seed: Seed = 0,
    workers: Count | None = None,
    out: Path | None = None,
    film: Annotated[bool, Parameter(negative="--no-film")] = True,
    html: Path | None = None,
    plots: Path | None = None,
    least_autonomy: Percentage | None = None,
    referee: Path | None = None,
    footage: Path | None = None,
    live: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    seconds: Positive | None = None,
    detector: Path | None = None,
    car: Count | None = None,
    json: bool = False,
) -> int:
    """Prove that policies drive: one, or several side by side.

    Args:
        policies: policy files or run folders; in an environment also a driver's name, such as expert.
        on: where: environments (closed loop), or tubs (offline errors, which say little about driving).
        trials: drives per environment, from several starts and in both directions; the same for every policy.
        laps: laps per drive.
        split: which frames of a tub: those the training learned from, those it held out, or all.
        seed: of the small random offsets at the start; the same seed gives every policy the same starts.
        workers: processes; default: one per core.
        out: folder of the reports; default: beside each policy. Tubs get none.
        film: put a film of one drive into each report.
        html: also write one page (*.html) that shows all policies side by side.
        plots: on tubs: a folder for the curves and confusion matrices as PNG pictures.
        least_autonomy: exit with 1 when the autonomy of any policy is below this percentage.
        referee: a ground project whose cameras watched a real car: its score card, from 4-tracking/trajectories.csv.
        footage: with --referee: follow through these films first, as `copycar ground run` does.
        live: with --referee: watch the drive now; one source per camera, as `copycar ground run` takes them.
        seconds: with --live: watch for so long; default: until Ctrl-C.
        detector: with --footage or --live: the detector's file, or its run's folder; default: the rig's own.
        car: with --referee: number of the track; default: the one that drove farthest.
        json: print the result as one JSON object.
    """
    if referee:
        from copycar.cli.proof import show_proofs  # noqa: PLC0415 - as below
        from copycar.cli.referee import Drive, prove_by_referee  # noqa: PLC0415 - opencv
        from copycar.ground.stream import Sources  # noqa: PLC0415

        drive = Drive(referee, Sources(footage, tuple(live or ()), seconds), detector, car, laps)
        driver, proof = prove_by_referee(policies, drive, out)
        return show_proofs([driver], [proof], html=html, least_autonomy=least_autonomy, as_json=json)
    if not on:
        raise CopycarError("nothing says where to drive", fix="--on oval, --on TUB, or --referee RIG for a real car")
    named = entrants(policies)
    if html and not html.parent.is_dir():  # before the work, not after it
        raise CopycarError(f"cannot write the page {html}", f"there is no folder {html.parent}", "make it first")
    if _are_tubs(on):
        from copycar.cli.offline import evaluate_on_tubs  # noqa: PLC0415 - does without the simulator

        evaluate_on_tubs([one.driver for one in named], on, split=split, html=html, plots=plots, as_json=json)
        return 0
    if plots:
        raise CopycarError("--plots draws what was answered to recordings", f"{', '.join(on)} is no tub", "use --html")
    from copycar.cli.proof import prove_all, show_proofs  # noqa: PLC0415 - the simulator: only who drives waits for it

    proofs = prove_all(named, on, out, trials=trials, laps=laps, seed=seed, workers=workers, film=film)
    return show_proofs(named, proofs, html=html, least_autonomy=least_autonomy, as_json=json)


def _are_tubs(places: Sequence[str]) -> bool:
    return any(Path(place).exists() or "*" in place for place in places)
