"""Where accounts and credentials come from: what the clouds' own tools keep."""

import base64

import pytest
from away import AZURE_ACCOUNT, AZURE_KEY

from copycar.remote.credentials import aws_config, azure_config, is_plain_http
from copycar.remote.place import Place

pytest.importorskip("obstore", reason="obstore is not installed: pip install 'copycar[remote]'")


@pytest.fixture
def no_azure(monkeypatch, tmp_path):
    """Neither variables nor a login of Azure's."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY", "AZURE_STORAGE_CONNECTION_STRING"):
        monkeypatch.delenv(name, raising=False)


def test_credentials_come_from_the_files_of_awss_own_tools(s3, tmp_path, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name)
    credentials, config = tmp_path / "credentials", tmp_path / "config"
    credentials.write_text("[racing]\naws_access_key_id = fromfile\naws_secret_access_key = secret\n")
    config.write_text("[profile racing]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "racing")
    parcel = Place(s3)
    parcel.put("a", b"1")
    assert parcel.get("a") == b"1"
    assert aws_config() == {
        "aws_access_key_id": "fromfile",
        "aws_secret_access_key": "secret",
        "region": "eu-central-1",
    }


def test_an_account_of_azure_is_named_as_its_own_tools_do(no_azure, monkeypatch):
    assert azure_config() == {}
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", "racers")
    monkeypatch.setenv("AZURE_STORAGE_KEY", "a2V5==")
    assert azure_config() == {"account_name": "racers", "account_key": "a2V5=="}
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", "AccountName=x;AccountKey=b2s=;BlobEndpoint=http://home/x;")
    assert azure_config() == {"account_name": "x", "account_key": "b2s=", "endpoint": "http://home/x"}
    assert is_plain_http("az", azure_config())


def test_azures_login_is_asked_where_nothing_else_is_known(no_azure, tmp_path, monkeypatch):
    (tmp_path / "az").touch(mode=0o755)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", "racers")
    assert azure_config() == {"account_name": "racers", "use_azure_cli": True}
    monkeypatch.setenv("AZURE_STORAGE_SAS_TOKEN", "sv=1")
    assert azure_config() == {"account_name": "racers"}


def test_azure_without_an_account_says_how_to_name_it(no_azure, tub, refused):
    assert "AZURE_STORAGE_ACCOUNT" in refused("remote", "push", tub, "az://rides")


def test_azure_refuses_a_wrong_key_and_a_container_that_nobody_made(az, azure_server, tub, refused, monkeypatch):
    assert "no such bucket" in refused("remote", "push", tub, "az://nobody-made-this")
    assert "no such bucket" in refused("remote", "pull", "az://nobody-made-this/datasets/monday")
    monkeypatch.delenv("AZURE_STORAGE_CONNECTION_STRING")
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", f"{azure_server}/{AZURE_ACCOUNT}")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT", AZURE_ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_KEY", AZURE_KEY)
    assert Place(az).find() == []
    monkeypatch.setenv("AZURE_STORAGE_KEY", base64.b64encode(b"another key").decode())
    assert "credentials are wrong" in refused("remote", "push", tub, az)
