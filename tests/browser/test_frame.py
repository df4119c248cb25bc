"""No page of another site shows this one in a frame, where a click that is meant for that site would be one here."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.server import PATIENCE


@contextmanager
def another_site(framed):
    """The address of a site whose only page has a frame with what is at another address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f'<iframe src="{framed}" width=1000 height=800></iframe>'.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_another_site_frames_nothing_but_a_link(browser, address):
    with another_site(address) as site:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site)
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="Open Draw a Digit in a page of its own").wait_for()
        assert frame.locator("button").count() == 0
        page.close()
