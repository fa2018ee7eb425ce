"""From raw figures to the ratios that we promise, and whether each promise is kept. Measures nothing.

Speeds and times to a result say how many times better we are; sizes and latencies say ours over the peer's. What
cannot be computed honestly is None, and `reasons` says why.
"""

from dataclasses import dataclass
from statistics import median
from typing import Any

Raw = dict[str, Any]


@dataclass(frozen=True)
class Promise:
    """One line of the promises.

    Attributes:
        figure: key in the results' `ratios` or `figures`.
        what: in words.
        limit: the promised number.
        at_least: whether more is better.
    """

    figure: str
    what: str
    limit: float
    at_least: bool

    def is_kept(self, value: float | None) -> bool | None:
        """Return whether `value` keeps the promise; None where there is no value."""
        if value is None:
            return None
        return value >= self.limit if self.at_least else value <= self.limit


PROMISES = (
    Promise("steady_epoch_fp32", "whole steady epochs, linear, batch 128, fp32: times faster", 1.4, True),
    Promise("steady_epoch_bf16", "the same in bf16: times faster", 2.2, True),
    Promise("time_to_quality", "command to a policy at least as good, linear: times faster", 3.0, True),
    Promise("time_to_quality_copycar", "the same, our own network: times faster", 6.0, True),
    Promise("cold_epoch", "command to the end of the first epoch: times faster", 3.0, True),
    Promise("memory", "peak memory of training: ours / peer's", 0.6, False),
    Promise("latency_p50", "one frame in, action out, fp32: ours / peer's", 0.5, False),
    Promise("latency_p50_int8", "the same, int8: ours / peer's", 0.27, False),
    Promise("pilot_ready", "command to driving with a policy: ours / peer's", 0.2, False),
    Promise("cli_start", "the bare command line: ours / peer's", 0.2, False),
    Promise("cli_start_s", "copycar --help: seconds", 0.25, False),
    Promise("car_install_mb", "installation for the car: MB", 200.0, False),
    Promise("record_core_pct", "recording 60 Hz: % of one core", 25.0, False),
    Promise("record_frames_lost", "recording 60 Hz: frames lost", 0.0, False),
    Promise("tub_read_cold", "reading and decoding a tub, files not in the cache: times faster", 3.0, True),
    Promise("tub_read_warm", "the same, files in the cache, two threads: times faster", 4.0, True),
    Promise("tub_batches", "batches of frames as floats 0 … 1: times faster", 5.0, True),
    Promise("long_tub_peak_mb", "training batches of 100,000 frames: MB resident", 2000.0, False),
    Promise("track_steps_per_s", "built-in track, one camera: steps/s", 600.0, True),
    Promise("track_steps_per_s_cameras", "built-in track, four more cameras: steps/s", 200.0, True),
)


@dataclass(frozen=True)
class Comparison:
    """How a ratio comes from one round of short trainings.

    Attributes:
        label: which of our trainings: `auto` is our default precision.
        figure: what is compared.
        is_inverted: peer's over ours, where less is better and the ratio says how many times better.
    """

    label: str
    figure: str
    is_inverted: bool


SHORT = {
    "train_images_per_s": Comparison("auto", "train_images_per_s", False),
    "steady_epoch_fp32": Comparison("fp32", "whole_epoch_images_per_s", False),
    "steady_epoch_bf16": Comparison("bf16", "whole_epoch_images_per_s", False),
    "cold_epoch": Comparison("auto", "first_epoch_s", True),
    "epoch_cpu_fp32": Comparison("fp32", "cpu_ms_per_image", True),
    "epoch_cpu_bf16": Comparison("bf16", "cpu_ms_per_image", True),
    "train_cpu_s": Comparison("auto", "cpu_s", True),
    "memory": Comparison("auto", "peak_rss_mb", False),
}
"""Ratios of the short trainings; each is the median over the rounds, in which both sides took turns."""


OTHER_LATENCIES = (
    "2_threads",
    "int8_1_thread",
    "int8_2_threads",
    "litert_1_thread",
    "litert_2_threads",
    "litert_int8_1_thread",
    "litert_int8_2_threads",
)
"""One-frame latencies beside the promised ones: runtime, precision, threads. onnxruntime and fp32 are not named."""


TUBS = {
    "tub_append": (("append_frames_per_s",), ("append_frames_per_s",)),
    "tub_read_cold": (("read_cold_frames_per_s", "2"), ("read_cold_frames_per_s", "1")),
    "tub_read_cold_1_thread": (("read_cold_frames_per_s", "1"), ("read_cold_frames_per_s", "1")),
    "tub_read_warm": (("read_warm_frames_per_s", "2"), ("read_warm_frames_per_s", "1")),
    "tub_read_warm_1_thread": (("read_warm_frames_per_s", "1"), ("read_warm_frames_per_s", "1")),
    "tub_read_cpu": (("read_warm_cpu_us_per_frame", "1"), ("read_warm_cpu_us_per_frame", "1")),
    "tub_batches": (("batch_frames_per_s", "float"), ("batch_frames_per_s", "float")),
    "tub_batches_raw": (("batch_frames_per_s", "raw"), ("batch_frames_per_s", "float")),
    "tub_batches_training": (("batch_frames_per_s", "training"), ("batch_frames_per_s", "float")),
    "tub_append_core_pct": (("append_core_pct_at_60_hz",), ("append_core_pct_at_60_hz",)),
}
"""Ratios of the tub measurements: which figure of ours over which of the peer's, whose reader has one thread; each is
the median over the rounds."""


def compute(raw: Raw) -> tuple[dict[str, float | None], dict[str, str]]:
    """Return the ratios and, for those that are None, the reasons.

    Args:
        raw: the results' sections, each missing or None where it was not measured.
    """
    reasons: dict[str, str] = {}
    ratios = {**_short(raw, reasons), **_full(raw, reasons), **_small(raw), **_tubs(raw)}
    for name, value in ratios.items():
        if value is None:
            reasons.setdefault(name, "not measured in this run")
    return ratios, reasons


def figures(raw: Raw) -> dict[str, float | None]:
    """Return the promised figures that are no ratios."""
    recording = raw.get("record_rate") or {}
    return {
        "cli_start_s": _at(raw, "cli_start", "copycar", "median_s"),
        "car_install_mb": _at(raw, "install", "copycar", "size_mb"),
        "record_core_pct": recording.get("core_pct"),
        "record_frames_lost": recording.get("frames_lost"),
        "long_tub_peak_mb": _at(raw, "long_tub", "first", "peak_rss_mb"),
        "track_steps_per_s": _track_steps(raw, "front_160x120"),
        "track_steps_per_s_cameras": _track_steps(raw, "front_and_4_cameras_320x180"),
    }


def _track_steps(raw: Raw, scene: str) -> float | None:
    """Return the slowest track's steps per second of processor time: the promise is about one core."""
    measured = (raw.get("track_speed") or {}).get("results", {})
    speeds = [speed["steps_per_cpu_s"] for name, speed in measured.items() if name.partition("/")[2] == scene]
    return min(speeds) if speeds else None


def spread(raw: Raw) -> dict[str, list[float]]:
    """Return smallest and largest ratio over the rounds, for what was measured in rounds."""
    rounds = {name: _by_round(raw, comparison) for name, comparison in SHORT.items()}
    rounds |= {name: _tubs_by_round(raw, name) for name in TUBS}
    return {name: [min(values), max(values)] for name, values in rounds.items() if values}


def _short(raw: Raw, reasons: dict[str, str]) -> dict[str, float | None]:
    runs: list[Raw] = raw.get("short_trainings") or []
    if runs and not any(run["label"] == "bf16" for run in runs):
        reasons["steady_epoch_bf16"] = "this processor does not compute bf16 in hardware"
    rounds = {name: _by_round(raw, comparison) for name, comparison in SHORT.items()}
    return {name: median(values) if values else None for name, values in rounds.items()}


def _by_round(raw: Raw, comparison: Comparison) -> list[float]:
    runs: list[Raw] = raw.get("short_trainings") or []
    found = {(run["round"], run["label"]): run[comparison.figure] for run in runs}
    rounds = sorted({number for number, label in found if label == comparison.label})
    pairs = [(found[number, comparison.label], found[number, "peer"]) for number in rounds]
    known = [(ours, peers) for ours, peers in pairs if ours is not None and peers is not None]
    return [peers / ours if comparison.is_inverted else ours / peers for ours, peers in known]


def _tubs(raw: Raw) -> dict[str, float | None]:
    rounds = {name: _tubs_by_round(raw, name) for name in TUBS}
    return {name: median(values) if values else None for name, values in rounds.items()}


def _tubs_by_round(raw: Raw, name: str) -> list[float]:
    runs: list[Raw] = raw.get("tubs") or []
    found = {(run["round"], run["label"]): run for run in runs}
    ours, peers = TUBS[name]
    numbers = sorted({number for number, label in found if (number, "peer") in found and label == "copycar"})
    pairs = [(_at(found[number, "copycar"], *ours), _at(found[number, "peer"], *peers)) for number in numbers]
    return [above / below for above, below in pairs if above is not None and below]


def _full(raw: Raw, reasons: dict[str, str]) -> dict[str, float | None]:
    runs, quality = raw.get("full_trainings") or {}, raw.get("quality") or {}
    ratios: dict[str, float | None] = {}
    for network, name in (("linear", "time_to_quality"), ("copycar", "time_to_quality_copycar")):
        ratios[name] = None
        if "peer" not in runs or network not in runs:
            continue
        ours, peers = quality[network]["steering"], quality["peer"]["steering"]
        worse = [figure for figure in ("mae", "mse") if ours[figure] > peers[figure]]
        if worse:
            told = ", ".join(f"{figure} {ours[figure]:.4f} against {peers[figure]:.4f}" for figure in worse)
            reasons[name] = f"our {network} steers worse than the peer on the held-out frames: {told}"
        else:
            ratios[name] = runs["peer"]["seconds"] / runs[network]["seconds"]
    return ratios


def _small(raw: Raw) -> dict[str, float | None]:
    return {
        "latency_p50": _over(raw, ("latency_ms", "copycar", "p50"), ("latency_ms", "peer", "p50")),
        "latency_p95": _over(raw, ("latency_ms", "copycar", "p95"), ("latency_ms", "peer", "p95")),
        "latency_p50_1_thread": _over(raw, ("latency_ms", "copycar_1_thread", "p50"), ("latency_ms", "peer", "p50")),
        "latency_p50_int8": _over(raw, ("latency_ms", "copycar_int8", "p50"), ("latency_ms", "peer", "p50")),
        **{f"latency_p50_{name}": _latency(raw, name) for name in OTHER_LATENCIES},
        "pilot_ready": _over(raw, ("pilot_ready", "copycar", "median_s"), ("pilot_ready", "peer", "median_s")),
        "cli_start": _over(raw, ("cli_start", "copycar", "median_s"), ("cli_start", "peer", "median_s")),
        "install_size": _over(raw, ("install", "copycar", "size_mb"), ("install", "peer", "size_mb")),
        "install_time": _over(raw, ("install", "copycar", "seconds"), ("install", "peer", "seconds")),
    }


def _latency(raw: Raw, name: str) -> float | None:
    return _over(raw, ("latency_ms", f"copycar_{name}", "p50"), ("latency_ms", "peer", "p50"))


def _over(raw: Raw, ours: tuple[str, ...], peers: tuple[str, ...]) -> float | None:
    above, below = _at(raw, *ours), _at(raw, *peers)
    return None if above is None or not below else above / below


def _at(raw: Raw, *path: str) -> Any:
    value: Any = raw
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
