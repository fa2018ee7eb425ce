import torch
from dice import dice, only

from copycar.learning.augment.cutout import draw_stretch
from copycar.learning.augment.vary import vary_light


def test_a_stretch_is_one_piece_inside_and_no_longer_than_asked():
    stretch = draw_stretch(500, 40, 0.5, dice())
    length = stretch.sum(dim=1)
    assert length.max() <= 20
    assert length.float().mean() > 7
    turns = stretch.int().diff(dim=1).ne(0).sum(dim=1)
    assert (turns <= 2).all()
    assert stretch.any(dim=0).all()  # everywhere, the borders too


def test_a_rectangle_of_one_colour_is_painted_and_nothing_else_changes():
    white = torch.full((50, 30, 40, 3), 255, dtype=torch.uint8)
    seen = vary_light(white, only(cutout=0.5), dice())
    for picture in seen:
        is_painted = (picture != 255).any(dim=2)
        rows, columns = is_painted.any(dim=1), is_painted.any(dim=0)
        assert torch.equal(is_painted, rows[:, None] & columns)
        assert len(picture[is_painted].unique(dim=0)) <= 1
