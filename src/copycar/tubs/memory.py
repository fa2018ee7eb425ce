"""How much memory is free for pictures. Knows nothing of what is kept in it."""

import os
from pathlib import Path

UNKNOWN_BYTES = 2 * 1024**3  # where the system does not tell: what a Raspberry Pi 4 with 4 GB has left


def available_bytes() -> int:
    """Return the free memory in bytes: what the kernel offers, or less where a container allows less."""
    return min(_system_bytes(), _container_bytes())


def _system_bytes() -> int:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return _half_of_all_bytes()


def _half_of_all_bytes() -> int:
    if not hasattr(os, "sysconf"):  # Windows
        return UNKNOWN_BYTES
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def _container_bytes() -> int:
    group = Path("/sys/fs/cgroup")  # cgroup v2, as Docker and systemd mount it
    try:
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        used = int((group / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 2**63
    return max(0, int(limit) - used) if limit.isdecimal() else 2**63
