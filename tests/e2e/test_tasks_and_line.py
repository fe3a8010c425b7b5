"""Reminders, the worklist of calls in vain, messages, help and notifications, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from callcenter.services import tasks as services
from callcenter.tasks.task import TaskDraft
from tests.support.web import ONE, World

pytestmark = pytest.mark.browser
Visit = Callable

HIDDEN = "Object.defineProperty(document, 'hidden', { get: () => true })"
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  return (await worker.getNotifications()).map((one) => `${one.title}|${one.body}`);
}"""


def give(world: World, title: str, minutes: float = 60, **more: object) -> int:
    """A task for operator1, to be reminded of now."""
    runtime = world.runtime
    now = runtime.clock.now()
    values = {
        "title": title,
        "due_at": now + timedelta(minutes=minutes),
        "remind_at": now,
        "assignee_id": world.users["operator1"],
    }
    desk = services.Desk(
        runtime.unit_of_work, runtime.bus, runtime.clock, runtime.settings.number_plan
    )
    return services.create_task(
        TaskDraft(**(values | more)),  # type: ignore[arg-type]
        user_id=world.users["supervisor"],
        desk=desk,
    )


def remind(world: World) -> None:
    runtime = world.runtime
    services.remind(unit_of_work=runtime.unit_of_work, publisher=runtime.bus, clock=runtime.clock)


def lose(world: World, call_id: str = "pbx/1") -> None:
    world.ring(ONE, call_id=call_id)
    world.tell(replace(world.hang_up(call_id), result="abandoned", wait_seconds=25.0))


def test_a_reminder_stays_until_it_is_put_off(visit: Visit, world: World) -> None:
    page = visit()
    give(world, "Call Maria", customer_id=world.customers["Maria Kowalska"])
    remind(world)
    reminder = page.locator("#alerts .alert-item")
    expect(reminder).to_contain_text("Call Maria")
    page.reload()
    expect(reminder).to_contain_text("Call Maria")
    page.click("text=In 10 minutes")
    expect(reminder).to_have_count(0)
    page.reload()
    page.wait_for_selector("html[data-link=up]")
    expect(reminder).to_have_count(0)
    remind(world)
    expect(reminder).to_have_count(0)


def test_a_reminder_opens_the_card(visit: Visit, world: World) -> None:
    page = visit()
    give(world, "Call Maria", customer_id=world.customers["Maria Kowalska"])
    remind(world)
    page.locator("#alerts").get_by_text("Open", exact=True).click()
    expect(page.locator("h1")).to_have_text("Maria Kowalska")


def test_a_task_done_can_be_undone(visit: Visit, world: World) -> None:
    page = visit()
    give(world, "Send the offer")
    page.goto(page.url.replace("/desk", "/tasks"))
    page.click("[data-step=done]")
    expect(page.locator("#task-rows")).not_to_contain_text("Send the offer")
    page.click("text=Undo")
    expect(page.locator("#task-rows")).to_contain_text("Send the offer")


def test_a_call_back_is_done_when_the_customer_was_reached(visit: Visit, world: World) -> None:
    page = visit()
    give(world, "Call Maria back", kind="callback", number=ONE)
    expect(page.locator("#desk-tasks")).to_contain_text("Call Maria back")
    world.ring(ONE)
    world.answer()
    world.hang_up()
    expect(page.locator("#toasts")).to_contain_text("Done: Call Maria back")
    expect(page.locator("#desk-tasks")).not_to_contain_text("Call Maria back")
    page.click("#toasts button")
    expect(page.locator("#desk-tasks")).to_contain_text("Call Maria back")


def test_the_worklist_is_read_anew_by_itself(visit: Visit, world: World) -> None:
    page = visit("supervisor")
    page.goto(page.url.replace("/desk", "/missed"))
    page.wait_for_selector("html[data-link=up]")
    lose(world)
    expect(page.locator("#missed-rows")).to_contain_text("Maria Kowalska")
    expect(page.locator("#rail a[href='/missed'] .count")).to_contain_text("1")
    world.ring(ONE, call_id="pbx/2")
    world.answer("pbx/2")
    expect(page.locator("#missed-rows")).not_to_contain_text("Maria Kowalska")
    expect(page.locator("#rail a[href='/missed'] .count")).to_be_hidden()


def test_who_is_typing_a_reason_is_not_interrupted(visit: Visit, world: World) -> None:
    lose(world)
    page = visit()
    page.goto(page.url.replace("/desk", "/missed"))
    page.wait_for_selector("html[data-link=up]")
    page.click("summary[title='Close by hand']")
    page.fill("[name=why]", "Spoke with her")
    lose(world, "pbx/2")
    expect(page.locator("#rail a[href='/missed'] .count")).to_contain_text("1")
    expect(page.locator("[name=why]")).to_have_value("Spoke with her")
    page.click("form[data-missed] button")
    expect(page.locator("#missed-rows")).to_contain_text("Nobody waits")


def test_a_call_for_help_stays_until_a_supervisor_comes(visit: Visit, world: World) -> None:
    page, ewa, adam = visit(), visit("supervisor"), visit("admin")
    world.ring(ONE)
    world.answer()
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    page.keyboard.press("Shift+H")
    for leader in (ewa, adam):
        expect(leader.locator("#alerts")).to_contain_text("Anna Nowak needs help")
    ewa.reload()
    expect(ewa.locator("#alerts")).to_contain_text("Anna Nowak needs help")
    expect(ewa.locator("#alerts a")).to_have_attribute("href", "/interactions/1")
    ewa.click("text=I am coming")
    for leader in (ewa, adam):
        expect(leader.locator("#alerts .alert-item")).to_have_count(0)
    expect(page.locator("#alerts")).to_contain_text("Ewa Krol is coming")
    page.reload()
    expect(page.locator("#alerts")).to_contain_text("Ewa Krol is coming")
    page.click("text=All right")
    expect(page.locator("#alerts .alert-item")).to_have_count(0)


def test_a_message_is_unread_until_it_is_seen(visit: Visit, world: World) -> None:
    page, ewa = visit(), visit("supervisor")
    ewa.keyboard.press("l")
    ewa.click("[data-line-open] >> text=Anna Nowak")
    ewa.fill("#line-text", "Take your break now <b>")
    ewa.keyboard.press("Enter")
    expect(ewa.locator(".line-message.own")).to_contain_text("not read yet")
    badge = page.locator("#line-button .count")
    expect(badge).to_have_text("1")
    page.reload()
    expect(badge).to_have_text("1")
    page.click("#line-button")
    expect(page.locator(".line-text")).to_have_text("Take your break now <b>")
    expect(badge).to_have_count(0)
    page.fill("#line-text", "Thank you")
    page.keyboard.press("Enter")
    expect(ewa.locator("[data-line-messages]")).to_contain_text("Thank you")
    expect(ewa.locator(".line-message.own")).to_contain_text("· read")
    page.keyboard.press("Escape")
    expect(page.locator("#line-panel")).to_be_hidden()
    expect(page.locator("#line-button")).to_be_focused()


def test_while_the_tab_is_hidden_the_system_tells_without_names(
    visit: Visit, world: World, address: str
) -> None:
    page = visit(permissions=["notifications"])
    page.add_init_script(HIDDEN)
    page.reload()
    page.wait_for_selector("html[data-link=up]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    give(world, "Call Maria")
    remind(world)
    # One look at all of it: Chromium's list may be empty once more while it puts the first one up.
    page.wait_for_function(
        f"({SHOWN})().then((all) => all.join() === 'Call center|Something is due.')"
    )
    page.evaluate("localStorage.setItem('notify-names', 'yes')")
    world.ring(ONE, to=("1001", "1002"))
    page.wait_for_function(
        f"({SHOWN})().then((all) => all.some((one) => one.includes('Maria Kowalska')))"
    )
    world.answer(by="1002")
    page.wait_for_function(f"({SHOWN})().then((all) => all.length === 1)")


def test_leave_for_notifications_is_asked_by_a_button_alone(visit: Visit) -> None:
    page = visit()
    page.goto(page.url.replace("/desk", "/profile"))
    expect(page.locator("[data-notify-ask]")).to_be_visible()
    page.context.grant_permissions(["notifications"])
    page.click("[data-notify-ask]")
    expect(page.locator("[data-notify-ask]")).to_be_hidden()
    expect(page.locator("[data-notify-settings]")).to_contain_text("They are allowed")


def test_it_can_be_installed_and_says_when_the_server_is_away(visit: Visit) -> None:
    page = visit()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    found = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    errors = {one["errorId"] for one in found["installabilityErrors"]}
    assert errors <= {"in-incognito"}  # a test's window is always one
    page.context.set_offline(True)
    page.goto(page.url.replace("/desk", "/tasks"))
    expect(page.locator("h1")).to_have_text("The server cannot be reached")
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)"
        ".then((store) => store.keys())))).then((all) => all.flat().map((one) => one.url))"
    )
    assert all("/static/dist/" in url or url.endswith("/offline") for url in kept)
    page.complaints.clear()  # the browser itself complains that there is no network


def test_the_calendar_is_walked_with_the_arrow_keys(visit: Visit, world: World) -> None:
    page = visit()
    page.goto(page.url.replace("/desk", "/tasks/calendar?day=2026-03-15"))
    page.locator("[data-day='2026-03-15']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-day='2026-03-22']")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-day='2026-03-21']")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.locator("h1")).to_have_text("April 2026")
