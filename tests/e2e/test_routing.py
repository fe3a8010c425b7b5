"""A routing rule made in the browser: rows that answer as one edits, published, met by callers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from callcenter.queries import routing_versions
from tests.support.web import World

pytestmark = pytest.mark.browser
Visit = Callable


def test_a_rule_is_made_moved_by_the_keyboard_and_published(
    visit: Visit, world: World, address: str
) -> None:
    page = visit("supervisor")
    page.goto(f"{address}/settings")
    page.click("main .tile >> text=Routing")
    page.click("text=New rule")
    page.fill("#title", "Old debts")
    page.select_option("#c0-kind", "overdue_days")
    expect(page.locator(".route-found")).to_contain_text("Write a number above zero.")
    page.fill("#c0-amount", "30")
    page.click("#add-condition")
    page.select_option("#c1-kind", "weekday")
    page.check("text=Saturday")
    expect(page.locator(".route-editor .route-sentence")).to_contain_text(
        "the customer has owed for at least 30 days and it is Saturday"
    )
    page.select_option("#queue", "debtors")
    expect(page.locator(".route-editor .field-error")).to_have_count(0)
    page.click("text=Save in the draft")
    expect(page.locator(".route-draft")).to_contain_text("Old debts")
    up = page.get_by_role("button", name="Old debts: up")
    up.focus()
    up.press("Enter")
    expect(page.locator(".route-rule h3").nth(6)).to_contain_text("Old debts")
    expect(page.get_by_role("button", name="Old debts: up")).to_be_focused()
    page.fill("#note", "debts first")
    page.click("button:has-text('Publish')")
    expect(page.locator("[role=status]").first).to_contain_text("version 2 is live")
    with world.runtime.reader() as connection:
        rules, _number = routing_versions.live_rules(connection)
    assert [one.name for one in rules].index("old-debts") == 6
