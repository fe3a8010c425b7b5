"""From the caller's ring to the card on the screen, in a real browser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import expect

from tests.support.web import EVIL, MARKUP, ONE, SHARED, UNKNOWN, World
from web.realtime import Listener, Realtime

pytestmark = pytest.mark.browser
Visit = Callable


def test_a_call_opens_the_customers_card_and_stands_on_the_timeline_after(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(ONE)
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "ringing")
    expect(page.locator("#pop-facts")).to_contain_text("Nowak Logistics")
    expect(page.locator("#pop-facts")).to_contain_text("12 days overdue")
    world.answer()
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    page.fill("#note", "Wants two trucks")
    expect(page.locator("#note-status")).to_contain_text("Saved")
    world.hang_up()
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "idle")
    expect(page.locator("#note")).to_have_value("Wants two trucks")
    page.click("#pop .card-name")
    expect(page.locator("ol.timeline")).to_contain_text("Wants two trucks")


def test_several_customers_are_chosen_by_a_number_key(visit: Visit, world: World) -> None:
    page = visit()
    world.ring(SHARED)
    expect(page.locator(".choice")).to_have_count(2)
    second = (
        page.locator(".choice")
        .nth(1)
        .locator(".choice-name")
        .evaluate("e => e.firstChild.textContent")
    )
    page.keyboard.press("2")
    expect(page.locator("#pop .card-name")).to_have_text(second)
    expect(page.locator("#pop")).to_have_attribute("data-match", "chosen")
    expect(page.locator("#pop-facts")).to_contain_text("Zając i synowie")


def test_choosing_the_customer_does_not_disturb_who_is_writing(visit: Visit, world: World) -> None:
    page = visit()
    world.ring(SHARED)
    page.click("#note")
    page.keyboard.type("Calls about")
    world.tell(world.calls["pbx/1"])
    page.evaluate("document.querySelector('.choice').click()")
    page.keyboard.type(" the invoice")
    expect(page.locator("#pop-facts")).to_contain_text("Zając i synowie")
    page.keyboard.type(" of May")
    expect(page.locator("#note")).to_have_value("Calls about the invoice of May")
    expect(page.locator("#note-status")).to_contain_text("Saved")
    page.reload()
    expect(page.locator("#note")).to_have_value("Calls about the invoice of May")


def test_an_unknown_caller_becomes_a_customer_without_typing_the_number(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(UNKNOWN)
    expect(page.locator("#quick")).to_contain_text("Russia")
    page.fill("#quick #display_name", "Сергей Новиков")
    page.click("#quick button[type=submit], #quick .btn-primary")
    expect(page.locator("#pop .card-name")).to_have_text("Сергей Новиков")


def test_a_hidden_caller_is_said_to_be_hidden(visit: Visit, world: World) -> None:
    page = visit()
    world.ring("anonymous")
    expect(page.locator("#pop")).to_contain_text("Hidden number")
    expect(page.locator("#pop .card-name")).to_have_count(0)


def test_the_pop_goes_when_a_colleague_answers(visit: Visit, world: World) -> None:
    anna, jan = visit("operator1"), visit("operator2")
    world.ring(ONE, to=["1001", "1002"])
    expect(anna.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    world.answer(by="1002")
    expect(anna.locator("#callbar")).to_have_attribute("data-phase", "idle")
    expect(jan.locator("#callbar")).to_have_attribute("data-phase", "answered")


def test_the_call_survives_browsing_and_a_reload(visit: Visit, world: World) -> None:
    page = visit()
    world.ring(ONE)
    world.answer()
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    page.evaluate("window.sameFrame = true")
    for place in ("/customers", "/interactions", "/desk"):
        page.click(f'#rail a[href="{place}"]')
        page.wait_for_url(f"**{place}")
        expect(page.locator("#callbar")).to_contain_text("Maria Kowalska")
    page.go_back()
    page.wait_for_url("**/interactions")
    expect(page.locator("h1")).to_have_text("Interactions")
    page.go_forward()
    assert page.evaluate("window.sameFrame") is True
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    page.reload()
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")


def test_what_a_caller_calls_themselves_is_never_markup(visit: Visit, world: World) -> None:
    page = visit()
    world.ring(UNKNOWN, name=MARKUP)
    expect(page.locator("#pop .pop-title")).to_contain_text(MARKUP)
    world.ring(EVIL, name=MARKUP, call_id="pbx/2")
    expect(page.locator("#pop .card-name")).to_have_text(MARKUP)
    assert page.evaluate("window.broken") is None


def test_the_state_switch_is_kept_by_the_server(visit: Visit, world: World) -> None:
    page = visit()
    page.click("#agent-state summary")
    page.click('[data-reason="lunch"]')
    expect(page.locator("#agent-state summary")).to_contain_text("Pause: Lunch")
    page.reload()
    expect(page.locator("#agent-state summary")).to_contain_text("Pause: Lunch")


def test_the_palette_finds_customers_and_pages_by_keyboard(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("221234567")
    expect(page.locator("#palette-results")).to_contain_text("Maria Kowalska")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Maria Kowalska")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/interactions")


def test_customers_are_searched_as_one_types(visit: Visit) -> None:
    page = visit()
    page.click('#rail a[href="/customers"]')
    page.fill("#q", "zaj")
    expect(page.locator("#customer-rows tbody tr")).to_have_count(2)
    assert "q=zaj" in page.url


def test_a_supervisor_sees_every_call_live(visit: Visit, world: World) -> None:
    page = visit("supervisor")
    page.click('#rail a[href="/live"]')
    expect(page.locator("#live-empty")).to_be_visible()
    world.ring(ONE, to=["1001"])
    expect(page.locator("#live-calls tr")).to_contain_text("Maria Kowalska")
    world.answer()
    expect(page.locator("#live-calls tr")).to_contain_text("Talking")
    world.hang_up()
    expect(page.locator("#live-empty")).to_be_visible()


def test_a_fact_is_edited_in_place(visit: Visit, world: World) -> None:
    page = visit()
    page.goto(page.url.replace("/desk", f"/customers/{world.customers['Maria Kowalska']}"))
    page.click("[data-fact=city]")
    page.fill('#facts input[name="value"]', "Gdynia")
    page.keyboard.press("Enter")
    expect(page.locator("#facts")).to_contain_text("Gdynia")


def test_a_session_ended_elsewhere_leads_to_the_log_in(visit: Visit, world: World, service) -> None:
    from web.app import realtime_of

    page = visit()
    with world.runtime.unit_of_work() as uow:
        uow.users.end_sessions(world.users["operator1"])
        uow.commit()
    realtime_of(service.app).end_dead_sessions()
    page.wait_for_url("**/login**")
    expect(page.get_by_role("status")).to_contain_text("Your session has ended")
    page.complaints.clear()


def test_a_snapshot_that_overtakes_the_welcome_leaves_no_deaf_desk(
    monkeypatch: pytest.MonkeyPatch, visit: Visit, world: World
) -> None:
    """The snapshot may be on the wire before the connection is confirmed; pops follow it."""
    refresh = Realtime.refresh

    def snapshot_first(self: Realtime, listeners: Iterable[Listener]) -> None:
        refresh(self, listeners)
        time.sleep(0.5)  # inside the connect handler: the welcome waits, the snapshot does not

    monkeypatch.setattr(Realtime, "refresh", snapshot_first)
    page = visit()
    world.ring(ONE)
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
