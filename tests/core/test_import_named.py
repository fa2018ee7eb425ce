import sys

import pytest

from copycar.core.errors import CopycarError
from copycar.core.import_named import import_named


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_thing_in_a_module_and_in_a_class_is_found():
    assert import_named("math:sqrt")(9.0) == 3.0
    assert import_named("pathlib:Path.home")().exists()


def test_a_file_is_found_from_here_and_its_neighbours_from_there(here):
    (here / "nets").mkdir()
    (here / "nets/blocks_of_mine.py").write_text("WIDTH = 7\n")
    (here / "nets/mine.py").write_text("from blocks_of_mine import WIDTH\n")
    before = list(sys.path)
    assert import_named("nets/mine.py:WIDTH") == 7
    assert sys.path == before


def test_a_module_in_this_folder_is_found(here):
    (here / "module_in_this_folder.py").write_text("class Net: pass\n")
    assert import_named("module_in_this_folder:Net").__name__ == "Net"


def test_a_file_is_run_once_until_it_is_written_anew(here):
    (here / "mine.py").write_text("class Net: pass\n")
    assert import_named("mine.py:Net") is import_named("mine.py:Net")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such_file.py:Net", "there is no file no_such_file.py"),
        ("no_such_module_at_all:Net", "No module named 'no_such_module_at_all'"),
        ("mine.py:Nat", "did you mean Net"),
        ("mine.py", "names nothing in a module"),
        (":Net", "names nothing in a module"),
        ("broken.py:Net", r"ZeroDivisionError: division by zero, .*broken.py line 2"),
        ("torn.py:Net", "SyntaxError"),
    ],
)
def test_every_fault_is_named_with_its_place(here, name, message):
    (here / "mine.py").write_text("class Net: pass\n")
    (here / "broken.py").write_text("WIDTH = 7\nHALF = WIDTH / 0\n")
    (here / "torn.py").write_text("class Net(:\n")
    with pytest.raises(CopycarError, match=message):
        import_named(name)
