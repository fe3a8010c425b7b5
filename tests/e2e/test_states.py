"""The state switch, wrap-up, queue figures and the pages of supervisors, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from callcenter.services import operator_state, presence, staffing
from callcenter.store.tables import agents
from tests.support.web import ONE, UNKNOWN, World

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture
def tools(world: World) -> dict:
    runtime = world.runtime
    return {"unit_of_work": runtime.unit_of_work, "publisher": runtime.bus, "clock": runtime.clock}


@pytest.fixture
def wrap_up(world: World, tools: dict) -> Callable[..., None]:
    """How the queue of the test calls is wrapped up."""

    def set_up(kind: str, seconds: int = 30) -> None:
        values = {"wrap_up": kind, "wrap_up_seconds": seconds}
        staffing.save_queue("sales", values, user_id=world.users["admin"], **tools)
        staffing.save_queue("support", values, user_id=world.users["admin"], **tools)

    return set_up


def state_of(page: Page, state: str) -> None:
    expect(page.locator("#agent-state summary")).to_have_attribute("data-current", state)


def stop_the_clock(page: Page) -> None:
    """The page's time goes on only as it is told to. It starts from the server's, asked anew."""
    page.clock.install()
    page.clock.pause_at(time() + 60)
    page.reload()
    page.wait_for_selector("html[data-link=up]")


def clock_until(page: Page, text: str, go_on: Callable[[int], None]) -> list[str]:
    """What the clock of the state shows, each once, while time goes on to where it shows `text` or
    is past it."""
    clock, shown = page.locator(".state-clock"), [""]
    while shown[-1] != text and not "" < shown[-1] < text:
        if (now := clock.inner_text()) != shown[-1]:
            shown.append(now)
        go_on(90)
    return shown[1:]


def test_a_call_goes_through_ringing_talking_and_wrap_up_back_to_ready(
    visit: Visit, world: World, wrap_up: Callable[..., None]
) -> None:
    wrap_up("until_done")
    page = visit()
    state_of(page, "ready")
    world.ring(ONE)
    state_of(page, "ringing")
    world.answer()
    state_of(page, "talking")
    expect(page.locator("#wrap-up-controls")).to_be_hidden()
    world.hang_up()
    state_of(page, "wrap_up")
    expect(page.locator("#wrap-up-more")).to_be_hidden()
    page.get_by_role("button", name="Done").click()
    state_of(page, "ready")
    expect(page.locator("#wrap-up-controls")).to_be_hidden()


def test_a_timed_wrap_up_counts_down_is_prolonged_by_key_and_outlives_a_reload(
    visit: Visit, world: World, wrap_up: Callable[..., None]
) -> None:
    wrap_up("timed", 50)
    page = visit()
    stop_the_clock(page)
    world.ring(ONE)
    world.answer()
    world.hang_up()
    state_of(page, "wrap_up")
    assert clock_until(page, "00:00:48", page.clock.run_for)[-3:] == [
        "00:00:50",
        "00:00:49",
        "00:00:48",
    ]
    expect(page.locator(".state-clock")).to_have_text("00:00:48")
    page.keyboard.press("+")
    expect(page.locator(".state-clock")).to_contain_text("00:01:1")
    page.clock.resume()
    page.reload()
    state_of(page, "wrap_up")
    page.locator("body").press("f")
    state_of(page, "ready")


def test_the_clock_passes_no_second_over_in_a_browser_whose_timers_come_late(
    visit: Visit, world: World, wrap_up: Callable[..., None]
) -> None:
    wrap_up("timed", 50)
    page = visit()
    stop_the_clock(page)
    world.ring(ONE)
    world.answer()
    world.hang_up()
    state_of(page, "wrap_up")
    # What falls due in a step comes at the end of it: up to 90 ms late.
    shown = clock_until(page, "00:00:30", page.clock.fast_forward)
    assert shown[-21:] == [f"00:00:{seconds}" for seconds in range(50, 29, -1)]


def test_a_pause_in_wrap_up_begins_after_it(
    visit: Visit, world: World, wrap_up: Callable[..., None]
) -> None:
    wrap_up("until_done")
    page = visit()
    world.ring(ONE)
    world.answer()
    world.hang_up()
    state_of(page, "wrap_up")
    page.locator("#agent-state summary").click()  # the keys are the outcome's now
    expect(page.get_by_text("After this:")).to_be_visible()
    page.get_by_role("button", name="Lunch").click()
    state_of(page, "wrap_up")
    page.get_by_role("button", name="Done").click()
    state_of(page, "paused")
    expect(page.locator("#agent-state summary")).to_contain_text("Pause: Lunch")


def test_a_pause_over_its_limit_is_red_and_says_so(visit: Visit, world: World) -> None:
    page = visit()
    page.locator("#agent-state summary").click()
    with page.expect_response("**/desk/state"):  # the bar shows it before it is written
        page.get_by_role("button", name="Break").click()
    state_of(page, "paused")
    expect(page.locator(".state-over")).to_be_hidden()
    with world.runtime.unit_of_work() as uow:
        long_ago = world.runtime.clock.now() - timedelta(minutes=20)
        uow.connection.execute(update(agents).values(since=long_ago))
        uow.commit()
    page.reload()
    expect(page.locator(".state-over")).to_contain_text("5 min over the limit")


def test_a_second_tab_and_a_missed_word_show_the_same(
    visit: Visit, world: World, wrap_up: Callable[..., None], tools: dict
) -> None:
    """Nobody tells that a timed wrap-up is over: the screen knows by the clock, the server too."""
    wrap_up("timed", 8)
    page = visit()
    other = visit()
    for tab in (page, other):
        stop_the_clock(tab)
    world.ring(ONE)
    world.answer()
    world.hang_up()
    for tab in (page, other):
        state_of(tab, "wrap_up")
        tab.clock.run_for(30_000)
        state_of(tab, "ready")
    other.clock.resume()
    other.reload()  # the server counts its own eight seconds
    state_of(other, "ready")
    presence.refresh(**tools)
    state_of(page, "ready")


def test_the_top_bar_tells_who_waits_in_the_queues(visit: Visit, world: World) -> None:
    page = visit()
    figure = page.locator("[data-queue=support]")
    expect(figure).to_contain_text("0 callers wait")
    world.ring(UNKNOWN, call_id="pbx/9")
    queue = world.calls["pbx/9"].queues[-1]
    expect(page.locator(f"[data-queue={queue}]")).to_contain_text("1 caller waits")
    world.hang_up("pbx/9")
    expect(page.locator(f"[data-queue={queue}]")).to_contain_text("0 callers wait")


def test_a_supervisor_sees_the_team_change_and_pauses_somebody(visit: Visit, world: World) -> None:
    operator, boss = visit("operator1"), visit("supervisor")
    boss.get_by_role("link", name="Team").click()
    row = boss.locator(f"[data-agent='{world.users['operator1']}']")
    expect(row).to_contain_text("Ready")
    operator.locator("#agent-state summary").click()
    operator.get_by_role("button", name="Meeting").click()
    expect(row).to_contain_text("Meeting")
    row.get_by_role("button", name="Offline").click()
    state_of(operator, "offline")


def test_skills_are_set_by_keys_alone(visit: Visit, world: World) -> None:
    page = visit("supervisor")
    page.goto(page.url.split("/desk")[0] + "/staffing/skills")
    first = page.locator(".skill").first
    first.focus()
    page.keyboard.press("7")
    expect(first).to_have_class("form-control skill skill-saved")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".skill").nth(1)).to_be_focused()
    page.reload()
    expect(page.locator(".skill").first).to_have_value("7")


def test_whoever_is_paused_by_a_supervisor_hears_by_whom(
    visit: Visit, world: World, tools: dict
) -> None:
    page, user = visit(), world.users["operator1"]
    state_of(page, "ready")
    said = page.locator("#toasts .toast-item")
    for state, reason, words in (
        ("paused", "lunch", "paused you: Lunch"),
        ("ready", "", "made you ready."),
        ("offline", "", "took you off the queues."),
    ):
        operator_state.set_state(user, state, reason, by=world.users["supervisor"], **tools)
        expect(said.filter(has_text=words)).to_have_count(1)
