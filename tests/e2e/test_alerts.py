"""A figure beyond its threshold on every supervisor's screen, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from callcenter.alert_work import Watch, room_of
from callcenter.alerts.checks import Known
from callcenter.alerts.threshold import Goal, Threshold
from callcenter.services.thresholds import ThresholdDesk
from tests.support.web import UNKNOWN, World

pytestmark = pytest.mark.browser


def test_an_alert_reaches_whoever_leads_and_leaves_all_screens_at_once(
    visit: Callable, world: World
) -> None:
    sue, boss, anna = visit("supervisor"), visit("admin"), visit("operator1")
    sue.goto(sue.url.partition("/desk")[0] + "/settings")
    expect(sue.locator("html[data-link=up]")).to_be_visible()
    desk = ThresholdDesk(room=room_of(world.runtime), known=lambda _: Known())
    desk.set_goal(Goal(metric="answered", target=3))
    expect(anna.locator("#desk-goals")).to_contain_text("Goal not reached")
    desk.create(Threshold(metric="waiting", comparison="at_least", amber=1, title="Too many"))
    watch = Watch(world.runtime, "test")
    world.ring(UNKNOWN, to=())
    watch.turn()
    boxes = [page.locator("#alerts .alert-item") for page in (sue, boss)]
    for box in boxes:
        expect(box).to_contain_text("1 caller waits")
        expect(box).to_contain_text("Too many")
    sue.goto(sue.url.replace("/settings", "/alerts"))
    expect(sue.locator("#alerts-open")).to_contain_text("Callers who wait")
    sue.fill("#alerts-open input[name=note]", "I call two more")
    sue.click("#alerts-open form button")
    for box in boxes:
        expect(box).to_have_count(0)
    expect(sue.locator("#alerts-open")).to_contain_text("I call two more")
    world.hang_up()
    watch.turn()
    expect(sue.locator("#alerts-open")).to_contain_text("All is within its thresholds")
    expect(anna.locator("#alerts .alert-item")).to_have_count(0)
