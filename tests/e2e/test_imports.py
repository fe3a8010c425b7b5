"""A file of another system, from choosing it to taking it back, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from callcenter import file_jobs
from callcenter.services import import_run, imports
from tests.support import vtiger_file
from tests.support.web import World

pytestmark = pytest.mark.browser


def work(world: World) -> None:
    import_run.advance(file_jobs.desk_of(world.runtime), world.runtime.bus)


def change(page: Page, label: str, value: str) -> None:
    """And see what the server makes of it in place of what was chosen."""
    with page.expect_response("**/plan"):
        page.get_by_label(label).select_option(value)
    expect(page.locator("#import-plan.htmx-request")).to_have_count(0)
    expect(page.get_by_label(label)).to_have_value(value)


def slow_at_first(change_plan: Callable[..., Any]) -> Callable[..., Any]:
    """Until another change has been kept, or has had its time."""
    first, another = Lock(), Event()

    def change(*arguments: Any, **named: Any) -> Any:
        if first.acquire(blocking=False):
            another.wait(2)
            return change_plan(*arguments, **named)
        try:
            return change_plan(*arguments, **named)
        finally:
            another.set()

    return change


def test_a_file_is_sent_corrected_tried_taken_and_taken_back(
    visit: Callable, address: str, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "Contacts.csv"
    file.write_bytes(vtiger_file.contacts(60).replace(b"Administrator", b"Anna Nowak"))
    page = visit("supervisor")
    page.goto(f"{address}/imports")
    expect(page.get_by_text("Nothing was imported yet")).to_be_visible()
    page.get_by_label("File: CSV, XLSX or vCard").set_input_files(file)
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name="Contacts.csv")).to_be_visible()
    expect(page.get_by_label("Encoding")).to_have_value("cp1250")
    expect(page.get_by_label("Mobile Phone becomes")).to_have_value("phone_mobile")
    expect(page.get_by_text("This is not a telephone number we can read")).to_have_count(1)
    change(page, "Lead Source becomes", "segment")
    change(page, "Lead Source becomes", "tags")

    page.get_by_role("button", name="Try it out").click()
    expect(page.get_by_text("Waiting")).to_be_visible()
    work(world)
    expect(page.get_by_text("Tried out: nothing was kept")).to_be_visible()
    expect(page.locator(".import-counts")).to_have_text(
        re.compile(r"New\s*57\s*Changed\s*0\s*As they were\s*0\s*Errors\s*3")
    )
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    work(world)
    with page.expect_download() as download:
        page.get_by_role("link", name="Rows with errors, as a file").click()
    assert "What is wrong" in Path(download.value.path()).read_text("utf-8-sig")

    page.goto(f"{address}/customers?q=Źrebiec2")
    expect(page.locator("#customer-rows")).to_contain_text("Michał")
    page.goto(f"{address}/imports/1")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("What was imported is being taken back")).to_be_visible()
    work(world)
    expect(page.get_by_text("Taken back")).to_be_visible()


def test_of_two_changes_at_once_the_server_keeps_the_later_one(
    visit: Callable, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "change_plan", slow_at_first(imports.change_plan))
    file = tmp_path / "Contacts.csv"
    file.write_bytes(vtiger_file.contacts(3))
    page = visit("supervisor")
    page.goto(f"{address}/imports")
    page.get_by_label("File: CSV, XLSX or vCard").set_input_files(file)
    page.get_by_role("button", name="Send").click()
    target = page.get_by_label("Lead Source becomes")
    target.evaluate(
        """(list) => {
            for (const value of ["segment", "tags"]) {
              list.value = value;
              list.dispatchEvent(new Event("change", { bubbles: true }));
            }
        }"""
    )
    expect(page.locator("#import-plan.htmx-request")).to_have_count(0)
    expect(target).to_have_value("tags")
    page.reload()
    expect(target).to_have_value("tags")
