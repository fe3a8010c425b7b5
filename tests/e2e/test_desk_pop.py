"""What the desk shows of a call: ringing, in the talk, in its wrap-up, and when it was missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.support.calls_told import in_vain, transferred
from tests.support.web import ONE, SHARED, UNKNOWN, World
from web.app import realtime_of
from web.service import WebService

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def test_the_wait_ticks_from_the_queue_and_stands_still_once_answered(
    visit: Visit, world: World
) -> None:
    page = visit()
    record = world.ring(ONE)
    now = world.runtime.clock.now()
    world.tell(replace(record, queued_at=now - timedelta(seconds=83)))
    about = page.locator("#pop-now")
    expect(about).to_contain_text("Waiting")
    expect(about).to_contain_text("Support")
    expect(about).to_contain_text("22 100 00 01")
    world.answer()
    expect(about).to_contain_text("Waited")
    expect(about.locator(".waiting")).to_have_count(0)


def test_what_is_open_for_the_customer_stands_there_while_it_rings(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(ONE)
    expect(page.locator("#pop-facts")).to_contain_text("12 days overdue")
    expect(page.locator("#pop-facts")).to_contain_text("Two trucks to Gdynia")
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "ringing")


def test_the_chooser_puts_whom_it_was_last_time_first_and_chooses_nobody_by_itself(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(SHARED)
    with page.expect_response("**/interactions/*/customer"):  # shown at once, kept a moment later
        page.locator(".choice", has_text="Zofia").click()
    expect(page.locator("#pop .card-name")).to_have_text("Zofia Zając")
    expect(page.locator("#pop")).to_have_attribute("data-match", "chosen")
    world.hang_up()
    world.ring(SHARED, call_id="pbx/2")
    expect(page.locator(".choice")).to_have_count(2)
    expect(page.locator(".choice").first).to_contain_text("Zofia Zając")
    expect(page.locator(".choice").first).to_contain_text("Last time")
    expect(page.locator("#pop .card-name")).to_have_count(0)
    page.keyboard.press("1")
    expect(page.locator("#pop .card-name")).to_have_text("Zofia Zając")


def test_a_contact_is_linked_to_somebody_else_in_place_and_back_by_undo(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(ONE)
    world.answer()
    page.locator("#pop").get_by_text("Somebody else").click()
    page.keyboard.type("Piotr")
    page.locator("#linker-results").get_by_text("Piotr Zając").click()
    expect(page.locator("#pop .card-name")).to_have_text("Piotr Zając")
    page.locator("#toasts").get_by_text("Undo").click()
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")


def test_a_caller_that_is_nobody_known_gets_the_short_form_until_it_is_undone(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(SHARED)
    page.locator("#pop").get_by_text("Nobody we know").click()
    expect(page.locator("#quick")).to_be_visible()
    expect(page.locator(".choice")).to_have_count(0)
    page.locator("#toasts").get_by_text("Undo").click()
    expect(page.locator(".choice")).to_have_count(2)


def test_whoever_is_called_by_their_number_yet_is_told_once(visit: Visit, world: World) -> None:
    world.ring(UNKNOWN)
    world.answer()
    world.hang_up()
    page = visit()
    world.ring(UNKNOWN, call_id="pbx/2")
    head = page.locator("#desk .card-head")
    expect(head.locator(".card-name")).to_have_text("+7 916 123-45-67")
    expect(head.locator(".number [data-copy]")).to_be_visible()
    expect(head.locator(".number")).to_have_text("")
    expect(page.locator(".callbar-name")).to_have_text("+7 916 123-45-67")
    expect(page.locator(".callbar-number")).to_have_text("")


def test_after_a_transfer_the_pop_says_from_whom_with_their_note_on_top(
    visit: Visit, world: World
) -> None:
    jan = visit("operator2", locale="en")
    world.ring(ONE)
    record = world.answer()
    with world.runtime.unit_of_work() as uow:
        found = uow.interactions.identified(["pbx/1"])["pbx/1"]
        uow.notes.save(
            author_id=world.users["operator1"],
            text="Order 1182, wants it sooner",
            at=world.runtime.clock.now(),
            interaction_id=found.id,
            customer_id=None,
        )
        uow.commit()
    transferred(world, record, by="1001", to="1002")
    expect(jan.locator("#pop .handed")).to_contain_text("Anna Nowak")
    expect(jan.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    expect(jan.locator("#pop-work .others-note")).to_contain_text("Order 1182")


def test_of_two_that_ring_one_answers_and_the_pop_leaves_the_other(
    visit: Visit, world: World
) -> None:
    anna, jan = visit("operator1"), visit("operator2")
    world.ring(ONE, to=["1001", "1002"])
    for page in (anna, jan):
        expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    world.answer(by="1001")
    expect(jan.locator("#desk")).to_have_attribute("data-mode", "idle")
    expect(anna.locator("#desk")).to_have_attribute("data-mode", "call")
    expect(jan.locator(".missed-by-me")).to_have_count(0)  # taken by somebody else: not missed


def test_a_call_that_rang_in_vain_is_listed_until_it_was_seen(visit: Visit, world: World) -> None:
    page = visit()
    record = world.ring(ONE)
    expect(page.locator("#pop .card-name")).to_be_visible()
    world.tell(in_vain(record, world))
    listed = page.locator(".missed-by-me")
    expect(listed).to_contain_text("Maria Kowalska")
    page.reload()
    expect(listed).to_contain_text("Maria Kowalska")
    with page.expect_response("**/desk/missed/seen"):
        listed.get_by_role("button", name="Seen").click()
    expect(listed).to_be_hidden()
    page.reload()
    expect(page.locator("#desk")).to_have_attribute("data-drawn", "yes")
    expect(listed).to_have_count(0)


def test_the_next_caller_is_never_shown_beside_what_belongs_to_the_last(
    visit: Visit, world: World
) -> None:
    page = visit()
    world.ring(ONE)
    expect(page.locator("#pop-facts")).to_contain_text("Nowak Logistics")
    page.route("**/desk/call/*", lambda route: None)  # the rest of the next card is on its way
    world.hang_up()
    world.ring(UNKNOWN, call_id="pbx/2")
    expect(page.locator("#pop .pop-title")).to_contain_text("Unknown caller")
    expect(page.locator("#pop-facts .skeleton").first).to_be_visible()
    expect(page.locator("#pop-facts")).not_to_contain_text("Nowak Logistics")
    page.unroute_all(behavior="ignoreErrors")


def test_away_from_the_desk_a_small_card_tells_who_calls_and_the_page_stays(
    visit: Visit, world: World
) -> None:
    page = visit()
    page.click('#rail a[href="/customers"]')
    page.fill("#q", "zaj")
    world.ring(ONE)
    expect(page.locator("#peek")).to_contain_text("Maria Kowalska")
    expect(page.locator("#q")).to_have_value("zaj")
    page.locator("#peek .peek-open").click()
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    expect(page.locator("#peek")).to_be_hidden()


def test_the_card_stays_for_the_wrap_up_and_after_a_reload(visit: Visit, world: World) -> None:
    page = visit()
    world.ring(ONE)
    world.answer()
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    page.fill("#note", "Will call back")
    expect(page.locator("#note-status")).to_contain_text("Saved")
    world.hang_up()
    expect(page.locator("#desk")).to_have_attribute("data-mode", "wrap")
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    expect(page.locator("#note")).to_have_value("Will call back")
    page.reload()
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    expect(page.locator("#note")).to_have_value("Will call back")


def test_a_tab_that_slept_is_right_again_when_it_wakes(
    visit: Visit, world: World, service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit()
    hub = realtime_of(service.app)
    monkeypatch.setattr(hub, "_tell", lambda *_: None)  # nothing reaches a tab that is frozen
    world.ring(ONE)
    expect(page.locator("#desk")).to_have_attribute("data-mode", "idle")
    monkeypatch.undo()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")


def test_a_link_that_only_looks_alive_is_made_anew_on_waking(
    visit: Visit, world: World, service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit()
    hub = realtime_of(service.app)
    (deaf,) = [one.sid for one in hub.listeners()]
    emit = hub._emit
    monkeypatch.setattr(
        hub, "_emit", lambda to, kind, payload: to.sid != deaf and emit(to, kind, payload)
    )
    world.ring(ONE)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    assert [one.sid for one in hub.listeners()] != [deaf]
