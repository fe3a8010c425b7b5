"""People and organisations in Chromium: rows that come and go by keyboard, consents, files, and a
stranger who becomes somebody we know. With SCREENSHOTS=folder pictures are kept."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.web import UNKNOWN, World

pytestmark = pytest.mark.browser

# Who types fast, or from a scanner: the letters come in the turn that draws the field.
TYPED_AT_ONCE = """(letters) => new MutationObserver((_changes, drawn) => {
  const field = document.querySelector("#unconfirmed input[name=q]");
  if (!field) return;
  drawn.disconnect();
  field.value = letters;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.body, { childList: true, subtree: true })"""


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_card_gets_more_ways_to_be_reached_without_a_mouse(
    visit: Callable[..., Page], world: World
) -> None:
    page = visit()
    card = f"/customers/{world.customers['Maria Kowalska']}"
    page.goto(page.url.partition("/desk")[0] + f"{card}/edit")
    phones = page.locator("#phones [data-row]")
    expect(phones).to_have_count(1)
    page.locator("#phones [data-add-row]").press("Enter")
    expect(phones).to_have_count(2)
    page.keyboard.type("22 555 11 22")  # the new row has the focus
    phones.nth(1).get_by_label("shared with others").check()
    page.locator("#phones [data-add-row]").press("Enter")
    expect(phones).to_have_count(3)
    phones.nth(2).locator("[data-remove-row]").press("Enter")
    expect(phones).to_have_count(2)
    page.locator("#contacts [data-add-row]").press("Enter")
    added = page.locator("#contacts [data-row]").last
    added.get_by_label("Kind").select_option("telegram")
    added.get_by_label("Address or name").fill("@maria")
    page.locator("#memberships [data-add-row]").press("Enter")
    page.keyboard.type("Rada Portu")
    page.get_by_label("Tags").fill("fair, key account")
    page.get_by_label("Status").select_option("active")
    picture(page, "form")
    page.get_by_role("button", name="Save customer").press("Enter")
    facts = page.locator("#facts")
    for shown in ("22 555 11 22", "shared", "@maria", "Rada Portu", "Active"):
        expect(facts).to_contain_text(shown)

    consents = page.locator("#consents")
    consents.get_by_text("Write down a consent").press("Enter")
    consents.get_by_label("How we know").fill("paper form")
    consents.get_by_role("button", name="Write down").press("Enter")
    expect(consents).to_contain_text("paper form")
    expect(page.locator("#consents .chip")).to_contain_text("given")

    page.locator("#files input[type=file]").set_input_files(
        {"name": "Umowa.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    page.get_by_role("button", name="Add file").press("Enter")
    expect(page.locator("#files")).to_contain_text("Umowa.pdf")
    with page.expect_download() as download:
        page.get_by_role("link", name="Umowa.pdf").click()
    assert download.value.suggested_filename == "Umowa.pdf"
    picture(page, "card")


def test_a_stranger_becomes_a_card_and_then_somebody_we_know(
    visit: Callable[..., Page], world: World
) -> None:
    page = visit()
    home = page.url.partition("/desk")[0]
    world.ring(UNKNOWN)
    world.answer()
    world.hang_up()
    page.goto(f"{home}/customers/unconfirmed")
    row = page.locator("#unconfirmed li").first
    expect(row).to_contain_text("spoke with Anna Nowak")
    page.evaluate(TYPED_AT_ONCE, "kowal")
    row.get_by_role("button", name="It is somebody we know").press("Enter")
    expect(page.get_by_label("Whose number is it?")).to_have_value("kowal")
    picture(page, "unconfirmed")
    page.get_by_role("button", name="Join with this card").press("Enter")
    expect(page.locator("h1")).to_have_text("Maria Kowalska")
    expect(page.locator("#facts")).to_contain_text("+7 916 123-45-67")
    page.goto(f"{home}/organizations")
    page.get_by_role("link", name="Nowak Logistics").click()
    expect(page.locator("h1")).to_have_text("Nowak Logistics")
    expect(page.get_by_role("link", name="Maria Kowalska")).to_be_visible()
    picture(page, "organisation")
