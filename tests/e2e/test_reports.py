"""Reports in a browser: from a question to its calls, kept, shared, and taken away as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from callcenter import file_jobs
from callcenter.services import report_facts
from tests.support.web import ONE, World

pytestmark = pytest.mark.browser


def test_a_supervisor_asks_a_report_looks_at_its_calls_keeps_it_and_takes_it_away(
    visit: Callable[..., Any], world: World, address: str
) -> None:
    world.ring(ONE)
    world.answer()
    world.hang_up()
    page = visit("supervisor")
    page.goto(f"{address}/reports/traffic")
    expect(page.locator("[data-chart][data-drawn]")).to_be_visible()
    page.select_option("#period", "today")
    page.select_option("#by", "queue")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(f"{address}/reports/traffic?period=today&by=queue")
    shared = page.url

    page.fill("#view-title", "Queues of today")
    page.get_by_role("button", name="Save").click()
    kept = page.get_by_role("link", name="Queues of today")
    expect(kept).to_have_attribute("href", "/reports/traffic?period=today&by=queue")
    page.select_option("#form", "table.csv")
    page.get_by_role("button", name="Export").click()
    expect(page.locator("#report-files")).to_contain_text("How much came in?")
    assert file_jobs.make_exports(world.runtime)
    with page.expect_download() as fetched:
        page.locator("#report-files a[download]").click()
    assert fetched.value.path().read_text("utf-8-sig").startswith("Queue,Offered")

    page.goto(shared)
    page.locator("tbody .row-link").first.click()
    expect(page.locator("table.list.cards")).to_contain_text("Maria Kowalska")


# A busy centre's hours; those of the world here are seconds long.
_LONG = """() => document.querySelectorAll(".report-table td.end:nth-last-child(-n+4)")
  .forEach((cell) => { cell.textContent = "151:29:55"; })"""
_TOO_WIDE = """() => {
  const over = (one) => one.scrollWidth - one.clientWidth;
  const panel = document.querySelector(".panel:has(.report-table)");
  return {page: over(document.documentElement), panel: over(panel)};
}"""
_FIRST = """() => document.querySelector(".report-table tbody td").getBoundingClientRect().x
  - document.querySelector(".panel:has(.report-table)").getBoundingClientRect().x"""


@pytest.mark.parametrize("language", ["en", "pl", "ru"])
def test_the_widest_report_stands_whole_on_a_desk_and_keeps_its_first_column_on_a_phone(
    visit: Callable[..., Any], world: World, address: str, language: str
) -> None:
    world.ring(ONE)
    world.answer()
    world.hang_up()
    built = world.runtime
    while report_facts.turn(unit_of_work=built.unit_of_work, clock=built.clock):
        pass
    page = visit("supervisor")
    page.goto(f"{address}/profile")
    page.select_option("#locale", language)
    page.locator("form:has(#locale) .btn-primary").click()
    expect(page.locator("#main .notice[role=status]")).to_be_visible()
    page.goto(f"{address}/reports/operators?period=today")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".report-table tbody tr")).to_have_count(1)
    page.evaluate(_LONG)
    assert page.evaluate(_TOO_WIDE) == {"page": 0, "panel": 0}

    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate(_TOO_WIDE)
    assert wide["page"] == 0
    assert wide["panel"] > 0
    page.evaluate("() => document.querySelector('.panel:has(.report-table)').scrollTo(400, 0)")
    assert page.evaluate(_FIRST) <= 1
