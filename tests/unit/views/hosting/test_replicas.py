"""Each replica says its name to the browsers that do not know it yet."""

import pytest

from tests.support.loops import run
from views.hosting.replicas import NameReplica


def ask(scope, first):
    """The headers of the answer that begins with this message."""
    sent = []

    async def answer(scope, receive, send):
        await send(dict(first))

    async def send(message):
        sent.append(message)

    run(NameReplica(answer)(scope, None, send))
    return dict(sent[0].get("headers", []))


ANSWERS = [
    ("http", {"type": "http.response.start", "status": 200, "headers": []}),
    ("websocket", {"type": "websocket.accept"}),
]


@pytest.mark.parametrize(("kind", "first"), ANSWERS)
@pytest.mark.parametrize(
    ("name", "cookie", "told"),
    [
        ("replica-1", b"", True),
        ("replica-1", b"replica=replica-2", True),
        ("replica-1", b"other=1; replica=replica-1", False),
        (None, b"", False),
    ],
)
def test_a_browser_is_told_unless_it_knows(monkeypatch, kind, first, name, cookie, told):
    monkeypatch.delenv("DIGITS_REPLICA", raising=False)
    if name is not None:
        monkeypatch.setenv("DIGITS_REPLICA", name)
    headers = ask({"type": kind, "headers": [(b"cookie", cookie)]}, first)
    assert headers.get(b"set-cookie", b"").startswith(b"replica=replica-1; Path=/") == told
