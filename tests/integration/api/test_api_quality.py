"""Score cards and assessments over the API: read by whom the pages show them to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from callcenter.assessments.scoring import Given
from callcenter.services.assessments import AssessmentDesk
from callcenter.services.calibrations import CalibrationDesk
from callcenter.services.score_cards import CardDesk
from tests.integration.api.world import World
from tests.support.score_card import CARD


@dataclass
class Quality:
    """Two contacts of the operator: one assessed, one with a draft."""

    world: World
    card: int
    contact: int
    final: int
    draft: int

    def get(self, path: str, role: str = "supervisor") -> Any:
        return self.world.get(path, role=role)

    def ids(self, query: str = "", role: str = "supervisor") -> list[int]:
        told = self.get(f"/assessments{query}", role)
        assert told.status_code == 200, told.text
        return [one["id"] for one in told.json["items"]]


@pytest.fixture
def quality(world: World) -> Quality:
    runtime = world.runtime
    with runtime.unit_of_work() as uow:
        uow.users.update(world.users["operator"], {"endpoint": "PJSIP/1001"})
        uow.commit()
    contacts = [world.add_call("+48221234567")[1] for _ in range(2)]
    parts: dict[str, Any] = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    card = CardDesk(**parts).create(CARD)
    desk = AssessmentDesk(**parts, publisher=runtime.bus, user_id=world.users["supervisor"])
    made = [desk.begin(one, card) for one in contacts]
    version = 1
    for key, value in (("greeting", 0), ("identity", 1), ("listened", 4)):
        told = Given(question=key, value=value, comment="Too late" if key == "greeting" else "")
        version = desk.answer(made[0], told, version).version
    desk.finish(made[0], version)
    return Quality(world=world, card=card, contact=contacts[0], final=made[0], draft=made[1])


def test_an_assessment_tells_its_score_and_every_answer(quality: Quality) -> None:
    told = quality.get(f"/assessments/{quality.final}").json
    assert (told["state"], told["score"], told["fatal"]) == ("final", 76.67, False)
    assert told["interaction_id"] == quality.contact
    assert [one["question"]["key"] for one in told["answers"]] == [
        "greeting",
        "identity",
        "listened",
    ]
    assert told["answers"][0]["comment"] == "Too late"


def test_a_list_is_filtered_and_goes_on_by_its_cursor(quality: Quality) -> None:
    assert sorted(quality.ids()) == [quality.final, quality.draft]
    first = quality.get("/assessments?limit=1").json
    rest = quality.get(f"/assessments?limit=1&cursor={first['next_cursor']}").json
    assert {first["items"][0]["id"], rest["items"][0]["id"]} == {quality.final, quality.draft}
    assert quality.ids("?state=done") == [quality.final]
    assert quality.ids(f"?interaction_id={quality.contact}") == [quality.final]
    assert quality.ids("?until=2020-01-01T00:00:00Z") == []
    for wrong in ("?state=perfect", "?operator_id=0", "?since=yesterday", "?shoe=42"):
        assert quality.get(f"/assessments{wrong}").status_code == 422, wrong


def test_operators_read_what_is_final_of_their_own_and_no_score_card(quality: Quality) -> None:
    assert quality.ids(role="operator") == [quality.final]
    assert quality.get(f"/assessments/{quality.draft}", "operator").status_code == 404
    assert quality.get("/score-cards", "operator").status_code == 403
    assert quality.get(f"/score-cards/{quality.card}", "operator").status_code == 403
    stranger = quality.world.add_user("operator", "stranger")
    assert stranger
    quality.world.tokens["stranger"] = quality.world.add_token("stranger")
    assert quality.ids(role="stranger") == []
    assert quality.get(f"/assessments/{quality.final}", "stranger").status_code == 404
    assert quality.world.get("/assessments", role=None).status_code == 401


def test_a_part_of_a_calibration_round_is_nobodys_assessment(quality: Quality) -> None:
    world, runtime = quality.world, quality.world.runtime
    people = [world.users["supervisor"], world.users["admin"]]
    desk = CalibrationDesk(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        publisher=runtime.bus,
        user_id=people[0],
    )
    mine = desk.take_part(desk.begin(quality.contact, quality.card, "March", people))
    assert mine not in quality.ids()
    assert quality.get(f"/assessments/{mine}").status_code == 404


def test_score_cards_tell_what_is_asked_and_what_it_weighs(quality: Quality) -> None:
    (listed,) = quality.get("/score-cards").json["items"]
    assert listed == quality.get(f"/score-cards/{quality.card}").json
    questions = [one for section in listed["sections"] for one in section["questions"]]
    assert [(one["key"], one["weight"], one["most"]) for one in questions] == [
        (one.key, one.weight, one.most) for one in CARD.questions
    ]
    assert quality.get("/score-cards/999").status_code == 404
