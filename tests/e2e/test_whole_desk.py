"""The whole product on a real Asterisk: a customer's call from the menu to the timeline, by way of
two operators with the phone in the page, and the same with desk phones under click control.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ami.lab import LabPbx
from ami.lab.pbx import lab_plan
from ami.lab.phones import ANSWERS, Behaviour, Call, Caller, DeskPhone, call_in
from ami.lab.ports import free_tcp_port
from callcenter.outcomes.outcome import OutcomeDraft
from tests.e2e import soft_phone as phone
from tests.e2e.desks import PATIENCE, context_of, log_in
from tests.faults.comparison import compare, ours_of
from tests.faults.witness import true_calls
from tests.support.lab import require_lab
from tests.support.waiting import wait_until
from tests.support.whole_product import WholeProduct, joined

pytestmark = [pytest.mark.browser, pytest.mark.pbx, pytest.mark.timeout(240)]

MENU, SUPPORT = "+48221000003", "+48221000001"
MARIA = "+48601100100"
LONG_ENOUGH = 7.0
"""Seconds in a queue; who hangs up in the first five has not waited for us."""
OUTCOME = "Offer asked for"
FIRST, SECOND = "1001", "1002"
Open = Callable[[str], Page]


@pytest.fixture
def crm(sqlite_url: str, tmp_path: Path, front_end: None) -> Iterator[WholeProduct]:
    require_lab()
    plan = lab_plan(("127.0.0.1", free_tcp_port()), record=True)
    with LabPbx(tmp_path / "pbx", plan=plan) as pbx, joined(sqlite_url, pbx, tmp_path) as product:
        product.add_operators([FIRST, SECOND])
        product.add_customer(MARIA, display_name="Maria Kowalska")
        with product.runtime.unit_of_work() as uow:
            uow.outcomes.add(OutcomeDraft(label=OUTCOME, kind="good"))
            uow.commit()
        product.serve_pages()
        yield product


@pytest.fixture
def desk(chromium: Browser, crm: WholeProduct) -> Iterator[Open]:
    """The screen of an operator, each in a browser of their own."""
    with ExitStack() as stack:

        def open_desk(extension: str) -> Page:
            context = stack.enter_context(context_of(chromium, permissions=["microphone"]))
            return log_in(context, crm.web_url, f"operator{extension}")

        yield open_desk


def be(page: Page, state: str) -> None:
    page.click("#agent-state summary")
    page.click(f"#agent-state [data-state={state}]:not([data-reason])")
    expect(page.locator("#agent-state summary")).to_have_attribute("data-current", state)


def pause(page: Page) -> None:
    """Takes nobody from a queue, and can be reached by colleagues."""
    page.click("#agent-state summary")
    page.click("#agent-state [data-reason=lunch]")
    expect(page.locator("#agent-state summary")).to_have_attribute("data-current", "paused")


def customer_calls(
    crm: WholeProduct, number: str, to: str = SUPPORT, *, talk: float = 90.0, **how: Any
) -> Caller:
    return call_in(crm.pbx, [Call(number=number, to=to)], talk=talk, **how)


def pop_shows(page: Page, name: str) -> None:
    expect(page.locator("#pop .card-name")).to_have_text(name, timeout=PATIENCE)


def asterisk_hears_and_speaks(crm: WholeProduct, devices: int) -> None:
    """Asterisk's own count of packets is not nothing, either way, on so many channels."""

    def counts() -> bool:
        table = crm.pbx.console("pjsip show channelstats")
        # bridge, channel, time up, codec, then received: count, lost, per cent, jitter, then sent
        rows = [row.split() for row in table.splitlines() if re.match(r"\s*[0-9a-f]{8} \S+-0", row)]
        return len(rows) == devices and all(int(row[4]) and int(row[8]) for row in rows)

    wait_until(counts, words="packets both ways")


def write(page: Page, note: str) -> None:
    page.fill("#note", note)
    expect(page.locator("#note-status")).to_contain_text("Saved", timeout=PATIENCE)


def wrap_up_by_keyboard(page: Page) -> None:
    """The first outcome, then Done."""
    expect(page.locator("#agent-state summary")).to_have_attribute("data-current", "wrap_up")
    expect(page.locator(".outcome").first).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".outcome[aria-pressed=true]")).to_have_text(re.compile(OUTCOME))
    page.keyboard.press("Enter")
    expect(page.locator("#agent-state summary")).not_to_have_attribute("data-current", "wrap_up")


def agrees_with_asterisks_own_records(crm: WholeProduct) -> None:
    """Who spoke to whom, with what result, by which transfers, for how many seconds."""
    crm.pbx.wait_idle()
    calls = true_calls(crm.pbx.cdr_rows(), crm.pbx.cel_rows(), [])
    assert compare(calls, *ours_of(crm.mappings)) == []


def the_timeline_tells(page: Page, crm: WholeProduct, customer: str, *people: str) -> None:
    (row,) = crm.mappings(
        "SELECT i.id, i.customer_id FROM interactions i JOIN customers c ON c.id = i.customer_id"
        f" WHERE c.display_name = '{customer}'"
    )
    with page.expect_response("**/timeline*"):  # a piece of its own, after the card
        page.goto(f"{crm.web_url}/customers/{row['customer_id']}")
    expect(page.locator("ol.timeline")).to_contain_text("Asks for two trucks")
    expect(page.locator("ol.timeline")).to_contain_text(OUTCOME)
    page.goto(f"{crm.web_url}/interactions/{row['id']}")
    for who in people:
        expect(page.locator("table.list")).to_contain_text(who)


def a_recording_plays(page: Page) -> None:
    place = page.locator("[data-recording]").first
    expect(place).to_be_visible(timeout=PATIENCE)
    seconds = page.evaluate(
        """async (url) => {
          const sound = new Audio(url);
          await sound.play();
          const length = sound.duration;
          sound.pause();
          return length;
        }""",
        place.get_attribute("data-recording"),
    )
    assert seconds > 1


def test_a_customers_call_goes_from_the_menu_by_two_operators_to_the_timeline(
    crm: WholeProduct, desk: Open
) -> None:
    anna, jan = desk(FIRST), desk(SECOND)
    for page in (anna, jan):
        phone.switch_on(page)
    pause(jan)
    caller = customer_calls(crm, MARIA, MENU, digit="2", echo=True)
    phone.bar_is(anna, "ringing")
    pop_shows(anna, "Maria Kowalska")
    phone.press(anna, "answer")
    phone.hears_and_speaks(anna)
    asterisk_hears_and_speaks(crm, devices=2)
    write(anna, "Asks for two trucks")
    phone.press(anna, "hold")
    phone.bar_is(anna, "hold")
    phone.press(anna, "hold")
    phone.bar_is(anna, "talking")
    phone.transfer(anna, SECOND, "consult")
    phone.bar_is(jan, "ringing")
    phone.press(jan, "answer")
    phone.hears_and_speaks(jan)
    phone.press(anna, "complete")
    phone.bridged(crm, "trunk", f"web{SECOND}")
    pop_shows(jan, "Maria Kowalska")
    expect(jan.locator("#pop")).to_contain_text("Operator 1001")
    expect(jan.locator("#desk")).to_contain_text("Asks for two trucks")
    phone.bar_is(anna, "idle")
    phone.hears_and_speaks(jan)
    phone.press(jan, "hangup")
    phone.bar_is(jan, "idle")
    wrap_up_by_keyboard(jan)
    caller.wait(60)
    crm.wait_until_over(1)
    agrees_with_asterisks_own_records(crm)
    the_timeline_tells(jan, crm, "Maria Kowalska", "Operator 1001", "Operator 1002")
    a_recording_plays(jan)


def test_the_same_with_desk_phones_under_click_control(crm: WholeProduct, desk: Open) -> None:
    anna, jan = desk(FIRST), desk(SECOND)
    pause(jan)
    with DeskPhone(crm.pbx, FIRST, ANSWERS), DeskPhone(crm.pbx, SECOND, ANSWERS):
        caller = customer_calls(crm, MARIA, MENU, digit="2")
        phone.bar_is(anna, "talking")
        pop_shows(anna, "Maria Kowalska")
        write(anna, "Asks for two trucks")
        phone.press(anna, "hold")
        phone.bar_is(anna, "hold")
        phone.press(anna, "hold")
        phone.bar_is(anna, "talking")
        phone.transfer(anna, SECOND, "consult")
        phone.bar_is(jan, "talking")
        phone.press(anna, "complete")
        pop_shows(jan, "Maria Kowalska")
        expect(jan.locator("#desk")).to_contain_text("Asks for two trucks")
        phone.bar_is(anna, "idle")
        phone.press(jan, "hangup")
        phone.bar_is(jan, "idle")
        wrap_up_by_keyboard(jan)
        caller.wait(60)
        crm.wait_until_over(1)
    agrees_with_asterisks_own_records(crm)
    the_timeline_tells(jan, crm, "Maria Kowalska", "Operator 1001", "Operator 1002")
    a_recording_plays(jan)


def test_who_called_in_vain_leaves_the_list_when_they_get_through(
    crm: WholeProduct, desk: Open
) -> None:
    anna = desk(FIRST)
    with DeskPhone(crm.pbx, FIRST, Behaviour(ring=3.0)):
        pause(anna)
        customer_calls(crm, MARIA, talk=LONG_ENOUGH).wait(60)
        expect(anna.locator("#desk-missed")).to_contain_text("Maria Kowalska", timeout=PATIENCE)
        be(anna, "ready")
        customer_calls(crm, MARIA, talk=6.0).wait(60)
        expect(anna.locator("#desk-missed")).not_to_contain_text("Maria", timeout=PATIENCE)
        crm.wait_until_over(2)
    (row,) = crm.mappings("SELECT closed_how FROM missed_calls")
    assert row["closed_how"] == "got_through"
