"""Links and QR codes."""

from copycar.studio import invitation


def test_the_link_holds_address_and_token():
    assert invitation.link("192.168.1.5", 8887, "abc", "/drive") == "http://192.168.1.5:8887/drive?token=abc"
    assert invitation.link("robot", 1, "abc", is_secure=True).startswith("https://robot:1/?")


def test_a_qr_code_is_a_square_of_text():
    lines = invitation.qr_code(invitation.link("192.168.100.105", 8887, "0123456789abcdefghijkl")).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert len(lines[0]) <= 50  # fits a small terminal


def test_own_addresses_do_not_hold_the_loopback():
    assert "127.0.0.1" not in invitation.lan_addresses()
