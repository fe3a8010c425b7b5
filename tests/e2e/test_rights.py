"""Roles made and given in the browser; a masked number shown on a click that is written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from tests.support.web import ONE, World

pytestmark = pytest.mark.browser
Visit = Callable


def test_a_role_masks_numbers_at_once_and_each_look_is_written_down(
    visit: Visit, world: World, address: str
) -> None:
    card = f"{address}/customers/{world.customers['Maria Kowalska']}"
    anna = visit("operator1")
    anna.goto(card)
    expect(anna.locator("#facts")).to_contain_text("22 123 45 67")
    anna.context.close()  # a new role ends the sessions of the old one

    admin = visit("admin")
    admin.goto(f"{address}/settings")
    admin.click("main .tile >> text=Roles")
    admin.fill("#title", "Careful operator")
    admin.click("text=Make a copy")
    expect(admin.locator("h1")).to_have_text("Careful operator")
    admin.select_option("select[name='customer:phones']", "masked")
    admin.click("button:has-text('Save')")
    expect(admin.locator("main [role=status]").first).to_contain_text("at once")
    admin.goto(f"{address}/users/{world.users['operator1']}/edit")
    admin.select_option("#role", label="Careful operator")
    admin.click("button:has-text('Save')")

    anna = visit("operator1")
    anna.goto(card)
    facts = anna.locator("#facts")
    expect(facts).to_contain_text("+48•••••••67")
    assert ONE.removeprefix("+48") not in anna.content().replace(" ", "")
    facts.get_by_role("button", name="Show it; this is written down").first.click()
    expect(facts).to_contain_text("22 123 45 67")
    with world.runtime.reader() as connection:
        looks = connection.execute(
            text("select user_id, object_type from audit_log where action = 'revealed'")
        ).all()
    assert looks == [(world.users["operator1"], "customer")]
