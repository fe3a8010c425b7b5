"""Quality behind its doors: a card made, a contact assessed, and operators who try more."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from callcenter.services.score_cards import CardDesk
from tests.support.score_card import CARD
from tests.support.web import ONE, Browser, World

_FORM: dict[str, Any] = {
    "title": "Calls",
    "pass_score": "80",
    "active": "yes",
    "version": "1",
    "section-0": "Opening",
    "key-0-0": "",
    "text-0-0": "Did they greet?",
    "kind-0-0": "yesno",
    "weight-0-0": "3",
    "points-0-0": "5",
    "optional-0-0": "yes",
}


def as_(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    browser.log_in(username)
    return browser


@pytest.fixture
def talk(world: World) -> int:
    world.ring(ONE)
    world.answer()
    record = world.hang_up()
    with world.runtime.unit_of_work() as uow:
        return uow.interactions.identified([record.id])[record.id].id


@pytest.fixture
def card(world: World) -> int:
    desk = CardDesk(unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock)
    return desk.create(CARD)


def begun(boss: Browser, talk: int, card: int) -> str:
    answer = boss.post("/quality/begin", {"interaction_id": talk, "card_id": card})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def finished(boss: Browser, path: str) -> None:
    for version, (key, value) in enumerate(
        (("greeting", "0"), ("identity", "1"), ("listened", "na")), start=1
    ):
        saved = boss.post(f"{path}/answer", {"question": key, "value": value, "version": version})
        assert saved.status_code == 200, saved.get_data(as_text=True)
    assert boss.post(f"{path}/finish", {"version": 4}).status_code == 200


def test_a_card_is_drawn_anew_while_one_edits_and_saved_when_it_is_whole(app: Flask) -> None:
    boss = as_(app, "supervisor")
    drawn = boss.post("/quality/cards/draw", {**_FORM, "edit": "+question:0 +section"})
    text = drawn.get_data(as_text=True)
    assert 'name="text-0-1"' in text
    assert 'name="section-1"' in text
    assert 'id="section-1" data-goes-on' in text, "whoever added it goes on there"
    refused = boss.post("/quality/cards", {**_FORM, "weight-0-0": "0"})
    assert refused.status_code == 422
    assert "nothing would come out" in refused.get_data(as_text=True)
    assert boss.post("/quality/cards", _FORM).status_code == 302
    assert "Calls" in boss.text("/quality/cards")
    again = boss.post("/quality/cards", _FORM)
    assert again.status_code == 422
    assert "Another card has this name." in again.get_data(as_text=True)


def test_an_operator_reaches_what_is_final_of_their_own_and_no_more(
    app: Flask, talk: int, card: int
) -> None:
    boss, anna, piotr = (as_(app, one) for one in ("supervisor", "operator1", "operator2"))
    path = begun(boss, talk, card)
    assert anna.get(path).status_code == 404
    finished(boss, path)
    assert anna.get(path).status_code == 200
    assert piotr.get(path).status_code == 404
    for step in ("answer", "comment", "finish", "discard", "close", "reopen"):
        assert anna.post(f"{path}/{step}", {"version": 5}).status_code == 403
    stranger = piotr.post(f"{path}/respond", {"answer": "agree", "version": 5})
    assert stranger.status_code == 404
    for page in ("/quality", "/quality/assessments", "/quality/trend", "/quality/cards"):
        assert anna.get(page).status_code == 403
    wordless = anna.post(f"{path}/respond", {"answer": "dispute", "version": 5})
    assert wordless.status_code == 422
    assert "Say what you object to." in wordless.get_data(as_text=True)
    agreed = anna.post(f"{path}/respond", {"answer": "agree", "version": 5})
    assert agreed.status_code == 302
    assert "Agreed" in anna.text("/quality/mine")


def test_pages_of_quality_stand_empty_filled_and_with_nonsense_asked(
    app: Flask, talk: int, card: int
) -> None:
    boss = as_(app, "supervisor")
    assert "Nothing waits." in boss.text("/quality")
    finished(boss, begun(boss, talk, card))
    for page in (
        "/quality/trend",
        "/quality/trend?by=question",
        "/quality/trend?by=queue&since=0001-01-01&until=9999-12-31",
        "/quality/assessments?operator=99999999999999999999&state=nothing&card=x",
        "/quality/calibrations",
        f"/quality/contacts/{talk}",
        f"/quality/cards/{card}",
    ):
        assert boss.get(page).status_code == 200, page
    assert boss.get("/quality/assessments?cursor=nonsense").status_code in (400, 422)
    assert boss.post("/quality/samples", {"week": "2026-W99"}).status_code == 422
    assert boss.post("/quality/begin", {"interaction_id": "9" * 30}).status_code == 404


def test_a_leader_reopens_what_is_final_and_the_operator_does_not_see_it_meanwhile(
    app: Flask, talk: int, card: int
) -> None:
    boss, anna = (as_(app, one) for one in ("supervisor", "operator1"))
    path = begun(boss, talk, card)
    assert f"{path}/reopen" not in boss.text(path)
    finished(boss, path)
    assert f"{path}/reopen" in boss.text(path)
    assert f"{path}/reopen" not in anna.text(path)
    assert boss.post(f"{path}/reopen", {"version": 5}).status_code == 302
    assert "Reopened. It is a draft again." in boss.text(path)
    assert anna.get(path).status_code == 404
    late = boss.post(f"{path}/reopen", {"version": 6})
    assert late.status_code == 409
    assert "Load the page again." in late.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"min_seconds": "60", "max_seconds": "10"}, "More than the least, please, or 0 for any."),
        ({"channels": ""}, "Choose at least one."),
        ({"per_operator": "0"}, "From 1 to 20, please."),
    ],
)
def test_a_draw_that_cannot_be_meant_says_what_would_be(
    app: Flask, card: int, changed: dict[str, str], told: str
) -> None:
    rules = {"card": str(card), "week": "2026-W10", "per_operator": "3", "min_seconds": "0"}
    rules |= {"max_seconds": "0", "channels": "call"}
    refused = as_(app, "supervisor").post("/quality/samples", {**rules, **changed})
    assert refused.status_code == 422
    assert told in refused.get_data(as_text=True)
