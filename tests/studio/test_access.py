"""Who is let in."""

import pytest

from copycar.studio.access import Access, Asked

ACCESS = Access("secret", frozenset({"localhost", "127.0.0.1"}))
HOME = "http://localhost:8887"


def status(**facts) -> int:
    refusal = ACCESS.refusal(Asked(**{"host": "localhost:8887", "cookie_token": "secret", **facts}))
    return refusal.status if refusal else 200


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, 200),
        ({"cookie_token": ""}, 401),
        ({"cookie_token": "Secret"}, 401),
        ({"cookie_token": "ünknown"}, 401),
        ({"cookie_token": "", "bearer_token": "secret"}, 200),
        ({"host": "evil.example:8887"}, 400),
        ({"host": ""}, 400),
        ({"host": "[::1"}, 400),
        ({"method": "DELETE", "origin": HOME}, 405),
    ],
)
def test_reading_needs_the_token_and_a_name_of_ours(facts, expected):
    assert status(**facts) == expected


@pytest.mark.parametrize("change", [{"method": "POST"}, {"is_socket": True}], ids=["post", "socket"])
@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (HOME, 200),
        ("HTTP://LOCALHOST:8887", 200),
        ("http://localhost:9999", 403),
        ("http://127.0.0.1:8887", 403),
        ("https://evil.example", 403),
        ("http://localhost:8887.evil.example", 403),
        ("null", 403),
        (None, 403),
    ],
)
def test_what_could_change_something_must_come_from_our_own_page(change, origin, expected):
    assert status(**change, origin=origin) == expected


@pytest.mark.parametrize(("origin", "expected"), [(None, 200), ("https://evil.example", 403), (HOME, 200)])
def test_a_program_with_the_token_needs_no_origin_but_a_wrong_one_is_refused(origin, expected):
    assert status(is_socket=True, cookie_token="", bearer_token="secret", origin=origin) == expected
