"""The list of customers in Chromium: a filter built with the keyboard, saved, and used."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

Visit = Callable[..., Page]


def test_a_filter_is_built_by_keyboard_saved_and_done_to_many(visit: Visit) -> None:
    page = visit("supervisor")
    page.click('#rail a[href="/customers"]')
    everybody = page.locator("#customer-rows tbody tr")
    expect(everybody.first).to_be_visible()
    before = everybody.count()
    page.locator("[data-filter-builder] > summary").focus()
    page.keyboard.press("Enter")
    page.locator("[data-add-condition]").first.focus()
    page.keyboard.press("Enter")
    field = page.locator("[data-condition] [data-field]")
    expect(field).to_be_focused()
    field.select_option("vip")
    expect(page.locator("[data-condition] [data-op]")).to_have_value("yes")
    expect(everybody).not_to_have_count(before)
    page.wait_for_url("**filter=**")
    kept = everybody.count()
    page.reload()
    expect(everybody).to_have_count(kept)
    expect(page.locator("[data-condition] [data-field]")).to_have_value("vip")
    page.get_by_text("Save as segment").click()
    page.fill("#segment-name", "Our VIPs")
    page.get_by_role("button", name="Save segment").click()
    expect(page.locator("h1")).to_have_text("Our VIPs")
    expect(everybody).to_have_count(kept)
    page.locator("[data-pick-all]").check()
    page.locator("#bulk select").select_option("add_tag")
    page.get_by_role("button", name="Do to the chosen").click()
    page.fill("#v", "Spring")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("table.list tbody")).to_contain_text("Spring")
    page.get_by_role("button", name="Do it to").click()
    page.wait_for_url("**/history/batches")


def test_a_search_given_up_for_a_newer_one_is_no_error(visit: Visit) -> None:
    page = visit()
    page.click('#rail a[href="/customers"]')
    page.locator("#q").evaluate(
        """(field) => {
            for (const value of ["kow", "zof"]) {
              field.value = value;
              field.dispatchEvent(new Event("search", { bubbles: true }));
            }
        }"""
    )
    expect(page.locator("#customer-rows")).to_contain_text("Zofia")
    expect(page.locator("#customer-rows")).not_to_contain_text("Maria")
    assert page.complaints == []


def test_of_fields_chosen_faster_than_the_server_answers_the_last_one_stays(visit: Visit) -> None:
    page = visit("supervisor")
    page.click('#rail a[href="/customers"]')
    page.locator("[data-filter-builder] > summary").click()
    page.locator("[data-add-condition]").first.click()
    field = page.locator("[data-condition] [data-field]")
    expect(field).to_be_focused()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("[?&]field=(vip|city)"), hold)
    field.select_option("vip")
    field.select_option("city")
    for _ in range(100):
        if len(held) == 2:
            break
        page.wait_for_timeout(50)  # until both questions have come to the route
    vip, city = held
    with page.expect_response("**field=vip*"):
        vip.continue_()
    with page.expect_response("**field=city*"):
        city.continue_()
    expect(field).to_have_value("city")
    expect(page.locator("[data-condition] [data-op]")).not_to_have_value("yes")
