"""`copycar demo`: the whole loop in a few minutes, each step with the plain command that does it."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from copycar.cli.demo_stage import fresh_folders, show_command, title
from copycar.cli.drive import drive_once
from copycar.cli.numbers import Count, Seed
from copycar.cli.output import log, print_json, quoted, show, tell
from copycar.cli.proof import Proof, prove, show_card
from copycar.cli.train import on_free_cores, train_with_progress
from copycar.core.files import write_json
from copycar.evaluation.trial import DEFAULT_TRIALS
from copycar.learning.settings import TrainSettings

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.trained import Trained

N_TRACKS = 6
LAPS_EACH = 2
NOISE = 0.8
UNSEEN = "track:s-bends"
"""Never recorded here: the demonstrations are on random tracks."""
MARKER = "demo.json"
PARTS = ("tub", "run", "evaluation")


def demo(*, out: Path = Path("demo"), seed: Seed = 0, trials: Count = DEFAULT_TRIALS, json: bool = False) -> None:
    """See it all work, in a few minutes and without any hardware.

    An expert drives some tracks and is recorded, a policy learns from the recording, and then drives a track it has
    never seen: from several starts, in both directions, without help.

    Args:
        out: folder for the recording, the training and the report.
        seed: of the tracks, the noise and the training.
        trials: drives on the unseen track.
        json: print the result as one JSON object.
    """
    started = time.monotonic()
    tub, run, evaluation = fresh_folders(out, MARKER, PARTS)
    try:
        _record(tub, seed)
        trained = _train(tub, run, seed)
        proof = _prove(trained, evaluation, trials)
    except KeyboardInterrupt:
        tell(log, f"Interrupted. Start again with: copycar demo --out {quoted(out)} --seed {seed}")
        raise
    result = {**proof.as_json(), "policy": str(trained.run.policy), "tub": str(tub)}
    write_json(out / MARKER, {"seed": seed, **{name: result[name] for name in ("policy", "report", "tub")}})
    if json:
        print_json(result)
    else:
        _say_what_next(proof, trained, tub, time.monotonic() - started)


def _record(tub: Path, seed: int) -> None:
    title("1  Show it how to drive", f"an expert drives {N_TRACKS} tracks, now and then pushed off its line")
    for number in range(N_TRACKS):
        place, is_reverse = f"track:random:{seed * N_TRACKS + number}", number % 2 == 1
        how = f"--driver expert --noise {NOISE} --laps {LAPS_EACH} --seed {seed}" + (" --reverse" if is_reverse else "")
        show_command(f"copycar drive {place} {how} --record {quoted(tub)}")
        report = drive_once(
            place,
            "expert",
            record=tub,
            laps=LAPS_EACH,
            noise=NOISE,
            start={"direction": -1} if is_reverse else {},
            seed=seed,
        )
        if report.interrupted:
            raise KeyboardInterrupt


def _train(tub: Path, run: Path, seed: int) -> "Trained":
    from copycar.learning.training import Training  # noqa: PLC0415 - torch

    title("2  Let it learn", "from the camera picture alone")
    command = f"copycar train {quoted(tub)} --seed {seed} --out {quoted(run)}"
    show_command(command)
    return train_with_progress(Training([tub], on_free_cores(TrainSettings(seed=seed)), out=run, command=command))


def _prove(trained: "Trained", evaluation: Path, trials: int) -> Proof:
    title("3  Prove that it drives", f"on {UNSEEN}, which it has never seen: {trials} starts, both directions")
    policy = str(trained.run.policy)
    command = f"copycar evaluate {quoted(policy)} --on {UNSEEN} --trials {trials} --out {quoted(evaluation)}"
    show_command(command)
    training = {**trained.run.describe().get("data", {}), "history": trained.run.epochs()}
    return prove(
        policy,
        [UNSEEN],
        trials=trials,
        out=evaluation,
        command=command,
        title="copycar demo",
        training=training,
        offline=trained.offline,
        is_unseen=True,
    )


def _say_what_next(proof: Proof, trained: "Trained", tub: Path, seconds: float) -> None:
    show_card(proof)
    show.print(f"all of it took {seconds:.0f} s\n")
    show.print("What to try next:")
    for what, command in _ideas(trained, tub):
        show.print(f"  {what}")
        tell(show, f"    {command}", "bold")


def _ideas(trained: "Trained", tub: Path) -> Sequence[tuple[str, str]]:
    policy, recording, mine = quoted(trained.run.policy), quoted(tub), quoted(tub.parent / "mine")
    return (
        ("another track, harder", f"copycar evaluate {policy} --on hairpins"),
        ("drive yourself, with the arrow keys", f"copycar drive oval --driver keyboard --record {mine}"),
        ("another network on the same recording", f"copycar train {recording} --type linear"),
        ("a recording of your own donkey car", "copycar train ~/mycar/data"),
    )
