"""Call-backs in a real browser: one comes by itself, is taken, and closed by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from callcenter.services import callback_requests
from callcenter.services.callback_requests import Wish
from tests.integration.web.test_conversations import arrive
from tests.integration.web.test_missed_pages import lose
from tests.integration.web.test_tasks import give
from tests.support.web import ONE, UNKNOWN, World

pytestmark = pytest.mark.browser
Visit = Callable


def ask(world: World, number: str = ONE) -> None:
    runtime = world.runtime
    with runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support"})
        uow.commit()
    place = runtime.clock.now() - timedelta(minutes=4)
    callback_requests.request(
        Wish(number=number, queue="support", place_at=place),
        lambda _, at: at,
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
    )


def test_a_call_back_comes_by_itself_is_taken_and_closed(visit: Visit, world: World) -> None:
    page = visit()
    page.click('#rail a[href="/callbacks"]')
    expect(page.locator("#callback-rows")).to_contain_text("Nobody waits to be called back")
    ask(world)
    row = page.locator("[data-callback-row]")
    expect(row).to_contain_text("Maria Kowalska")
    expect(page.locator('#rail a[href="/callbacks"] .count')).to_contain_text("1")
    row.get_by_role("button", name="I call back").click()
    expect(row).to_contain_text("You call back")
    page.set_viewport_size({"width": 390, "height": 844})
    closing = row.locator("summary", has=page.locator("svg")).last
    closing.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("She wrote a mail")
    page.keyboard.press("Enter")
    expect(page.locator("#callback-rows")).to_contain_text("Nobody waits to be called back")
    expect(page.locator('#rail a[href="/callbacks"] .count')).to_be_hidden()


def test_news_of_others_leave_the_rows_that_one_works_in_as_they_are(
    visit: Visit, world: World
) -> None:
    ask(world)
    page = visit()
    page.click('#rail a[href="/callbacks"]')
    rows = page.locator("[data-callback-row]")
    take = rows.filter(has_text="Maria Kowalska").get_by_role("button", name="I call back")
    take.focus()
    take.evaluate("(button) => { window.pressed = button; }")
    ask(world, UNKNOWN)
    expect(rows).to_have_count(2)
    expect(take).to_be_focused()
    assert take.evaluate("(button) => button === window.pressed")  # a click half done is not lost


def test_a_menu_that_is_open_stays_with_what_is_typed_and_its_row_follows_later(
    visit: Visit, world: World
) -> None:
    ask(world)
    ask(world, UNKNOWN)
    page = visit()
    page.click('#rail a[href="/callbacks"]')
    maria = page.locator("[data-callback-row]", has_text="Maria Kowalska")
    maria.locator("summary").last.click()
    why = maria.locator("input[name=why]")
    why.fill("She wrote")
    other = visit("supervisor")
    other.goto(page.url)
    theirs = other.locator("[data-callback-row]")
    theirs.filter(has_text="Maria Kowalska").locator("summary").first.click()
    theirs.filter(has_text="Maria Kowalska").locator("select[name=to]").select_option(index=1)
    theirs.filter(has_text="Maria Kowalska").get_by_role("button", name="Give", exact=True).click()
    theirs.filter(has_not_text="Maria Kowalska").locator("summary").last.click()
    theirs.filter(has_not_text="Maria Kowalska").get_by_role("button", name="Done").click()
    expect(page.locator("[data-callback-row]")).to_have_count(1)  # news came
    expect(why).to_be_visible()
    expect(why).to_have_value("She wrote")
    page.keyboard.press("Escape")
    expect(maria).to_contain_text("You call back")
    expect(why).to_have_value("She wrote")


def test_a_row_that_is_done_leads_the_keyboard_to_the_next(visit: Visit, world: World) -> None:
    ask(world)
    ask(world, UNKNOWN)
    page = visit()
    page.click('#rail a[href="/callbacks"]')
    rows = page.locator("[data-callback-row]")
    expect(rows).to_have_count(2)
    rows.first.locator("summary").last.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Reached")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(rows.first.locator("a, button").first).to_be_focused()


def test_tasks_of_one_customer_never_come_late_beside_the_next_call(
    visit: Visit, world: World
) -> None:
    late: list[Route] = []
    page = visit()

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/tasks/desk?customer=*", hold)
    with page.expect_request("**/tasks/desk?customer=*"):
        world.ring(ONE)
    world.answer()
    expect(page.locator("#desk")).to_have_attribute("data-mode", "call")
    world.hang_up()
    world.ring(UNKNOWN, call_id="pbx/2")
    expect(page.locator("#pop")).to_contain_text("Unknown caller")
    page.locator("#desk-tasks #my-tasks").wait_for(state="attached")
    assert late
    with page.expect_response("**/tasks/desk?customer=*"):
        for one in late:
            one.continue_()
    page.wait_for_timeout(100)
    expect(page.locator("#desk-tasks")).not_to_contain_text("Open for this customer")


def test_what_came_while_the_page_had_no_link_stands_in_its_list_once_it_has_one(
    visit: Visit, world: World
) -> None:
    page = visit()
    page.click('#rail a[href="/callbacks"]')
    expect(page.locator("#callback-rows")).to_contain_text("Nobody waits to be called back")
    page.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(page.locator("html")).to_have_attribute("data-link", "down", timeout=20_000)
    ask(world)
    page.context.set_offline(False)
    expect(page.locator("[data-callback-row]")).to_contain_text("Maria Kowalska", timeout=20_000)
    page.complaints.clear()  # of the line that was cut


def test_what_was_unfolded_stays_unfolded_when_news_come(visit: Visit, world: World) -> None:
    for n in range(120):
        give(world, f"Number {n:03}")
    page = visit()
    page.goto(page.url.replace("/desk", "/tasks?when=open"))
    rows = page.locator("[data-task-row]")
    for wanted in (100, 120):
        page.locator("#more a").focus()
        page.keyboard.press("Enter")
        expect(rows).to_have_count(wanted)
        # Whoever works by keyboard goes on where the rows that came begin.
        expect(rows.nth(wanted - (wanted - 1) % 50 - 1).locator("a").first).to_be_focused()
    expect(page.locator("#more")).to_have_count(0)
    late = rows.nth(110)
    late.locator("a").first.focus()
    late.scroll_into_view_if_needed()
    before = page.evaluate("document.getElementById('main').scrollTop")
    assert before > 0
    with page.expect_response(lambda answer: "shown=150" in answer.url):
        give(world, "Later than all", due_at=world.runtime.clock.now() + timedelta(days=9))
    expect(rows).to_have_count(121)
    expect(late.locator("a").first).to_be_focused()
    assert page.evaluate("document.getElementById('main').scrollTop") == before
    page.reload()
    expect(rows).to_have_count(121)


def test_news_while_more_is_on_its_way_do_not_fold_it_up(visit: Visit, world: World) -> None:
    for n in range(60):
        give(world, f"Number {n:03}")
    page = visit()
    page.goto(page.url.replace("/desk", "/tasks"))
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    page.route("**/tasks?shown=100", hold_the_first)
    with page.expect_request("**/tasks?shown=100"):
        page.click("#more a")
    give(world, "Later than all", due_at=world.runtime.clock.now() + timedelta(days=9))
    expect(page.locator("[data-task-row]")).to_have_count(61)  # by the question of the news
    with page.expect_response("**/tasks?shown=100"):
        held[0].continue_()
    expect(page.locator("[data-task-row]")).to_have_count(61)
    expect(page.locator("#more")).to_have_count(0)


def test_more_that_cannot_be_had_is_said_and_can_be_asked_for_again(
    visit: Visit, world: World
) -> None:
    for n in range(60):
        arrive(world, n, address=f"who{n}@example.net")
    page = visit(viewport={"width": 390, "height": 844})
    page.goto(page.url.replace("/desk", "/conversations?scope=waiting"))
    rows = page.locator("#conversation-rows tbody tr")
    page.route("**/conversations?*shown=100", lambda route: route.abort())
    page.click("#more a")
    expect(page.locator("#toasts")).to_contain_text("The server cannot be reached")
    expect(page.locator("#more a")).not_to_have_attribute("aria-busy", "true")
    assert "shown" not in page.url
    page.unroute_all()
    page.click("#more a")
    expect(rows).to_have_count(60)
    page.complaints.clear()  # of the request that was broken off


def test_what_was_opened_in_a_list_stays_open_when_news_come(visit: Visit, world: World) -> None:
    lose(world)
    page = visit()
    page.click('#rail a[href="/missed"]')
    page.get_by_role("button", name="What was tried").click()
    tried = page.locator(".missed-history .timeline")
    expect(tried).to_be_visible()
    lose(world, UNKNOWN, "pbx/2")
    expect(page.locator("[data-missed-row]")).to_have_count(2)
    expect(tried).to_be_visible()
