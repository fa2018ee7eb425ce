import subprocess
import sys

import gymnasium
import pytest

from copycar.core.errors import CopycarError
from copycar.environments import environments, make_environment
from copycar.environments.kinds import ENVIRONMENTS, KINDS
from copycar.environments.track.environment import TrackEnvironment
from copycar.testing.environment import CircleTrack


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("track:oval", "oval-v1"),
        ("track:oval-v1", "oval-v1"),
        ("hairpins", "hairpins-v1"),
        ("track:random:7", "random-v1:7"),
        ("random:7", "random-v1:7"),
        ("copycar/Track-v0", "oval-v1"),
    ],
)
def test_every_way_to_name_a_track(name: str, track: str) -> None:
    environment = make_environment(name, pictures=False)
    assert isinstance(environment, TrackEnvironment)
    assert environment.options.track == track
    assert not environment.options.ends_off_track


def test_other_ids_are_gymnasiums() -> None:
    gymnasium.register("CircleForTests-v0", CircleTrack)
    spec = make_environment("CircleForTests-v0").spec
    gymnasium.registry.pop("CircleForTests-v0")
    assert spec is not None
    assert spec.id == "CircleForTests-v0"


def test_what_has_no_picture_or_no_steering_cannot_be_driven() -> None:
    with pytest.raises(CopycarError, match="CartPole-v1 cannot be driven"):
        make_environment("CartPole-v1")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ovl", "track:oval"),
        ("track:ovl", "oval"),
        ("copycar/Trak-v0", "copycar/Track-v0"),
        ("random:x", "track:random:7"),
        ("CartPol-v1", "CartPole-v1"),
        ("nowhere:at-all", ""),
    ],
)
def test_mistyped_names_get_the_nearest(name: str, meant: str) -> None:
    with pytest.raises(CopycarError) as caught:
        make_environment(name)
    assert f"did you mean {meant}" in str(caught.value) if meant else "copycar environments" in str(caught.value)


def test_every_listed_track_can_be_made_and_every_kind_is_listed() -> None:
    listed = environments()
    assert all(set(entry) == {"name", "summary"} for entry in listed)
    tracks = [entry["name"] for entry in listed if entry["name"].startswith("track:")]
    assert len(tracks) >= 7
    for name in tracks:
        make_environment(name, pictures=False)
    assert set(KINDS) <= {entry["name"].partition(":")[0] for entry in listed}


def test_a_plug_in_comes_in_by_its_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENTS._paths, "circle", "collections:UserString")
    assert make_environment("circle:small") == "small"
    assert {"name": "circle:", "summary": "plug-in"} in environments()


def test_listing_environments_loads_no_simulator() -> None:
    code = "import sys, copycar.environments as e; e.environments(); print({'panda3d', 'gymnasium'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"
