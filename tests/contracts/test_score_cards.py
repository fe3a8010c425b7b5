"""Score cards on both databases: versions, and what may be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.errors import Conflict, Forbidden
from callcenter.services.score_cards import Unfit
from tests.support.quality import QualityWorld
from tests.support.score_card import CARD, GREETING
from tests.support.store import Store


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


def test_an_assessment_keeps_the_version_that_it_was_made_by(world: QualityWorld) -> None:
    made = world.final(world.talk())
    card = world.existing(made).card
    changed = replace(card, sections=(replace(card.sections[0], questions=(GREETING,)),))
    world.cards(world.sue).save(world.card, changed, card.version)
    assert len(world.existing(made).card.questions) == 3
    with world.store.unit_of_work() as uow:
        now = uow.score_cards.get(world.card)
        assert now is not None
        assert (now.number, now.version, len(now.questions)) == (2, 2, 1)
        uow.rollback()
    world.cards(world.sue).save(world.card, replace(now, title="Other"), now.version)
    with world.store.unit_of_work() as uow:
        last = uow.score_cards.get(world.card)
        assert last is not None
        assert (last.number, last.title) == (2, "Other")
    with pytest.raises(Conflict):
        world.cards(world.sue).save(world.card, now, now.version)


def test_a_card_that_nobody_was_assessed_by_is_changed_in_place_and_taken_away(
    world: QualityWorld,
) -> None:
    cards = world.cards(world.sue)
    cards.save(world.card, replace(CARD, pass_score=8000), 1)
    with world.store.unit_of_work() as uow:
        found = uow.score_cards.get(world.card)
    assert found is not None
    assert (found.number, found.pass_score) == (1, 8000)
    cards.remove(world.card)
    assert world.noted("score_card") == [
        "score_card_created",
        "score_card_changed",
        "score_card_deleted",
    ]


def test_a_card_in_use_is_not_taken_away_and_an_unfit_one_is_not_kept(world: QualityWorld) -> None:
    world.final(world.talk())
    with pytest.raises(Conflict):
        world.cards(world.sue).remove(world.card)
    with pytest.raises(Unfit) as refused:
        world.cards(world.sue).create(replace(CARD, sections=()))
    assert "title_taken" in {one.code for one in refused.value.problems}
    with pytest.raises(Forbidden):
        world.cards(world.ola).create(replace(CARD, title="Mine"))
