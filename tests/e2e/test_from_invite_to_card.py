"""The whole way, nothing replaced: a caller's INVITE, a real Asterisk, the card in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ami.lab import LabPbx
from ami.lab.phones import HIDDEN, Behaviour, Call, DeskPhone, call_in
from ami.lab.ports import free_tcp_port
from tests.support.lab import require_lab
from tests.support.web import PASSWORD
from tests.support.whole_product import WholeProduct, joined

pytestmark = [pytest.mark.browser, pytest.mark.pbx]

DIRECT = "+48221000101"
SUPPORT = "+48221000001"
KNOWN, STRANGER, SHARED = "+48601100100", "+48602200200", "+48225550101"
# Long enough to look at the ringing card, however busy the machine is.
PHONE = Behaviour(ring=6.0)


@pytest.fixture
def crm(sqlite_url: str, tmp_path: Path, front_end: None) -> Iterator[WholeProduct]:
    require_lab()
    agi = ("127.0.0.1", free_tcp_port())
    with LabPbx(tmp_path / "pbx", agi=agi) as pbx, joined(sqlite_url, pbx, tmp_path) as product:
        product.add_operators(["1001"])
        product.serve_pages()
        with DeskPhone(pbx, "1001", PHONE):
            yield product


@pytest.fixture
def desk(chromium: Browser, crm: WholeProduct) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{crm.web_url}/login")
    page.fill("#username", "operator1001")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("html[data-link=up]")
    yield page
    context.close()


def test_a_customer_calls_and_their_card_opens_while_the_phone_rings(
    crm: WholeProduct, desk: Page
) -> None:
    crm.add_customer(KNOWN, display_name="Maria Kowalska", vip_level=1)
    caller = call_in(crm.pbx, [Call(number=KNOWN, to=SUPPORT)], talk=12.0)
    expect(desk.locator("#callbar")).to_have_attribute("data-phase", "ringing", timeout=15_000)
    expect(desk.locator("#pop .card-name")).to_have_text("Maria Kowalska")
    expect(desk.locator("#callbar")).to_have_attribute("data-phase", "answered", timeout=15_000)
    desk.fill("#note", "Asks for the invoice")
    expect(desk.locator("#note-status")).to_contain_text("Saved")
    caller.wait(60)
    expect(desk.locator("#callbar")).to_have_attribute("data-phase", "idle", timeout=15_000)
    crm.wait_until_over(1)
    (row,) = crm.mappings("SELECT customer_id, result, queue, operator_id FROM interactions")
    assert (row["result"], row["queue"]) == ("answered", "vip")
    assert row["operator_id"] is not None
    desk.goto(f"{crm.web_url}/customers/{row['customer_id']}")
    expect(desk.locator("ol.timeline")).to_contain_text("Asks for the invoice")


def test_a_hidden_caller_opens_nobodys_card(crm: WholeProduct, desk: Page) -> None:
    crm.add_customer(KNOWN, display_name="Maria Kowalska")
    caller = call_in(crm.pbx, [Call(number=HIDDEN, to=DIRECT)], talk=1.0)
    expect(desk.locator("#pop")).to_have_attribute("data-match", "withheld", timeout=15_000)
    expect(desk.locator("body")).not_to_contain_text("Maria Kowalska")
    caller.wait(60)
    crm.wait_until_over(1)


def test_two_people_on_one_number_are_offered_to_choose_from(crm: WholeProduct, desk: Page) -> None:
    for name in ("Anna Zając", "Jan Zając"):
        crm.add_customer(SHARED, display_name=name)
    caller = call_in(crm.pbx, [Call(number=SHARED, to=DIRECT)], talk=4.0)
    expect(desk.locator(".choice")).to_have_count(2, timeout=15_000)
    desk.keyboard.press("1")
    expect(desk.locator("#pop")).to_have_attribute("data-match", "chosen")
    caller.wait(60)
    crm.wait_until_over(1)
    (row,) = crm.mappings("SELECT customer_id, match FROM interactions")
    assert row["match"] == "chosen"
    assert row["customer_id"] is not None


def test_a_stranger_becomes_a_customer_during_the_call(crm: WholeProduct, desk: Page) -> None:
    caller = call_in(crm.pbx, [Call(number=STRANGER, to=DIRECT)], talk=8.0)
    expect(desk.locator("#quick")).to_be_visible(timeout=15_000)
    desk.fill("#quick #display_name", "Piotr Nowy")
    desk.click("#quick button[type=submit], #quick .btn-primary")
    expect(desk.locator("#pop .card-name")).to_have_text("Piotr Nowy")
    caller.wait(60)
    crm.wait_until_over(1)
    (row,) = crm.mappings(
        "SELECT c.display_name, p.e164 FROM interactions i "
        "JOIN customers c ON c.id = i.customer_id JOIN phone_numbers p ON p.customer_id = c.id"
    )
    assert row == {"display_name": "Piotr Nowy", "e164": STRANGER}
