"""Under which names a browser may use the page."""

import http.client

import pytest

from tests.support.server import serve


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("runs")) as (address, _):
        yield address.removeprefix("http://")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 101),
        ("127.0.0.1", 101),
        ("[::1]", 101),
        ("digits.streamlit.app", 101),
        ("rebound.example.org", 403),
        ("localhost.example.org", 403),
        ("", 403),
    ],
)
def test_a_foreign_name_that_leads_here_gets_no_page(address, host, status):
    """A browser sends the name that it was given, wherever that leads (DNS rebinding)."""
    connection = http.client.HTTPConnection(address, timeout=20)
    port = address.partition(":")[2]
    headers = {
        "Host": f"{host}:{port}" if host else "",
        "Origin": f"http://{host}:{port}",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    connection.request("GET", "/_stcore/stream", headers=headers)
    assert connection.getresponse().status == status
    connection.close()
