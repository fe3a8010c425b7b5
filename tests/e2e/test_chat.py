"""A visitor on another site and operators at their desks, side by side, in real browsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from callcenter.chats.widget import Widget
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.services import operator_state, outcome_trees
from callcenter.store.tables import interaction_outcomes, interactions
from tests.support.web import MARKUP, ONE, World

pytestmark = pytest.mark.browser
Visit = Callable


@pytest.fixture
def widget(world: World) -> Widget:
    made = Widget(key="shop", title="Shop help", queue="support", greeting="Good day!")
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support", "outcome_required": True})
        uow.chats.save_widget(made)
        uow.commit()
    outcome_trees.add_outcome(
        OutcomeDraft(label="Solved"),
        user_id=world.users["supervisor"],
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )
    return made


@pytest.fixture
def visitor(chromium: Any, address: str, widget: Widget) -> Iterator[Any]:
    """Somebody on the demo page; console errors fail the test."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/chat/{widget.key}/demo")
    yield page
    context.close()
    assert complaints == []


def state(world: World, username: str, wanted: str = "ready") -> None:
    told: dict[str, Any] = {
        "unit_of_work": world.runtime.unit_of_work,
        "publisher": world.runtime.bus,
        "clock": world.runtime.clock,
    }
    operator_state.set_state(world.users[username], wanted, **told)


def test_a_chat_from_the_first_word_to_its_outcome(
    visit: Visit, visitor: Any, world: World
) -> None:
    anna, jan = visit(), visit("operator2")
    state(world, "operator2", "offline")
    chat, dock = visitor.frame_locator("#callcenter-chat"), anna.locator("#chat-dock")
    _is_offered_and_taken(chat, anna)
    _is_written_both_ways(chat, dock)
    _outlives_pages_and_reloads(chat, visitor, anna)
    state(world, "operator2")
    _is_handed_on(dock, jan)
    expect(chat.locator(".state")).to_contain_text("Jan Lis")
    _ends_with_its_outcome(jan.locator("#chat-dock"))
    expect(chat.locator(".state")).to_have_text("The chat has ended")
    with world.runtime.reader() as connection:
        (row,) = connection.execute(select(interactions)).all()
        assert connection.scalar(select(func.count()).select_from(interaction_outcomes)) == 1
    assert (row.channel, row.result) == ("chat", "answered")
    assert row.operator_id == world.users["operator2"]
    assert row.customer_id == world.customers["Maria Kowalska"]


def _is_offered_and_taken(chat: Any, anna: Any) -> None:
    """It pops up like a call, and is taken by keyboard."""
    chat.get_by_role("button", name="Shop help").click()
    chat.get_by_text("Your name and how to reach you").click()
    chat.get_by_label("Phone").fill(ONE)
    chat.get_by_label("Message", exact=True).fill(f"Where is my order? {MARKUP}")
    chat.get_by_label("Message", exact=True).press("Enter")
    offer = anna.locator("#alerts .alert-item")
    expect(offer).to_contain_text("Chat: Maria Kowalska")
    anna.locator("#main").click(position={"x": 5, "y": 5})
    anna.keyboard.press("a")
    expect(anna.locator("#chat-dock .chat-log")).to_contain_text(f"Where is my order? {MARKUP}")
    expect(offer).to_have_count(0)
    expect(chat.locator(".state")).to_have_text("Anna Nowak is here")


def _is_written_both_ways(chat: Any, dock: Any) -> None:
    dock.locator("textarea").fill("On its way.")
    dock.locator("textarea").press("Enter")
    expect(chat.locator(".log")).to_contain_text("On its way.")
    chat.get_by_label("Message", exact=True).press_sequentially("Tha")
    expect(dock.locator(".chat-typing")).to_contain_text("is writing")


def _outlives_pages_and_reloads(chat: Any, visitor: Any, anna: Any) -> None:
    dock = anna.locator("#chat-dock")
    anna.click("#rail a[href='/customers']")
    expect(anna.locator("h1")).to_have_text("Customers")
    expect(dock.locator(".chat-log")).to_contain_text("On its way.")
    dock.locator("textarea").fill("half a sen")
    anna.reload()
    expect(dock.locator(".chat-log")).to_contain_text("On its way.")
    expect(dock.locator("textarea")).to_have_value("half a sen")
    visitor.reload()
    expect(chat.locator(".bubble.us").last).to_contain_text("On its way.")
    chat.get_by_label("Message", exact=True).fill("Thank you")
    chat.get_by_role("button", name="Send", exact=True).click()
    expect(dock.locator(".chat-log")).to_contain_text("Thank you")
    expect(dock.locator(".chat-text")).to_have_count(3)


def _is_handed_on(dock: Any, jan: Any) -> None:
    dock.get_by_role("button", name="Hand over").click()
    dock.locator("select[name=to]").select_option(label="Jan Lis")
    dock.locator("textarea[name=note]").fill("wants a discount")
    dock.locator(".chat-transfer .btn-primary").click()
    expect(dock).to_be_hidden()
    jan.locator("#alerts .alert-item .btn-primary").click()
    expect(jan.locator("#chat-dock .note")).to_contain_text("wants a discount")


def _ends_with_its_outcome(dock: Any) -> None:
    dock.locator(".chat-end").click()
    dock.locator(".outcome").first.click()
    dock.locator(".wrap-done").click()
    expect(dock).to_be_hidden()


def test_where_nobody_is_a_visitor_leaves_a_number(visitor: Any, world: World) -> None:
    chat = visitor.frame_locator("#callcenter-chat")
    chat.get_by_role("button", name="Shop help").click()
    expect(chat.locator(".notice")).to_contain_text("Nobody is here right now")
    chat.get_by_label("Message", exact=True).fill("Please call me")
    chat.get_by_label("Phone").fill("+48 22 123 45 67")
    chat.get_by_role("button", name="Answer me later").click()
    expect(chat.locator(".notice")).to_have_text("Thank you. We will get back to you.")
    with world.runtime.reader() as connection:
        told = connection.exec_driver_sql("select title, number, queue from tasks").all()
    assert [tuple(one) for one in told] == [("Chat: +48 22 123 45 67", "+48221234567", "support")]
