"""The one door to exporting: a policy file in, a file for another runtime out, proven to decide the same.

Knows no formats; they are in `targets`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copycar.core.errors import CopycarError, did_you_mean
from copycar.driving.runtime.policy import Policy
from copycar.learning.export.compare import Comparison, Precision, compare
from copycar.learning.export.frames import find_frames
from copycar.learning.export.target import TARGETS, Order, Target
from copycar.learning.run import Run


@dataclass(frozen=True)
class Exported:
    """What an export gave.

    Attributes:
        order: what was asked for; the file lies at `order.out`.
        target: name of the format.
        comparison: how far its actions are from the policy's; None where this machine cannot run the file.
        how_to_drive: what to type next.
    """

    order: Order
    target: str
    comparison: Comparison | None
    how_to_drive: str

    @property
    def size_bytes(self) -> int:
        """Of the written file."""
        return self.order.out.stat().st_size

    @property
    def policy_size_bytes(self) -> int:
        """Of the policy that it was made from."""
        return self.order.policy.stat().st_size

    def as_json(self) -> dict[str, Any]:
        """Return the result as `copycar export --json` prints it; what was not measured is None."""
        found, frames = self.comparison, self.order.frames
        return {
            "file": str(self.order.out),
            "target": self.target,
            "precision": self.order.precision,
            "size_bytes": self.size_bytes,
            "parity_max": found.largest if found else None,
            "parity_mean": found.mean if found else None,
            "latency_ms": found.latency_ms if found else None,
            "policy": {
                "size_bytes": self.policy_size_bytes,
                "latency_ms": found.policy_latency_ms if found else None,
            },
            "frames": {"origin": frames.origin, "are_real": frames.are_real, "compared": len(frames.compare)},
            "how_to_drive": self.how_to_drive,
        }


def export_policy(
    policy: Path,
    target: str,
    out: Path,
    *,
    precision: Precision = "fp32",
    is_for_donkeycar: bool = False,
    calibrate: Path | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write a policy in another format, compare both on frames, and keep the file only if they agree.

    Args:
        policy: a policy file in float32, or the folder of its run.
        target: a name in `TARGETS`.
        out: where the file goes; replaced in one step.
        precision: of the weights.
        is_for_donkeycar: write it as donkeycar loads it.
        calibrate: a tub with frames like those to come; default: what the policy was trained on.
        on_step: told in words what is being done.

    Raises:
        CopycarError: it cannot be done, or the actions differ by more than `compare.TOLERANCES`.
    """
    (source, loaded), kind = _opened(policy), TARGETS.get(target)
    _require_place(out, source)
    _require_possible(kind, target, precision, is_for_donkeycar, out)
    on_step("looking for frames")
    frames = find_frames(source, loaded.metadata, calibrate)
    order = Order(source, loaded.metadata, precision, frames, is_for_donkeycar, out)
    on_step(f"writing {out.name}")
    partial = out.with_name(f".{out.stem}.partial{out.suffix}")
    try:
        kind.write(order, partial)
        on_step("comparing actions")
        comparison = _compared(kind, order, loaded, partial)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return Exported(order, target, comparison, kind.how_to_drive(order, out))


def _opened(policy: Path) -> tuple[Path, Policy]:
    """Return the policy file of a run's folder, or the file itself, and what it holds."""
    file = Run(policy).policy if policy.is_dir() else policy
    if not file.is_file():
        raise CopycarError(f"no policy file {file}", fix="name a run's folder or its policy.onnx: copycar runs")
    is_already: str = file.suffix
    if is_already == ".onnx":
        loaded = Policy.load(file)
        is_already = loaded.metadata.precision
        if is_already == "fp32":
            return file, loaded
    raise CopycarError(f"{file} is {is_already} already", fix="export the policy.onnx that training wrote")


def _compared(kind: Target, order: Order, policy: Policy, written: Path) -> Comparison | None:
    if kind.load is None:
        return None
    found = compare(policy.act, kind.load(order, written), order.frames.compare)
    found.require(order.precision, str(order.out))
    return found


def _require_place(out: Path, source: Path) -> None:
    if not out.parent.is_dir():
        raise CopycarError(f"there is no folder {out.parent}", fix="make it first, or name another --out")
    if out.resolve() == source.resolve():
        raise CopycarError(f"{out} is the policy itself", fix="name another file with --out")


def _require_possible(kind: Target, target: str, precision: Precision, is_for_donkeycar: bool, out: Path) -> None:
    if out.suffix not in kind.suffixes:
        raise CopycarError(f"{out} does not end in {' or '.join(kind.suffixes)}", fix=f"name it so, for --to {target}")
    if is_for_donkeycar and not kind.donkeycar_precisions:
        raise CopycarError(f"donkeycar does not load {target} files", fix="use --to tflite or --to keras")
    possible = kind.donkeycar_precisions if is_for_donkeycar else kind.precisions
    if precision not in possible:
        place = "donkeycar" if is_for_donkeycar else target
        why = "its runtimes compute int8 layers wrongly or not at all" if is_for_donkeycar else ""
        raise CopycarError(f"no {precision} for {place}", why, did_you_mean(precision, possible))
