"""What hangs on a call moves with it when two were one, and goes with a customer who is erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Table, insert, select

from callcenter.store import tables
from callcenter.store.repositories import belongings
from tests.support.store import NOW, Store, call

NUMBER = "+48600100101"


def write(store: Store, table: Table, **values: Any) -> None:
    with store.engine.begin() as connection:
        connection.execute(insert(table).values(**values))


def cells(store: Store, table: Table, *names: str) -> list[tuple[Any, ...]]:
    columns = [table.c[name] for name in names]
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def add_task(store: Store, **values: Any) -> None:
    moments = {"due_at": NOW, "created_at": NOW, "updated_at": NOW}
    write(store, tables.tasks, title="Call back", **moments, **values)


def add_missed(store: Store, number: str, **values: Any) -> None:
    moments = {"first_at": NOW, "last_at": NOW, "due_at": NOW}
    write(store, tables.missed_calls, number=number, **moments, **values)


def add_outcome(store: Store, interaction_id: int, user_id: int, **details: str) -> None:
    with store.engine.begin() as connection:
        one = connection.execute(
            insert(tables.outcomes).values(label="Sold", labels={}, requires=[])
        ).inserted_primary_key[0]
    write(
        store,
        tables.interaction_outcomes,
        interaction_id=interaction_id,
        outcome_id=one,
        user_id=user_id,
        at=NOW,
        details=details,
    )


def add_pause(store: Store, call_id: str, channel: str, user_id: int, **values: Any) -> None:
    write(
        store,
        tables.recording_pauses,
        call_id=call_id,
        channel=channel,
        user_id=user_id,
        cause="button",
        began_at=NOW,
        resume_at=NOW + timedelta(minutes=2),
        **values,
    )


def test_two_halves_of_a_call_keep_their_tasks_outcome_and_pauses(store: Store) -> None:
    anna = store.add_user()
    ids = store.save(call("17.1"), call("18.1"))
    kept, absorbed = ids["pbx/17.1"], ids["pbx/18.1"]
    add_task(store, interaction_id=absorbed)
    add_missed(store, NUMBER, interaction_id=absorbed, closed_interaction_id=absorbed)
    add_outcome(store, absorbed, anna, product="A")
    add_pause(store, "pbx/17.1", "PJSIP/1001-1", anna)
    add_pause(store, "pbx/18.1", "PJSIP/1001-1", anna)
    add_pause(store, "pbx/18.1", "PJSIP/1001-1", anna, resumed_at=NOW)
    for uniqueid, of_call in (("17.2", "pbx/17.1"), ("17.2", "pbx/18.1"), ("18.2", "pbx/18.1")):
        values = {"call_id": of_call, "uniqueid": uniqueid, "user_id": anna, "at": NOW}
        write(store, tables.leg_quality, **values)

    with store.unit_of_work() as uow:
        uow.calls.merge("pbx/18.1", "pbx/17.1")
        uow.interactions.merge("pbx/18.1", "pbx/17.1")
        uow.commit()

    assert cells(store, tables.tasks, "interaction_id") == [(kept,)]
    missed = cells(store, tables.missed_calls, "interaction_id", "closed_interaction_id")
    assert missed == [(kept, kept)]
    assert cells(store, tables.interaction_outcomes, "interaction_id") == [(kept,)]
    open_pauses = tables.recording_pauses.c.resumed_at.is_(None)
    with store.engine.connect() as connection:
        query = select(tables.recording_pauses.c.call_id).where(open_pauses)
        assert sorted(connection.scalars(query)) == ["pbx/17.1", "pbx/18.1"]
    quality = cells(store, tables.leg_quality, "call_id", "uniqueid")
    assert ("pbx/17.1", "18.2") in quality


def test_the_outcome_of_the_half_that_stays_has_the_last_word(store: Store) -> None:
    anna = store.add_user()
    ids = store.save(call("17.1"), call("18.1"))
    add_outcome(store, ids["pbx/17.1"], anna, product="A")
    add_outcome(store, ids["pbx/18.1"], anna, product="B")
    with store.unit_of_work() as uow:
        uow.interactions.merge("pbx/18.1", "pbx/17.1")
        uow.commit()
    assert [row[0] for row in cells(store, tables.interaction_outcomes, "details")] == [
        {"product": "A"}
    ]


def test_an_erased_customer_leaves_no_task_deal_answer_or_missed_call(store: Store) -> None:
    anna = store.add_user()
    person = store.add_customer("Jan", NUMBER, "+48600100102")
    store.add_customer("Ola", "+48600100102")
    interaction_id = store.save(call())["pbx/17.1"]
    add_task(store, customer_id=person)
    add_task(store, number=NUMBER)
    add_task(store, number="+48600100102")
    add_missed(store, NUMBER)
    values = {"customer_id": person, "title": "Roof", "stage": "offer", "currency": "PLN"}
    write(store, tables.deals, **values, created_at=NOW, updated_at=NOW)
    with store.engine.begin() as connection:
        script = connection.execute(
            insert(tables.scripts).values(title="Hello", steps=[], updated_at=NOW)
        ).inserted_primary_key[0]
    run = {"interaction_id": interaction_id, "script_id": script, "user_id": anna}
    write(store, tables.script_runs, **run, answers={"name": "Jan"}, updated_at=NOW)
    add_outcome(store, interaction_id, anna, product="Jan's roof")
    sent = {"at": NOW, "sender_id": anna, "call_id": "pbx/17.1", "text": "Jan shouts"}
    write(store, tables.line_messages, **sent)

    with store.unit_of_work() as uow:
        uow.erasures.blank_interactions([interaction_id], whole=True)
        uow.erasures.blank_customers([person], [interaction_id], NOW)
        uow.commit()

    assert cells(store, tables.tasks, "number") == [("+48600100102",)]
    for table in (tables.missed_calls, tables.deals):
        assert cells(store, table, "id") == []
    assert cells(store, tables.script_runs, "interaction_id") == []
    assert [row[0] for row in cells(store, tables.interaction_outcomes, "details")] == [{}]
    assert cells(store, tables.line_messages, "text") == [("",)]


def test_every_table_that_points_at_an_interaction_is_thought_of_when_two_are_one() -> None:
    pointing = {
        key.parent
        for table in tables.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is tables.interactions.c.id
    }
    # By name alone: the archive moves interactions away from under these.
    pointing |= {table.c.interaction_id for table in (tables.sample_items, tables.calibrations)}
    handled = {*belongings._OF_INTERACTIONS, *belongings._ONE_EACH}
    handled |= {tables.outcome_drafts.c.interaction_id, tables.notes.c.interaction_id}
    only_themselves = {
        tables.interaction_candidates.c.interaction_id,
        tables.conversations.c.interaction_id,  # which no call has
    }
    assert pointing == handled | only_themselves
