import errno

import pytest

from copycar.cli.explain import explain
from copycar.core.errors import CopycarError, DeviceError, GateError


def explained(error, capsys):
    code = explain(error)
    return code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CopycarError("no tub", "it is gone", "find it"), 2),
        (DeviceError("no camera"), 3),
        (GateError("not good enough"), 1),
        (KeyboardInterrupt(), 130),
        (OSError(errno.ENOSPC, "No space left on device", "data/x"), 2),
        (PermissionError(errno.EACCES, "Permission denied", "/root/x"), 2),
    ],
)
def test_what_a_person_can_mend_is_told_without_a_traceback(error, code, capsys):
    got, err = explained(error, capsys)
    assert got == code
    assert "Traceback" not in err
    assert 1 <= len(err.splitlines()) <= 3
    if isinstance(error, CopycarError):
        assert str(error) in err


def test_a_full_disk_is_named_with_its_file(capsys):
    _, err = explained(OSError(errno.ENOSPC, "No space left on device", "data/x"), capsys)
    assert "data/x: No space left on device" in err
    assert "make room" in err


@pytest.mark.parametrize("error", [BrokenPipeError(), SystemExit(1)], ids=["plain", "as rich leaves"])
def test_a_reader_that_has_gone_is_not_worth_a_word(error, capsys):
    assert explained(error, capsys) == (130, "")


@pytest.mark.parametrize("arguments", [["environments"], ["environments", "--json"]])
def test_a_pipe_that_closes_early_is_not_worth_a_word(python, arguments):
    result = python(
        "import os, sys\n"
        "reader, writer = os.pipe(); os.close(reader); os.dup2(writer, 1)\n"
        f"from copycar.cli.main import main; main({arguments!r})"
    )
    assert result.stderr == ""
    assert result.returncode in {0, 130}


@pytest.mark.parametrize("error", [ValueError("odd"), OSError(errno.EBADF, "Bad file descriptor"), ImportError("odd")])
def test_our_own_bug_comes_with_its_traceback(error, capsys):
    code, err = explained(error, capsys)
    assert code == 70
    assert "odd" in err or "Bad file" in err
    assert "our bug" in err


@pytest.mark.parametrize(
    ("module", "extra"),
    [("torch", "train"), ("onnxscript", "train"), ("panda3d.core", "sim"), ("gymnasium", "sim"), ("h5py", "ground")],
)
def test_a_missing_extra_gets_its_install_line_also_where_the_verb_is_loaded_late(module, extra, capsys):
    missing = ModuleNotFoundError(f"No module named {module!r}", name=module)
    wrapped = ImportError("Cannot import module")
    wrapped.__cause__ = missing
    for error in (missing, wrapped):
        code, err = explained(error, capsys)
        assert code == 2
        assert f'pip install "copycar[{extra}]"' in err


def test_the_car_without_torch_is_told_what_training_needs(python):
    result = python(
        "import sys; sys.modules['torch'] = None\n"
        "from copycar.cli.main import run\n"
        "assert run(['environments']) == 0\n"
        "sys.exit(run(['train', 'data']))"
    )
    assert result.returncode == 2
    assert 'pip install "copycar[train]"' in result.stderr
    assert "Traceback" not in result.stderr
