"""Where and how precisely to compute on this machine. Knows nothing of what is computed."""

import ctypes
import sys
import time
from contextlib import AbstractContextManager

import torch
from torch import nn

from copycar.core.errors import CopycarError

_PROBE_SHAPE = (32, 24, 58, 78)  # the linear network's second layer at a batch of 32


PRECISION_NAMES = {"float32": "fp32", "bfloat16": "bf16"}
"""torch's names of the numbers, and ours."""


def choose_device(name: str = "auto") -> torch.device:
    """Return the named device, or the best one there is: cuda, then mps, then cpu.

    Raises:
        CopycarError: this machine does not have the named device.
    """
    is_here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    found = [device for device in is_here if is_here[device]]
    if name == "auto":
        return torch.device(found[0])
    if name not in found:
        raise CopycarError(f"torch finds no {name} on this machine", f"it finds {', '.join(found)}", "--device auto")
    return torch.device(name)


def choose_precision(device: torch.device, name: str = "auto") -> torch.dtype:
    """Return bfloat16 where the hardware computes it quicker than float32, else float32.

    A CPU that only claims bfloat16 can be 15 times slower with it (measured with AVX2 only), so it has to say that
    oneDNN supports it *and* win a short race.
    """
    if name != "auto":
        return {"fp32": torch.float32, "bf16": torch.bfloat16}[name]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if device.type != "cpu" or not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return torch.float32
    return torch.bfloat16 if _step_s(torch.bfloat16) < _step_s(torch.float32) else torch.float32


def autocast(device: torch.device, precision: torch.dtype) -> AbstractContextManager[None]:
    """Return the context in which the network's layers run at `precision`."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == torch.bfloat16)


def keep_freed_memory() -> None:
    """Tell glibc to keep freed memory: every step frees and asks for the same 50 MB of activations.

    Without it the kernel maps and clears those pages again in every step, 20-30 % of the time (measured). Elsewhere
    than on glibc this does nothing.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mmap_threshold, trim_threshold, top_pad = -3, -1, -2  # malloc.h: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD
        mallopt(mmap_threshold, 1 << 30)
        mallopt(trim_threshold, (1 << 31) - 1)
        mallopt(top_pad, 64 << 20)


def _step_s(precision: torch.dtype) -> float:
    layer = nn.Conv2d(_PROBE_SHAPE[1], 32, 5, 2).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    images = torch.zeros(_PROBE_SHAPE).to(memory_format=torch.channels_last)
    times = []
    for _ in range(3):  # the first step also builds the kernels
        started = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == torch.bfloat16):
            layer(images).sum().backward()
        times.append(time.perf_counter() - started)
    return min(times[1:])
