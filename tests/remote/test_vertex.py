"""Jobs on Vertex AI, against the fake of its REST endpoint."""

import json
from pathlib import Path

import pytest
from away import files_of
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from copycar.cli.main import run
from copycar.remote import watch
from copycar.remote.job import write_result
from copycar.remote.notes import find_job
from copycar.remote.place import Place
from copycar.remote.wheel import build_wheel
from copycar.testing.vertex import FakeVertex

pytest.importorskip("google.auth", reason="google-auth is not installed: pip install 'copycar[vertex]'")
GOLDEN = Path(__file__).with_name("vertex_request.json")


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    private = rsa.generate_private_key(65537, 2048)
    text = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    return tmp_path_factory.mktemp("key") / "account.json", text


@pytest.fixture
def vertex(monkeypatch, key):
    """A running fake, and the key of a service account that it accepts."""
    monkeypatch.setattr(watch, "POLL_S", 0.01)
    with FakeVertex() as fake:
        path, text = key
        account = {"type": "service_account", "client_email": "car@racing", "token_uri": f"{fake.url}/token"}
        path.write_text(json.dumps({**account, "project_id": "racing", "private_key": text, "private_key_id": "1"}))
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
        monkeypatch.setenv("COPYCAR_VERTEX_ENDPOINT", fake.url)
        yield fake


@pytest.fixture
def submitted(vertex, gs, tub, result_of):
    words = ("train", str(tub), "--epochs", "3", "--on", "vertex", "--out", gs, "--gpus", "1")
    return result_of("remote", "submit", *words)["job"]


def test_the_request_is_the_one_that_was_looked_at(vertex, gs, tub, result_of):
    """After a change that is meant, put the new request into vertex_request.json."""
    words = ("--on", "vertex", "--out", gs, "--gpus", "1", "--target.scheduling", "SPOT", "--target.project", "racing")
    planned = result_of("remote", "submit", "tub", "info", str(tub), *words, "--dry-run")
    text = (
        json.dumps(planned["request"], indent=2)
        .replace(planned["job"]["name"], "JOB")
        .replace(vertex.url, "SERVER")
        .replace(gs[5:], "BUCKET")
    )
    assert json.loads(text) == json.loads(GOLDEN.read_text())
    assert vertex.jobs == []  # nothing was sent
    assert Place(gs).find() == []


def test_a_job_is_made_watched_and_its_wheel_is_there(submitted, vertex, gs, result_of, capsys):
    assert vertex.jobs[0]["displayName"] == submitted
    spec = find_job(submitted)
    name, wheel = build_wheel()
    assert spec.place.get(name) == wheel
    assert f"/gcs/{gs[5:]}/jobs/{submitted}/{name}" in json.dumps(vertex.jobs[0])
    assert result_of("remote", "status", submitted)["state"] == "queued"
    vertex.finish("JOB_STATE_RUNNING")
    spec.place.put("log.txt", b"epoch 1\n")
    assert result_of("remote", "status", submitted)["state"] == "running"
    assert run(["remote", "logs", submitted]) == 0
    assert capsys.readouterr().out == "epoch 1\n"
    write_result(spec, 0, [], "", "done")
    vertex.finish("JOB_STATE_SUCCEEDED")
    assert result_of("remote", "wait", submitted)["state"] == "done"
    vertex.forget()
    assert result_of("remote", "status", submitted)["state"] == "done"  # the bucket remembers


@pytest.mark.parametrize(
    ("state", "message", "told"),
    [
        ("JOB_STATE_FAILED", "The replica workerpool0-0 ran out-of-memory and exited with 137.", "out-of-memory"),
        ("JOB_STATE_EXPIRED", "", "its time was up: --target.hours"),
    ],
)
def test_a_failed_or_expired_job_is_a_failed_command(submitted, vertex, result_of, state, message, told):
    vertex.finish(state, message)
    found = result_of("remote", "wait", submitted, exit_code=1)
    assert found["state"] == "failed"
    assert told in found["message"]


def test_a_command_that_failed_gives_its_own_exit_code(submitted, vertex, result_of):
    write_result(find_job(submitted), 2, [], "its command ended with exit code 2", "failed")
    vertex.finish("JOB_STATE_FAILED", "exited with a non-zero status of 2")
    assert result_of("remote", "wait", submitted, exit_code=2)["exit_code"] == 2


def test_a_job_is_cancelled(submitted, vertex, result_of, refused):
    result_of("remote", "stop", submitted)
    assert vertex.jobs[0]["state"] == "JOB_STATE_CANCELLING"
    vertex.finish("JOB_STATE_CANCELLED")
    assert result_of("remote", "wait", submitted, exit_code=130)["state"] == "stopped"
    assert "over already" in refused("remote", "stop", submitted)


@pytest.mark.parametrize(
    ("status", "message", "told"),
    [
        (429, "Quota exceeded for custom_model_training_nvidia_l4_gpus", "ask for more of this quota"),
        (403, "Permission 'aiplatform.customJobs.create' denied", "Vertex AI User"),
        (400, "Machine type is not supported", "--target.machine"),
    ],
)
def test_a_refusal_is_said_in_words_and_the_job_is_known(vertex, gs, tub, refused, status, message, told):
    vertex.refuse(status, message)
    text = refused("remote", "submit", "tub", "info", str(tub), "--on", "vertex", "--out", gs)
    assert message in text
    assert told in text


def test_wrong_credentials_region_project_and_bucket(vertex, gs, tub, refused, monkeypatch, tmp_path):
    words = ("remote", "submit", "tub", "info", str(tub), "--on", "vertex", "--out")
    assert "no such region or project" in refused(*words, gs, "--target.region", "europe-west99")
    assert "is no region" in refused(*words, gs, "--target.region", "Frankfurt")
    assert "bucket of Google's" in refused(*words, "file:///tmp/x")
    vertex.refuse(401, "Invalid JWT Signature.")
    assert "Google refuses the credentials" in refused(*words, gs)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "nowhere.json"))
    assert "gcloud auth application-default login" in refused(*words, gs)


def test_a_recording_goes_to_googles_storage_and_back(gs, tub, result_of):
    sent = result_of("remote", "push", tub, gs)
    assert sent["bytes_sent"] > 0
    assert result_of("remote", "push", tub, gs)["bytes_sent"] == 0
    result_of("remote", "pull", f"{gs}/datasets/monday", "-o", "back")
    assert files_of(Path("back")) == files_of(tub)
