"""A mail in a real browser: told of while one works, taken, answered with a text picked from a
list, seen by whoever has it open; the timeline searched on the card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from callcenter.channels.template import ReplyTemplate
from callcenter.rooms import room_of
from callcenter.services import conversations
from callcenter.services.conversation_news import news_of
from tests.integration.web.test_conversations import arrive
from tests.support.web import MARKUP, World

pytestmark = pytest.mark.browser
Visit = Callable


def bring(world: World, number: int, **changes: object) -> None:
    """A mail comes in, and screens hear of it."""
    runtime = world.runtime
    taken = arrive(world, number, address="maria@example.org", **changes)
    with runtime.unit_of_work() as uow:
        news = news_of(uow, taken.before, taken.conversation, runtime.clock, "message")
    runtime.bus.publish(news)


def test_a_mail_is_told_of_taken_and_answered_while_more_come_in(
    visit: Visit, world: World
) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.reply_templates.add(ReplyTemplate(title="Soon", text="Dear {customer.name}, soon."))
        uow.commit()
    page = visit()
    bring(world, 1)
    badge = page.locator('#rail a[href="/conversations"] .count')
    expect(badge).to_contain_text("1")
    page.locator("#toasts").get_by_role("button", name="Open").click()
    expect(page.locator("h1")).to_have_text("Order 1182")
    page.get_by_role("button", name="Take it").click()
    expect(page.locator(".page-head .chip").first).to_contain_text("Open")
    page.get_by_text("Templates").click()
    page.get_by_role("button", name="Soon").click()
    expect(page.locator("#answer-text")).to_have_value("Dear Maria Kowalska, soon.")
    page.locator("#answer-text").press("Control+Enter")
    expect(page.locator(".message-out .message-text")).to_contain_text("Dear Maria Kowalska, soon.")
    expect(badge).to_be_hidden()
    bring(world, 2, thread_key="<1@x>", text=f"Thanks! {MARKUP}")
    expect(page.locator(".message-in")).to_have_count(2)
    expect(page.locator(".message-in").last).to_contain_text(MARKUP)
    assert page.evaluate("window.broken") is None

    page.goto(
        page.url.replace("/conversations/1", f"/customers/{world.customers['Maria Kowalska']}")
    )
    timeline = page.locator("#timeline")
    expect(timeline.locator(".timeline-item")).to_have_count(1)
    page.fill("#timeline-text", "nothing such")
    expect(timeline).to_contain_text("Nothing fits")
    page.fill("#timeline-text", "thank")
    expect(timeline.locator(".timeline-item")).to_contain_text("Order 1182")


def test_what_a_colleague_takes_leaves_the_list_of_those_that_wait(
    visit: Visit, world: World
) -> None:
    page = visit()
    bring(world, 1)
    page.goto(page.url.split("/desk")[0] + "/conversations?scope=waiting")
    expect(page.locator(".conversation-list tbody tr")).to_have_count(1)
    conversations.take(1, user_id=world.users["operator2"], room=room_of(world.runtime))
    expect(page.locator("#conversation-rows")).to_contain_text("Nobody waits for an answer")
