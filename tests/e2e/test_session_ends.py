"""A session that ends while somebody works: one way to the log-in, and what is saved as it is typed
is not lost on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.realtime.messages import Audience, Message
from callcenter.services import accounts, outcome_trees
from callcenter.store.tables import notes
from tests.e2e.test_wrap_up import by_supervisor
from tests.support.web import ONE, PASSWORD, World
from web.realtime import SESSIONS_CHANGED

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
OPERATOR = "operator1"
LOG_IN = re.compile(r"/login\?")


def end_session(world: World) -> None:
    accounts.end_sessions(
        world.users[OPERATOR], unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock
    )


def log_in_again(page: Page, username: str = OPERATOR) -> None:
    page.wait_for_url(LOG_IN)
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("html[data-link=up]")


def talk(page: Page, world: World) -> None:
    world.ring(ONE)
    world.answer()
    page.fill("#note", "Wants two trucks")
    expect(page.locator("#note-status")).to_contain_text("Saved")


def last_note(world: World) -> str:
    with world.runtime.reader() as connection:
        return str(connection.scalar(select(notes.c.text)))


def by_a_link(page: Page, _world: World) -> None:
    page.click('#rail a[href="/customers"]')


def by_the_line(_page: Page, world: World) -> None:
    """As the server tells its sockets that sessions have ended."""
    changed = {"type": SESSIONS_CHANGED}
    world.runtime.bus.publish([Message(kind="message", audience=Audience(), payload=changed)])


@pytest.mark.parametrize("learns", [by_a_link, by_the_line])
def test_what_was_typed_as_the_session_ended_is_saved_once_its_writer_is_back(
    visit: Visit, world: World, learns: Callable[[Page, World], None]
) -> None:
    page = visit()
    talk(page, world)
    log_ins: list[str] = []
    page.on(
        "request",
        lambda asked: log_ins.append(asked.url) if "/login" in asked.url else None,
    )
    end_session(world)
    page.fill("#note", "Wants two trucks on Monday")
    learns(page, world)
    page.wait_for_url(LOG_IN)
    assert len(log_ins) == 1
    log_in_again(page)
    expect(page.locator("#toasts")).to_contain_text("is saved")
    expect(page.locator("#note")).to_have_value("Wants two trucks on Monday")
    assert last_note(world) == "Wants two trucks on Monday"
    assert page.evaluate("sessionStorage.getItem('unsent')") is None
    page.complaints.clear()  # type: ignore[attr-defined]  # of what was refused


def test_what_somebody_typed_is_gone_when_somebody_else_logs_in(visit: Visit, world: World) -> None:
    page = visit()
    talk(page, world)
    end_session(world)
    page.fill("#note", "Between you and me")
    by_a_link(page, world)
    log_in_again(page, "operator2")
    assert page.evaluate("JSON.stringify(sessionStorage)").count("Between") == 0
    assert last_note(world) == "Wants two trucks"
    page.complaints.clear()  # type: ignore[attr-defined]  # of what was refused


def test_an_outcome_that_was_being_chosen_is_chosen_again(visit: Visit, world: World) -> None:
    outcome_trees.add_outcome(OutcomeDraft(label="Solved"), **by_supervisor(world))
    page = visit()
    talk(page, world)
    end_session(world)
    solved = page.locator(".wrap-form .outcome", has_text="Solved")
    solved.click()
    by_a_link(page, world)
    log_in_again(page)
    expect(solved).to_have_attribute("aria-pressed", "true")
    page.complaints.clear()  # type: ignore[attr-defined]  # of what was refused
