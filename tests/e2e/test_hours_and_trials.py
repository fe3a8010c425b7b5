"""Hours edited by keyboard, closed in two clicks, and asked about before anybody calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from callcenter.queries import hours as queries
from callcenter.routing.actions import ToQueue
from callcenter.routing.rules import Condition, Rule
from callcenter.services import routing_trial
from callcenter.services.routing_rules import RulesDesk
from tests.support.web import ONE, World

pytestmark = pytest.mark.browser


def test_a_week_is_typed_closed_in_two_clicks_and_tried_on_a_holiday(
    visit: Callable, address: str, world: World
) -> None:
    page = visit("supervisor")
    page.goto(f"{address}/hours")
    page.get_by_role("main").get_by_role("link", name="New calendar").first.click()
    page.get_by_label("Name").fill("Office")
    page.get_by_label("Time zone").select_option("Europe/Warsaw")
    page.get_by_label("Public holidays of").select_option("PL")
    monday = page.get_by_label("Monday", exact=True)
    monday.fill("9-13, 12-18")
    page.keyboard.press("Tab")
    expect(page.get_by_text("overlap: make one of them")).to_be_visible()
    expect(page.get_by_label("Monday: the same up to Friday")).to_be_focused()
    monday.fill("9-13, 14-18")
    page.keyboard.press("Tab")
    expect(page.get_by_text("overlap: make one of them")).to_have_count(0)
    expect(page.get_by_label("Monday: the same up to Friday")).to_be_focused()
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Friday", exact=True)).to_have_value("09:00–13:00, 14:00–18:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Office")).to_be_visible()
    page.get_by_role("button", name="Christmas Eve: we are there").first.click()
    expect(page.get_by_text("There as usual").first).to_be_visible()

    page.goto(f"{address}/hours")
    page.get_by_text("Close now…").click()
    page.get_by_role("button", name="For an hour").click()
    expect(page.get_by_text("Closed (for a time)")).to_be_visible()
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_text("Nothing is closed out of turn.")).to_be_visible()
    with world.runtime.reader() as connection:
        assert queries.load(connection, world.runtime.clock.now()).closures == ()

    _draft_that_asks_the_calendar(world)
    page.goto(f"{address}/routing/try")
    page.get_by_label("This number").fill(ONE)
    page.get_by_label("at this time (empty: now)").fill("2027-12-25T18:00")
    page.get_by_role("button", name="Where to?").click()
    draft = page.get_by_role("region", name="By the draft")
    expect(draft.get_by_text("queue Sales")).to_be_visible()
    expect(
        page.get_by_role("region", name="By the live rules").get_by_text("queue VIP")
    ).to_be_visible()
    draft.get_by_text("What was known then").click()
    expect(draft.get_by_text("closed: public holiday")).to_be_visible()

    page.get_by_role("link", name="A draft on last week's calls").click()
    page.get_by_role("button", name="Compare the draft").click()
    expect(page.get_by_text("0 of 0 calls looked at")).to_be_visible()
    runtime = world.runtime
    routing_trial.turn(unit_of_work=runtime.unit_of_work, clock=runtime.clock)
    expect(page.get_by_text("No call was decided in that week.")).to_be_visible()


def _draft_that_asks_the_calendar(world: World) -> None:
    runtime = world.runtime
    desk = RulesDesk(
        unit_of_work=runtime.unit_of_work, clock=runtime.clock, publisher=runtime.bus,
        user_id=world.users["supervisor"],
    )  # fmt: skip
    closed = Condition("open", of="office", negated=True)
    desk.move(
        desk.put_rule(Rule(name="closed", conditions=(closed,), action=ToQueue("sales"))), -99
    )
