"""`copycar explain movie`, `activations`: what a policy looks at."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from copycar.cli.numbers import Natural, Positive
from copycar.cli.output import counting, log, print_json, show, tell
from copycar.core.errors import CopycarError
from copycar.evaluation.offline.frames import Split

Out = Annotated[Path, Parameter(alias="-o")]


def movie(
    policy: str,
    *tubs: str,
    out: Out,
    method: Literal["visualbackprop", "integrated", "gradcam"] = "visualbackprop",
    split: Split = "all",
    rate: Positive = 20.0,
    json: bool = False,
) -> None:
    """Film what mattered for the steering on a recording, with the driver's and the policy's steering and the error.

    Args:
        policy: a policy file beside its run, or a run's folder; a recording alone is filmed with what its driver did.
        tubs: folders of recordings, or glob patterns.
        out: the film, *.mp4.
        method: how saliency is found: visualbackprop, integrated (gradients) or gradcam.
        split: train, validation or all frames, as the policy's own training divided them.
        rate: pictures a second.
        json: print one JSON object.
    """
    if not tubs:
        _film_the_driver(policy, out, rate, json)
        return
    from copycar.evaluation.explain.movie import make_saliency_movie  # noqa: PLC0415 - torch

    with counting("looking") as on_progress:
        made = make_saliency_movie(policy, tubs, out, method=method, split=split, rate_hz=rate, on_progress=on_progress)
    if json:
        print_json({"file": str(made.file), "frames": made.frames, "steering_mae": made.steering_mae, "method": method})
        return
    tell(show, f"{made.file}: {made.frames} frames, steering error {made.steering_mae:.3f}")


def activations(policy: str, tub: str, *, out: Out, frame: Natural | None = None, json: bool = False) -> None:
    """Draw what every layer of convolutions sees in one frame.

    Args:
        policy: a policy file beside its run, or a run's folder.
        tub: folder of a recording.
        out: the picture, *.png.
        frame: its number in the tub; default: in the middle of the recording.
        json: print one JSON object.
    """
    from copycar.evaluation.explain.activations import write_activations  # noqa: PLC0415 - torch

    layers = write_activations(policy, tub, out, frame)
    if json:
        print_json({"file": str(out), "layers": [{"name": one.name, "shape": list(one.maps.shape)} for one in layers]})
        return
    for layer in layers:
        n, height, width = layer.maps.shape
        tell(show, f"{layer.name}: {n} maps of {width}x{height}")
    tell(show, str(out))


def _film_the_driver(tub: str, out: Path, rate: float, json: bool) -> None:
    from copycar.tubs.tub import Tub  # noqa: PLC0415 - only here
    from copycar.tubs.work.movie import make_movie  # noqa: PLC0415 - only here

    if Path(tub).suffix:
        raise CopycarError("no recording was named", fix=f"copycar explain movie {tub} TUB --out film.mp4")
    n_left_out = 0

    def on_bad(_: object) -> None:
        nonlocal n_left_out
        n_left_out += 1

    n_frames = make_movie(Tub.open(tub), out, rate_hz=rate, on_bad=on_bad)
    if n_left_out:
        tell(log, f"note: {n_left_out} frames with an unusable picture left out")
    if json:
        print_json({"file": str(out), "frames": n_frames, "method": None})
    else:
        tell(show, f"{out}: {n_frames} frames")
