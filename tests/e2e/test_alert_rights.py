"""A right to alerts narrowed to one's team, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from callcenter.alert_work import Watch, room_of
from callcenter.alerts.checks import Known
from callcenter.alerts.threshold import Threshold
from callcenter.services.thresholds import ThresholdDesk
from tests.support.alert_lead import make_lead
from tests.support.web import World

pytestmark = pytest.mark.browser


def test_a_lead_is_told_of_the_queues_of_whichever_team_they_lead(
    visit: Callable, world: World, address: str
) -> None:
    ours, theirs = make_lead(world)
    lead, boss = visit("supervisor"), visit("admin")
    for page in (lead, boss):
        page.goto(f"{address}/interactions")
        expect(page.locator("html[data-link=up]")).to_be_visible()
    known = Known(queues=frozenset({"sales", "support"}))
    desk = ThresholdDesk(room=room_of(world.runtime), known=lambda _: known)
    for queue in ("sales", "support"):
        desk.create(
            Threshold(
                metric="ready", comparison="at_most", scope="queues", queues=(queue,), amber=0,
                title=f"Nobody for {queue}",
            )
        )  # fmt: skip
    Watch(world.runtime, "test").turn()
    alerts = "#alerts .alert-item"
    expect(boss.locator(alerts)).to_have_count(2)
    expect(lead.locator(alerts)).to_have_count(1)
    expect(lead.locator(alerts)).to_contain_text("Nobody for sales")
    boss.goto(f"{address}/teams/{ours}")
    boss.select_option("#lead", "")
    boss.click("main form.panel button.btn-primary")
    expect(lead.locator(alerts)).to_have_count(0)
    boss.goto(f"{address}/teams/{theirs}")
    boss.select_option("#lead", str(world.users["supervisor"]))
    boss.click("main form.panel button.btn-primary")
    expect(lead.locator(alerts)).to_have_count(1)
    expect(lead.locator(alerts)).to_contain_text("Nobody for support")

    lead.goto(f"{address}/alerts")
    open_ones = lead.locator("#alerts-open")
    expect(open_ones).to_contain_text("Nobody for support")
    expect(open_ones).not_to_contain_text("Nobody for sales")
    lead.click("#alerts-open form button")
    expect(open_ones).to_contain_text("looks after it")
    expect(boss.locator(alerts)).to_have_count(1)
    expect(boss.locator(alerts)).to_contain_text("Nobody for sales")
    lead.goto(f"{address}/thresholds")
    expect(lead.locator("main .row-link")).to_have_count(1)
