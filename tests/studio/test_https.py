"""The server behind HTTPS, with the certificate that it makes itself."""

import ssl
import stat
import urllib.error
import urllib.request

import pytest
from studio_process import StudioProcess

from copycar.studio.certificate import CERTIFICATE, KEY, LASTS, fingerprint, own_certificate

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    folder = tmp_path_factory.mktemp("https") / "work"
    folder.mkdir()
    process = StudioProcess(folder, "studio", "--https")
    yield process
    process.stop()


def certificate_of(studio):
    return studio.folder.parent / "state" / "copycar" / CERTIFICATE


def test_the_page_opens_its_socket_and_steers_by_tilt(studio, visit, keep):
    page = visit(studio.link("/drive"), has_touch=True, size=(360, 740), ignore_https_errors=True)
    page.wait_for_function("globalThis.copycarDrive?.says.state.is_driver")
    assert page.evaluate("[isSecureContext, copycarDrive.link.socket.url]") == [
        True,
        f"wss://localhost:{studio.port}/drive/socket",
    ]
    (cookie,) = page.context.cookies()
    assert (cookie["secure"], cookie["httpOnly"], cookie["value"]) == (True, True, studio.token)
    page.click("#start")
    page.wait_for_function("copycarDrive.says.header?.source === 'human'")
    page.check("#tilt")
    page.evaluate("dispatchEvent(new DeviceOrientationEvent('deviceorientation', {alpha: 0, beta: 0, gamma: 35}))")
    page.locator("#stick").hover()
    page.mouse.down()
    page.wait_for_function("copycarDrive.says.header.action[0] === 1")
    keep(page, "drive-https-phone")
    page.mouse.up()
    page.click("#end")


def test_its_socket_is_closed_to_who_has_no_token(studio, visit):
    page = visit(f"{studio.origin}/drive", ignore_https_errors=True)
    assert page.is_visible("input[name=token]")
    came = page.evaluate(
        "(host) => new Promise((done) => { const socket = new WebSocket(`wss://${host}/drive/socket`);"
        "socket.onopen = () => done('open'); socket.onclose = () => done('closed'); })",
        f"localhost:{studio.port}",
    )
    assert came == "closed"


def test_the_certificate_is_the_one_whose_fingerprint_is_printed(studio):
    pem = certificate_of(studio).read_text()
    assert f"proof   {fingerprint(pem)}" in studio.log.read_text()
    assert fingerprint(ssl.get_server_certificate(("localhost", studio.port))) == fingerprint(pem)
    trusting = ssl.create_default_context(cafile=certificate_of(studio))
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        urllib.request.urlopen(studio.origin, context=trusting)  # it names this machine, and asks for the token
    refused.value.close()


def test_it_is_made_once_kept_private_and_made_anew_before_it_ends(tmp_path, monkeypatch):
    first = own_certificate(tmp_path / "new", ["localhost", "127.0.0.1"])
    kept = [path.read_bytes() for path in first]
    assert stat.S_IMODE((tmp_path / "new" / KEY).stat().st_mode) == 0o600
    assert [path.read_bytes() for path in own_certificate(tmp_path / "new", ["other"])] == kept
    monkeypatch.setattr("copycar.studio.certificate.RENEWED", LASTS)
    assert all(
        path.read_bytes() != old for path, old in zip(own_certificate(tmp_path / "new", ["other"]), kept, strict=True)
    )


def test_a_damaged_certificate_is_made_anew(tmp_path):
    certificate, _ = own_certificate(tmp_path, ["localhost"])
    certificate.write_text("torn")
    own_certificate(tmp_path, ["localhost"])
    assert fingerprint(certificate.read_text())
