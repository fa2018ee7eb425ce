"""Where and how precisely to compute on this machine. Knows nothing of what is computed."""

import ctypes
import platform
import sys
from contextlib import AbstractContextManager

import torch

from copycar.core.errors import CopycarError

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
    """Return bfloat16 where the hardware itself computes it, else float32.

    A CPU that has to imitate it can be 15 times slower (measured with AVX2 only). Asked of the hardware and not of a
    stop watch: on a busy machine a race is won by chance, and the same seed then gives another policy.
    """
    if name != "auto":
        return {"fp32": torch.float32, "bf16": torch.bfloat16}[name]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    return torch.bfloat16 if device.type == "cpu" and _cpu_computes_bf16() else torch.float32


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


def _cpu_computes_bf16() -> bool:
    # oneDNN alone also says yes where it imitates bfloat16 with float32; torch alone ignores a limit set for oneDNN
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return False
    if platform.machine().lower() not in {"x86_64", "amd64"}:
        return True
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
