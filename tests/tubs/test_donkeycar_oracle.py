"""The real donkeycar reads what we write, and we read what it writes. Needs a Python that has donkeycar."""

import json

import numpy as np
import pytest

from copycar.core.frame import Action
from copycar.testing.tub import make_frame, make_tub
from copycar.tubs.tub import Tub
from copycar.tubs.work.flip import flip
from copycar.tubs.work.merge import merge
from copycar.tubs.write import TubWriter

pytestmark = pytest.mark.slow

READ = """
import json, sys
from donkeycar.parts.tub_v2 import Tub
tub = Tub(sys.argv[1], read_only=True)
records = [[r["_index"], r["_session_id"], r["user/angle"], r["user/throttle"], r["cam/image_array"]] for r in tub]
print(json.dumps({"length": len(tub), "records": records, "inputs": tub.manifest.inputs}))
"""

WRITE = """
import sys
import numpy as np
from donkeycar.parts.tub_v2 import Tub
keys, types = ["cam/image_array", "user/angle", "user/throttle", "user/mode"], ["image_array", "float", "float", "str"]
tub = Tub(sys.argv[1], inputs=keys, types=types)
for i in range(15):
    tub.write_record(dict(zip(keys, [np.full((24, 32, 3), 10 * i, np.uint8), i / 20, 0.5, "user"])))
tub.delete_records([2, 7])
tub.close()
"""


def seen_by(donkeycar, folder):
    return json.loads(donkeycar(READ, folder).splitlines()[-1])


def seen_by_us(folder):
    return [[r.index, r.session, *r.action, r.image_path.name] for r in Tub.open(folder).records]


def test_donkeycar_sees_the_same_frames_and_deletions_as_we_do(donkeycar, tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=30, n_episodes=2, image_size=(24, 32), max_len=8)
    tub = Tub.open(folder)
    tub.delete([3, 4, 20])
    tub.delete([9])
    tub.undo()
    seen = seen_by(donkeycar, folder)
    assert seen["records"] == seen_by_us(folder)
    assert seen["length"] == 27


def test_donkeycar_reads_the_tubs_we_make(donkeycar, tmp_path):
    tub = Tub.open(make_tub(tmp_path / "tub", n_frames=20, image_size=(24, 32)))
    flip(tub, tmp_path / "twin")
    merge([tub, Tub.open(tmp_path / "twin")], tmp_path / "both")
    for name in ("twin", "both"):
        assert seen_by(donkeycar, tmp_path / name)["records"] == seen_by_us(tmp_path / name)


def test_donkeycar_reads_a_tub_with_depth(donkeycar, tmp_path):
    with TubWriter(tmp_path, extras={"cam/depth_array": "gray16_array", "lidar/dist_array": "nparray"}) as writer:
        extras = {"cam/depth_array": np.full((4, 4), 900, np.uint16), "lidar/dist_array": np.arange(3)}
        writer.append(make_frame(Action(0.5, 0.25), image_size=(24, 32), extras=extras))
    seen = seen_by(donkeycar, tmp_path)
    assert seen["records"] == seen_by_us(tmp_path)
    assert seen["inputs"][-2:] == ["cam/depth_array", "lidar/dist_array"]


def test_donkeycar_reads_a_tub_that_we_mended(donkeycar, tmp_path):
    folder = make_tub(tmp_path / "tub", n_frames=20, image_size=(24, 32), max_len=8)
    (folder / "manifest.json").write_text('["cam/image_array"')
    with (folder / "catalog_2.catalog").open("ab") as file:
        file.write(b'{"_index": 20, "us')
    Tub.open(folder).repair()
    assert seen_by(donkeycar, folder)["records"] == seen_by_us(folder)


def test_we_read_what_donkeycar_wrote_and_deleted(donkeycar, tmp_path):
    donkeycar(WRITE, tmp_path / "tub")
    tub = Tub.open(tmp_path / "tub")
    assert tub.repairs == []
    assert (tub.deleted, len(tub)) == ({2, 7}, 13)
    assert [r.action.steering for r in tub.records] == [i / 20 for i in range(15) if i not in (2, 7)]
    assert [round(float(frame.image.mean()) / 10) for frame in tub.frames()] == [
        i for i in range(15) if i not in (2, 7)
    ]
