"""A line between a browser and the page's server on which the rest of a run of the page gets lost."""

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class LossyLine:
    """While `losing`, each run of the page ends for the browser just before it is told the bars.

    Streamlit does so if a fragment asks for a rerun at the wrong moment. Call `lay` before the page is opened.
    """

    def __init__(self):
        self.losing, self.lost, self._cut = False, 0, False

    def lay(self, page):
        page.route_web_socket(lambda address: "_stcore/stream" in address, self._connect)

    def _connect(self, browser):
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(lambda message: self._pass_on(message, browser))

    def _pass_on(self, message, browser):
        told = ForwardMsg.FromString(message)
        if told.HasField("new_session"):
            self._cut = False
        elif self.losing and b'"bars"' in message:
            self._cut = True
            self.lost += 1
        if not self._cut:
            browser.send(message)
