"""A record of the log is one line, whatever it says."""

import asyncio
import logging

import pytest

from tests.support.loops import run
from views.hosting import logs


@pytest.fixture
def lines(monkeypatch, caplog):
    """What has been logged since."""
    usual = logging.getLogRecordFactory()
    monkeypatch.setattr(logs._LOGGER, "propagate", True)
    logging.setLogRecordFactory(logs._in_a_line)
    caplog.handler.setFormatter(logging.Formatter("%(message)s"))
    caplog.set_level(logging.INFO)
    yield lambda: caplog.text.splitlines()
    logging.setLogRecordFactory(usual)


def test_an_error_is_one_line_that_says_where_it_was(lines):
    try:
        raise ValueError("the first\nthe second")
    except ValueError:
        logging.getLogger("tests").exception("It failed\nbecause of %s", "that")
    (line,) = lines()
    assert line.startswith("It failed because of that error=ValueError: the first the second at=")
    assert f"{__file__}:" in line


def test_a_text_that_only_looks_like_a_format_is_left_alone(lines):
    logging.getLogger("tests").info("100 % of %d")
    assert lines() == ["100 % of %d"]


@pytest.mark.parametrize(
    ("wanted", "path", "expected"),
    [
        ("lines", "/", ["request='GET /' status=200"]),
        ("lines", "/fails", ["request='GET /fails' status=500"]),
        ("lines", "/healthz", []),
        ("", "/", []),
    ],
)
def test_a_request_is_a_line_with_its_outcome(monkeypatch, lines, wanted, path, expected):
    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 500 if path == "/fails" else 200, "headers": []})
        await send({"type": "http.response.body"})

    async def ask():
        scope = {"type": "http", "method": "GET", "path": path, "client": ("127.0.0.1", 1)}
        await logs.LogRequests(answer)(scope, None, lambda _: asyncio.sleep(0))

    monkeypatch.setenv("DIGITS_LOG", wanted)
    run(ask())
    assert [line.partition(" seconds=")[0] for line in lines()] == expected
