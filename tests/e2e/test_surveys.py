"""Surveys in a browser: made by keyboard and pointer, answered on a telephone's screen from a link,
seen in the report.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from callcenter.accounts.passwords import hash_password
from callcenter.bootstrap import build
from callcenter.ports.surveys import Talked
from callcenter.seed import company, demo
from callcenter.services.survey_answers import asking
from callcenter.surveys.links import digest, new_token
from tests.support.web import PASSWORD, World, settings_for
from web.catalogs import ensure_compiled

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    """The demo company: it has asked its callers already."""
    ensure_compiled()
    made = World(build(settings_for(sqlite_url, tmp_path)))
    names = dict(demo.seed(made.runtime))
    with made.runtime.unit_of_work() as uow:
        company.renew_passwords(uow, dict.fromkeys(names, hash_password(PASSWORD)))
        uow.commit()
    yield made
    made.runtime.close()


def link_of(world: World) -> str:
    token = new_token(world.runtime.settings.secret_key)
    now = world.runtime.clock.now()
    with world.runtime.unit_of_work() as uow:
        (survey,) = uow.surveys.all()
        talk = Talked(
            call_id=f"pbx/{token}",
            pbx="pbx",
            interaction_id=0,
            customer_id=None,
            operator_id=None,
            number="+48601234567",
            queue="support",
        )
        told = {"way": "sms", "token_digest": digest(token), "language": "pl"}
        uow.surveys.ask(
            {**asking(survey, talk, now), **told, "expires_at": now + timedelta(hours=1)}
        )
        uow.commit()
    return f"/survey/{token}"


def shot(page: Page, name: str) -> None:
    folder = os.environ.get("SURVEY_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_survey_is_answered_on_a_phone_and_read_in_the_report(
    world: World, visit: Visit, address: str
) -> None:
    link = link_of(world)
    boss = visit("supervisor", viewport={"width": 1200, "height": 900})
    caller = boss.context.browser.new_context(**PHONE, color_scheme="dark").new_page()  # type: ignore[union-attr]
    caller.goto(address + link)
    expect(caller.locator("html")).to_have_attribute("lang", "pl")
    shot(caller, "visitor-dark")
    caller.get_by_label("2", exact=True).check()
    assert caller.evaluate("document.documentElement.scrollWidth <= innerWidth")
    caller.get_by_role("textbox").fill("Za długo czekałem.")
    shot(caller, "visitor-filled")
    caller.locator("button.btn-primary").click()
    expect(caller.locator("form")).to_have_count(0)
    shot(caller, "thanks")
    caller.goto(address + link)
    expect(caller.locator("form")).to_have_count(0)
    shot(caller, "over")
    boss.goto(address + "/surveys")
    shot(boss, "surveys")
    boss.get_by_role("link", name="After a call").click()
    expect(boss.get_by_text("Za długo czekałem.")).to_be_visible()
    shot(boss, "report")
    boss.locator(".survey-figures a[href*=low]").click()
    expect(boss).to_have_url(re.compile("score=low"))
    for chip in boss.locator("#answers .chip").all():
        expect(chip).to_have_text(re.compile("^[12]/5$"))
    boss.get_by_role("link", name="Edit").click()
    boss.get_by_label("Ask after one call in").fill("0")
    boss.get_by_role("button", name="Save").click()
    expect(boss.get_by_text("From 1 to 1000.")).to_be_visible()
    boss.complaints.clear()  # type: ignore[attr-defined]  # the browser notes the 422
    shot(boss, "form")
    boss.set_viewport_size({"width": 390, "height": 844})
    assert boss.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(boss, "form-phone")
    if os.environ.get("SURVEY_SHOTS"):
        boss.get_by_role("link", name="Back", exact=True).click()
        shot(boss, "report-phone")
        boss.emulate_media(color_scheme="dark")
        boss.set_viewport_size({"width": 1200, "height": 900})
        shot(boss, "report-dark")
