"""nginx with the configuration in deploy/, before replicas on this machine: Debian's package `nginx`."""

import re
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from model.paths import ROOT
from tests.support.server import free_port

CONFIGURATION = ROOT / "deploy" / "nginx.conf.template"
PATIENCE = 20  # seconds
# What is around a site's configuration: in the image, /etc/nginx/nginx.conf.
AROUND = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def find_nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def serve_nginx(program, replicas):
    """nginx before two replicas, given by their addresses; checks its configuration first. Yields its own address."""
    port = free_port()
    values = {"LISTEN": f"127.0.0.1:{port}"}
    values |= {f"REPLICA_{number}": address.removeprefix("http://") for number, address in enumerate(replicas, start=1)}
    site = re.sub(r"\$\{([A-Z0-9_]+)\}", lambda name: values[name[1]], CONFIGURATION.read_text(encoding="utf-8"))
    folder = Path(tempfile.mkdtemp(prefix="digits-nginx-"))
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder), encoding="utf-8")
    command = [program, "-c", folder / "nginx.conf"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        deadline = time.monotonic() + PATIENCE
        while not _listens(port):
            assert process.poll() is None, (folder / "error.log").read_text()
            assert time.monotonic() < deadline, "nginx does not start"
            time.sleep(0.02)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def _listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
