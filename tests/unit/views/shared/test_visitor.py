import pytest

from model import InputError
from views.shared.visitor import FIRST_HAND, MAX_NAME, _name, _token, check_name, comes_from_here

TOKEN = "AbC-_1234567890123456789012345678901234567x"
BROWSER = {"host": ["localhost:8501"], "origin": ["http://localhost:8501"]}


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_a_browser_on_the_machine_that_serves_the_page_is_from_here(name):
    headers = {"host": [f"{name}:8501"], "origin": [f"http://{name}:8501"]}
    assert comes_from_here("localhost", None, headers)
    assert comes_from_here("127.0.0.1", "127.0.0.1", headers)


@pytest.mark.parametrize(
    ("address", "sender", "headers"),
    [
        ("0.0.0.0", None, BROWSER),  # others reach the page
        ("", None, BROWSER),
        (None, None, BROWSER),
        ("192.168.1.7", None, BROWSER),
        ("localhost", "192.168.1.9", BROWSER),
        ("localhost", None, {}),  # not a browser
        ("localhost", None, {"host": ["localhost:8501"]}),
        ("localhost", None, {"origin": ["http://localhost:8501"]}),
        ("localhost", None, BROWSER | {"x-forwarded-for": ["10.1.2.3"]}),  # a server in between
        ("localhost", None, BROWSER | {"x-forwarded-proto": ["https"]}),
        ("localhost", None, BROWSER | {"forwarded": ["for=10.1.2.3"]}),
        ("localhost", None, BROWSER | {"via": ["1.1 proxy"]}),
        ("localhost", None, BROWSER | {"x-real-ip": ["127.0.0.1"]}),
        # one that says nothing of itself and changes the Host header: the browser's origin gives it away
        ("localhost", None, BROWSER | {"origin": ["https://digits.example"]}),
        ("localhost", None, {"host": ["digits.example"], "origin": ["https://digits.example"]}),
        ("localhost", None, BROWSER | {"host": ["localhost:8501", "digits.example"]}),
        ("localhost", None, BROWSER | {"origin": ["http://localhost.example:8501"]}),
        ("localhost", None, BROWSER | {"origin": ["http://user@localhost:8501"]}),
        ("localhost", None, {"host": ["evil.example:8501"], "origin": ["http://evil.example:8501"]}),  # DNS rebinding
        ("localhost", None, BROWSER | {"origin": ["null"]}),
        ("localhost", None, BROWSER | {"origin": ["http://[::1"]}),
    ],
)
def test_in_doubt_a_visitor_comes_from_elsewhere(address, sender, headers):
    assert not comes_from_here(address, sender, headers)


def test_only_a_whole_token_counts():
    assert _token({"draw-a-digit-visitor": TOKEN}) == TOKEN
    for wrong in ("", "me", TOKEN[:-1], TOKEN + "x", TOKEN[:-1] + "\n", TOKEN[:-1] + "é"):
        assert _token({"draw-a-digit-visitor": wrong}) is None
    assert _token({}) is None


def test_the_browser_remembers_the_name_of_a_hand():
    assert _name({}) == FIRST_HAND
    assert _name({"draw-a-digit-hand": "J%C3%BCrgen%20B"}) == "Jürgen B"
    for wrong in ("", "~" + 40 * "a", "%FF", "-rf", 41 * "a", "a%00b"):
        assert _name({"draw-a-digit-hand": wrong}) == FIRST_HAND


def test_a_name_is_a_short_word_that_is_nobody_elses_own_hand():
    assert check_name("  Ada   L. ") == "Ada L."
    for wrong in ("", " ", "~secret", "--help", "a\nb".replace("\n", "\x00"), (MAX_NAME + 1) * "a"):
        with pytest.raises(InputError, match="needs a name"):
            check_name(wrong)
