"""The artefacts of strong JPEG compression, as of a radio link or a thrifty recorder. Knows nothing of files.

A JPEG loses by rounding the cosine transform of 8x8 blocks, and by halving the colour's resolution. Only that is done
here, for a whole batch at once: the entropy coding of a real file loses nothing. Transform, tables and 2x2 subsampling
are those of ITU-T T.81, the colours those of ITU-T T.871 (JFIF), the quality scale that of libjpeg (jcparam.c).
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from copycar.learning.augment.draw import some_of
from copycar.learning.augment.settings import Augmentation

BLOCK = 8

# ITU-T T.81, tables K.1 (luminance) and K.2 (chrominance), row by row
LUMA_STEPS = """
16 11 10 16  24  40  51  61  12 12 14 19  26  58  60  55  14 13 16 24  40  57  69  56  14 17 22 29  51  87  80  62
18 22 37 56  68 109 103  77  24 35 55 64  81 104 113  92  49 64 78 87 103 121 120 101  72 92 95 98 112 100 103  99
"""
CHROMA_STEPS = """
17 18 24 47 99 99 99 99  18 21 26 66 99 99 99 99  24 26 56 99 99 99 99 99  47 66 99 99 99 99 99 99
99 99 99 99 99 99 99 99  99 99 99 99 99 99 99 99  99 99 99 99 99 99 99 99  99 99 99 99 99 99 99 99
"""


def compress(pictures: Tensor, settings: Augmentation, generator: torch.Generator) -> None:
    """Give some samples the artefacts of JPEG, in place; all frames of a sample in the same quality.

    Args:
        pictures: uint8 (B, T, H, W, 3).
        settings: `jpeg_quality`, `jpeg_share`.
        generator: draws.
    """
    if settings.jpeg_quality == 100:
        return
    some, n = some_of(len(pictures), settings.jpeg_share, generator)
    quality = torch.randint(settings.jpeg_quality, 100, (n,), generator=generator).to(pictures.device)
    frames = pictures[some].flatten(0, 1)
    quality = quality.repeat_interleave(pictures.shape[1])
    pictures[some] = compressed(frames, quality).view(pictures[some].shape)


def compressed(pictures: Tensor, quality: Tensor) -> Tensor:
    """Return what a decoder makes of the JPEG files of uint8 (n, H, W, 3), in the `quality` (n,) 1 … 100."""
    red, green, blue = pictures.float().unbind(dim=3)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue  # (n, H, W)
    chroma = torch.cat([(blue - luma) / 1.772, (red - luma) / 1.402])  # (2·n, H, W): Cb, then Cr, about zero
    small = _rounded(_halved(chroma), _steps(CHROMA_STEPS, quality).repeat(2, 1))
    cb, cr = _doubled(small, luma.shape[1:]).chunk(2)
    luma = _rounded(luma - 128, _steps(LUMA_STEPS, quality)) + 128
    colours = luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb
    planes = torch.stack(colours, dim=1).round_().clamp_(0, 255).to(torch.uint8)
    return planes.permute(0, 2, 3, 1)


def _halved(planes: Tensor) -> Tensor:
    """Return the means of 2x2 blocks of (m, h, w), (m, ceil(h / 2), ceil(w / 2)); an odd border is repeated."""
    height, width = planes.shape[1:]
    if height % 2 or width % 2:
        planes = functional.pad(planes[:, None], (0, width % 2, 0, height % 2), mode="replicate")[:, 0]
    rows = planes[:, ::2] + planes[:, 1::2]
    return (rows[..., ::2] + rows[..., 1::2]) / 4


def _doubled(planes: Tensor, size: torch.Size) -> Tensor:
    """Return every pixel of (m, h, w) as 2x2, cut to `size` (height, width)."""
    large = planes.repeat_interleave(2, dim=1).repeat_interleave(2, dim=2)
    return large[:, : size[0], : size[1]]


def _rounded(planes: Tensor, steps: Tensor) -> Tensor:
    """Return planes (m, h, w) whose blocks' cosine transforms were rounded to multiples of `steps` (m, 64)."""
    m, height, width = planes.shape
    down, across = -height % BLOCK, -width % BLOCK
    padded = functional.pad(planes[:, None], (0, across, 0, down), mode="replicate") if down or across else planes
    rows, columns = (height + down) // BLOCK, (width + across) // BLOCK
    blocks = padded.reshape(m, rows, BLOCK, columns, BLOCK).transpose(2, 3).reshape(m, rows * columns, BLOCK * BLOCK)
    transform, step = _transform(planes.device), steps[:, None]
    blocks = (blocks @ transform).div_(step).round_().mul_(step) @ transform.T
    whole = blocks.view(m, rows, columns, BLOCK, BLOCK).transpose(2, 3).reshape(m, height + down, width + across)
    return whole[:, :height, :width]


def _transform(device: torch.device) -> Tensor:
    """Return the cosine transform of a flat block as an orthogonal matrix (64, 64): block @ matrix = coefficients."""
    place = torch.arange(BLOCK, dtype=torch.float64)
    waves = torch.cos((2 * place + 1) * place[:, None] * math.pi / (2 * BLOCK)) / 2  # T.81, A.3.3
    waves[0] /= math.sqrt(2)
    return torch.kron(waves, waves).T.float().contiguous().to(device)


def _steps(table: str, quality: Tensor) -> Tensor:
    """Return the quantisation steps (n, 64) for each quality (n,): libjpeg's jpeg_quality_scaling."""
    scale = torch.where(quality < 50, 5000 // quality, 200 - 2 * quality)[:, None]
    usual = torch.tensor([int(step) for step in table.split()], device=quality.device)
    return ((usual * scale + 50) // 100).clamp(1, 255).float()
