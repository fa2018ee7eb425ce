"""The folder that the studio may look into."""

import pytest

from copycar.core.errors import CopycarError
from copycar.studio.workplace import Workplace
from copycar.testing.tub import make_tub


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "work"
    make_tub(root / "data" / "monday", n_frames=3)
    make_tub(root / "tuesday", n_frames=3)
    make_tub(root / ".hidden" / "tub", n_frames=3)
    (root / "runs" / "first").mkdir(parents=True)
    (root / "runs" / "first" / "policy.onnx").touch()
    return Workplace(root)


def test_it_finds_tubs_and_policies_by_name(place):
    assert place.tubs() == ["data/monday", "tuesday"]
    assert place.policies() == ["runs/first/policy.onnx"]


def test_a_folder_that_is_a_tub_itself_is_called_dot(place):
    assert Workplace(place.root / "tuesday").tubs() == ["."]


@pytest.mark.parametrize("name", ["..", "../work2", "/etc/passwd", "data/../../x", "a\0b"])
def test_no_name_leads_out(place, name):
    with pytest.raises(CopycarError, match="outside"):
        place.path(name)


def test_no_link_leads_out(place, tmp_path):
    (place.root / "link").symlink_to(tmp_path)
    with pytest.raises(CopycarError, match="outside"):
        place.path("link")
    assert place.path("data/monday") == (place.root / "data" / "monday").resolve()
