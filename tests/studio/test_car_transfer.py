"""Recordings from a car and policies to it: what arrives is what was there, however often it was interrupted."""

import json

import pytest

from copycar.core.errors import CopycarError
from copycar.studio.car.files import Piece, receive, received, sha256_of, tub_file, tub_files, tub_rows
from copycar.studio.car.link import CarLink
from copycar.studio.car.pull import pull_tub
from copycar.studio.car.push import push_policy
from copycar.studio.workplace import Workplace
from copycar.testing.policy import write_policy
from copycar.testing.tub import make_tub
from copycar.tubs.contents import is_tub
from copycar.tubs.tub import Tub


class NearbyCar:
    """A car without a network between: what `CarLink` asks for, it takes from the folder itself."""

    def __init__(self, workplace, breaks_after=10**9):
        self.workplace, self.breaks_after, self.fetched = workplace, breaks_after, []

    def tub_files(self, name):
        return tub_files(self.workplace, name)

    def fetch(self, tub, path, to):
        if len(self.fetched) >= self.breaks_after:
            raise CopycarError("the car does not answer")
        self.fetched.append(path)
        data = tub_file(self.workplace, tub, path).read_bytes()
        have = to.stat().st_size if to.exists() else 0
        with to.open("ab") as file:
            file.write(data[have:])
        return len(data) - have

    def received(self, sha256):
        return received(self.workplace, sha256)

    def send(self, name, sha256, offset, data, *, is_last):
        if offset >= self.breaks_after:
            raise CopycarError("the car does not answer")
        return receive(self.workplace, Piece(name, sha256, offset, data, is_last))


@pytest.fixture
def car(tmp_path):
    make_tub(tmp_path / "car" / "data" / "monday", n_frames=12, image_size=(24, 32))
    return NearbyCar(Workplace(tmp_path / "car"))


def pull(car, to):
    return pull_tub(car, "data/monday", to, lambda done, total: None)


def test_a_pulled_recording_is_the_car_s(car, tmp_path):
    told = []
    came = pull_tub(car, "data/monday", tmp_path / "here", lambda *at: told.append(at))
    assert len(Tub.open(tmp_path / "here")) == 12
    (row,) = tub_rows(car.workplace)
    assert came == row["bytes"] == told[-1][0] == told[-1][1]
    assert told == sorted(told)


def test_an_interrupted_pull_is_no_recording_yet_and_goes_on_where_it_was(car, tmp_path):
    car.breaks_after = 5
    with pytest.raises(CopycarError, match="does not answer"):
        pull(car, tmp_path / "here")
    assert not is_tub(tmp_path / "here")
    car.breaks_after = 10**9
    pull(car, tmp_path / "here")
    assert len(car.fetched) == len(set(car.fetched))
    assert len(Tub.open(tmp_path / "here")) == 12


def test_half_a_file_is_gone_on_with(car, tmp_path):
    (first, *_) = car.tub_files("data/monday")
    part = tmp_path / "here" / first["path"]
    part.parent.mkdir(parents=True)
    data = tub_file(car.workplace, "data/monday", first["path"]).read_bytes()
    part.with_name(f".{part.name}.{first['sha256'][:16]}.part").write_bytes(data[:100])
    (row,) = tub_rows(car.workplace)
    assert pull(car, tmp_path / "here") == row["bytes"] - 100


def test_a_second_pull_brings_only_what_is_new(car, tmp_path):
    pull(car, tmp_path / "here")
    assert pull(car, tmp_path / "here") == 0


def test_what_was_edited_here_is_not_overwritten(car, tmp_path):
    pull(car, tmp_path / "here")
    Tub.open(tmp_path / "here").delete([3])
    Tub.open(tmp_path / "car" / "data" / "monday").delete([5])
    with pytest.raises(CopycarError, match="was edited here"):
        pull(car, tmp_path / "here")
    assert Tub.open(tmp_path / "here").deleted == {3}


def test_a_damaged_file_does_not_count_as_pulled(car, tmp_path, monkeypatch):
    listed = car.tub_files("data/monday")
    listed[0]["sha256"] = "0" * 64
    monkeypatch.setattr(car, "tub_files", lambda name: listed)
    with pytest.raises(CopycarError, match="is not what the car announced"):
        pull(car, tmp_path / "here")
    assert not (tmp_path / "here" / listed[0]["path"]).exists()


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "images/../../outside"])
def test_a_car_cannot_write_outside_the_folder(car, tmp_path, monkeypatch, path):
    monkeypatch.setattr(car, "tub_files", lambda name: [{"path": path, "bytes": 1, "sha256": "0" * 64}])
    with pytest.raises(CopycarError, match="leads out of the recording"):
        pull(car, tmp_path / "here")


@pytest.mark.parametrize(
    ("tub", "path"),
    [
        ("data/monday", "../../secret"),
        ("../x", "manifest.json"),
        ("data", "monday/manifest.json"),
        ("data/monday", ".pulled.json"),
    ],
)
def test_nobody_gets_files_that_are_not_of_a_recording(car, tub, path):
    (car.workplace.root / "secret").write_text("x")
    with pytest.raises(CopycarError):
        tub_file(car.workplace, tub, path)


def test_an_interrupted_policy_goes_on_where_it_was(car, tmp_path, monkeypatch):
    monkeypatch.setattr("copycar.studio.car.push.PIECE_BYTES", 1000)
    policy = write_policy(tmp_path / "p.onnx")
    car.breaks_after = 2000
    with pytest.raises(CopycarError, match="does not answer"):
        push_policy(car, policy, "line.onnx", lambda *at: None)
    assert car.workplace.policies() == []
    car.breaks_after = 10**9
    assert push_policy(car, policy, "line.onnx", lambda *at: None) == policy.stat().st_size - 2000
    assert sha256_of(car.workplace.path("policies/line.onnx")) == sha256_of(policy)


def test_what_is_no_policy_is_refused_and_leaves_nothing(car, tmp_path):
    bad = tmp_path / "bad.onnx"
    bad.write_bytes(b"not a network")
    with pytest.raises(CopycarError, match="not an ONNX file"):
        push_policy(car, bad, "bad.onnx", lambda *at: None)
    assert list(car.workplace.path("policies").iterdir()) == []


@pytest.mark.parametrize("name", ["../p.onnx", ".p.onnx", "p.toml", "a/b.onnx"])
def test_a_policy_goes_nowhere_but_into_its_folder(car, name):
    with pytest.raises(CopycarError, match="no name for a policy"):
        receive(car.workplace, Piece(name, "0" * 64, 0, b"", is_last=False))


def test_a_hash_is_no_path(car):
    with pytest.raises(CopycarError, match="no SHA-256"):
        receive(car.workplace, Piece("p.onnx", "../../x", 0, b"", is_last=False))


def test_the_whole_link_holds_address_and_token():
    link = CarLink("http://192.168.1.7:8888/?token=abc")
    assert (link.page, link.host) == ("http://192.168.1.7:8888/drive?token=abc", "192.168.1.7-8888")
    link.close()


@pytest.mark.parametrize(
    ("address", "token"), [("", "t"), ("192.168.1.7:port", "t"), ("ftp://car", "t"), ("192.168.1.7", "")]
)
def test_what_is_no_address_is_said(address, token):
    with pytest.raises(CopycarError):
        CarLink(address, token)


def test_a_car_that_is_not_there_is_said():
    link = CarLink("127.0.0.1:9", "token")
    with pytest.raises(CopycarError, match="does not answer"):
        link.health()
    link.close()
    assert json.dumps(link.host) == '"127.0.0.1-9"'
