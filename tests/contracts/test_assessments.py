"""Assessments on both databases: what is typed is kept, once for each contact."""

from __future__ import annotations

import pytest

from callcenter.assessments.scoring import Given
from callcenter.errors import Conflict, Invalid
from callcenter.store.tables import interactions
from tests.support.quality import QualityWorld
from tests.support.store import NOW, Store, call


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


def test_what_is_typed_is_kept_and_the_score_is_told_at_once(world: QualityWorld) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    saved = desk.answer(
        made,
        Given(question="listened", value=4, comment=" Well done ", recording=1, at_seconds=12.34),
        1,
    )
    assert (saved.version, saved.score.points) == (2, 8000)
    shown = world.existing(made)
    assert shown.answers["listened"].comment == "Well done"
    assert shown.answers["listened"].at_seconds == 12.3
    assert shown.assessment.score == 8000
    assert desk.comment(made, "All in all fine", 2) == 3


def test_two_windows_do_not_overwrite_each_other(world: QualityWorld) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    desk.answer(made, Given(question="greeting", value=1), 1)
    with pytest.raises(Conflict):
        desk.answer(made, Given(question="greeting", value=0), 1)
    assert world.existing(made).answers["greeting"].value == 1


@pytest.mark.parametrize(
    "given",
    [
        Given(question="nothing", value=1),
        Given(question="greeting", value=2),
        Given(question="listened", value=-1),
    ],
)
def test_an_answer_that_the_card_does_not_know_is_refused(
    world: QualityWorld, given: Given
) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    with pytest.raises(Invalid):
        desk.answer(made, given, 1)


def test_a_place_that_is_none_is_left_out(world: QualityWorld) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    desk.answer(made, Given(question="greeting", value=1, recording=1, at_seconds=float("inf")), 1)
    assert world.existing(made).answers["greeting"].recording is None


def test_only_what_is_answered_whole_becomes_final(world: QualityWorld) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    version = world.judge(made, desk, greeting=1, identity=1)
    with pytest.raises(Invalid) as refused:
        desk.finish(made, version)
    assert refused.value.field == "listened"


def test_one_contact_is_assessed_once_by_a_card(world: QualityWorld) -> None:
    talk = world.talk()
    made = world.desk(world.sue).begin(talk, world.card)
    assert world.desk(world.sue).begin(talk, world.card) == made
    with pytest.raises(Conflict):
        world.desk(world.sam).begin(talk, world.card)
    world.desk(world.sue).discard(made)
    assert world.desk(world.sam).begin(talk, world.card)


def test_a_contact_that_nobody_held_is_not_assessed(world: QualityWorld) -> None:
    missed = world.store.save(call("19.1", result="missed", live=False, ended_at=NOW))["pbx/19.1"]
    with pytest.raises(Invalid):
        world.desk(world.sue).begin(missed, world.card)


def test_what_was_said_of_a_contact_outlives_it(world: QualityWorld) -> None:
    """An old contact moves to the archive; its score stays."""
    made = world.final(world.talk())
    with world.store.engine.begin() as connection:
        connection.execute(interactions.delete())
    assert world.existing(made).assessment.score == 7667
