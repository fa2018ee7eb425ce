import sys
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Literal

import numpy as np
import pytest
import torch

from copycar.core import registry
from copycar.core.errors import CopycarError
from copycar.learning import pipeline as module
from copycar.learning.operations.colour import Grey
from copycar.learning.pipeline import (
    OPERATIONS,
    Crop,
    Normalise,
    Pipeline,
    Resize,
    Step,
    compose,
    described,
    read_steps,
    user_steps,
)
from copycar.learning.pipeline_page import CELL_PX, draw_stages, stages
from copycar.learning.settings import TrainSettings


def frame(height: int, width: int) -> torch.Tensor:
    return (torch.arange(height * width * 3) % 256).to(torch.uint8).view(1, height, width, 3)


def test_a_frame_becomes_channels_first_numbers_from_0_to_1():
    raw = frame(8, 10)
    x = Pipeline((8, 10), [Normalise()])(raw)
    assert x.shape == (1, 3, 8, 10)
    assert torch.equal(x, raw.permute(0, 3, 1, 2) / 255.0)
    assert x.is_contiguous(memory_format=torch.channels_last)


def test_centred_numbers_lie_around_mid_grey():
    x = Pipeline((8, 8), [Normalise(to="centred")])(torch.tensor([0, 255]).to(torch.uint8).repeat(96).view(1, 8, 8, 3))
    assert (x.min(), x.max()) == (-1.0, 1.0)


def test_crop_cuts_what_it_says():
    pipeline = Pipeline((20, 30), [Crop(top=5, bottom=2, left=3, right=4)])
    raw = frame(20, 30)
    assert pipeline.output_size == (13, 23)
    assert torch.equal(pipeline(raw), raw.permute(0, 3, 1, 2)[..., 5:18, 3:26].float())


def test_shrinking_keeps_a_thin_line():
    raw = torch.zeros(1, 96, 96, 3, dtype=torch.uint8)
    raw[:, :, 49] = 255  # one column, which plain sampling of every sixth would miss
    small = Pipeline((96, 96), [Resize(height=16, width=16)])(raw)
    assert small.shape == (1, 3, 16, 16)
    assert small.amax() > 0
    assert small.mean().item() == pytest.approx(raw.float().mean().item(), rel=0.01)


@pytest.mark.parametrize("size", [(121, 163), (60, 80), (33, 35), (16, 16), (9, 200)])
def test_resize_takes_any_size(size):
    x = Pipeline(size, [Resize(height=16, width=16)])(frame(*size))
    assert x.shape == (1, 3, 16, 16)
    assert torch.isfinite(x).all()


def test_a_crop_that_leaves_nothing_is_refused_in_words():
    with pytest.raises(CopycarError, match="leaves 10x4 pixels"):
        Pipeline((20, 10), [Crop(top=16)])


OWN = (Resize(height=16, width=16), Normalise(to="centred"))


def test_a_persons_steps_come_before_the_networks():
    assert compose([Crop(top=3), Grey()], OWN) == (Crop(top=3), Grey(), *OWN)
    assert compose([], OWN) == OWN


def test_a_persons_normalisation_stands_for_the_networks_and_comes_last():
    own = Normalise(to="image")
    assert compose([Crop(top=3), own], OWN) == (Crop(top=3), OWN[0], own)
    assert compose([own], []) == (own,)


def test_nothing_comes_after_a_normalisation():
    with pytest.raises(CopycarError, match=r"step 3 of the pipeline \(crop\) comes after normalise"):
        compose([Grey(), Normalise(), Crop(top=3)], OWN)


def test_the_size_that_was_asked_for_comes_first():
    settings = TrainSettings(resize="40x30", pipeline=[{"op": "crop", "top": 4}])
    assert user_steps(settings) == (Resize(width=40, height=30), Crop(top=4))


def test_operations_may_be_given_as_tables_or_as_themselves():
    steps = (Crop(top=4), Grey(), Normalise(to="image"))
    settings = TrainSettings(pipeline=steps)
    assert settings.pipeline[1] == {"op": "grey"}
    assert user_steps(TrainSettings(**settings.model_dump())) == steps


def test_a_step_is_described_by_what_was_chosen():
    assert [described(step) for step in (Crop(top=4), Grey())] == ["crop top=4", "grey"]


class Sepia(Step):
    """Turn to brown."""

    op: Literal["sepia"] = "sepia"
    strength: float = 1.0
    """0 … 1."""

    def apply(self, images: torch.Tensor) -> torch.Tensor:
        return images * (1 - self.strength * torch.tensor([0.0, 0.2, 0.4])[:, None, None])


@pytest.fixture
def sepia_package(monkeypatch):
    """Another package that adds an operation."""
    package = ModuleType("sepia_package")
    package.Sepia = Sepia
    monkeypatch.setitem(sys.modules, "sepia_package", package)
    points = [EntryPoint("sepia", "sepia_package:Sepia", OPERATIONS.group)]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == OPERATIONS.group else [])
    builtins = {name: f"{OPERATIONS.get(name).__module__}:{OPERATIONS.get(name).__name__}" for name in OPERATIONS}
    monkeypatch.setattr(module, "OPERATIONS", registry.Registry(OPERATIONS.kind, OPERATIONS.group, builtins))


@pytest.mark.usefixtures("sepia_package")
def test_an_operation_of_another_package_is_used_and_checked_as_a_built_in_one():
    (step,) = read_steps([{"op": "sepia", "strength": 0.5}])
    assert Pipeline((10, 10), [step])(torch.full((1, 10, 10, 3), 100))[0, :, 0, 0].tolist() == [100, 90, 80]
    with pytest.raises(CopycarError, match=r"step 1 \(sepia\): unknown key force: .*strength"):
        read_steps([{"op": "sepia", "force": 1}])


def test_the_page_shows_the_raw_frames_and_every_step():
    frames = np.random.default_rng(0).integers(0, 256, (2, 20, 30, 3), dtype=np.uint8)
    shown = stages(frames, Pipeline((20, 30), [Crop(top=4), Normalise(to="centred")]))
    assert [stage.title for stage in shown] == ["as recorded", "1 crop top=4", "2 normalise to=centred"]
    assert [stage.note for stage in shown][:2] == ["30x20", "30x16"]
    assert shown[2].note.startswith("30x16 -1.00 to ")
    assert (shown[0].pictures == frames).all()
    assert abs(shown[2].pictures.astype(int) - frames[:, 4:]).max() <= 2
    page = draw_stages(shown)
    enlarged = frames[0].repeat(CELL_PX // 30, axis=0).repeat(CELL_PX // 30, axis=1)
    place = np.argwhere((page == enlarged[0, 0]).all(axis=2))[0]
    assert (page[place[0] :, place[1] :][: len(enlarged), : enlarged.shape[1]] == enlarged).all()
