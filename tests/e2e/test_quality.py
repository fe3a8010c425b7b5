"""An assessment in a browser: made by keys beside the recording, objected to, put right, closed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from callcenter.services.score_cards import CardDesk
from tests.support.score_card import CARD
from tests.support.sounds import put, recorded, tone, wav
from tests.support.web import ONE, World, make_world

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    return tmp_path / "monitor"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, monitor: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, recordings=(("", monitor),))
    yield made
    made.runtime.close()


@pytest.fixture
def interaction(world: World, monitor: Path) -> int:
    put(monitor, "1.wav", wav(tone(12, 0.5)))
    world.ring(ONE)
    start = world.answer().answered_at
    assert start is not None
    record = world.hang_up()
    end = start + timedelta(seconds=12)
    caller, callee = record.legs
    legs = (replace(caller, answered_at=start, ended_at=end), replace(callee, ended_at=end))
    record = replace(record, legs=legs, ended_at=end)
    world.tell(recorded(record, "1.wav", began=start))
    with world.runtime.unit_of_work() as uow:
        return uow.interactions.identified([record.id])[record.id].id


def shot(page: Page, name: str) -> None:
    folder = os.environ.get("QUALITY_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def assess_by_keys(boss: Page) -> None:
    boss.locator(".recording-wave").focus()
    boss.keyboard.press("PageUp")
    expect(boss.locator(".recording-clock")).to_have_text("0:12 / 0:12")
    boss.keyboard.press("ArrowLeft")
    expect(boss.locator(".recording-clock")).to_have_text("0:07 / 0:12")
    boss.locator("h1").click()
    boss.keyboard.press("p")
    boss.keyboard.type("No name was said")
    boss.keyboard.press("Tab")
    expect(boss.locator("[data-saved]")).to_have_text("Saved.")
    expect(boss.locator("[data-seek-mark]:visible")).to_have_text("0:07")
    boss.locator("h1").click()
    for key in ("2", "1", "4"):
        boss.keyboard.press(key)
    expect(boss.locator("[data-score]")).to_have_text("76.7 %")
    expect(boss.locator("[data-saved]")).to_have_text("Saved.")


def make_final_by_keys(boss: Page) -> None:
    """It is said what follows, and asked; whoever thinks better of it goes on writing."""
    final = boss.get_by_role("button", name="Make it final")
    expect(final).to_have_accessible_description(re.compile("^Once it is final, .* reads it"))
    asked: list[str] = []
    boss.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    final.press("Enter")
    expect(final).to_be_visible()
    assert re.match("Make it final[?] Once it is final, .* reads it and may answer", asked[0])
    boss.once("dialog", lambda dialog: dialog.accept())
    final.press("Enter")
    expect(boss.get_by_text("Final. The operator reads it from now on.")).to_be_visible()


def test_a_call_is_assessed_by_keys_objected_to_and_put_right(
    world: World, visit: Visit, address: str, interaction: int
) -> None:
    parts = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    CardDesk(**parts).create(CARD)  # type: ignore[arg-type]
    boss = visit("supervisor")
    boss.goto(f"{address}/interactions/{interaction}")
    boss.get_by_role("button", name="Assess by “Service”").click()
    expect(boss.locator(".quality-question.is-here")).to_contain_text("Did they greet?")
    expect(boss.locator(".recording-clock")).to_have_text("0:00 / 0:12")
    assess_by_keys(boss)
    shot(boss, "form")
    boss.reload()
    expect(boss.locator("[data-choose='0'][aria-pressed=true]")).to_have_count(1)
    anna = visit("operator1")
    expect(anna.locator("#desk")).to_be_visible()
    expect(anna.locator("#desk-quality")).to_be_empty()
    make_final_by_keys(boss)
    shot(boss, "worklist")

    expect(anna.locator("#toasts")).to_contain_text("One of your contacts was assessed.")
    expect(anna.locator("#desk-quality")).to_contain_text("waits for your word")
    shot(anna, "desk")
    anna.locator("#desk-quality a").click()
    expect(anna.get_by_role("heading", name="My assessments")).to_be_visible()
    shot(anna, "mine")
    anna.locator("#main a.row-link").click()
    expect(anna.get_by_text("No name was said")).to_be_visible()
    expect(anna.locator("[data-choose]")).to_have_count(0)
    expect(anna.locator(".recording-clock")).to_have_text("0:00 / 0:12")
    anna.locator("[data-seek]").click()
    expect(anna.locator(".recording-clock")).to_have_text(re.compile("^0:(07|08|09|10|11)"))
    anna.get_by_label("In your words").fill("I did greet, listen to the beginning")
    anna.get_by_role("button", name="I object").click()
    expect(anna.get_by_text("Objected").first).to_be_visible()
    expect(boss.locator("#rail a[href='/quality'] .count")).to_contain_text("1")
    shot(anna, "objected")

    boss.goto(f"{address}/quality")
    boss.locator("#main a[href*='/quality/assessments/']").click()
    boss.locator("[data-question=greeting] [data-choose='1']").click()
    boss.get_by_label("What came of it").fill("You are right")
    boss.get_by_role("button", name="Close", exact=True).click()
    expect(boss.get_by_text("Closed by")).to_be_visible()
    expect(boss.locator("[data-score]")).to_have_text("93.3 %")
    boss.set_viewport_size({"width": 390, "height": 844})
    assert boss.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(boss, "closed-phone")


def test_the_key_of_the_comment_is_the_assessments_own_for_who_has_a_state_too(
    world: World, visit: Visit, address: str, interaction: int
) -> None:
    parts = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    CardDesk(**parts).create(CARD)  # type: ignore[arg-type]
    with world.runtime.unit_of_work() as uow:
        query = "update users set endpoint = 'PJSIP/1009', extension = '1009' where username = :who"
        uow.connection.execute(text(query), {"who": "supervisor"})  # type: ignore[attr-defined]
        uow.commit()
    boss = visit("supervisor")
    state = boss.locator("#agent-state")
    boss.goto(f"{address}/interactions/{interaction}")
    boss.keyboard.press("p")
    expect(state).to_have_attribute("open", "")
    boss.keyboard.press("Escape")
    boss.get_by_role("button", name="Assess by “Service”").click()
    expect(boss.locator("[data-assessment]")).to_be_visible()
    expect(boss.locator(".recording-clock")).to_have_text("0:00 / 0:12")
    boss.locator("h1").click()
    boss.keyboard.press("p")
    boss.keyboard.type("No name")
    expect(boss.locator(".is-here [data-comment-text]")).to_have_value("No name")
    expect(state).not_to_have_attribute("open", "")
    expect(state.locator("summary")).to_have_attribute("data-current", "offline")
