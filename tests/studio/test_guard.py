"""What a browser gets from a guarded server."""

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from copycar.studio.access import Access
from copycar.studio.guard import MOST_BODY_BYTES, Guard


async def page(request):
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def socket(connection):
    await connection.accept()
    await connection.send_text("hello")


@pytest.fixture
def visitor():
    app = Starlette(routes=[Route("/drive", page, methods=["GET", "POST"]), WebSocketRoute("/socket", socket)])
    return TestClient(Guard(app, Access("secret"), "copycar-1"), base_url="http://localhost", follow_redirects=False)


@pytest.fixture
def known(visitor):
    visitor.cookies.set("copycar-1", "secret")
    return visitor


OWN = {"origin": "http://localhost"}


def test_the_link_lets_a_browser_in_and_takes_the_token_out_of_the_address(visitor):
    answer = visitor.get("/drive?token=secret&tub=monday")
    assert (answer.status_code, answer.headers["location"]) == (303, "/drive?tub=monday")
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert visitor.get("/drive").text == "0 bytes"


def test_the_link_cannot_lead_to_another_server(visitor):
    answer = visitor.get("http://localhost//evil.example/?token=secret")
    assert answer.headers["location"] == "/evil.example/"


def test_without_the_token_a_page_asks_for_it(visitor):
    for path in ("/drive", "/drive?token=wrong", "/nowhere"):
        answer = visitor.get(path)
        assert answer.status_code == 401
        assert 'name="token"' in answer.text


def test_every_answer_forbids_what_comes_from_elsewhere(visitor):
    policy = visitor.get("/drive").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_a_damaged_cookie_is_none(visitor):
    assert visitor.get("/drive", headers={"cookie": 'a\x7f="; ;copycar-1'}).status_code == 401


@pytest.mark.parametrize(
    ("cookie", "headers"), [("secret", {"origin": "http://evil.example"}), ("secret", {}), ("wrong", OWN)]
)
def test_a_socket_of_another_site_or_without_token_is_closed_before_it_opens(visitor, cookie, headers):
    visitor.cookies.set("copycar-1", cookie)
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect("ws://localhost/socket", headers=headers):
        pass


def test_a_socket_of_our_own_page_opens(known):
    with known.websocket_connect("ws://localhost/socket", headers=OWN) as opened:
        assert opened.receive_text() == "hello"


def test_a_form_of_another_site_is_refused(known):
    assert known.post("/drive", headers={"origin": "http://evil.example"}).status_code == 403
    assert known.post("/drive", headers=OWN, content=b"abc").text == "3 bytes"


def test_a_long_body_is_refused_announced_or_not(known):
    assert known.post("/drive", headers=OWN, content=b"a" * (MOST_BODY_BYTES + 1)).status_code == 413

    def unannounced():
        for _ in range(3):
            yield b"a" * (MOST_BODY_BYTES // 2)

    with pytest.raises(ClientDisconnect):
        known.post("/drive", headers=OWN, content=unannounced())
