import pytest
import torch

from copycar.core.errors import CopycarError
from copycar.learning.pipeline import Crop, Normalise, Pipeline, Resize


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
