import json

import pytest

import ratios


def short(label: str, number: int = 0, **figures: float) -> dict[str, object]:
    known = {"whole_epoch_images_per_s": 100.0, "train_images_per_s": 100.0, "first_epoch_s": 20.0}
    return (
        {"round": number, "label": label}
        | known
        | {"cpu_s": 50.0, "cpu_ms_per_image": 5.0, "peak_rss_mb": 1000.0}
        | figures
    )


def finished(seconds: dict[str, float], steering_mse: dict[str, float]) -> dict[str, object]:
    return {
        "full_trainings": {name: {"seconds": value} for name, value in seconds.items()},
        "quality": {name: {"steering": {"mae": 0.1, "mse": value}} for name, value in steering_mse.items()},
    }


def test_nothing_measured_gives_no_ratio_and_a_reason_for_each() -> None:
    found, reasons = ratios.compute({})
    assert set(found.values()) == {None}
    assert set(reasons) == set(found)


def test_more_images_per_second_and_less_time_are_times_better_and_memory_is_ours_over_theirs() -> None:
    ours = short("auto", whole_epoch_images_per_s=300.0, train_images_per_s=200.0, first_epoch_s=5.0, peak_rss_mb=500.0)
    found, _ = ratios.compute({"short_trainings": [short("peer"), ours]})
    assert (found["train_images_per_s"], found["cold_epoch"], found["memory"]) == (2.0, 4.0, 0.5)


def test_a_ratio_is_the_median_over_rounds_of_what_ran_in_the_same_round() -> None:
    runs = []
    for number, (peers, ours) in enumerate([(100.0, 200.0), (10.0, 30.0), (50.0, 50.0)]):
        runs += [short("peer", number, whole_epoch_images_per_s=peers)]
        runs += [short("fp32", number, whole_epoch_images_per_s=ours)]
    found, _ = ratios.compute({"short_trainings": runs})
    assert found["steady_epoch_fp32"] == 2.0
    assert ratios.spread({"short_trainings": runs})["steady_epoch_fp32"] == [1.0, 3.0]


def test_bf16_is_not_promised_where_the_processor_lacks_it() -> None:
    found, reasons = ratios.compute({"short_trainings": [short("peer"), short("fp32")]})
    assert found["steady_epoch_bf16"] is None
    assert "hardware" in reasons["steady_epoch_bf16"]


@pytest.mark.parametrize(("ours", "counts"), [(0.04, True), (0.05, True), (0.06, False)])
def test_time_to_quality_counts_only_if_ours_is_at_least_as_good(ours: float, counts: bool) -> None:
    seconds = {"peer": 300.0, "linear": 60.0, "copycar": 30.0}
    found, reasons = ratios.compute(finished(seconds, {"peer": 0.05, "linear": ours, "copycar": 0.05}))
    assert found["time_to_quality"] == (5.0 if counts else None)
    assert found["time_to_quality_copycar"] == 10.0
    assert ("worse than the peer" in reasons.get("time_to_quality", "")) is not counts


def test_a_pilot_that_was_not_measured_is_no_ratio() -> None:
    found, _ = ratios.compute({"latency_ms": {"peer": {"p50": 1.0, "p95": 2.0}, "copycar": {"p50": 0.4, "p95": 0.5}}})
    assert found["latency_p50"] == pytest.approx(0.4)
    assert found["latency_p50_int8"] is None


def tub_figures(label: str, number: int, **figures: float) -> dict[str, object]:
    same: dict[str, object] = {"append_frames_per_s": 100.0, "append_core_pct_at_60_hz": 10.0}
    same |= {"batch_frames_per_s": {"float": 100.0, "raw": 500.0}} | figures
    reads = {"1": 100.0} if label == "peer" else {"1": 200.0, "2": 400.0}
    return {"round": number, "label": label, "read_cold_frames_per_s": reads, "read_warm_frames_per_s": reads} | same


def test_our_reader_with_two_threads_is_compared_with_the_peers_only_one() -> None:
    rounds = [tub_figures("peer", 0), tub_figures("copycar", 0), tub_figures("copycar", 1), tub_figures("peer", 1)]
    rounds[2]["append_frames_per_s"] = 300.0
    found, _ = ratios.compute({"tubs": rounds})
    assert (found["tub_read_warm"], found["tub_read_warm_1_thread"], found["tub_read_cold"]) == (4.0, 2.0, 4.0)
    assert (found["tub_append"], found["tub_batches"], found["tub_batches_raw"]) == (2.0, 1.0, 5.0)
    assert ratios.spread({"tubs": rounds})["tub_append"] == [1.0, 3.0]


def test_what_a_system_cannot_measure_is_no_ratio() -> None:
    rounds = [tub_figures("peer", 0), tub_figures("copycar", 0)]
    rounds[1]["read_cold_frames_per_s"] = {"1": None, "2": None}
    assert ratios.compute({"tubs": rounds})[0]["tub_read_cold"] is None


def test_every_promise_is_about_a_figure_that_is_computed() -> None:
    known = ratios.compute({})[0] | ratios.figures({})
    assert {promise.figure for promise in ratios.PROMISES} <= set(known)


def test_results_without_any_figure_are_json() -> None:
    found, reasons = ratios.compute({})
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert reasons
