"""Downloads from servers that answer, send something else, fail or stay silent."""

import hashlib
import socket
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import requests

from model import InputError
from model.data import download as module
from model.data.download import download

CONTENT = bytes(range(256)) * 1000
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/file":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("localhost", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@contextmanager
def silent_server():
    """Accepts connections and never answers."""
    with socket.create_server(("localhost", 0)) as listener:
        yield f"http://localhost:{listener.getsockname()[1]}/file"


def test_a_file_arrives_complete_and_its_progress_is_reported(server, tmp_path):
    said = []
    download(f"{server}/file", CHECKSUM, tmp_path / "new" / "file", said.append)
    assert (tmp_path / "new" / "file").read_bytes() == CONTENT
    (tmp_path / "other").touch()
    assert (tmp_path / "new" / "file").stat().st_mode == (tmp_path / "other").stat().st_mode  # not for its owner alone
    assert said
    assert all(words.startswith("Downloading") for words in said)


@pytest.mark.parametrize(
    ("path", "checksum", "reason"), [("file", "0" * 64, "wrong checksum"), ("no", CHECKSUM, "404")]
)
def test_a_wrong_file_is_refused_in_a_sentence(server, tmp_path, path, checksum, reason):
    with pytest.raises(InputError, match=reason):
        download(f"{server}/{path}", checksum, tmp_path / "file")
    assert not list(tmp_path.iterdir())


def test_a_silent_server_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_SILENCE", 0.5)
    with silent_server() as address, pytest.raises(InputError, match=r"nothing arrived|timed out"):
        download(address, CHECKSUM, tmp_path / "file")


def test_a_reason_that_is_no_lack_of_connection_is_named():
    error = requests.exceptions.SSLError("certificate has expired")
    assert module._reason(error) == "certificate has expired"


def test_no_connection_at_all_is_reported_in_a_sentence(tmp_path):
    with socket.create_server(("localhost", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(InputError, match=r"could not be downloaded from localhost:\d+ .+: go online"):
        download(f"http://localhost:{port}/file", CHECKSUM, tmp_path / "file")
