"""`copycar train --follow`: keep training while recordings grow. Says what happens; a policy is always in one place."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from copycar.cli.output import log, tell
from copycar.learning.settings import TrainSettings
from copycar.tubs.fingerprint import fingerprint
from copycar.tubs.tub import open_tubs

if TYPE_CHECKING:  # torch takes two seconds to load: `--help` does without it
    from copycar.learning.trained import Trained
    from copycar.learning.training import Training

POLL_S = 5.0
LEAST_NEW = 100
"""Frames, 5 s at 20 Hz: fewer new ones start no round."""

LEAST_FIRST = 200
"""Frames: the first round needs some to learn from and some to hold out."""

Make = Callable[[TrainSettings, Path, Path | None], "Training"]
"""Makes the training of a round: its settings, its folder, the run that it goes on from."""


def train_follow(
    make: Make,
    train: Callable[["Training"], "Trained"],
    tubs: Sequence[str],
    settings: TrainSettings,
    out: Path | None,
    wait: Callable[[float], None] = time.sleep,
) -> None:
    """Train a round, wait for new frames, train the next one from its weights, until Ctrl-C.

    Args:
        make: makes the training of a round.
        train: runs it.
        tubs: what is watched.
        settings: of the first round.
        out: folder of the rounds; default: `runs/DATE-TIME-TYPE-following`. An old one is gone on with.
        wait: waits so many seconds.

    Raises:
        KeyboardInterrupt: the only way out; the published policy stays.
    """
    from copycar.learning.rounds import Rounds, round_settings  # noqa: PLC0415 - torch

    rounds = Rounds.open(out or Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S}-{settings.type}-following")
    seen, n_seen = rounds.seen()
    try:
        while True:
            now, n_frames = _look(tubs)
            if now == seen or abs(n_frames - n_seen) < (LEAST_NEW if seen else LEAST_FIRST):
                wait(POLL_S)
                continue
            latest, folder = rounds.latest(), rounds.next_folder()
            tell(log, f"{folder.name}: {n_frames} frames, {n_frames - n_seen} more than before", "bold")
            own = round_settings(settings, n_frames, is_first=latest is None)
            trained = train(make(own, folder, latest.folder if latest else None))
            seen, n_seen = now, n_frames
            tell(log, f"policy: {rounds.publish(trained.run)}; waiting for {LEAST_NEW} new frames (Ctrl-C ends)")
    except KeyboardInterrupt:
        if rounds.policy.exists():
            tell(log, f"The policy of the last finished round: {rounds.policy}")
        raise


def _look(tubs: Sequence[str]) -> tuple[str, int]:
    """Return the fingerprint of the tubs and how many frames they have, without opening a picture."""
    opened = open_tubs(tubs)
    return fingerprint(opened), sum(len(tub) for tub in opened)
