"""The team's page, worked by keyboard while states change: the focus stays in the row it was in,
rows that came with the news belong to the frame like those before, an open menu is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from callcenter.services.operator_state import set_state
from tests.support.web import World

pytestmark = pytest.mark.browser


@pytest.fixture
def boss(visit: Callable[..., Page]) -> Page:
    page = visit("supervisor")
    page.get_by_role("link", name="Team").press("Enter")
    expect(page.locator("h1")).to_have_text("Team")
    page.evaluate("window.frameOf = 'the supervisor'")
    return page


def is_the_frame_of_before(page: Page) -> bool:
    return bool(page.evaluate("window.frameOf === 'the supervisor'"))


def row_of(page: Page, world: World, username: str) -> Locator:
    return page.locator(f"[data-agent='{world.users[username]}']")


def becomes(world: World, username: str, state: str, reason: str = "") -> None:
    """By themselves, in another window."""
    set_state(
        world.users[username],
        state,
        reason,
        unit_of_work=world.runtime.unit_of_work,
        publisher=world.runtime.bus,
        clock=world.runtime.clock,
    )


def test_the_focus_stays_in_the_row_whose_button_was_pressed(boss: Page, world: World) -> None:
    row = row_of(boss, world, "operator1")
    row.get_by_role("button", name="Offline").press("Enter")
    expect(row.locator(".chip").first).to_have_text("Offline")
    expect(row.get_by_role("button", name="Offline")).to_be_focused()
    row.get_by_role("button", name="Ready").press("Enter")
    expect(row.locator(".chip").first).to_have_text("Ready")
    expect(row.get_by_role("button", name="Ready")).to_be_focused()

    pause = row.locator("summary", has_text="Pause")
    pause.press("Enter")
    row.get_by_role("button", name="Lunch").press("Enter")
    expect(row).to_contain_text("Lunch")
    expect(pause).to_be_focused()
    assert is_the_frame_of_before(boss)


def test_rows_that_came_with_the_news_change_no_page_and_take_no_focus(
    boss: Page, world: World
) -> None:
    mine, other = row_of(boss, world, "operator1"), row_of(boss, world, "operator2")
    mine.get_by_role("button", name="Ready").focus()
    becomes(world, "operator2", "paused")
    expect(other).to_contain_text("Pause")
    expect(mine.get_by_role("button", name="Ready")).to_be_focused()
    other.get_by_role("button", name="Offline").press("Enter")
    expect(other.locator(".chip").first).to_have_text("Offline")
    assert is_the_frame_of_before(boss), "a call in the browser would have ended"


def test_an_open_menu_stays_while_others_change_and_shows_the_news_when_closed(
    boss: Page, world: World
) -> None:
    mine, other = row_of(boss, world, "operator1"), row_of(boss, world, "operator2")
    pause = mine.locator("summary", has_text="Pause")
    pause.press("Enter")
    becomes(world, "operator1", "offline")
    becomes(world, "operator2", "paused")
    expect(other.locator(".chip").first).to_have_text("Pause")
    expect(mine.get_by_role("button", name="Lunch")).to_be_visible()
    boss.keyboard.press("Escape")
    expect(mine.locator(".chip").first).to_have_text("Offline")
    expect(pause).to_be_focused()


def test_a_menu_of_a_row_is_whole_on_a_phone(visit: Callable[..., Page], address: str) -> None:
    page = visit("supervisor", viewport={"width": 390, "height": 844}, has_touch=True)
    page.goto(f"{address}/team")
    for summary in page.locator("#team summary:visible").all()[:4]:
        summary.click()
        box = page.locator("#team details[open] .menu-box").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
