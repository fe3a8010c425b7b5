"""A supervisor who leads one team tries whatever is another team's: quality, its rounds and draws,
exports, schedules, figures. What one may not read does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team
from callcenter.services.score_cards import CardDesk
from tests.support.score_card import CARD
from tests.support.web import ONE, Browser, World

_THEIRS = ("quality", "report", "export", "interaction", "recording", "supervision", "survey")


@dataclass
class Centre:
    """`lead` leads operator2 alone; all that there is was done by operator1."""

    world: World
    lead: Browser
    admin: Browser
    operator: Browser
    contact: int
    card: int
    draft: str


def signed_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    browser.log_in(username)
    return browser


def lead_of(world: World, *names: str) -> None:
    scopes = {
        key: "team" if key[0] in _THEIRS and scope == "all" else scope
        for key, scope in BUILTIN["supervisor"].scopes.items()
    }
    role = Policy("lead", "supervisor", "Lead", scopes, BUILTIN["supervisor"].fields)
    members = tuple(world.users[one] for one in names)
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(role)
        query = "update users set role_code = 'lead' where username = 'supervisor'"
        uow.connection.execute(text(query))  # type: ignore[attr-defined]
        uow.rights.save_team(
            Team(id=0, name="B", lead_id=world.users["supervisor"], member_ids=members)
        )
        uow.commit()


@pytest.fixture
def centre(app: Flask, world: World) -> Centre:
    lead_of(world, "operator2")
    world.ring(ONE)
    world.answer()
    record = world.hang_up()
    with world.runtime.unit_of_work() as uow:
        contact = uow.interactions.identified([record.id])[record.id].id
    card = CardDesk(unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock).create(CARD)
    admin = signed_in(app, "admin")
    draft = admin.post("/quality/begin", {"interaction_id": contact, "card_id": card}).location
    return Centre(
        world=world,
        lead=signed_in(app, "supervisor"),
        admin=admin,
        operator=signed_in(app, "operator2"),
        contact=contact,
        card=card,
        draft=draft,
    )


def finish(boss: Browser, path: str) -> None:
    for version, (key, value) in enumerate(
        (("greeting", "0"), ("identity", "1"), ("listened", "na")), start=1
    ):
        boss.post(f"{path}/answer", {"question": key, "value": value, "version": version})
    assert boss.post(f"{path}/finish", {"version": 4}).status_code == 200


def test_an_assessment_of_another_team_does_not_exist(centre: Centre) -> None:
    for _state in ("draft", "final"):
        answers: dict[str, Any] = {"read": centre.lead.get(centre.draft).status_code}
        for step in ("answer", "comment", "finish", "discard", "respond", "close"):
            form = {"question": "greeting", "value": "1", "version": "1", "closing": "x"}
            answers[step] = centre.lead.post(f"{centre.draft}/{step}", form).status_code
        assert answers == dict.fromkeys(answers, 404)
        if _state == "draft":
            finish(centre.admin, centre.draft)
    number = centre.draft.rsplit("/", 1)[-1]
    for page in ("/quality/assessments", "/quality", "/quality/trend", "/quality/calibrations"):
        told = centre.lead.text(page)
        assert f"/quality/assessments/{number}" not in told, page
        assert "Anna Nowak" not in told, page


def test_nothing_is_begun_with_contacts_of_another_team(centre: Centre) -> None:
    begun = {"interaction_id": centre.contact, "card_id": centre.card}
    assert centre.lead.post("/quality/begin", begun).status_code in (403, 404)
    people = [str(centre.world.users[one]) for one in ("supervisor", "admin")]
    form = {**begun, "title": "x", "assessors": people}
    assert centre.lead.post("/quality/calibrations", form).status_code in (403, 404)
    offered = centre.lead.text(f"/quality/contacts/{centre.contact}")
    assert "/quality/begin" not in offered
    assert "/quality/calibrations" not in offered


def test_a_round_of_another_team_is_for_who_is_asked_alone(centre: Centre) -> None:
    people = [str(centre.world.users[one]) for one in ("admin", "operator2")]
    begun = {"interaction_id": centre.contact, "card_id": centre.card, "title": "x"}
    refused = centre.admin.post("/quality/calibrations", {**begun, "assessors": people})
    assert refused.status_code == 422, "an operator may not assess"
    people[1] = str(centre.world.users["supervisor"])
    made = centre.admin.post("/quality/calibrations", {**begun, "assessors": people}).location
    assert centre.lead.get(made).status_code == 200
    assert centre.lead.post(f"{made}/close").status_code == 403
    mine = centre.lead.post(f"{made}/take").location
    assert centre.lead.get(mine).status_code == 200
    assert centre.admin.get(mine).status_code == 404
    assert centre.operator.get(made).status_code == 403


def test_a_draw_takes_nothing_of_another_team(centre: Centre) -> None:
    drawn = {
        "card": str(centre.card),
        "week": f"{centre.world.runtime.clock.now():%G-W%V}",
        "per_operator": "3",
        "min_seconds": "0",
        "channels": "call",
    }
    assert centre.lead.post("/quality/samples", drawn).status_code == 409
    centre.admin.post(f"{centre.draft}/discard")
    assert centre.admin.post("/quality/samples", drawn).status_code == 302
    assert centre.lead.post("/quality/samples/items/1/aside", {"reason": "x"}).status_code == 404
    assert "Anna Nowak" not in centre.lead.text("/quality")
