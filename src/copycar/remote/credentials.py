"""What the clouds' own tools know of accounts and credentials, where obstore does not read it by itself.

obstore reads environment variables, gcloud's application-default file and the machine's own identity. Here are AWS's
files, Azure's own variables and login, and the servers that stand in for a cloud. Nothing is asked for or kept.
"""

import configparser
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

GOOGLE_EMULATOR = "STORAGE_EMULATOR_HOST"
AZURE_CONNECTION = "AZURE_STORAGE_CONNECTION_STRING"

ENDPOINTS = {
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
    "gs": (GOOGLE_EMULATOR,),
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
}
"""Variables that name another server than the cloud's."""

AZURE_NAMES = {
    "AccountName": "account_name",
    "AccountKey": "account_key",
    "SharedAccessSignature": "sas_key",
    "BlobEndpoint": "endpoint",
}
"""Parts of a connection string, and what obstore calls them."""

AZURE_OWN = {"AZURE_STORAGE_ACCOUNT": "account_name", "AZURE_STORAGE_KEY": "account_key"}
"""Variables of Azure's command line that obstore does not know."""

AZURE_PROOFS = (
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_TOKEN",
    "AZURE_CLIENT_ID",
    "AZURE_STORAGE_CLIENT_ID",
    "AZURE_STORAGE_USE_EMULATOR",
)
"""Variables by which obstore proves who asks: where one is set, the login of `az` is not asked."""


def store_config(scheme: str) -> dict[str, Any]:
    """Return what obstore has to be told about a cloud besides what it reads itself.

    Args:
        scheme: of the bucket's URL: "s3", "gs" or "az".
    """
    return {"s3": aws_config, "gs": gs_config, "az": azure_config}[scheme]()


def is_plain_http(scheme: str, config: Mapping[str, Any]) -> bool:
    """Return whether the server that was named has no encryption, such as one at home."""
    named = [str(config.get("endpoint", "")), *(os.environ.get(name, "") for name in ENDPOINTS[scheme])]
    return any(address.startswith("http://") for address in named)


def gs_config() -> dict[str, Any]:
    """Return how to reach the server that stands in for Google's, where the variable of their own tools names one."""
    if GOOGLE_EMULATOR not in os.environ:
        return {}
    account = {
        "gcs_base_url": os.environ[GOOGLE_EMULATOR].rstrip("/"),
        "disable_oauth": True,
        "client_email": "",
        "private_key": "",
        "private_key_id": "",
    }
    return {"service_account_key": json.dumps(account)}


def aws_config() -> dict[str, Any]:
    """Return what AWS's own files say, where the environment does not say it."""
    config: dict[str, Any] = {}
    if endpoint := os.environ.get("AWS_ENDPOINT_URL_S3"):
        config["endpoint"] = endpoint
    profile = os.environ.get("AWS_PROFILE", "default")
    if "AWS_ACCESS_KEY_ID" not in os.environ:
        known = _profile("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile)
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        config |= {name: known[name] for name in names if name in known}
    if not {"AWS_REGION", "AWS_DEFAULT_REGION"} & os.environ.keys():
        section = profile if profile == "default" else f"profile {profile}"
        region = _profile("AWS_CONFIG_FILE", "config", section).get("region")
        config |= {"region": region} if region else {}
    return config


def azure_config() -> dict[str, Any]:
    """Return what the variables of Azure's command line say, else that its login is to be asked."""
    config: dict[str, Any] = {name: os.environ[own] for own, name in AZURE_OWN.items() if own in os.environ}
    for part in os.environ.get(AZURE_CONNECTION, "").split(";"):
        key, _, value = part.strip().partition("=")
        if key in AZURE_NAMES:
            config[AZURE_NAMES[key]] = value
    has_proof = {"account_key", "sas_key"} & config.keys() or any(name in os.environ for name in AZURE_PROOFS)
    if not has_proof and shutil.which("az"):
        config["use_azure_cli"] = True
    return config


def _profile(variable: str, name: str, section: str) -> dict[str, str]:
    """Return a section of one of the files in `~/.aws`; nothing where there is none."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(os.environ.get(variable) or Path.home() / ".aws" / name, encoding="utf-8")
        return dict(parser[section]) if section in parser else {}
    except (configparser.Error, UnicodeDecodeError, RuntimeError):  # RuntimeError: no home
        return {}
