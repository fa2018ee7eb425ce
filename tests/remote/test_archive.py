"""The archive of donkeycar's cloud scripts, both ways."""

import io
import tarfile
from pathlib import Path

import pytest
from away import files_of

from copycar.testing.tub import make_tub
from copycar.tubs.tub import Tub

MYCONFIG = """
import os
os.system("touch run-by-somebody")
BATCH_SIZE = 32
MAX_EPOCHS = 5
SECRET = open("/etc/passwd").read()
"""


def test_a_tub_and_its_configuration_travel_and_nothing_is_run(tub, result_of):
    Path("config.py").write_text("BATCH_SIZE = 128\nDRIVE_LOOP_HZ = 20\n")
    Path("myconfig.py").write_text(MYCONFIG)
    for name in ("wip.tgz", "again.tgz"):
        result_of("remote", "pack", tub, "--config", "config.py", "--config", "myconfig.py", "-o", name)
    assert Path("wip.tgz").read_bytes() == Path("again.tgz").read_bytes()
    with tarfile.open("wip.tgz") as archive:
        names = archive.getnames()
    assert {"manifest.json", "config.py", "myconfig.py"} < set(
        names
    )  # the tub is at the root, as those scripts want it
    assert any(name.startswith("images/") for name in names)
    unpacked = result_of("remote", "unpack", "wip.tgz", "-o", "back")
    assert unpacked["tubs"] == ["back"]
    assert "SECRET" in unpacked["left_out"]
    settings = Path("back/run.toml").read_text()
    assert "batch_size = 32" in settings
    assert "epochs = 5" in settings
    assert not Path("run-by-somebody").exists()
    mine = files_of(Path("back"))
    assert {name: mine[name] for name in files_of(tub)} == files_of(tub)


def seeds_archive(path: Path, tub: Path) -> None:
    """An archive as `tar -chf a.tar -C tub .` with the configuration appended makes it: names begin with `./`."""
    with tarfile.open(path, "w:gz") as archive:
        archive.add(tub, ".")
        info = tarfile.TarInfo("myconfig.py")
        info.size = len(b"MAX_EPOCHS = 7\n")
        archive.addfile(info, io.BytesIO(b"MAX_EPOCHS = 7\n"))


def test_an_archive_of_the_original_scripts_is_read(tub, result_of):
    seeds_archive(Path("wip.tgz"), tub)
    result_of("remote", "unpack", "wip.tgz", "-o", "data")
    assert len(Tub.open("data")) == len(Tub.open(tub))
    assert "epochs = 7" in Path("data/run.toml").read_text()


def test_what_is_no_archive_of_a_tub_is_refused_and_leaves_nothing(tub, refused, tmp_path):
    with tarfile.open("empty.tgz", "w:gz") as archive:
        archive.add(__file__, "test.py")
    assert "holds no tub" in refused("remote", "unpack", "empty.tgz", "-o", "out")
    Path("text.tgz").write_text("no archive")
    assert "damaged" in refused("remote", "unpack", "text.tgz", "-o", "out")
    Path("bad.tgz").write_bytes(b"\x1f\x8b" + b"garbage" * 99)
    assert "damaged" in refused("remote", "unpack", "bad.tgz", "-o", "out")
    assert "no archive" in refused("remote", "unpack", "nowhere.tgz", "-o", "out")
    assert "no packed dataset" in refused("remote", "unpack", tub, "-o", "out")
    assert not Path("out").exists()


@pytest.mark.parametrize("name", ["../../outside", "/tmp/outside"])
def test_an_archive_made_to_hurt_is_refused_by_the_command(name, refused, tub):
    seeds_archive(Path("wip.tgz"), tub)
    with tarfile.open("evil.tgz", "w:gz") as archive:
        archive.add(tub, ".")
        archive.addfile(tarfile.TarInfo(name))
    assert "leads out of the folder" in refused("remote", "unpack", "evil.tgz", "-o", "data")
    assert not Path("data").exists()


def test_an_archive_takes_one_tub(tub, refused):
    make_tub("other", n_frames=2, image_size=(48, 64))
    assert "takes one tub" in refused("remote", "pack", tub, "other", "-o", "x.tgz")


def test_a_folder_with_other_things_is_not_mixed_with_shards(tub, refused):
    Path("mine").mkdir()
    Path("mine/thesis.txt").touch()
    assert "other things" in refused("remote", "pack", tub, "-o", "mine")
    assert "no settings file" in refused("remote", "pack", tub, "--config", "nowhere.toml", "-o", "new")
