"""A small tub, and servers on this machine that stand in for clouds."""

import os
import shutil
import subprocess
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from away import (
    AZURE_ACCOUNT,
    AZURE_KEY,
    LikeGoogle,
    azure_connection,
    free_port,
    make_bucket,
    make_container,
    s3_environment,
)
from werkzeug.serving import make_server

from copycar.testing.tub import make_tub

SIZE = (48, 64)


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


@pytest.fixture(scope="session")
def tub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 frames; not to be written to."""
    return make_tub(tmp_path_factory.mktemp("remote") / "monday", n_frames=24, image_size=SIZE)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 server."""
    server = pytest.importorskip("moto.server", reason="moto is not installed: pip install 'copycar[dev]'")
    threaded = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    threaded.start()
    host, port = threaded.get_host_and_port()
    yield f"http://{host}:{port}"
    threaded.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty bucket."""
    for name, value in s3_environment(s3_server).items():
        monkeypatch.setenv(name, value)
    return make_bucket(s3_server, _bucket_name(request))


@pytest.fixture
def gs(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a bucket in a server that answers as Google's XML API does."""
    server = pytest.importorskip("moto.server", reason="moto is not installed: pip install 'copycar[dev]'")
    like_google = LikeGoogle(server.DomainDispatcherApplication(server.create_backend_app))
    running = make_server("127.0.0.1", 0, like_google, threaded=True)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{running.server_port}"
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    yield make_bucket(address, _bucket_name(request)).replace("s3://", "gs://")
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="session")
def azure_server() -> Iterator[str]:
    """The address of Azurite, Microsoft's own stand-in for Azure's storage."""
    program = os.environ.get("AZURITE") or shutil.which("azurite-blob")
    if not program:
        pytest.skip("no azurite-blob on the PATH, and AZURITE names none (npm install azurite)")
    port = free_port()
    command = [program, "--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence", "--silent"]
    command += ["--disableTelemetry"]
    accounts = {**os.environ, "AZURITE_ACCOUNTS": f"{AZURE_ACCOUNT}:{AZURE_KEY}"}
    with subprocess.Popen(command, env=accounts, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        while b"successfully" not in (line := server.stdout.readline()):
            assert line, "Azurite does not start"
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def az(azure_server: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty container."""
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azure_connection(azure_server))
    return make_container(azure_server, _bucket_name(request))


@pytest.fixture
def drives_a_lap(result_of: Callable[..., Any]) -> Callable[[str], None]:
    """Lets a policy drive the built-in track, with as much help as its two epochs of training need."""

    def drive(policy: str) -> None:
        pytest.importorskip("panda3d", reason="panda3d is not installed: pip install 'copycar[sim]'")
        card = result_of("evaluate", policy, "--on", "oval", "--trials", "1")["score_card"]
        assert card["laps"] >= 1

    return drive


def _bucket_name(request: pytest.FixtureRequest) -> str:
    return f"rides-{zlib.crc32(request.node.nodeid.encode())}"
