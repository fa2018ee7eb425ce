"""How far policies' actions are from a driver's, frame by frame, on recordings. Knows nothing of driving.

Open loop: shown beside its baselines, and never used to rank policies; closed-loop trials do that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copycar.core.progress import OnProgress
from copycar.driving.runtime.policy import Policy
from copycar.evaluation.classification import Classification, classify
from copycar.evaluation.entrants import Entrant, entrants, policy_file
from copycar.evaluation.offline.answers import Said, answers
from copycar.evaluation.offline.breakdown import directions, per_bin, worst
from copycar.evaluation.offline.frames import RecordedFrames, Split, choose_frames
from copycar.evaluation.offline.reading import true_things
from copycar.learning.judgement import AXES, axis_figures, offline_figures

N_WORST = 12
APART = 20
"""Frames between two that are shown: a second at donkeycar's 20 Hz, so that they are two scenes and not one."""

DIRECTIONS_TOLD = "directions"


@dataclass(frozen=True)
class Answers:
    """What one policy answered to all frames.

    Attributes:
        name: short name of the policy.
        policy: its file; "" where it was given loaded.
        predicted: steering and throttle, float32 (N, 2).
        classified: how well it tells things apart: `"directions"`, and what else it names, such as `"command"`.
        figures: as `evaluate_offline` returns them.
    """

    name: str
    policy: str
    predicted: NDArray[np.float32]
    classified: Mapping[str, Classification]
    figures: dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    """What several policies answered to the same frames.

    Attributes:
        frames: the N frames.
        answers: one of each policy, in the order asked for.
    """

    frames: RecordedFrames
    answers: tuple[Answers, ...]

    @property
    def told_apart(self) -> list[str]:
        """What any of the policies tells apart, such as `"directions"`."""
        return list(dict.fromkeys(name for one in self.answers for name in one.classified))

    def worst(self, most: int = N_WORST) -> list[int]:
        """Return the places of the frames on which a policy's steering is furthest off, the furthest first."""
        steering = self.frames.labels[:, 0]
        furthest = np.max([np.abs(one.predicted[:, 0] - steering) for one in self.answers], axis=0)
        return worst(furthest, self.frames.episodes, most=most, apart=APART)

    @property
    def spread(self) -> NDArray[np.float32]:
        """How far the policies' steering is apart on each frame, float32 (N,); of a single one, from the driver's."""
        said = [one.predicted[:, 0] for one in self.answers]
        everybody = np.stack(said if len(said) > 1 else [*said, self.frames.labels[:, 0]])
        apart: NDArray[np.float32] = everybody.max(axis=0) - everybody.min(axis=0)
        return apart

    def most_disputed(self, most: int = N_WORST) -> list[int]:
        """Return the places of the frames on which the policies disagree most about the steering, those first."""
        return worst(self.spread, self.frames.episodes, most=most, apart=APART)

    def as_json(self) -> dict[str, Any]:
        """Return the figures of one policy as they are, those of several under `"policies"`."""
        if len(self.answers) == 1:
            return self.answers[0].figures
        policies = [{"policy": one.policy, "name": one.name, **one.figures} for one in self.answers]
        return {"n_frames": len(self.frames), "split": self.frames.split, "policies": policies}


def evaluate_offline(
    policy: str | Path | Policy,
    tubs: str | Path | Sequence[str | Path],
    *,
    split: Split = "all",
    seed: int | None = None,
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Return how far one policy's actions are from a driver's.

    The result is `{"steering", "throttle", "n_frames", "split", "is_training_data", "latency_ms", "per_bin",
    "per_episode", "worst", "directions"}`, and what else the policy names, such as `"command"`. Each axis has `mae`,
    `rmse`, `r2`, `baseline_mean_mae` (always say the training mean) and `baseline_last_mae` (repeat the frame before,
    never across episodes); see `copycar.learning.judgement`. `per_bin` is the steering error by the driver's steering,
    `directions` tells left, straight and right apart (`copycar.evaluation.classification`).

    Args:
        policy: a policy file, a run's folder, or a loaded policy.
        tubs: one or more tub folders or glob patterns.
        split: which frames; "validation" are those that the policy's own training holds out.
        seed: of the split; default: the seed that the policy was trained with.
        on_progress: called with (frames done, frames in all).

    Raises:
        CopycarError: unknown split; no or an unfit policy; no usable frame; or frames of another size.
    """
    loaded = policy if isinstance(policy, Policy) else Policy.load(policy_file(policy))
    paths = [tubs] if isinstance(tubs, str | Path) else list(tubs)
    frames = choose_frames(paths, [loaded.metadata], split=split, seed=seed)
    return _answers(Entrant("", ""), loaded, frames, 0, on_progress).figures


def compare_offline(
    policies: Sequence[str | Path],
    tubs: Sequence[str | Path],
    *,
    split: Split = "all",
    seed: int | None = None,
    on_progress: OnProgress | None = None,
) -> Comparison:
    """Ask several policies about the same frames; see `evaluate_offline`.

    Args:
        policies: policy files or runs' folders, at least one.
        tubs: tub folders or glob patterns.
        split: which frames; where the policies were not trained on the same ones, only "all".
        seed: of the split; default: the seed that the policies were trained with.
        on_progress: called with (frames done, frames in all), all policies together.

    Raises:
        CopycarError: as `evaluate_offline`; one policy given twice; or policies that do not share a split.
    """
    named = [(one, Policy.load(one.driver)) for one in entrants(policies)]
    frames = choose_frames(tubs, [policy.metadata for _, policy in named], split=split, seed=seed)
    total = len(frames) * len(named)

    def told(place: int) -> OnProgress:
        return lambda done, _: on_progress(place * len(frames) + done, total) if on_progress else None

    asked = [_answers(one, policy, frames, place, told(place)) for place, (one, policy) in enumerate(named)]
    return Comparison(frames, tuple(asked))


def _answers(
    entrant: Entrant, policy: Policy, frames: RecordedFrames, place: int, on_progress: OnProgress | None
) -> Answers:
    said = answers(policy, frames, place, on_progress)
    classified = {DIRECTIONS_TOLD: directions(said.actions[:, 0], frames.labels[:, 0]), **_named(said, policy, frames)}
    figures = _figures(said.actions, policy, frames) | {name: one.as_json() for name, one in classified.items()}
    return Answers(entrant.name, entrant.driver, said.actions, classified, figures)


def _named(said: Said, policy: Policy, frames: RecordedFrames) -> dict[str, Classification]:
    """Return how well the policy names things, such as commands, on the frames that say what they show."""
    found = {}
    for name, described in policy.metadata.answers.items():
        if name in said.more and described.get("names"):
            actual = true_things(frames.records, name, described)
            is_known = actual >= 0
            if is_known.any():
                found[name] = classify(actual[is_known], said.more[name][is_known], described["names"])
    return found


def _figures(said: NDArray[np.float32], policy: Policy, frames: RecordedFrames) -> dict[str, Any]:
    mean = frames.data.train_mean
    return {
        **offline_figures(said, frames.labels, frames.previous, mean),
        "split": frames.split,
        "is_training_data": frames.data.fingerprint == policy.metadata.data_fingerprint,
        "latency_ms": policy.latency_ms(),
        "per_bin": per_bin(said[:, 0], frames.labels[:, 0], float(mean[0])),
        "per_episode": _per_episode(said, frames),
        "worst": _worst(said, frames),
    }


def _per_episode(said: NDArray[np.float32], frames: RecordedFrames) -> list[dict[str, Any]]:
    return [
        {
            "tub": str(frames.records[episode.start].image_path.parent.parent),
            "episode": episode.id,
            "first_frame": frames.records[episode.start].index,
            "last_frame": frames.records[episode.stop - 1].index,
            "n_frames": len(episode),
            **{axis: _axis(i, said, frames, slice(episode.start, episode.stop)) for i, axis in enumerate(AXES)},
        }
        for episode in frames.episodes
    ]


def _axis(i: int, said: NDArray[np.float32], frames: RecordedFrames, part: slice) -> dict[str, float | None]:
    mean = float(frames.data.train_mean[i])
    return axis_figures(said[part, i], frames.labels[part, i], frames.previous[part, i], mean)


def _worst(said: NDArray[np.float32], frames: RecordedFrames) -> list[dict[str, Any]]:
    error = said[:, 0] - frames.labels[:, 0]
    return [
        {
            "frame": frames.records[place].index,
            "image": str(frames.records[place].image_path),
            "steering": float(frames.labels[place, 0]),
            "predicted": float(said[place, 0]),
            "error": float(error[place]),
        }
        for place in worst(np.abs(error), frames.episodes, most=N_WORST, apart=APART)
    ]
