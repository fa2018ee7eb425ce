"""Runs both sides' tub measurements in turns. Knows nothing of how a figure is measured."""

import json
import sys
from pathlib import Path
from typing import Any

from peer import Peer, make_car
from process import run

HERE = Path(__file__).parent

Raw = dict[str, Any]


def tub_rates(peer: Peer, tub: Path, pictures: Path, work: Path, rounds: int) -> list[Raw]:
    """Return one entry per round and side: `round`, `label` (`peer` or `copycar`) and the figures of `tub_loop`.

    Args:
        peer: the installed peer.
        tub: the recording that both read.
        pictures: .npy file, uint8 (N, H, W, 3), that both record.
        work: a folder for everything that is made on the way.
        rounds: how many; whoever begins takes turns as well.
    """
    config = make_car(peer, work / "car") / "config.py"
    found: list[Raw] = []
    for number in range(rounds):
        for label in ("peer", "copycar") if number % 2 == 0 else ("copycar", "peer"):
            folder = work / f"{label}{number}"
            folder.mkdir()
            files = [tub, pictures, folder]
            command = [peer.python, HERE / "peer_tubs.py", *files, config]
            if label == "copycar":
                command = [Path(sys.executable), HERE / "our_tubs.py", *files]
            environment = peer.environment if label == "peer" else None
            measured = run(command, log=work / f"{label}{number}.log", environment=environment)
            figures = json.loads(measured.stdout)
            found.append({"round": number, "label": label, "load_1min": measured.load_1min} | figures)
    return found
