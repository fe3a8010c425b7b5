"""Operators with the phone in the page, on a real Asterisk: what both ends say of their calls."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.waiting import wait_until
from tests.support.whole_product import WholeProduct

PATIENCE = 20_000
_FIGURES = """() => {
    const phone = globalThis.callcenterPhone?.current;
    return phone?.figures(phone.lines[0]?.id);
}"""


def status_is(page: Page, status: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-phone", status, timeout=PATIENCE)


def switch_on(page: Page) -> None:
    """Whatever it was before: off, kept from another day, or open on a screen now closed."""
    settled = re.compile("^(off|ready|elsewhere)$")
    expect(page.locator("html")).to_have_attribute("data-phone", settled, timeout=PATIENCE)
    if page.locator("html").get_attribute("data-phone") != "ready":
        page.click("[data-act=phone]")
        page.click("#phone-on, #phone-over")
        status_is(page, "ready")
        page.keyboard.press("Escape")


def bar_is(page: Page, status: str) -> None:
    bar = page.locator("#callbar")
    try:
        expect(bar).to_have_attribute("data-status", status, timeout=PATIENCE)
    except AssertionError as error:
        error.add_note(f"what the pages tell meanwhile: {_told(page)}")
        raise


def _told(page: Page) -> list[str]:
    """On every operator's page: it may be another one whose action was refused."""
    browser = page.context.browser
    pages = [one for context in browser.contexts for one in context.pages] if browser else [page]
    return [f"{each.url}: {each.locator('#callbar, #toasts').all_inner_texts()}" for each in pages]


def press(page: Page, act: str) -> None:
    page.click(f"#callbar [data-act={act}]")


def transfer(page: Page, to: str, how: str) -> None:
    press(page, "transfer")
    page.click(f"#transfer [data-to='{to}'] [data-how={how}]")


def figures(page: Page) -> dict[str, Any]:
    """What this page's phone sent and received on its first line."""
    said = page.evaluate(_FIGURES)
    return dict(said or {"sent": 0, "received": 0})


def hears_and_speaks(page: Page, more: int = 20) -> None:
    """Until so many more packets went each way."""
    before = figures(page)

    def flows() -> bool:
        now = figures(page)
        return all(now[way] >= before[way] + more for way in ("sent", "received"))

    wait_until(flows, timeout=20, words=f"packets both ways, from {before}")


def channels(crm: WholeProduct) -> str:
    return crm.pbx.console("core show channels concise")


def bridged(crm: WholeProduct, *devices: str) -> None:
    """Until exactly these stand in one bridge with nobody else."""

    def so() -> bool:
        found: dict[str, set[str]] = {}
        for row in channels(crm).splitlines():
            cells = row.split("!")
            if cells[0].startswith("PJSIP/") and cells[12]:
                found.setdefault(cells[12], set()).add(cells[0].rpartition("-")[0])
        return {f"PJSIP/{one}" for one in devices} in found.values()

    wait_until(so, timeout=20, words=f"{devices} in one bridge")
