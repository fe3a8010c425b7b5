"""Who stepped into which call, kept and found on both databases, each time by an index."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from callcenter.queries import supervision as queries
from callcenter.services import supervision as service
from callcenter.store import tables
from callcenter.store.repositories.supervision import SupervisionRepository
from callcenter.supervision.stepping import Session
from tests.support.plans import Plans
from tests.support.store import NOW, Store, call

_MANY = 3000


def stretch(store: Store, boss: int, operator: int, call_id: str, **changes: object) -> Session:
    told = {
        "supervisor_id": boss,
        "operator_id": operator,
        "call_id": call_id,
        "channel": "crm-step-1",
        "mode": "listen",
        "asked_at": NOW,
        "began_at": NOW,
    }
    with store.unit_of_work() as uow:
        made = uow.supervision.add(Session(**{**told, **changes}))  # type: ignore[arg-type]
        uow.commit()
    return made


def test_a_stretch_is_open_as_long_as_neither_it_nor_its_call_has_ended(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    record = call("17.1", live=True, ended_at=None)
    store.save(record)
    made = stretch(store, boss, operator, record.id)
    with store.unit_of_work() as uow:
        assert uow.supervision.open_of(boss) == [made]
        assert uow.supervision.open_in({record.id, "pbx/9"}) == [made]
        assert uow.supervision.channels_known({"crm-step-1", "9.9"}) == {"crm-step-1"}
    with store.engine.connect() as connection:
        (mine,) = queries.of_user(connection, boss)
        (theirs,) = queries.of_user(connection, operator)
        assert (mine["kind"], theirs["kind"]) == ("mine", "heard")
    store.save(call("17.1", live=False, ended_at=NOW))
    with store.unit_of_work() as uow:
        assert uow.supervision.open_of(boss) == []


def test_an_operator_who_may_not_know_hears_of_nobody(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    record = call("17.1", live=True, ended_at=None)
    store.save(record)
    made = stretch(store, boss, operator, record.id, visible=False)
    with store.unit_of_work() as uow:
        told = service.news(uow, [made])
    assert [message.audience.users for message in told] == [(boss,)]
    with store.engine.connect() as connection:
        assert queries.of_user(connection, operator) == []


def test_the_list_goes_on_where_a_page_ended(store: Store) -> None:
    boss, operator = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    for at in (0, 0, 1):
        stretch(store, boss, operator, "pbx/1", asked_at=NOW + timedelta(seconds=at))
    with store.engine.connect() as connection:
        first = queries.stretches(connection, None, 2)
        second = queries.stretches(connection, first.next_cursor, 2)
        assert queries.stretches(connection, "nonsense", 9).next_cursor is None
    ids = [row.session.id for row in (*first.rows, *second.rows)]
    assert ids == [3, 2, 1]
    assert second.next_cursor is None


def test_a_loan_counts_in_the_place_of_what_is_kept_until_its_time_is_over(store: Store) -> None:
    boss, anna = store.add_user("ewa", "1009"), store.add_user("anna", "1001")
    now = NOW + timedelta(days=10_000)
    with store.unit_of_work() as uow:
        uow.staffing.set_skill(anna, "sales", 5)
        uow.supervision.lend(anna, "sales", 0, None, by=boss, at=NOW)
        uow.supervision.lend(anna, "support", 7, now, by=boss, at=NOW)
        assert uow.staffing.skills() == {anna: {"support": 7}}
        uow.supervision.lend(anna, "support", 7, NOW, by=boss, at=NOW)
        uow.supervision.end_loan(anna, "sales")
        assert uow.staffing.skills() == {anna: {"sales": 5}}


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    boss = shared_store.add_user("ewa", "1009")
    row = {"supervisor_id": boss, "operator_id": boss, "mode": "listen", "ended_at": NOW}
    with shared_store.engine.begin() as connection:
        connection.execute(
            insert(tables.supervision_sessions),
            [
                {"call_id": f"pbx/{n}", "channel": f"c{n}", "asked_at": NOW} | row
                for n in range(_MANY)
            ],
        )
    with shared_store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("analyze"))
    return shared_store


def test_nothing_reads_the_whole_list(filled: Store) -> None:
    with filled.engine.connect() as connection:
        plans = Plans(connection)
        repository = SupervisionRepository(connection)
        repository.open_of(1)
        repository.open_in({"pbx/1", "pbx/2"})
        repository.channels_known({"c1", "c2"})
        queries.of_user(connection, 1)
        queries.stretches(connection, None, 50)
        assert plans.full_scans({"supervision_sessions"}) == []
