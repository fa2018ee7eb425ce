"""What a benchmark ran on: processor, cores, memory, load, versions. Names no host and no user."""

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

PRECISION_FLAGS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8", "asimd", "bf16")
"""Processor features that decide how quickly a network is computed."""
OUR_PACKAGES = ("copycar", "torch", "numpy", "onnxruntime", "simplejpeg", "panda3d")


def describe() -> dict[str, Any]:
    """Return the machine as the results state it."""
    info = _cpuinfo()
    flags = info.get("flags", info.get("Features", "")).split()
    return {
        "cpu": info.get("model name", platform.processor()),
        "cores": os.cpu_count(),
        "flags": [flag for flag in PRECISION_FLAGS if flag in flags],
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware; elsewhere bf16 would be measured for nothing."""
    return bool({"avx512_bf16", "amx_bf16"} & set(describe()["flags"]))


def short_name() -> str:
    """Return a file-name-safe name of the kind of machine, such as `amd-epyc-2cores`."""
    words = describe()["cpu"].lower().replace("(r)", "").replace("(tm)", "").split()
    named = [word for word in words if word.isalnum() and word not in {"cpu", "processor"}][:2]
    return "-".join([*named, f"{os.cpu_count()}cores"])


def our_versions() -> dict[str, str]:
    """Return the versions of what we compute with, and the commit."""
    versions = {}
    for package in OUR_PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "not installed as a package"
    return versions | {"commit": _commit()}


def _commit() -> str:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip()


def _cpuinfo() -> dict[str, str]:
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return {}
    pairs = (line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}
