"""What is drawn to be assessed, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from callcenter.assessments.sampling import Rules
from callcenter.errors import Conflict, Invalid
from callcenter.queries import samples
from callcenter.store.tables import sample_items
from tests.support.quality import WARSAW, QualityWorld
from tests.support.store import NOW, TODAY, Store


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


def test_a_sample_is_drawn_once_and_told_again(world: QualityWorld) -> None:
    for n in range(20, 28):
        world.talk(f"{n}.1", world.ola if n % 2 else world.olek)
    world.talk("40.1", talk_seconds=5.0)
    sample, drawn = world.sampler(world.sue).draw(
        world.card, TODAY, WARSAW, Rules(per_operator=2), seed="abc"
    )
    assert sorted(one.operator_id for one in drawn.items) == [world.ola] * 2 + [world.olek] * 2
    with pytest.raises(Conflict):
        world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    _, more = world.sampler(world.sam).draw(world.card, TODAY, WARSAW, Rules(per_operator=3))
    assert len(more.items) == 2
    assert not {one.interaction_id for one in more.items} & {
        one.interaction_id for one in drawn.items
    }
    with world.store.engine.connect() as connection:
        told = samples.lately(connection, world.viewer(world.sue))
        assert [one.seed for one in told][-1] == "abc"
        assert told[-1].id == sample
        assert samples.waiting(connection, world.viewer(world.sue)) == 6
        assert samples.waiting(connection, world.viewer(world.ola)) == 0


def test_what_is_drawn_is_taken_when_it_is_assessed_and_replaced_when_set_aside(
    world: QualityWorld,
) -> None:
    for n in range(20, 25):
        world.talk(f"{n}.1")
    world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    with world.store.engine.connect() as connection:
        first, second = samples.worklist(connection, world.viewer(world.sue), None, 10).items
    made = world.desk(world.sue).begin(first.interaction_id, world.card)
    with pytest.raises(Invalid):
        world.sampler(world.sue).set_aside(second.id, " ")
    world.sampler(world.sue).set_aside(second.id, "Nothing to hear")
    with world.store.engine.connect() as connection:
        assert samples.waiting(connection, world.viewer(world.sue)) == 0
    _, more = world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    (other,) = more.items
    assert other.interaction_id not in (first.interaction_id, second.interaction_id)
    world.desk(world.sue).discard(made)
    with world.store.engine.connect() as connection:
        states = sorted(connection.scalars(select(sample_items.c.state)))
    assert states == ["aside", "open", "open"]


def test_named_queues_and_a_direction_bound_what_is_read(world: QualityWorld) -> None:
    sales = world.talk("20.1", queue="sales")
    world.talk("21.1", queue="service")
    world.talk("22.1", queue="sales", direction="outbound")
    with world.store.unit_of_work() as uow:
        found = uow.assessments.contacts(
            world.card,
            NOW - timedelta(days=1),
            NOW + timedelta(days=1),
            rules=Rules(queues=("sales",), direction="inbound"),
            operator_ids=[world.ola],
            limit=10,
        )
    assert [one.interaction_id for one in found] == [sales]


def test_two_who_draw_at_once_draw_no_more_than_one_would(world: QualityWorld) -> None:
    for n in range(20, 30):
        world.talk(f"{n}.1", world.ola if n % 2 else world.olek)
    together = Barrier(2)

    def drawn_by(user_id: int) -> int:
        together.wait(20)
        with suppress(Conflict):
            rules = Rules(per_operator=2)
            return len(world.sampler(user_id).draw(world.card, TODAY, WARSAW, rules)[1].items)
        return 0

    with ThreadPoolExecutor(2) as two:
        found = list(two.map(drawn_by, (world.sue, world.sam)))
    assert sorted(found) == [0, 4]


def test_nobody_draws_their_own_contacts(world: QualityWorld) -> None:
    with world.store.unit_of_work() as uow:
        uow.users.update(world.ola, {"role": "supervisor"})
        uow.commit()
    world.talk("20.1")
    world.talk("21.1", world.olek)
    _, drawn = world.sampler(world.ola).draw(world.card, TODAY, WARSAW, Rules())
    assert [one.operator_id for one in drawn.items] == [world.olek]


def test_a_week_to_come_or_long_gone_is_not_drawn_from(world: QualityWorld) -> None:
    for day in (TODAY + timedelta(days=14), TODAY - timedelta(days=300)):
        with pytest.raises(Invalid) as refused:
            world.sampler(world.sue).draw(world.card, day, WARSAW, Rules())
        assert refused.value.field == "week"
