"""What was written in assessments of a person's contacts: handed to them, and erased with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from callcenter.assessments.sampling import Rules
from callcenter.assessments.scoring import Given
from callcenter.customers.phone import NumberPlan
from callcenter.queries import personal_data, samples
from callcenter.services.erasure import erase_customer
from callcenter.store.tables import audit_log
from tests.support.cells import everything
from tests.support.quality import WARSAW, QualityWorld
from tests.support.store import TODAY, StandingClock, Store

ILL, HOME, WHY = "lies in the clinic", "cried on the phone", "speaks of a lawsuit"


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


@pytest.fixture
def maria(world: QualityWorld) -> int:
    """Two contacts: one assessed in words and objected to, one set aside with a reason."""
    customer = world.store.add_customer("Maria Kowalska", "+48221234567")
    talk = world.talk(customer_id=customer, match="one")
    other = world.talk("18.1", customer_id=customer, match="one")
    desk = world.desk(world.sue)
    made = desk.begin(talk, world.card)
    version = world.judge(made, desk, greeting=1, identity=1)
    told = Given(question="listened", value=3, comment=ILL, recording=1, at_seconds=4.0)
    version = desk.answer(made, told, version).version
    desk.finish(made, desk.comment(made, HOME, version))
    world.replies(world.ola).respond(made, agrees=False, words=f"No: {ILL}", version=version + 2)
    world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    with world.store.engine.connect() as connection:
        (item,) = samples.worklist(connection, world.viewer(world.sue), None, 10).items
    assert item.interaction_id == other
    world.sampler(world.sue).set_aside(item.id, WHY)
    return customer


def test_a_copy_holds_what_was_written_of_them_and_nothing_of_the_operators_score(
    world: QualityWorld, maria: int
) -> None:
    with world.store.engine.connect() as connection:
        copy = personal_data.everything(connection, maria)
    assert copy is not None
    (whole,) = copy.sections["assessments"]
    assert (whole["comment"], whole["reply"]) == (HOME, f"No: {ILL}")
    (single,) = copy.sections["assessment_comments"]
    assert (single["comment"], single["at_seconds"]) == (ILL, 4.0)
    (aside,) = copy.sections["set_aside"]
    assert aside["reason"] == WHY
    assert not {"score", "operator_id", "assessor_id"} & whole.keys()


def test_an_erasure_takes_the_words_and_leaves_the_score(world: QualityWorld, maria: int) -> None:
    erase_customer(
        maria,
        unit_of_work=world.store.unit_of_work,
        clock=StandingClock(datetime(2027, 1, 1, tzinfo=UTC)),
        plan_for=lambda _trunk: NumberPlan(region="PL"),
    )
    with world.store.engine.connect() as connection:
        left = [line for line in everything(connection) if any(w in line for w in (ILL, HOME, WHY))]
        (kept,) = world.page(connection)
        logged = _logged(connection)
    assert left == []
    assert (kept.assessment.score, kept.assessment.comment) == (8667, "")
    assert logged["assessment_finished"]["score"] == 8667
    assert "reason" not in logged["sample_item_set_aside"]


def _logged(connection: Any) -> dict[str, Any]:
    return {row.action: row.detail for row in connection.execute(audit_log.select())}
