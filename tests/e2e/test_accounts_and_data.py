"""A customer's account and data on the card: paid by hand, then erased for good."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from callcenter.services import figures
from tests.support.web import World

pytestmark = pytest.mark.browser


def test_an_invoice_is_paid_in_part_and_the_customer_erased(
    visit: Callable, world: World, address: str
) -> None:
    figures.catch_up(unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock)
    figures.work_out_classes(unit_of_work=world.runtime.unit_of_work)
    page = visit("admin")
    page.goto(f"{address}/customers/{world.customers['Maria Kowalska']}")
    worth = page.locator("#figures")
    expect(worth).to_contain_text("for 12 days")
    expect(worth.locator(".month-bar").last).to_be_attached()
    page.get_by_label("What is this? ABC class").click()
    expect(worth).to_contain_text("the first 80 % of our turnover")

    account = page.locator("#accounts")
    account.get_by_role("button", name="Add payment").click()
    amount = account.get_by_label("Amount")
    expect(amount).to_have_value("1240.00")
    amount.fill("1 000,00")
    account.locator("form").get_by_role("button", name="Add payment").click()
    expect(account).to_contain_text("still open")
    expect(worth).not_to_contain_text("1,240.00")

    privacy = page.locator("#privacy")
    privacy.get_by_role("button", name="Erase this person").click()
    privacy.get_by_label("Type Maria Kowalska to erase").fill("maria kowalska")
    privacy.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("Erased. What the law makes us keep")).to_be_visible()
    expect(page.get_by_role("link", name="Maria Kowalska")).to_have_count(0)
