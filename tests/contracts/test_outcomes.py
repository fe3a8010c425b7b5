"""Outcomes: given once for each contact, with what follows from them, by whoever may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.outcomes.choice import Choice
from callcenter.outcomes.outcome import OutcomeDraft
from callcenter.queries import interactions as interaction_queries
from callcenter.queries.interactions import InteractionFilters
from callcenter.sales.deal import DealDraft
from callcenter.services import deals, outcome_trees, outcomes
from callcenter.store.tables import audit_log, tasks, users
from tests.support.store import NOW, TODAY, Store, call

LATER = NOW + timedelta(hours=1)


class World:
    """A support call of Anna's with a customer, and a small tree of outcomes."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.anna = store.add_user("anna", "1001")
        self.ben = store.add_user("ben", "1002")
        self.emma = store.add_user("emma", "")
        with store.engine.begin() as connection:
            connection.execute(
                update(users).where(users.c.id == self.emma).values(role="supervisor")
            )
        self.customer = store.add_customer("Jan", "+48221234567")
        (self.contact,) = store.save(
            call(), operator_id=self.anna, customer_id=self.customer
        ).values()
        self.group = self.add("Later")
        self.callback = self.add("Call back", parent_id=self.group, requires=("callback_at",))
        self.done = self.add("Done")
        self.sale = self.add("Sale", requires=("deal_step", "note"))

    def add(self, label: str, **fields: Any) -> int:
        return outcome_trees.add_outcome(
            OutcomeDraft(label=label, **fields),
            user_id=self.emma,
            unit_of_work=self.store.unit_of_work,
            clock=self.store.clock,
        )

    def give(self, choice: Choice, user_id: int | None = None) -> dict[str, Any]:
        given = outcomes.give_outcome(
            self.contact,
            choice,
            user_id=self.anna if user_id is None else user_id,
            unit_of_work=self.store.unit_of_work,
            publisher=self.store.publisher,
            clock=self.store.clock,
        )
        return dict(given.details)

    def draft(self, fields: dict[str, str], user_id: int) -> None:
        outcomes.save_draft(
            self.contact,
            fields,
            user_id=user_id,
            unit_of_work=self.store.unit_of_work,
            clock=self.store.clock,
        )

    def rows(self) -> list[Any]:
        with self.store.engine.connect() as connection:
            return list(connection.execute(select(tasks).order_by(tasks.c.id)))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_an_outcome_stands_on_its_contact_and_in_the_lists(world: World) -> None:
    world.give(Choice(outcome_id=world.done))
    with world.store.engine.connect() as connection:
        found = interaction_queries.get(connection, world.contact, TODAY)
        listed = interaction_queries.page(
            connection, InteractionFilters(outcome_id=world.done), None, 10, TODAY
        )
        of_group = interaction_queries.page(
            connection, InteractionFilters(outcome_id=world.group), None, 10, TODAY
        )
    assert found is not None
    assert found.outcome is not None
    assert (found.outcome.label, found.outcome.user.id) == ("Done", world.anna)
    assert [one.id for one in listed.items] == [world.contact]
    assert of_group.items == ()


def test_a_group_finds_the_contacts_of_what_stands_under_it(world: World) -> None:
    world.give(Choice(outcome_id=world.callback, callback_at=LATER))
    with world.store.engine.connect() as connection:
        of_group = interaction_queries.page(
            connection, InteractionFilters(outcome_id=world.group), None, 10, TODAY
        )
    assert [one.id for one in of_group.items] == [world.contact]


def test_all_that_is_wrong_is_told_and_nothing_is_written(world: World) -> None:
    with pytest.raises(outcomes.Incomplete) as refused:
        world.give(Choice(outcome_id=world.sale))
    assert [one.field for one in refused.value.problems] == ["note", "deal_step"]
    with world.store.unit_of_work() as uow:
        assert uow.outcomes.given(world.contact) is None


def test_a_call_back_becomes_a_task_of_its_operator_with_the_callers_number(world: World) -> None:
    world.give(Choice(outcome_id=world.callback, callback_at=LATER, note="after lunch"))
    (task,) = world.rows()
    assert (task.kind, task.title, task.number) == ("callback", "Later · Call back", "+48221234567")
    assert (task.due_at, task.assignee_id, task.customer_id) == (LATER, world.anna, world.customer)
    assert task.details == "after lunch"
    assert [message.kind for message in world.store.publisher.messages] == ["task"]


def test_given_anew_the_call_back_is_moved_and_not_doubled(world: World) -> None:
    world.give(Choice(outcome_id=world.callback, callback_at=LATER))
    world.give(Choice(outcome_id=world.callback, callback_at=LATER + timedelta(hours=2)))
    (task,) = world.rows()
    assert task.due_at == LATER + timedelta(hours=2)


def test_an_outcome_without_call_back_cancels_the_one_before(world: World) -> None:
    world.give(Choice(outcome_id=world.callback, callback_at=LATER))
    assert "tasks" not in world.give(Choice(outcome_id=world.done))
    assert [task.state for task in world.rows()] == ["cancelled"]


def test_a_follow_up_task_without_a_time_is_for_tomorrow(world: World) -> None:
    world.give(Choice(outcome_id=world.done, task="send the price list"))
    (task,) = world.rows()
    assert (task.kind, task.title) == ("task", "send the price list")
    assert task.due_at == NOW + timedelta(days=1)


def test_a_next_step_begins_a_deal_or_goes_on_with_one(world: World) -> None:
    first = world.give(Choice(outcome_id=world.sale, note="wants two", deal_step="offer"))
    again = world.give(
        Choice(
            outcome_id=world.sale,
            note="wants two",
            deal_step="sign",
            deal_id=first["deal_id"],
            deal_step_on=TODAY,
        )
    )
    with world.store.unit_of_work() as uow:
        deal = uow.deals.get(first["deal_id"])
    assert again["deal_id"] == first["deal_id"]
    assert deal is not None
    assert (deal.title, deal.next_step, deal.next_step_on) == ("offer", "sign", TODAY)


def test_the_deal_of_another_customer_is_refused_and_nothing_is_written(world: World) -> None:
    other = world.store.add_customer("Other")
    deal_id = deals.create_deal(
        DealDraft(customer_id=other, title="Theirs"),
        user_id=world.anna,
        unit_of_work=world.store.unit_of_work,
        clock=world.store.clock,
    )
    choice = Choice(
        outcome_id=world.sale, note="x", deal_step="sign", deal_id=deal_id, task="left behind"
    )
    with pytest.raises(Invalid) as refused:
        world.give(choice)
    assert refused.value.field == "deal_id"
    assert world.rows() == []


def test_only_its_author_whose_call_it_is_and_supervisors_replace_it(world: World) -> None:
    with pytest.raises(Forbidden):
        world.give(Choice(outcome_id=world.done), world.ben)
    world.give(Choice(outcome_id=world.done), world.emma)
    world.give(Choice(outcome_id=world.done), world.anna)
    with pytest.raises(Forbidden):
        world.give(Choice(outcome_id=world.done), world.ben)
    with world.store.engine.connect() as connection:
        actions = connection.scalars(
            select(audit_log.c.action).where(audit_log.c.object_type == "interaction")
        ).all()
    assert list(actions) == ["outcome_given"] * 2


def test_what_is_typed_is_kept_for_each_operator_until_it_is_given(world: World) -> None:
    world.draft({"task": "send", "nonsense": "x", "deal_step": ""}, world.anna)
    world.draft({"task": "call"}, world.emma)
    with world.store.unit_of_work() as uow:
        assert uow.outcomes.draft(world.contact, world.anna) == {"task": "send"}
        assert uow.outcomes.draft(world.contact, world.emma) == {"task": "call"}
    with pytest.raises(Forbidden):
        world.draft({"task": "x"}, world.ben)
    world.give(Choice(outcome_id=world.done))
    with world.store.unit_of_work() as uow:
        assert uow.outcomes.draft(world.contact, world.anna) == {}


def test_a_contact_that_is_not_there_is_not_found(world: World) -> None:
    world.contact += 1000
    with pytest.raises(NotFound):
        world.give(Choice(outcome_id=world.done))


def test_what_takes_no_storing_is_left_out_of_the_text(world: World) -> None:
    world.draft({"task": "a\x00b\ud800"}, world.anna)
    with world.store.unit_of_work() as uow:
        assert uow.outcomes.draft(world.contact, world.anna) == {"task": "ab"}


def test_supervisors_put_outcomes_in_order(world: World) -> None:
    everything = {
        "user_id": world.emma,
        "unit_of_work": world.store.unit_of_work,
        "clock": world.store.clock,
    }
    outcome_trees.move_outcome(world.sale, -1, **everything)
    outcome_trees.move_outcome(world.group, -1, **everything)
    outcome_trees.change_outcome(world.done, {"active": False}, **everything)
    with world.store.unit_of_work() as uow:
        top = [one for one in uow.outcomes.all() if one.parent_id is None]
    assert [(one.id, one.active) for one in top] == [
        (world.group, True),
        (world.sale, True),
        (world.done, False),
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label": " "}, "label"),
        ({"label": "x" * 121}, "label"),
        ({"label": "x", "labels": {"xx": "y"}}, "labels"),
        ({"label": "x", "kind": "great"}, "kind"),
        ({"label": "x", "requires": ("money",)}, "requires"),
        ({"label": "x", "parent_id": 4711}, "parent_id"),
    ],
)
def test_an_outcome_that_cannot_be_kept_names_its_field(
    world: World, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        world.add(**fields)
    assert refused.value.field == field


def test_two_calls_that_were_one_keep_what_was_typed_for_both(world: World) -> None:
    other = world.store.save(call("18.1"), operator_id=world.anna)["pbx/18.1"]
    outcomes.save_draft(
        other,
        {"task": "of the other half"},
        user_id=world.emma,
        unit_of_work=world.store.unit_of_work,
        clock=world.store.clock,
    )
    world.draft({"task": "of the one half"}, world.anna)
    with world.store.unit_of_work() as uow:
        uow.interactions.merge("pbx/18.1", "pbx/17.1")
        assert uow.outcomes.draft(world.contact, world.emma) == {"task": "of the other half"}
        assert uow.outcomes.draft(world.contact, world.anna) == {"task": "of the one half"}


def test_what_is_typed_goes_with_a_customer_who_is_forgotten(world: World) -> None:
    world.draft({"task": "call Jan"}, world.anna)
    with world.store.unit_of_work() as uow:
        uow.erasures.blank_interactions([world.contact], whole=True)
        assert uow.outcomes.draft(world.contact, world.anna) == {}


def test_a_wrap_up_waits_for_an_outcome_only_where_its_queue_asks_for_one(world: World) -> None:
    with world.store.unit_of_work() as uow:
        outcomes.refuse_missing(uow, "pbx/17.1", world.anna)
        uow.staffing.save_queue("support", {"outcome_required": True})
        with pytest.raises(Invalid, match="choose an outcome first"):
            outcomes.refuse_missing(uow, "pbx/17.1", world.anna)
        uow.commit()
    world.give(Choice(outcome_id=world.done))
    with world.store.unit_of_work() as uow:
        outcomes.refuse_missing(uow, "pbx/17.1", world.anna)
        outcomes.refuse_missing(uow, "pbx/unknown", world.anna)
