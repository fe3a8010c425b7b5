"""Reports in a browser: from a question to its calls, kept, shared, and taken away as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from callcenter import file_jobs
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
