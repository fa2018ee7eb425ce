"""The studio's token."""

import stat

import pytest

from copycar.core.errors import CopycarError
from copycar.studio.token import FILE, own_token


def test_a_token_is_long_kept_and_for_its_owner_alone(tmp_path):
    token = own_token(tmp_path / "cache")
    assert len(token) >= 22  # 128 bits in base 64
    assert own_token(tmp_path / "cache") == token
    assert stat.S_IMODE((tmp_path / "cache" / FILE).stat().st_mode) == 0o600


def test_a_new_token_replaces_the_old_one(tmp_path):
    before = own_token(tmp_path)
    assert own_token(tmp_path, new=True) == own_token(tmp_path) != before


def test_an_empty_file_is_no_token(tmp_path):
    (tmp_path / FILE).touch(mode=0o644)
    assert own_token(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CopycarError, match="file"):
        own_token(tmp_path / "file" / "below")
