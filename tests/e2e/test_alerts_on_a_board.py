"""Boxes that wait for somebody, on the wallboard: beside what is looked at, not over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from callcenter.alert_work import Watch, room_of
from callcenter.alerts.checks import Known
from callcenter.alerts.threshold import Threshold
from callcenter.services.thresholds import ThresholdDesk
from tests.e2e.desks import wall_of
from tests.integration.web.test_wallboard import make_board
from tests.support.web import World

pytestmark = pytest.mark.browser
COVERED = """() => {
    const over = document.getElementById("alerts").getBoundingClientRect();
    const wanted = "#board-tiles .board-tile, .page-head a";
    const things = [...document.querySelectorAll(wanted)];
    const inSight = things.map((one) => one.getBoundingClientRect());
    const touches = (box) => box.right > over.left && box.left < over.right
        && box.bottom > over.top && box.top < over.bottom;
    return [inSight.length, inSight.filter(touches).length];
}"""

CUT_OFF = """(words) => {
    const tile = words.closest(".wall-tile").getBoundingClientRect();
    const { right, bottom } = words.getBoundingClientRect();
    return words.scrollWidth > words.clientWidth || words.scrollHeight > words.clientHeight
        || right > tile.right || bottom > tile.bottom;
}"""


def _told(world: World, count: int) -> None:
    known = Known(queues=frozenset({"sales", "support"}))
    desk = ThresholdDesk(room=room_of(world.runtime), known=lambda _: known)
    for number in range(count):
        desk.create(
            Threshold(metric="ready", comparison="at_most", amber=0, title=f"Nobody {number}")
        )
    Watch(world.runtime, "test").turn()


@pytest.mark.parametrize("width", [1280, 1440])
def test_what_needs_somebody_covers_neither_a_figure_nor_a_button_of_the_board(
    visit: Callable[..., Any], world: World, address: str, width: int
) -> None:
    page = visit("supervisor", viewport={"width": width, "height": 900})
    page.goto(f"{address}/wallboard")
    expect(page.locator("#board-tiles .board-tile").first).to_be_visible()
    _told(world, 3)
    boxes = page.locator("#alerts .alert-item")
    expect(boxes).to_have_count(3)
    things, covered = page.evaluate(COVERED)
    assert (things > 2, covered) == (True, 0)
    last = page.locator("#wallboard section.panel:visible").last
    page.evaluate("document.getElementById('main').scrollTop = 1e6")
    end = last.bounding_box()
    assert end["y"] + end["height"] <= page.locator("#alerts").bounding_box()["y"] + 1
    page.click("#rail a[href='/customers']")
    expect(page.locator("h1")).to_have_text("Customers")
    expect(page.locator("body.with-board")).to_have_count(0)
    page.go_back()
    expect(page.locator("body.with-board")).to_have_count(1)
    for left in (2, 1, 0):
        boxes.first.get_by_role("button", name="I look after it").click()
        expect(boxes).to_have_count(left)
    expect(page.locator("body.with-alerts")).to_have_count(0)


def test_on_a_wall_the_tile_tells_to_the_last_word_who_takes_care_of_it(
    visit: Callable[..., Any], chromium: Any, world: World, address: str
) -> None:
    _board, token = make_board(world)
    _told(world, 1)
    visit("supervisor").get_by_role("button", name="I look after it").click()
    with wall_of(chromium, address, token) as page:
        told = page.locator(".wall-tile .board-alert > span")
        expect(told).to_contain_text("takes care of it")
        assert told.evaluate(CUT_OFF) is False
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080
