"""The phone in the page on a real Asterisk: sound both ways, every control, and what goes wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from ami.lab import LabPbx
from ami.lab.phones import Behaviour, Call, Caller, FarEnd, call_in
from ami.lab.ports import free_tcp_port
from tests.e2e.desks import context_of, log_in
from tests.e2e.soft_phone import (
    PATIENCE,
    bar_is,
    bridged,
    hears_and_speaks,
    press,
    status_is,
    switch_on,
    transfer,
)
from tests.support.lab import require_lab
from tests.support.phone_news import RINGING, HeldNews
from tests.support.waiting import wait_until
from tests.support.whole_product import WholeProduct, joined
from web.assets import DIST, manifest

pytestmark = [pytest.mark.browser, pytest.mark.pbx]

ANNA, DIRECT = "+48601100100", "+48221000101"
REFUSES_MICROPHONE = """
navigator.mediaDevices.getUserMedia = () =>
    window.allowed ? window.real() : Promise.reject(new DOMException("no", "NotAllowedError"));
"""
KEEPS_MICROPHONE = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.real = () => real({ audio: true });
"""
SLOW_MICROPHONE = """
const opens = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
window.opened = [];
window.slow = () => (window.waits = new Promise((done) => (window.open_at_last = done)));
navigator.mediaDevices.getUserMedia = async (wanted) => {
    await window.waits;
    window.opened.push(await opens(wanted));
    return window.opened.at(-1);
};
"""
ALL_CLOSED = """(count) => opened.length >= count
    && opened.every((one) => one.getTracks().every((track) => track.readyState === "ended"))"""

Window = Callable[..., Page]


@pytest.fixture(scope="module")
def crm(
    _sqlite_databases, tmp_path_factory: pytest.TempPathFactory, front_end: None
) -> Iterator[WholeProduct]:
    require_lab()
    folder = tmp_path_factory.mktemp("soft-phone")
    url = _sqlite_databases.migrated(folder / "callcenter.db")
    agi = ("127.0.0.1", free_tcp_port())
    with LabPbx(folder / "pbx", agi=agi) as pbx, joined(url, pbx, folder) as product:
        product.add_operators(["1001", "1002"])
        product.serve_pages()
        pbx.console("logger add channel keys dtmf")
        yield product


@pytest.fixture
def anna_calls(crm: WholeProduct) -> Iterator[Callable[[], None]]:
    """Anna calls the first operator's own number, and says what she hears."""
    callers: list[Caller] = []
    call = Call(number=ANNA, to=DIRECT)
    yield lambda: callers.append(call_in(crm.pbx, [call], talk=180, echo=True))
    for caller in callers:
        caller.stop()


@pytest.fixture
def window(chromium: Browser, crm: WholeProduct) -> Iterator[Window]:
    with ExitStack() as stack:

        def window(
            extension: str = "1001",
            script: str = "",
            news: HeldNews | None = None,
            **options: object,
        ) -> Page:
            context = stack.enter_context(context_of(chromium, **options))
            if script:
                context.add_init_script(script)
            if news:
                news.stand_between(context)
            return log_in(context, crm.web_url, f"operator{extension}")

        yield window
        crm.pbx.console("channel request hangup all")
        crm.pbx.wait_idle()


def test_a_page_without_the_phone_carries_nothing_of_it(front_end: None) -> None:
    built = manifest()
    assert "z9hG4bK" in (DIST / built["phone.js"]).read_text("utf-8")  # every SIP request has it
    assert "z9hG4bK" not in (DIST / built["frame.js"]).read_text("utf-8")
    parts = ("frame.js", "phone.js", "theme.js", "styles.css", "icons.svg")
    assert sum((DIST / f"{built[part]}.gz").stat().st_size for part in parts) < 400_000


def test_a_caller_is_answered_muted_held_and_keyed_in_the_page(
    crm: WholeProduct, window: Window, anna_calls: Callable[[], None]
) -> None:
    desk = window()
    switch_on(desk)
    anna_calls()
    bar_is(desk, "ringing")
    press(desk, "answer")
    bar_is(desk, "talking")
    hears_and_speaks(desk)
    bridged(crm, "trunk", "web1001")

    press(desk, "mute")
    expect(desk.locator("#callbar [data-act=mute]")).to_contain_text("Unmute")
    desk.keyboard.press("m")
    expect(desk.locator("#callbar [data-act=mute]")).not_to_contain_text("Unmute")

    desk.keyboard.press("h")
    bar_is(desk, "hold")
    expect(desk.locator("#agent-state [data-current]")).to_have_attribute("data-current", "hold")
    press(desk, "hold")
    bar_is(desk, "talking")
    expect(desk.locator("#agent-state [data-current]")).to_have_attribute("data-current", "talking")
    hears_and_speaks(desk)

    press(desk, "keypad")
    desk.keyboard.type("5")
    keys = crm.pbx.work_dir / "log" / "keys"
    wait_until(lambda: "DTMF end '5' received on PJSIP/web1001" in keys.read_text("utf-8"))
    desk.keyboard.press("Escape")

    expect(desk.locator(".sound-bars")).to_be_visible(timeout=15_000)
    press(desk, "hangup")
    bar_is(desk, "idle")
    crm.wait_until_over(1)
    wait_until(lambda: crm.mappings("SELECT 1 FROM leg_quality"))
    (sound,) = crm.mappings(
        "SELECT l.endpoint, q.mos, q.samples FROM leg_quality q "
        "JOIN call_legs l ON l.call_id = q.call_id AND l.uniqueid = q.uniqueid"
    )
    assert sound["endpoint"] == "PJSIP/web1001"
    assert 1.0 <= sound["mos"] <= 4.5


def test_calls_are_placed_handed_over_and_brought_back_after_a_reload(
    crm: WholeProduct, window: Window, anna_calls: Callable[[], None]
) -> None:
    first, second = window("1001"), window("1002")
    switch_on(first)
    switch_on(second)

    with FarEnd(crm.pbx, Behaviour(ring=0.2)):
        press(first, "dial")
        first.fill("#keypad input", "602 200 200")
        first.keyboard.press("Enter")
        bar_is(first, "talking")
        bridged(crm, "trunk", "web1001")
        press(first, "hangup")
        bar_is(first, "idle")

    anna_calls()
    bar_is(first, "ringing")
    first.keyboard.press("a")
    bar_is(first, "talking")

    transfer(first, "1002", "consult")
    bar_is(second, "ringing")
    second.keyboard.press("a")
    bridged(crm, "web1001", "web1002")
    press(first, "complete")
    bridged(crm, "trunk", "web1002")
    bar_is(first, "idle")
    bar_is(second, "talking")
    hears_and_speaks(second)

    transfer(second, "1001", "transfer")
    bar_is(first, "ringing")
    press(first, "answer")
    bridged(crm, "trunk", "web1001")
    bar_is(second, "idle")

    hears_and_speaks(first)
    first.reload()
    wait_until(lambda: crm.pbx.channels() == 2, timeout=20)
    hears_and_speaks(first)
    bridged(crm, "trunk", "web1001")
    bar_is(first, "talking")

    transfer(first, "1002", "consult")
    bar_is(second, "ringing")
    press(second, "answer")
    bridged(crm, "web1001", "web1002")
    press(first, "conference")
    bridged(crm, "trunk", "web1001", "web1002")
    bar_is(first, "talking")
    hears_and_speaks(second)


def knows_the_call(page: Page) -> None:
    """The CRM told of it, not the phone alone."""
    expect(page.locator("#callbar")).to_have_attribute("data-call-id", re.compile("."))


def test_a_call_that_comes_back_is_answered_while_only_its_pop_is_told(
    crm: WholeProduct, window: Window, anna_calls: Callable[[], None]
) -> None:
    news = HeldNews()
    first, second = window("1001", news=news), window("1002")
    switch_on(first)
    switch_on(second)
    anna_calls()
    press(first, "answer")
    bridged(crm, "trunk", "web1001")
    knows_the_call(first)
    transfer(first, "1002", "transfer")
    press(second, "answer")
    bridged(crm, "trunk", "web1002")
    bar_is(first, "idle")
    knows_the_call(second)

    news.hold(after='"phase":"ringing"')
    transfer(second, "1001", "transfer")
    bar_is(first, "ringing")
    knows_the_call(first)
    press(first, "answer")
    bridged(crm, "trunk", "web1001")
    news.release()
    bar_is(first, "talking")
    bar_is(second, "idle")


def test_a_call_answered_before_the_phone_rings_is_lifted_when_it_does(
    crm: WholeProduct, window: Window
) -> None:
    ringing = HeldNews(RINGING)
    first, second = window("1001", news=ringing), window("1002")
    switch_on(first)
    switch_on(second)
    ringing.hold()
    press(second, "dial")
    second.fill("#keypad input", "1001")
    second.keyboard.press("Enter")
    bar_is(first, "ringing")
    first.keyboard.press("a")
    ringing.release()
    bar_is(first, "talking")
    bar_is(second, "talking")
    bridged(crm, "web1001", "web1002")


def test_answer_pressed_twice_or_too_late_is_no_fault_and_keeps_no_microphone(
    crm: WholeProduct, window: Window, anna_calls: Callable[[], None]
) -> None:
    desk = window(script=SLOW_MICROPHONE)
    switch_on(desk)
    already = desk.evaluate("opened.length")

    desk.evaluate("void slow()")
    anna_calls()
    bar_is(desk, "ringing")
    press(desk, "answer")
    crm.pbx.console("channel request hangup all")
    bar_is(desk, "idle")
    desk.evaluate("open_at_last()")
    desk.wait_for_function(ALL_CLOSED, arg=already + 1)
    expect(desk.locator("#toasts .tone-bad")).to_have_count(0)

    desk.evaluate("void slow()")
    anna_calls()
    bar_is(desk, "ringing")
    press(desk, "answer")
    desk.keyboard.press("a")
    desk.evaluate("open_at_last()")
    bar_is(desk, "talking")
    expect(desk.locator("#toasts .tone-bad")).to_have_count(0)
    press(desk, "hangup")
    bar_is(desk, "idle")
    desk.wait_for_function(ALL_CLOSED, arg=already + 2)


def test_a_press_is_heard_though_the_bar_changes_before_the_key_is_let_go(
    crm: WholeProduct, window: Window, anna_calls: Callable[[], None]
) -> None:
    first, second = window("1001"), window("1002")
    switch_on(first)
    switch_on(second)
    anna_calls()
    press(first, "answer")
    knows_the_call(first)
    press(second, "dial")
    second.fill("#keypad input", "1001")
    second.keyboard.press("Enter")
    first.locator("#callbar [data-act=answer-other]").hover()
    sound = first.locator("#callbar .sound-bars")
    said = sound.get_attribute("title", timeout=PATIENCE) or ""
    first.mouse.down()
    expect(sound).not_to_have_attribute("title", said, timeout=PATIENCE)  # drawn anew
    first.mouse.up()
    bridged(crm, "web1001", "web1002")


def test_who_asks_first_can_hand_over_a_call_that_the_page_hears_of_only_then(
    crm: WholeProduct, window: Window, anna_calls: Callable[[], None]
) -> None:
    news = HeldNews()
    first, second = window("1001", news=news), window("1002")
    switch_on(first)
    switch_on(second)
    news.hold()
    anna_calls()
    press(first, "answer")
    bar_is(first, "talking")
    transfer(first, "1002", "consult")
    press(second, "answer")
    bridged(crm, "web1001", "web1002")
    expect(first.locator("#callbar")).to_have_attribute("data-call-id", "")
    expect(first.locator("#callbar [data-act=complete]")).to_be_visible()

    news.release()
    knows_the_call(first)
    press(first, "complete")
    bridged(crm, "trunk", "web1002")
    bar_is(first, "idle")
    bar_is(second, "talking")


def test_one_phone_at_a_time_and_every_fault_in_words(crm: WholeProduct, window: Window) -> None:
    first = window()
    switch_on(first)

    # another tab of the same browser, then another browser
    tab = first.context.new_page()
    tab.goto(f"{crm.web_url}/desk")
    status_is(tab, "elsewhere")
    tab.click("[data-act=phone]")
    expect(tab.locator("#phone-panel")).to_contain_text("open in another tab")
    tab.click("#phone-over")
    status_is(tab, "ready")
    status_is(first, "elsewhere")
    other = window()
    status_is(other, "elsewhere")
    other.click("[data-act=phone]")
    expect(other.locator("#phone-panel")).to_contain_text("another screen")
    other.click("#phone-over")
    status_is(other, "ready")
    status_is(tab, "elsewhere")
    expect(tab.locator("#toasts")).to_contain_text("went to another screen")
    tab.close()
    first.close()

    # the PBX goes, and comes back
    crm.pbx.stop()
    status_is(other, "fault")
    expect(other.locator("#phone-panel")).to_contain_text("cannot reach the PBX")
    crm.pbx.start()
    status_is(other, "ready")
    asterisk = "web1001/sip:"
    wait_until(lambda: asterisk in crm.pbx.console("pjsip show contacts"), timeout=20)

    # a signature by another key
    other.route(
        "**/phone/sign", lambda route: route.fulfill(body=json.dumps({"response": "0" * 32}))
    )
    other.reload()
    status_is(other, "fault")
    other.click("[data-act=phone]")
    expect(other.locator("#phone-panel")).to_contain_text("key does not fit")
    other.unroute("**/phone/sign")
    other.click("#phone-again")
    status_is(other, "ready")
    other.click("#phone-panel #phone-off")
    status_is(other, "off")

    # the microphone is refused, then allowed
    careful = window(script=KEEPS_MICROPHONE + REFUSES_MICROPHONE)
    careful.click("[data-act=phone]")
    careful.click("#phone-on")
    status_is(careful, "fault")
    expect(careful.locator("#phone-panel")).to_contain_text("may not use your microphone")
    careful.evaluate("window.allowed = true")
    careful.click("#phone-again")
    status_is(careful, "ready")
