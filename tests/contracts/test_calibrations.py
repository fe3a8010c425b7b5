"""Calibration rounds on both databases: blind until they are closed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from callcenter.assessments.scoring import Given
from callcenter.errors import Conflict, Forbidden, Invalid
from callcenter.queries import assessments as queries
from callcenter.queries import calibrations
from tests.support.quality import PERIOD, QualityWorld
from tests.support.score_card import CARD
from tests.support.store import Store


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


def test_a_round_is_blind_until_it_is_closed(world: QualityWorld) -> None:
    rounds = world.rounds(world.sue)
    made = rounds.begin(world.talk(), world.card, "March", [world.sue, world.sam])
    hers = rounds.take_part(made)
    his = world.rounds(world.sam).take_part(made)
    assert world.shown(hers, world.sam) is None
    assert world.shown(his, world.sue) is None
    for who, one, listened in ((world.sue, hers, 5), (world.sam, his, 3)):
        desk = world.desk(who)
        desk.finish(one, world.judge(one, desk, greeting=1, identity=1, listened=listened))
    with world.store.engine.connect() as connection:
        blind = calibrations.one(connection, made, world.viewer(world.sue))
        assert blind is not None
        assert (blind.agreement, blind.answers, blind.finished) == (None, None, 2)
    rounds.close(made)
    with world.store.engine.connect() as connection:
        seen = calibrations.one(connection, made, world.viewer(world.sam))
        assert seen is not None
        assert seen.agreement is not None
        assert seen.agreement.spread == Fraction(2, 15)
        assert calibrations.one(connection, made, world.viewer(world.ola)) is None
        assert len(calibrations.page(connection, world.viewer(world.sam), None, 5).items) == 1
        (whole,) = queries.scores(connection, PERIOD)
        assert whole.scores.n == 0


def test_nobody_writes_in_a_closed_round_nor_takes_part_in_their_own(world: QualityWorld) -> None:
    rounds, talk = world.rounds(world.sue), world.talk()
    with pytest.raises(Invalid):
        rounds.begin(talk, world.card, "x", [world.sue])
    with pytest.raises(Invalid):
        rounds.begin(talk, world.card, "x", [world.sue, world.ola])
    made = rounds.begin(talk, world.card, "x", [world.sue, world.sam])
    hers = rounds.take_part(made)
    rounds.close(made)
    with pytest.raises(Conflict):
        world.desk(world.sue).answer(hers, Given(question="greeting", value=1), 1)
    with pytest.raises(Conflict):
        world.rounds(world.sam).take_part(made)
    with pytest.raises(Forbidden):
        world.rounds(world.ola).take_part(made)


def test_who_takes_part_is_asked_until_they_have_finished_or_the_round_is_closed(
    world: QualityWorld,
) -> None:
    made = world.rounds(world.sue).begin(world.talk(), world.card, "March", [world.sue, world.sam])
    assert world.heard(world.sam)[-1]["quality"] == {"told": "invited", "id": made}
    assert "quality" not in world.heard(world.sue)[-1]
    his, desk = world.rounds(world.sam).take_part(made), world.desk(world.sam)
    with world.store.engine.connect() as connection:
        (waits,) = calibrations.waiting_for(connection, world.viewer(world.sam))
    assert waits.round.id == made
    desk.finish(his, world.judge(his, desk, greeting=1, identity=1, listened=1))
    assert world.heard(world.sam)[-1]["counts"]["quality_asked"] == 0
    assert world.heard(world.sue)[-1]["counts"]["quality_asked"] == 1
    assert world.heard(world.ola) == []
    world.rounds(world.sue).close(made)
    assert world.heard(world.sue)[-1]["counts"]["quality_asked"] == 0
    with world.store.engine.connect() as connection:
        assert calibrations.waiting_for(connection, world.viewer(world.sue)) == ()


def test_a_round_needs_a_card_for_its_contact(world: QualityWorld) -> None:
    other = world.cards(world.sue).create(replace(CARD, title="Chats", channels=("chat",)))
    with pytest.raises(Invalid) as refused:
        world.rounds(world.sue).begin(world.talk(), other, "x", [world.sue, world.sam])
    assert refused.value.field == "card"
