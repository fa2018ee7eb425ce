import pytest
import simplejpeg
import torch
from dice import noise_pictures, smooth_pictures

from copycar.learning.augment.jpeg import compressed


def real(picture: torch.Tensor, quality: int) -> torch.Tensor:
    """Return what libjpeg-turbo makes of the picture."""
    data = simplejpeg.encode_jpeg(
        picture.numpy(), quality=quality, colorspace="RGB", colorsubsampling="420", fastdct=False
    )
    return torch.from_numpy(simplejpeg.decode_jpeg(data, fastdct=False, fastupsample=True)).float()


@pytest.mark.parametrize("quality", [10, 30, 49, 50, 75, 95])
@pytest.mark.parametrize("size", [(64, 96), (120, 160), (37, 51)])
def test_it_loses_what_libjpeg_loses(quality, size):
    picture = smooth_pictures(1, *size)
    ours = compressed(picture, torch.tensor([quality]))[0].float()
    theirs = real(picture[0], quality)
    lost = (theirs - picture[0].float()).abs().mean()
    # libjpeg rounds to whole numbers in between: about one level, and now and then another coefficient
    assert (ours - theirs).abs().mean() < 1.1 + 0.2 * lost
    assert (ours - picture[0].float()).abs().mean() == pytest.approx(lost.item(), rel=0.15, abs=0.3)


@pytest.mark.parametrize("quality", [10, 50, 95])
def test_without_colour_it_is_libjpeg_within_a_rounding(quality):
    grey = smooth_pictures(1, 120, 160)[..., :1].repeat(1, 1, 1, 3)
    ours = compressed(grey, torch.tensor([quality]))[0].float()
    assert (ours - real(grey[0], quality)).abs().mean() < 0.4


def test_each_sample_has_its_own_quality():
    pictures = noise_pictures(1, 32, 32).repeat(3, 1, 1, 1)
    lost = (compressed(pictures, torch.tensor([10, 50, 90])).float() - pictures.float()).abs().mean(dim=(1, 2, 3))
    assert lost[0] > lost[1] > lost[2]


def test_a_flat_grey_picture_loses_nothing():
    grey = torch.full((1, 24, 24, 3), 128, dtype=torch.uint8)
    assert torch.equal(compressed(grey, torch.tensor([5])), grey)
