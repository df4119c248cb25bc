"""Two replicas of the page behind nginx, with one database."""

import contextlib
import hashlib
import http.client
import re
import time
import urllib.error
import urllib.request
from collections import Counter
from types import SimpleNamespace

import pytest
from websockets import ConnectionClosed
from websockets.sync.client import connect

from model.drawings import open_drawings
from tests.support.digits import DIGITS
from tests.support.frames import frame
from tests.support.loops import run
from tests.support.mouse import draw, press, wait_for_heading, wait_for_rest
from tests.support.nginx import find_nginx, serve_nginx
from tests.support.postgresql import find_postgresql, serve_postgresql
from tests.support.server import PATIENCE, free_port, serve
from tests.support.services import require
from tests.support.traffic import wait_for
from tests.support.visitor import Visitor

pytestmark = pytest.mark.services

TAB = re.compile(r"drawing=([\w-]{16})")
BAR = [[(0.2, 0.2), (0.8, 0.2)]]  # on top of a 1, which is no 1 then
READ_WITH_BAR = "!['', '1'].includes(document.querySelector('.st-key-answer h2').textContent)"
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Two replicas, nginx before them, and the URL of their database."""
    nginx, postgresql = require(find_nginx(), "nginx"), require(find_postgresql(), "PostgreSQL")
    with contextlib.ExitStack() as stack:
        url = stack.enter_context(serve_postgresql(postgresql)).new_database("replicas")
        replicas, metrics, logs = {}, {}, {}
        for name in ("replica-1", "replica-2"):
            folder = tmp_path_factory.mktemp(name)
            metrics[name], logs[name] = free_port(), folder / "log"
            own = {"DIGITS_REPLICA": name, "DIGITS_METRICS": str(metrics[name]), "DIGITS_LOG": "lines"}
            log = stack.enter_context(logs[name].open("wb"))
            server = serve(folder, log=log, DIGITS_DATABASE=url, DIGITS_TRAINING="off", **own)
            replicas[name] = stack.enter_context(server)
        address = stack.enter_context(serve_nginx(nginx, [address for address, _ in replicas.values()]))
        yield SimpleNamespace(address=address, replicas=replicas, url=url, metrics=metrics, logs=logs)


def cookies(page):
    return {each["name"]: each["value"] for each in page.context.cookies()}


def kept_strokes(site, page):
    """How many strokes of the page's drawing are in the database."""
    browser = hashlib.sha256(cookies(page)["draw-a-digit-visitor"].encode()).hexdigest()[:40]
    kept = open_drawings(site.url).canvas(f"{browser}-{TAB.search(page.url)[1]}")
    return 0 if kept is None else len(kept.strokes[1][kept.strokes[2]])


def wait_until_kept(site, page, strokes):
    wait_for(page, lambda: kept_strokes(site, page) == strokes)


def draw_kept(site, page, strokes, count):
    draw(page, strokes)
    wait_for_rest(page)
    page.wait_for_url(TAB)
    wait_until_kept(site, page, count)


def get(address, path, **headers):
    """The status, the headers and the text of an answer."""
    request = urllib.request.Request(f"{address}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE / 1000) as answer:
            return answer.status, answer.headers, answer.read().decode("latin-1")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("latin-1")


def test_what_nginx_adds_and_keeps_to_itself(site):
    status, headers, page = get(site.address, "/")
    assert (status, headers["Content-Security-Policy"]) == (200, "frame-ancestors 'self'")
    script = re.search(r'src="\.?(/static/js/[^"]+)"', page)[1]
    assert get(site.address, script, **{"Accept-Encoding": "gzip"})[1]["Content-Encoding"] == "gzip"
    for path in ("/healthz", "/_stcore/metrics"):
        assert get(site.address, path)[0] == 404


@pytest.mark.parametrize(("megabytes", "refused"), [(20, False), (22, True)])
def test_uploads_pass_up_to_20_mb(site, megabytes, refused):
    """Streamlit refuses it: there is no such session. nginx may not have done so before."""
    connection = http.client.HTTPConnection(site.address.removeprefix("http://"), timeout=PATIENCE / 1000)
    with contextlib.suppress(ConnectionError):  # whoever refuses need not read all of it
        connection.request("PUT", "/_stcore/upload_file/nobody/file", body=bytes(megabytes * MEGABYTE))
    answer = connection.getresponse()
    assert (answer.status == 413) == refused
    assert (b"nginx" in answer.read()) == refused
    connection.close()


def test_each_replica_says_whether_it_can_read(site):
    for address, _ in site.replicas.values():
        assert get(address, "/healthz")[::2] == (200, "ok")


def figures(site):
    """What Prometheus is told of both replicas, each figure by its name."""
    pages = [get(f"http://127.0.0.1:{port}", "/metrics")[2] for port in site.metrics.values()]
    found = Counter()
    for name, figure in re.findall(r"^(digits_\w+) (\S+)$", "\n".join(pages), re.MULTILINE):
        found[name] += float(figure)
    return found


def test_readings_and_sessions_are_counted(site):
    async def draw_once():
        async with Visitor(site.address) as visitor:
            await visitor.take(frame(7), "lifted")
            return figures(site)

    before, during = figures(site), run(draw_once())
    name = "digits_reading_seconds_count"
    assert during[name] == before[name] + 1
    assert during["digits_sessions"] == before["digits_sessions"] + 1
    assert during["digits_trainings"] == 0


def test_each_request_and_each_error_is_a_line_of_the_log(site):
    (name, (address, _)) = next(iter(site.replicas.items()))
    with connect(f"{address}/_stcore/stream".replace("http", "ws", 1), subprotocols=["streamlit"]) as socket:
        socket.send(b"This is no message.")
        with contextlib.suppress(ConnectionClosed):
            while True:
                socket.recv()
    get(address, "/_stcore/health")
    wanted = [
        r"Error deserializing back message error=DecodeError: .* at=.*\.py:\d+$",
        r"request='WEBSOCKET /_stcore/stream' status=1002 seconds=\d+\.\d+ client=\S+$",
        r"request='GET /_stcore/health' status=200 ",
    ]
    deadline = time.monotonic() + PATIENCE / 1000
    missing = wanted
    while missing and time.monotonic() < deadline:
        log = site.logs[name].read_text()
        missing = [each for each in wanted if not re.search(each, log, re.MULTILINE)]
        time.sleep(0.05)
    assert not missing, log
    assert "Traceback" not in log


def test_the_drawing_outlives_its_replica(open_page, site):
    page = open_page(site.address)
    draw_kept(site, page, DIGITS[1], 1)
    wait_for_heading(page, 1)
    first = cookies(page)["replica"]
    (other,) = set(site.replicas) - {first}

    page.context.add_cookies([{"name": "replica", "value": other, "url": site.address}])
    page.reload()
    wait_for_heading(page, 1)
    assert cookies(page)["replica"] == other

    draw_kept(site, page, BAR, 2)
    page.wait_for_function(READ_WITH_BAR)
    _, process = site.replicas[other]
    with page.expect_event("websocket", timeout=PATIENCE):  # to the one that is left
        process.kill()
    page.wait_for_function("!document.querySelector('.st-key-canvas').drawn.waits()")
    page.wait_for_function(READ_WITH_BAR)
    press(page, "undo")
    wait_for_heading(page, 1)
    wait_until_kept(site, page, 1)
    assert cookies(page)["replica"] == first
