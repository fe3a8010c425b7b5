"""The wrap-up by keyboard alone: outcome, call-back, note, saved as typed; a script beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.scripts.script import Option, Script, Step
from callcenter.services import outcome_trees, scripts
from callcenter.store.tables import interaction_outcomes, tasks
from tests.support.web import ONE, World

pytestmark = pytest.mark.browser
Visit = Callable


def by_supervisor(world: World) -> dict[str, Any]:
    return {
        "user_id": world.users["supervisor"],
        "unit_of_work": world.runtime.unit_of_work,
        "clock": world.runtime.clock,
    }


@pytest.fixture
def tree(world: World) -> dict[str, int]:
    """Later > Call back; Solved; Complaint, which asks for a note. Support asks for an outcome."""
    made: dict[str, int] = {}
    for label, under, requires in (
        ("Later", None, ()),
        ("Call back", "Later", ("callback_at",)),
        ("Solved", None, ()),
        ("Complaint", None, ("note", "task")),
    ):
        parent_id = made.get(under) if under else None
        draft = OutcomeDraft(label=label, parent_id=parent_id, requires=requires)  # type: ignore[arg-type]
        made[label] = outcome_trees.add_outcome(draft, **by_supervisor(world))
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"wrap_up": "until_done", "outcome_required": True})
        uow.commit()
    return made


def until_digits_go_to(page: Page, panel: str) -> None:
    """Panels come while the phone rings; until the desk hears of the answer, digits do nothing."""
    expect(page.locator("body")).to_have_attribute("data-digits", panel)


def given(world: World) -> int | None:
    with world.runtime.reader() as connection:
        found: int | None = connection.scalar(select(interaction_outcomes.c.outcome_id))
    return found


def test_a_call_is_wrapped_up_by_keyboard_alone_and_a_reload_loses_nothing(
    visit: Visit, world: World, tree: dict[str, int]
) -> None:
    page = visit()
    world.ring(ONE)
    world.answer()
    expect(page.locator(".wrap-panel")).to_contain_text("How did it end?")
    world.hang_up()
    expect(page.locator(".wrap-timer")).to_contain_text("Wrap-up")
    page.locator("body").press("Enter")
    expect(page.locator("[data-error=outcome_id]")).to_have_text("Choose an outcome first.")
    page.keyboard.press("1")
    expect(page.locator(f"[data-level='{tree['Later']}']")).to_be_visible()
    with page.expect_response("**/draft"):
        page.keyboard.press("1")
    chosen = page.locator(f"[data-outcome='{tree['Call back']}']")
    expect(chosen).to_have_attribute("aria-pressed", "true")
    due = page.locator("#wrap-callback_at")
    expect(due).not_to_have_value("")
    picked = due.input_value()
    page.reload()
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect(due).to_have_value(picked)
    page.keyboard.press("Enter")
    expect(page.locator("#desk")).to_have_attribute("data-mode", "idle")
    assert given(world) == tree["Call back"]
    with world.runtime.reader() as connection:
        task = connection.execute(select(tasks)).one()
    now = world.runtime.clock.now()
    assert task.kind == "callback"
    assert timedelta(minutes=50) < task.due_at - now < timedelta(minutes=70)


def test_an_outcome_says_what_it_still_asks_for_and_takes_it_from_the_keyboard(
    visit: Visit, world: World, tree: dict[str, int]
) -> None:
    page = visit()
    world.ring(ONE)
    world.answer()
    expect(page.locator(".wrap-panel")).to_be_visible()
    until_digits_go_to(page, "outcome")
    page.keyboard.press("3")
    expect(page.locator("#wrap-task")).to_be_focused()
    page.keyboard.type("Ask the depot")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error=note]")).to_contain_text("Write a note first")
    expect(page.locator("#note")).to_be_focused()
    page.complaints.clear()  # of the refusal, which was meant
    page.keyboard.type("The second pallet is missing")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".wrap-given")).to_contain_text("Complaint")
    assert given(world) == tree["Complaint"]


def test_a_note_that_comes_to_the_desk_after_the_outcome_asked_for_it_takes_the_cursor(
    visit: Visit, world: World, tree: dict[str, int]
) -> None:
    page = visit()
    cards: list[Route] = []

    def hold(route: Route) -> None:
        cards.append(route)

    page.route("**/desk/call/*", hold)
    world.ring(ONE)
    world.answer()
    page.locator(".wrap-panel .outcome").first.wait_for()
    until_digits_go_to(page, "outcome")
    page.keyboard.press("3")
    expect(page.locator("#wrap-task")).to_be_focused()
    page.keyboard.type("Ask the depot")
    page.keyboard.press("Enter")
    expect(page.locator("[data-error=note]")).to_contain_text("Write a note first")
    expect(page.locator("#note")).to_have_count(0)
    page.complaints.clear()  # of the refusal, which was meant
    assert cards
    for card in cards:
        card.continue_()
    expect(page.locator("#note")).to_be_focused()


def test_digits_answer_the_script_during_the_call_and_the_outcomes_after(
    visit: Visit, world: World, tree: dict[str, int]
) -> None:
    steps = (
        Step(id="s1", title="Greet", text="Good day {customer.name}", next="s2"),
        Step(id="s2", title="Pay", kind="choice", options=(Option("Card", "s3"), Option("No", ""))),
        Step(id="s3", title="Card data", kind="card_data"),
    )
    script = Script(title="Hello", queue="support", steps=steps)
    scripts.create_script(script, **by_supervisor(world))
    page = visit()
    page.evaluate(
        "() => { window.pauses = []; document.addEventListener('recording:pause',"
        " (event) => window.pauses.push(event.detail.on)); }"
    )
    world.ring(ONE)
    world.answer()
    expect(page.locator(".script-text")).to_have_text("Good day Maria Kowalska")
    until_digits_go_to(page, "script")
    page.keyboard.press("1")
    expect(page.locator(".script-step")).to_contain_text("Pay")
    page.keyboard.press("1")
    expect(page.locator(".script-step")).to_contain_text("Card data")
    page.keyboard.press("b")
    expect(page.locator(".script-step")).to_contain_text("Pay")
    page.keyboard.press("2")
    expect(page.locator(".script-end")).to_be_visible()
    assert page.evaluate("window.pauses") == [True, False]
    page.complaints.clear()  # nothing is recorded here that could be paused
    page.keyboard.press("2")
    solved = page.locator(f"[data-outcome='{tree['Solved']}']")
    expect(solved).to_have_attribute("aria-pressed", "true")
