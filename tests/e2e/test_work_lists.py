"""Call-backs in a real browser: one comes by itself, is taken, and closed by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from callcenter.services import callback_requests
from callcenter.services.callback_requests import Wish
from tests.support.web import ONE, World

pytestmark = pytest.mark.browser
Visit = Callable


def ask(world: World) -> None:
    runtime = world.runtime
    with runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support"})
        uow.commit()
    place = runtime.clock.now() - timedelta(minutes=4)
    callback_requests.request(
        Wish(number=ONE, queue="support", place_at=place),
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
