import pytest
import torch

from copycar.learning.layers import SharedMaskDropout

LAYOUTS = [torch.contiguous_format, torch.channels_last]


def ones(layout=torch.contiguous_format):
    return torch.ones(32, 8, 10, 12).to(memory_format=layout)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_keeps_the_mean_and_drops_its_share(layout):
    torch.manual_seed(0)
    layer = SharedMaskDropout(0.2)
    dropped = torch.cat([layer(ones(layout)) for _ in range(20)])
    assert dropped.mean().item() == pytest.approx(1.0, abs=0.01)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.2, abs=0.01)
    assert set(dropped.unique().tolist()) == {0.0, 1.25}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_sample_has_its_own_mask(layout):
    torch.manual_seed(0)
    masks = SharedMaskDropout(0.5)(ones(layout)).flatten(1)
    assert len(masks.unique(dim=0)) == len(masks)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_keeps_the_memory_layout(layout):
    assert SharedMaskDropout(0.3)(ones(layout)).is_contiguous(memory_format=layout)


def test_flat_features_work_too():
    torch.manual_seed(0)
    dropped = SharedMaskDropout(0.5)(torch.ones(16, 100))
    assert dropped.shape == (16, 100)
    assert 0.3 < (dropped == 0).float().mean() < 0.7


def test_it_does_nothing_when_it_is_not_training():
    x = torch.randn(4, 6)
    assert SharedMaskDropout(0.5).eval()(x) is x
    assert SharedMaskDropout(0.0).train()(x) is x


def test_gradients_flow_where_nothing_was_dropped():
    torch.manual_seed(0)
    x = torch.ones(4, 50, requires_grad=True)
    y = SharedMaskDropout(0.5)(x)
    y.sum().backward()
    assert torch.equal(x.grad != 0, y != 0)
