"""What an operator has half written in a chat is theirs, whoever logs in after them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from callcenter.chats.widget import Widget
from callcenter.services import operator_state
from tests.support.web import PASSWORD, World

pytestmark = pytest.mark.browser


@pytest.fixture
def widget(world: World) -> Widget:
    made = Widget(key="shop", title="Shop help", queue="support")
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support"})
        uow.chats.save_widget(made)
        uow.commit()
    return made


def works(world: World, username: str, state: str) -> None:
    operator_state.set_state(
        world.users[username],
        state,
        unit_of_work=world.runtime.unit_of_work,
        publisher=world.runtime.bus,
        clock=world.runtime.clock,
    )


def log_in(page: Page, username: str, address: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/login")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("html[data-link=up]")


def test_a_draft_is_not_read_by_the_next_who_logs_in_in_the_same_tab(
    visit: Callable[..., Page], world: World, address: str, widget: Widget
) -> None:
    works(world, "operator2", "offline")
    page, guest = visit(), visit("admin")
    guest.goto(f"{address}/chat/{widget.key}/demo")
    chat = guest.frame_locator("#callcenter-chat")
    chat.get_by_role("button", name="Shop help").click()
    chat.get_by_label("Message", exact=True).fill("Hello")
    chat.get_by_label("Message", exact=True).press("Enter")
    page.locator("#alerts .alert-item .btn-primary").click()
    page.locator("#chat-dock textarea").fill("what only Anna should")
    page.goto("about:blank")
    with world.runtime.unit_of_work() as uow:
        ((conversation_id,),) = uow.connection.exec_driver_sql(  # type: ignore[attr-defined]
            "select id from conversations"
        ).all()
        query = "update conversations set assigned_to = ? where id = ?"
        uow.connection.exec_driver_sql(query, (world.users["operator2"], conversation_id))  # type: ignore[attr-defined]
        uow.commit()
    log_in(page, "operator2", address)
    page.click("#chats-button")
    expect(page.locator("#chat-dock .chat-log")).to_contain_text("Hello")
    expect(page.locator("#chat-dock textarea")).to_have_value("")
