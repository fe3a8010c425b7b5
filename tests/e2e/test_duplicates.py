"""Two cards compared, joined by keyboard, looked at and parted, in a real browser; a live call
follows onto the card that stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from callcenter.customers.customer import CustomerDraft, PhoneDraft
from callcenter.services import customers, duplicates
from tests.support.web import World

pytestmark = pytest.mark.browser
SLOWLY = 30_000
NUMBER = "+48225551122"


def add(world: World, name: str, **fields: Any) -> int:
    runtime = world.runtime
    return customers.create_customer(
        CustomerDraft(display_name=name, **fields),
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan=runtime.settings.number_plan,
        user_id=world.users["supervisor"],
    )


def search(world: World) -> None:
    given: dict[str, Any] = {
        "unit_of_work": world.runtime.unit_of_work,
        "clock": world.runtime.clock,
    }
    duplicates.begin_search(user_id=None, **given)
    duplicates.go_on(**given, publisher=world.runtime.bus)


def test_two_cards_are_compared_joined_and_parted(visit: Callable, world: World) -> None:
    one = add(world, "Marina Wrona", city="Kraków", remarks="Pays late")
    other = add(
        world,
        "Марина Врона",
        city="Kraków",
        remarks="Calls after six",
        phones=(PhoneDraft(number=NUMBER),),
    )
    search(world)
    desk = visit("operator1")
    world.ring(NUMBER)
    expect(desk.locator(".callbar-name").first).to_contain_text("Марина Врона")

    page = visit("supervisor")
    page.goto(page.url.split("/desk")[0].rstrip("/") + f"/customers/{one}")
    expect(page.locator("#duplicates")).to_contain_text("Марина Врона")
    page.locator("#duplicates").get_by_role("link", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare two cards")).to_be_visible()
    both = page.get_by_role("group", name="Remarks").get_by_label("Keep both")
    expect(both).to_be_checked()
    mine = page.get_by_role("group", name="Name").get_by_role("radio").first
    expect(mine).to_be_checked()
    mine.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Join into one card").press("Enter")

    expect(page.get_by_role("heading", name="Марина Врона")).to_be_visible(timeout=SLOWLY)
    expect(page).to_have_url(f"{page.url.split('/customers')[0]}/customers/{one}")
    expect(page.locator("#duplicates")).to_contain_text("was joined into this card")
    expect(desk.locator(f'a[href="/customers/{one}"]').first).to_be_visible()

    page.goto(page.url.split("/customers")[0] + f"/history/customer/{one}")
    changed = page.get_by_role("region", name="What changed")
    expect(changed).to_contain_text("Marina Wrona")
    expect(changed).to_contain_text("Joined")
    page.go_back()
    page.get_by_role("button", name="Part them again").click()
    expect(page.get_by_role("heading", name="Marina Wrona")).to_be_visible(timeout=SLOWLY)
    expect(page.get_by_role("status").first).to_contain_text("Two cards again")
    page.goto(page.url.split("/customers")[0] + f"/customers/{other}")
    expect(page.get_by_role("heading", name="Марина Врона")).to_be_visible()
