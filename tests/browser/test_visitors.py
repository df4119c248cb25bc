"""On a page that others reach, each visitor has a hand of their own, and drawings that nobody else sees."""

import json
import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from model.analysis import DRAWINGS, evaluation_file, load_evaluation
from model.drawings import open_drawings
from model.runs import delete_run, list_runs, running_run, waiting_runs, wished
from tests.support.hasty import hasty_six
from tests.support.mouse import MAIN, check_phone, choose, draw, press, set_epochs, wait_for_heading, wait_for_network
from tests.support.row import draw_afresh, say
from tests.support.runs import make_usable_run
from tests.support.server import PATIENCE, serve
from tests.support.sidebar import queue
from tests.support.traffic import answered, wait_for
from tests.support.trainer import end_trainings
from views.shared.state import REMEMBERED

expect.set_options(timeout=PATIENCE)

COOKIE = "draw-a-digit-visitor"
OPEN_TO_OTHERS = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(autouse=True)
def _runs_are_those_of_one_test(runs):
    yield
    end_trainings(runs)
    for run in list_runs(runs):
        delete_run(runs, run.name)


@pytest.fixture(scope="module")
def shared(browser, runs):
    """The address of a page that others reach."""
    with serve(runs, **OPEN_TO_OTHERS) as (address, _):
        yield address


@pytest.fixture(scope="module")
def drawings(runs):
    return open_drawings(f"sqlite:///{runs / 'drawings.db'}")


def token(page):
    (cookie,) = [each for each in page.context.cookies() if each["name"] == COOKIE]
    return cookie


def test_a_visitor_sees_and_teaches_no_other(open_page, shared, drawings, runs):
    before = set(drawings.hands())
    ada, bob = open_page(shared), open_page(shared)
    draw_afresh(ada, hasty_six(), 5)
    say(ada, 6)
    wait_for_heading(ada, 6)
    draw_afresh(bob, hasty_six(), 5)
    with answered(bob):
        bob.get_by_role("tab", name="My drawings").click()
    expect(bob.locator(".st-key-my_drawings")).to_contain_text("Nothing is kept yet")
    expect(bob.locator(".st-key-own_hand")).to_have_count(0)
    ada.reload()
    wait_for_heading(ada, 6)
    (hand,) = set(drawings.hands()) - before
    assert hand.startswith("~")
    for secret in (token(ada)["value"], token(bob)["value"]):
        assert secret not in ada.url + bob.url + ada.content() + bob.content()
        assert not any(secret.encode() in file.read_bytes() for file in runs.rglob("*") if file.is_file())


def test_the_browser_alone_keeps_the_token(open_page, shared):
    page = open_page(shared)
    wait_for_network(page)
    cookie = token(page)
    assert re.fullmatch(r"[\w-]{43}", cookie["value"])  # 256 bits
    assert (cookie["sameSite"], cookie["path"], cookie["secure"]) == ("Strict", "/", False)
    page.reload()
    wait_for_network(page)
    assert token(page)["value"] == cookie["value"]
    assert "draw-a-digit-hand" not in {each["name"] for each in page.context.cookies()}


def test_tabs_that_are_opened_at_the_same_moment_are_one_visitor(open_window, shared):
    window = open_window()
    tabs = [window.new_page() for _ in range(2)]
    for tab in tabs:
        tab.set_default_timeout(PATIENCE)
        tab.goto(shared, wait_until="commit")
    check_that_they_are_one_visitor(tabs)


def check_that_they_are_one_visitor(tabs):
    """What the first tab is told of a hasty 6, the second one knows."""
    for tab, digit in zip(tabs, (5, 6), strict=True):
        tab.bring_to_front()
        wait_for_network(tab)
        draw(tab, hasty_six())
        wait_for_heading(tab, digit)
        say(tab, 6)


# As if another tab wrote its token right after this one, which had seen none
OVERTAKEN = """() => {
    const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    Object.defineProperty(document, "cookie", {
        get: () => get.call(document),
        set: (cookie) => {
            set.call(document, cookie);
            if (!cookie.startsWith("draw-a-digit-visitor=") || sessionStorage.overtaken) return;
            sessionStorage.overtaken = true;
            set.call(document, cookie.replace(/=[^;]*/, "=" + "B".repeat(43)));
        },
    });
}"""


def test_a_tab_that_was_overtaken_while_it_was_greeted_is_the_same_visitor(open_window, shared):
    window = open_window()
    first, second = window.new_page(), window.new_page()
    first.add_init_script(f"({OVERTAKEN})()")
    for tab in (first, second):
        tab.set_default_timeout(PATIENCE)
        tab.goto(shared)
        if tab is first:
            tab.wait_for_function("sessionStorage.getItem('draw-a-digit-reloaded')")
    check_that_they_are_one_visitor((first, second))


def test_an_address_shows_nobody_elses_drawing_and_a_second_tab_gets_a_copy(open_page, shared):
    page = open_page(shared)
    draw_afresh(page, hasty_six(), 5)
    page.wait_for_url("**drawing=*")
    stranger = open_page(page.url)
    wait_for_network(stranger)
    wait_for_heading(stranger, "")
    copy = page.context.new_page()
    copy.set_default_timeout(PATIENCE)
    copy.goto(page.url)
    wait_for_heading(copy, 5)
    copy.locator(".st-key-clear button").click()
    wait_for_heading(copy, "")
    page.reload()
    page.locator(MAIN).wait_for()
    wait_for_heading(page, 5)


def test_no_crafted_message_reaches_another_hand(open_page, shared, drawings):
    ada = open_page(shared)
    draw_afresh(ada, hasty_six(), 5)
    before = set(drawings.hands())
    say(ada, 6)
    (hand,) = set(drawings.hands()) - before
    (kept,) = drawings.of(hand)

    mallory = open_page(shared)
    forged = []

    def forge(widgets):
        """Names another's hand and drawing wherever a message could."""
        for state in widgets:
            if state.HasField("json_trigger_value") and '"used"' in state.json_trigger_value:
                value = json.loads(state.json_trigger_value)
                _put(value, {"hand": hand, "id": kept.id, "name": hand})
                state.json_trigger_value = json.dumps(value)
                forged.append(value)
        widgets.add(id=REMEMBERED, string_value=hand)

    _forge_requests(mallory, forge)
    mallory.reload()
    wait_for_network(mallory)
    draw(mallory, hasty_six())
    wait_for_heading(mallory, 5)
    say(mallory, 8)
    assert forged
    assert drawings.of(hand) == [kept]
    assert drawings.hands()[hand] == 1


def test_each_visitor_has_a_network_and_trainings_of_their_own(open_page, shared, runs):
    """And no message that was made up changes another's: the buttons of one page, pressed on the other."""
    make_usable_run(runs, "theirs")
    buttons = {}
    ann = open_page(shared, prepare=lambda page: _note_buttons(page, buttons))
    ben = open_page(shared)
    choose(ann, "model", "quick")
    expect(ann.locator(".st-key-model input")).to_have_value(re.compile("quick"))
    expect(ben.locator(".st-key-model input")).to_have_value(re.compile("Built-in"))
    ann.wait_for_function("document.cookie.includes('draw-a-digit-network=theirs')")  # once it is loaded
    ann.reload()
    expect(ann.locator(".st-key-model input")).to_have_value(re.compile("quick"))
    expect(ben.locator(".st-key-model input")).to_have_value(re.compile("Built-in"))

    set_epochs(ann, 900)
    press(ann, "train")
    name = wait_for(ann, lambda: running_run(runs))
    expect(ann.locator(".st-key-wish_pause button")).to_be_visible()
    press(ben, "train")
    expect(queue(ben)).to_contain_text("1st in the queue")
    ben.reload()
    expect(queue(ben)).to_contain_text("1st in the queue")
    expect(queue(ann)).to_have_count(0)  # it is not hers
    expect(ben.locator(".st-key-progress")).to_be_visible()
    expect(ben.locator(".st-key-cancel, .st-key-wish_pause")).to_have_count(0)
    (waiting,) = waiting_runs(runs)
    wait_for(ann, lambda: {"cancel", "wish_pause"} <= set(buttons))

    forged = []

    def forge(widgets):
        forged.extend(widgets.add(id=buttons[key], trigger_value=True) for key in ("cancel", "wish_pause"))

    _forge_requests(ben, forge)
    ben.reload()
    wait_for_network(ben)
    draw(ben, hasty_six())
    wait_for_heading(ben, 5)
    assert forged
    assert running_run(runs) == name
    assert wished(runs / name) == ("go", 0)
    assert [run.name for run in waiting_runs(runs)] == [waiting.name]

    ben.close()
    press(ann, "wish_pause")
    wait_for(ann, lambda: wished(runs / name)[0] == "pause")
    press(ann, "cancel")
    wait_for(ann, lambda: running_run(runs) == waiting.name)  # although ben's page is closed
    expect(ann.locator(".st-key-cancel, .st-key-wish_pause")).to_have_count(0)


def test_two_networks_are_compared_on_the_drawing(open_page, shared, runs):
    """One of them has no score on real drawings before; it gets one on the way."""
    run = make_usable_run(runs, "stopped", status="cancelled")
    page = open_page(shared)
    wait_for_network(page)
    draw(page, hasty_six())
    wait_for_heading(page, 5)
    page.locator(".st-key-comparison summary").click()
    sides = page.locator(".st-key-compared_answers section")
    expect(sides).to_have_count(2)
    for side in sides.all():
        expect(side.locator("h4")).to_contain_text("5")
        expect(side.locator(".counts span")).to_have_count(10)
    expect(sides.first).to_contain_text("298 of 300 real drawings")  # it is a copy of the built-in network
    expect(page.locator(".st-key-comparison")).to_contain_text("Both read a 5")
    kept = load_evaluation(evaluation_file(runs, run / "model.keras", DRAWINGS))
    assert kept.score.in_words() == "298 of 300"
    with answered(page):
        press(page, "clear")
    expect(page.locator(".st-key-comparison")).to_contain_text("Draw a digit, and see")
    check_phone(page)


def test_what_is_opened_in_the_same_moment_as_a_stroke_is_sent_is_shown(open_page, shared, runs):
    """The browser then says both in one message, which runs the drawing's fragment alone."""
    make_usable_run(runs, "mine")
    left_out = []
    page = open_page(shared, prepare=lambda page: _join_with_the_next(page, "comparison", left_out))
    wait_for_network(page)
    page.locator(".st-key-comparison summary").click()
    wait_for(page, lambda: left_out)
    expect(page.locator(".st-key-compared_answers section")).to_have_count(0)
    draw(page, hasty_six())
    expect(page.locator(".st-key-compared_answers section")).to_have_count(2)


def _join_with_the_next(page, key, left_out):
    """Leaves out the request that a widget makes: its value comes with the next one. Call this before it is opened."""

    def pass_on(server, message):
        state = BackMsg.FromString(message).rerun_script.widget_states
        if left_out or not any(each.id.endswith(f"-{key}") and each.bool_value for each in state.widgets):
            server.send(message)
        else:
            left_out.append(message)

    def attach(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda message: pass_on(server, message))

    page.route_web_socket(re.compile("stream"), attach)


def _forge_requests(page, forge):
    """From its next load on, `forge` is given the values that each request of the page brings, to change them."""

    def change(message):
        back = BackMsg.FromString(message)
        if back.HasField("rerun_script"):
            forge(back.rerun_script.widget_states.widgets)
        return back.SerializeToString()

    def attack(socket):
        server = socket.connect_to_server()
        socket.on_message(lambda message: server.send(change(message)))

    page.route_web_socket(re.compile("stream"), attack)


def _note_buttons(page, found):
    """Notes the ids of all buttons that the page is told to show, by their keys. Call this before it is opened."""

    def note(payload):
        message = ForwardMsg.FromString(payload)
        button = message.delta.new_element.button.id if message.HasField("delta") else ""
        if button:
            found[button.rsplit("-", 1)[-1]] = button

    page.on("websocket", lambda socket: socket.on("framereceived", note))


def _put(value, more):
    """Adds entries to every use of the row in what a browser says."""
    if isinstance(value, list):
        for each in value:
            _put(each, more)
    elif isinstance(value, dict):
        for each in list(value.values()):
            _put(each, more)
        if "number" in value:
            value.update(more)
