"""What importing costs and does: the car has no torch, and nobody who imports copycar should notice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import copycar

SOURCE = Path(__file__).resolve().parents[1] / "src"
CAR_SIDE = ["core", "tubs", "environments", "driving"]
VERBS_OF_THE_CAR = [
    "",
    "drive",
    "environments",
    "evaluate",
    "export",
    "import-weights",
    "networks",
    "runs",
    "tub",
    "tub info",
]


def run_python(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_importing_copycar_does_nothing_visible(tmp_path):
    program = """
import logging, sys, threading
before = set(sys.modules)
import copycar
assert copycar.__version__
heavy = {"numpy", "torch", "onnxruntime", "pydantic", "cyclopts", "rich", "gymnasium"} & (set(sys.modules) - before)
assert not heavy, heavy
assert not logging.getLogger().handlers
assert threading.active_count() == 1
"""
    result = run_python(program, tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_promised_names_are_there():
    for name in copycar.__all__:
        assert getattr(copycar, name) is not None
    with pytest.raises(AttributeError, match="Polciy"):
        _ = copycar.Polciy


def test_no_module_of_the_car_side_loads_torch(tmp_path):
    modules = [
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for room in CAR_SIDE
        for path in sorted((SOURCE / "copycar" / room).rglob("*.py"))
        if path.name != "__init__.py"
    ]
    assert len(modules) > 40
    program = f"""
import importlib, sys
sys.modules["torch"] = None
for name in {modules!r}:
    importlib.import_module(name)
assert not {{"torchvision", "onnx", "onnxscript"}} & set(sys.modules)
"""
    result = run_python(program, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_help_of_the_car_side_loads_no_torch(tmp_path):
    program = f"""
import sys
from copycar.cli.main import run
for verb in {VERBS_OF_THE_CAR!r}:
    assert run([*verb.split(), "--help"]) == 0, verb
    loaded = {{"torch", "panda3d"}} & set(sys.modules)
    assert not loaded, (verb, loaded)
"""
    result = run_python(program, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


def test_help_of_copycar_loads_no_library_but_the_command_line_itself(tmp_path):
    program = """
import sys
from copycar.cli.main import run
run(["--help"])
loaded = {"torch", "numpy", "onnxruntime", "pydantic", "gymnasium"} & set(sys.modules)
assert not loaded, loaded
"""
    result = run_python(program, tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
