import pytest
import torch
from torch import nn

from copycar.core.errors import CopycarError
from copycar.learning.transfer import freeze, load_weights, weighted_layers


def network(n_classes, width=4):
    return nn.Sequential(nn.Conv2d(3, width, 3), nn.ReLU(), nn.Flatten(), nn.Linear(width, 5), nn.Linear(5, n_classes))


def saved(tmp_path, source):
    torch.save(source.state_dict(), tmp_path / "best.pt")
    return tmp_path / "best.pt"


def test_a_head_of_other_classes_begins_anew_and_the_layers_before_it_are_taken(tmp_path):
    source, target = network(7), network(3)
    head = target[4].weight.clone()
    transferred = load_weights(target, saved(tmp_path, source))
    assert [str(layer) for layer in transferred.taken] == ["0 (Conv2d 4x3x3x3)", "3 (Linear 5x4)"]
    assert [layer.name for layer in transferred.left] == ["4"]
    assert torch.equal(target[0].weight, source[0].weight)
    assert torch.equal(target[3].bias, source[3].bias)
    assert torch.equal(target[4].weight, head)


def test_a_layer_is_taken_as_a_whole_or_not_at_all(tmp_path):
    source, target = network(3), network(3)
    source[3] = nn.Linear(4, 5, bias=False)
    before = target[3].weight.clone()
    load_weights(target, saved(tmp_path, source))
    assert torch.equal(target[3].weight, before)


def test_weights_that_fit_less_than_half_of_the_layers_are_refused_and_change_nothing(tmp_path):
    target = network(3)
    before = target[4].weight.clone()
    with pytest.raises(CopycarError, match="do not fit") as caught:
        load_weights(target, saved(tmp_path, network(3, width=6)))
    assert "of 3 layers they have only 1" in caught.value.why
    assert torch.equal(target[4].weight, before)


def test_layers_are_counted_from_the_picture_and_only_where_they_have_weights():
    assert [layer.name for layer in weighted_layers(network(3))] == ["0", "3", "4"]
    net = network(3)
    assert [layer.name for layer in freeze(net, 2)] == ["0", "3"]
    assert [p.requires_grad for p in net.parameters()] == [False] * 4 + [True] * 2


@pytest.mark.parametrize("n_layers", [3, 9])
def test_freezing_every_layer_is_refused(n_layers):
    with pytest.raises(CopycarError, match="leaves nothing to train") as caught:
        freeze(network(3), n_layers)
    assert "freeze at most 2" in caught.value.fix
