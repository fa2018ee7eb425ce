"""`copycar export`: put a policy on the car, in the format that its runtime wants."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.table import Table

from copycar.cli.output import log, print_json, progress, show, tell
from copycar.core.errors import CopycarError
from copycar.learning.export.export import Exported, export_policy


def export(
    policy: Path,
    *,
    to: Literal["onnx", "tflite", "keras", "tensorrt"],
    out: Path,
    precision: Literal["fp32", "fp16", "int8"] | None = None,
    int8: bool = False,
    for_: Annotated[Literal["donkeycar"] | None, Parameter(name="--for")] = None,
    calibrate: Path | None = None,
    json: bool = False,
) -> None:
    """Write a policy for another runtime, and prove that it decides the same.

    Args:
        policy: a run's folder, or its policy file.
        to: the format.
        out: the file to write.
        precision: of the weights; default fp32.
        int8: the same as --precision int8.
        for_: write it as this program loads it.
        calibrate: a tub with frames like those to come; default: the tubs that it was trained on.
        json: print the result as one JSON object.
    """
    if int8 and precision not in (None, "int8"):
        raise CopycarError(f"--int8 and --precision {precision} contradict each other", fix="give one of them")
    with progress() as bars:
        step = bars.add_task("", total=None)
        exported = export_policy(
            policy,
            to,
            out,
            precision=precision or ("int8" if int8 else "fp32"),
            is_for_donkeycar=for_ == "donkeycar",
            calibrate=calibrate,
            on_step=lambda text: bars.update(step, description=text),
        )
    if not exported.order.frames.are_real:
        tell(log, "Compared on made-up pictures only: name a tub of this camera with --calibrate TUB.", "yellow")
    if json:
        print_json(exported.as_json())
    else:
        _show(exported)


def _show(exported: Exported) -> None:
    found, frames = exported.comparison, exported.order.frames
    table = Table("", "size", "latency p50", "p95")
    rows = (
        (exported.order.out.name, exported.size_bytes, found.latency_ms if found else {}),
        ("the policy, fp32", exported.policy_size_bytes, found.policy_latency_ms if found else {}),
    )
    for name, size, latency in rows:
        table.add_row(name, f"{size / 1e6:.2f} MB", *(_ms(latency.get(key)) for key in ("p50", "p95")))
    show.print(table)
    if found:
        apart = f"at most {found.largest:.1e}, on average {found.mean:.1e}"
        tell(show, f"actions differ by {apart}, on {len(frames.compare)} frames of {frames.origin}")
    else:
        tell(show, "not compared: this machine cannot run the file", "yellow")
    tell(show, f"file:  {exported.order.out}")
    tell(show, f"drive: {exported.how_to_drive}")


def _ms(milliseconds: float | None) -> str:
    return "-" if milliseconds is None else f"{milliseconds:.2f} ms"
