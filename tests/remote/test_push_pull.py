"""Recordings and policies to a bucket and back."""

import errno
import shutil
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from away import environment, files_of

from copycar.core.errors import CopycarError
from copycar.remote import dataset, fetch, place
from copycar.remote.parcel import INDEX, Piece, send
from copycar.remote.place import Place
from copycar.remote.pull import pull
from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

pytest.importorskip("obstore", reason="obstore is not installed: pip install 'copycar[remote]'")


@pytest.fixture
def own_tub(tub, in_empty_folder):
    return Path(shutil.copytree(tub, in_empty_folder / "monday"))


@pytest.fixture(params=["s3", "file", "az"])
def bucket(request, tmp_path):
    return (tmp_path / "bucket").as_uri() if request.param == "file" else request.getfixturevalue(request.param)


@pytest.fixture
def small_shards(monkeypatch):
    monkeypatch.setattr(dataset, "SHARD_BYTES", 20_480)


def test_a_tub_comes_back_as_it_was_and_a_second_push_sends_nothing(own_tub, bucket, result_of, small_shards):
    Tub.open(own_tub).delete([3, 4], "a test")
    sent = result_of("remote", "push", own_tub, bucket)
    assert sent["bytes_sent"] == sent["bytes_total"] > 20_000
    assert result_of("remote", "push", own_tub, bucket) == {**sent, "bytes_sent": 0}
    pulled = result_of("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    assert pulled == {"paths": ["back"], "absent": [], "bytes_fetched": sent["bytes_total"]}
    assert files_of(Path("back")) == files_of(own_tub)
    assert Tub.open("back").deleted == {3, 4}
    assert result_of("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")["bytes_fetched"] == 0


def test_an_edit_and_more_frames_send_only_what_changed(own_tub, bucket, result_of, small_shards):
    total = result_of("remote", "push", own_tub, bucket)["bytes_total"]
    Tub.open(own_tub).delete([0])
    assert 0 < result_of("remote", "push", own_tub, bucket)["bytes_sent"] < total / 3
    make_tub(own_tub, n_frames=4, image_size=(48, 64), seed=1)
    assert result_of("remote", "push", own_tub, bucket)["bytes_sent"] < 2 * total / 3


def test_packing_twice_gives_the_same_bytes(own_tub, result_of):
    Path("run.toml").write_text("[train]\nepochs = 3\n")
    for name in ("first", "second"):
        result_of("remote", "pack", own_tub, "--config", "run.toml", "-o", name)
        for path in own_tub.rglob("*"):
            path.touch()
    assert files_of(Path("first")) == files_of(Path("second"))
    assert result_of("remote", "unpack", "first", "-o", "out")["tubs"] == ["out"]
    assert (Path("out") / "run.toml").read_text() == "[train]\nepochs = 3\n"


def test_a_packed_dataset_and_its_tubs_are_the_same_dataset(own_tub, tub, bucket, result_of):
    make_tub("tuesday", n_frames=6, image_size=(48, 64))
    packed = result_of("remote", "pack", own_tub, "tuesday", "-o", "packed")
    sent = result_of("remote", "push", "packed", bucket, "--name", "week")
    assert sent["bytes_total"] == packed["bytes_total"]
    assert result_of("remote", "push", own_tub, "tuesday", bucket, "--name", "week")["bytes_sent"] == 0
    assert result_of("remote", "pack", own_tub, "tuesday", "-o", f"{bucket}/datasets/week")["bytes_written"] == 0
    pulled = result_of("remote", "pull", f"{bucket}/datasets/week")
    assert pulled["paths"] == ["week/monday", "week/tuesday"]
    assert len(Tub.open("week/tuesday")) == 6


def test_a_model_comes_in_every_format_and_says_what_is_absent(bucket, result_of):
    run = Path("pilot")
    run.mkdir()
    for name in ("run.json", "policy.onnx", "policy.tflite", "report.html", "checkpoint.pt"):
        (run / name).write_text(f"{name} of this run")
    (run / ".best.pt.17.partial").write_text("half")
    result_of("remote", "push", run, bucket)
    pulled = result_of("remote", "pull", f"{bucket}/models/pilot", "-o", "models")
    assert [Path(path).name for path in pulled["paths"]] == ["pilot.onnx", "pilot.tflite", "pilot.html"]
    assert pulled["absent"] == ["pilot.keras"]
    assert Path("models/pilot.onnx").read_text() == "policy.onnx of this run"
    result_of("remote", "pull", f"{bucket}/runs/pilot", "-o", "again")
    assert set(files_of(Path("again"))) == set(files_of(run)) - {".best.pt.17.partial"}


def test_the_newest_policy_of_a_name_counts(bucket, result_of, refused):
    pilot = Path("pilot.onnx")
    for text in ("first", "second", "first"):
        pilot.write_text(text)
        assert result_of("remote", "push", pilot, bucket)["bytes_sent"] == len(text)
    assert result_of("remote", "push", pilot, bucket)["bytes_sent"] == 0
    result_of("remote", "pull", f"{bucket}/models/pilot", "-o", "out")
    assert Path("out/pilot.onnx").read_text() == "first"
    pilot.write_text("third")
    result_of("remote", "push", pilot, bucket)
    assert "another file" in refused("remote", "pull", f"{bucket}/models/pilot", "-o", "out")


def test_an_altered_shard_is_noticed_fetched_again_and_mended(own_tub, bucket, result_of, refused):
    result_of("remote", "push", own_tub, bucket)
    parcel = Place(f"{bucket}/datasets/monday")
    shard = max(parcel.find(), key=lambda found: found.n_bytes)
    good = parcel.get(shard.name)
    parcel.put(shard.name, good[:1000] + b"!" + good[1001:])
    message = refused("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    assert "altered in the bucket" in message
    assert not Path("back").exists()
    assert result_of("remote", "push", own_tub, bucket)["bytes_sent"] == 0  # its size is right
    assert result_of("remote", "push", own_tub, bucket, "--verify")["bytes_sent"] == len(good)
    result_of("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    assert files_of(Path("back")) == files_of(own_tub)


def test_a_part_that_is_half_here_goes_on_where_it_stopped(own_tub, bucket, result_of):
    result_of("remote", "push", own_tub, bucket)
    parcel = Place(f"{bucket}/datasets/monday")
    shard = max(parcel.find(), key=lambda found: found.n_bytes)
    waiting = Path(".back.pull")
    waiting.mkdir()
    (waiting / f"{shard.name}.part").write_bytes(parcel.get(shard.name)[:10_000])
    total = result_of("remote", "push", own_tub, bucket)["bytes_total"]
    pulled = result_of("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    assert pulled["bytes_fetched"] == total - 10_000
    assert files_of(Path("back")) == files_of(own_tub)
    assert not waiting.exists()


def test_what_differs_here_is_never_overwritten(own_tub, bucket, result_of, refused):
    result_of("remote", "push", own_tub, bucket)
    result_of("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    Tub.open("back").delete([1])
    before = files_of(Path("back"))
    assert "holds something else" in refused("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    assert files_of(Path("back")) == before


def test_two_pushes_at_once_leave_one_whole_dataset(own_tub, bucket, tmp_path):
    pieces, frames = dataset.pieces_of([own_tub])
    at_once = threading.Barrier(2)

    def first_read(piece):
        def read():
            at_once.wait(20)
            return piece.read()

        return Piece(piece.path, piece.suffix, piece.n_bytes, read)

    waiting = [first_read(pieces[0]), *pieces[1:]]
    threads = [
        threading.Thread(
            target=send, args=(Place(f"{bucket}/datasets/x"), waiting, {"tubs": list(frames), "config": []})
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Place(f"{bucket}/datasets/x").find()) == len(pieces) + 1

    pull(f"{bucket}/datasets/x", tmp_path / "out")
    assert files_of(tmp_path / "out") == files_of(own_tub)


@pytest.mark.slow
def test_a_push_killed_midway_goes_on_with_what_is_missing(own_tub, s3, tmp_path, result_of, small_shards):
    program = (
        "from copycar.remote import dataset, place\n"
        "import os, signal\n"
        "dataset.SHARD_BYTES = 20_480\n"
        "put, sent = place.Place.put, []\n"
        "def dying(self, name, data):\n"
        "    put(self, name, data); sent.append(name)\n"
        "    if len(sent) >= 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "place.Place.put = dying\n"
        "from copycar.cli.main import main\n"
        f"main(['remote', 'push', {str(own_tub)!r}, {s3!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment(), check=False)
    assert done.returncode == -signal.SIGKILL
    there = Place(f"{s3}/datasets/monday").find()
    assert there
    assert INDEX not in [found.name for found in there]  # nobody takes half for the whole
    with pytest.raises(CopycarError, match="nothing whole"):
        pull(f"{s3}/datasets/monday", tmp_path / "too-early")
    sent = result_of("remote", "push", own_tub, s3)
    assert sent["bytes_sent"] == sent["bytes_total"] - sum(found.n_bytes for found in there)
    result_of("remote", "pull", f"{s3}/datasets/monday", "-o", "back")
    assert files_of(Path("back")) == files_of(own_tub)


def test_a_wrong_bucket_wrong_kind_and_wrong_name(own_tub, s3, refused):
    message = refused("remote", "push", own_tub, "s3://nobody-made-this")
    assert "no such bucket" in message
    assert "make the bucket first" in message
    assert "does not say what to bring" in refused("remote", "pull", s3)
    assert "nothing whole" in refused("remote", "pull", f"{s3}/datasets/tuesday")
    assert "holds nothing" in refused("remote", "pull", f"{s3}/models/pilot")
    assert "no object storage that copycar knows" in refused("remote", "push", own_tub, "ftp://rides")
    assert "names no bucket" in refused("remote", "push", own_tub, "s3://")
    assert "then a bucket" in refused("remote", "push", own_tub)
    assert "there is no nowhere" in refused("remote", "push", "nowhere", s3)


def test_no_network_says_that_a_second_try_goes_on(own_tub, s3, refused, monkeypatch):
    monkeypatch.setattr(place, "RETRIES", 0)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    message = refused("remote", "push", own_tub, s3)
    assert "cannot be reached" in message
    assert "not sent again" in message


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (403, "InvalidAccessKeyId", "credentials are wrong"),
        (403, "AccessDenied", "you may not"),
        (301, "PermanentRedirect", "region"),
    ],
)
def test_what_a_cloud_refuses_is_said_in_words(own_tub, refused, monkeypatch, status, code, told):
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self):
            body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        assert told in refused("remote", "push", own_tub, "s3://rides")
    finally:
        server.shutdown()
        server.server_close()


def test_a_full_disk_while_pulling_leaves_what_has_arrived(own_tub, bucket, refused, result_of, monkeypatch):
    result_of("remote", "push", own_tub, bucket)
    stream = Place.stream

    def full(self, name, start=0):
        yield next(iter(stream(self, name, start)))[:100]
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    monkeypatch.setattr(fetch.Place, "stream", full)
    assert "make room" in refused("remote", "pull", f"{bucket}/datasets/monday", "-o", "back")
    assert not Path("back").exists()
    monkeypatch.undo()
