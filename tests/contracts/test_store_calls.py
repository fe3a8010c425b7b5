"""Calls and their interactions: each exactly once, whoever writes them, however often."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from callcenter.errors import Conflict
from callcenter.queries import interactions as interaction_queries
from callcenter.store.tables import call_channels, call_legs, calls, interactions, notes
from tests.support.store import NOW, TODAY, Store, call, interaction, leg


def count(store: Store, query: Select[Any]) -> int:
    with store.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def test_a_call_is_read_back_as_it_was_written(store: Store) -> None:
    record = call(caller_name="Żółć 🎉 'quoted' \"twice\" {braces,\\}")
    store.save(record)
    with store.unit_of_work() as uow:
        assert uow.calls.get(record.id) == record


def test_writing_the_same_call_again_changes_nothing(store: Store) -> None:
    first = store.save(call())
    assert store.save(call(), call()) == first
    assert count(store, select(calls)) == 1
    assert count(store, select(interactions)) == 1
    assert count(store, select(call_legs)) == 2
    assert count(store, select(call_channels)) == 2


def test_a_later_record_replaces_what_the_earlier_one_said(store: Store) -> None:
    store.save(call())
    ended = call(live=False, result="answered", ended_at=NOW + timedelta(seconds=9))
    ids = store.save(ended)
    with store.engine.connect() as connection:
        view = interaction_queries.get(connection, ids[ended.id], TODAY)
    assert view is not None
    assert (view.result, view.ended_at) == ("answered", ended.ended_at)
    with store.unit_of_work() as uow:
        assert uow.calls.live_ids("pbx") == []


def test_a_channel_that_turns_out_to_be_no_participant_is_no_leg_any_more(store: Store) -> None:
    store.save(call())
    store.save(call(legs=(leg("17.1", "PJSIP/trunk", "caller"),)))
    assert count(store, select(call_legs)) == 1


def test_a_call_is_found_by_any_of_its_channels(store: Store) -> None:
    store.save(call("17.1"), call("18.5"))
    with store.unit_of_work() as uow:
        assert uow.calls.find_by_uniqueid("pbx", "17.2") == "pbx/17.1"
        assert uow.calls.find_by_uniqueid("other", "17.2") is None
        found = uow.calls.id_map("pbx", ["17.1", "18.6", "99.9"])
    assert found == {"17.1": "pbx/17.1", "18.6": "pbx/18.5"}


def test_legs_are_credited_to_the_operators_of_their_devices(store: Store) -> None:
    user_id = store.add_user()
    twin = leg("17.3", "PJSIP/web1001", "callee")
    ids = store.save(call(legs=(*call().legs, twin)))
    with store.engine.connect() as connection:
        view = interaction_queries.get(connection, ids["pbx/17.1"], TODAY)
    assert view is not None
    credited = {one.endpoint: one.user.id if one.user else None for one in view.legs}
    assert credited == {"PJSIP/trunk": None, "PJSIP/1001": user_id, "PJSIP/web1001": user_id}


def test_when_two_calls_turn_out_to_be_one_one_interaction_stays_with_all_notes(
    store: Store,
) -> None:
    author = store.add_user()
    ids = store.save(call("17.1"), call("18.5"))
    with store.unit_of_work() as uow:
        for interaction_id in ids.values():
            uow.notes.save(author_id=author, text="said", at=NOW, interaction_id=interaction_id)
        uow.interactions.merge("pbx/18.5", "pbx/17.1")
        uow.calls.merge("pbx/18.5", "pbx/17.1")
        uow.commit()
    assert count(store, select(interactions)) == 1
    kept = select(notes).where(notes.c.interaction_id == ids["pbx/17.1"])
    assert count(store, kept) == 2
    with store.unit_of_work() as uow:
        assert uow.calls.find_by_uniqueid("pbx", "18.6") == "pbx/17.1"
        assert uow.calls.live_ids("pbx") == ["pbx/17.1"]


def test_a_merge_into_a_call_that_has_no_interaction_yet_keeps_the_one_there_is(
    store: Store,
) -> None:
    ids = store.save(call("18.5"))
    with store.unit_of_work() as uow:
        uow.calls.save_many([call("17.1")], {})
        uow.interactions.merge("pbx/18.5", "pbx/17.1")
        uow.commit()
        assert uow.interactions.identified(["pbx/17.1"])["pbx/17.1"].id == ids["pbx/18.5"]


def test_calls_that_are_gone_when_we_look_again_are_closed(store: Store) -> None:
    ids = store.save(call("17.1"), call("18.5"))
    with store.unit_of_work() as uow:
        assert uow.calls.close_missing("pbx", ["pbx/18.5"], NOW) == ["pbx/17.1"]
        uow.commit()
        assert uow.calls.live_ids("pbx") == ["pbx/18.5"]
        closed = uow.calls.get("pbx/17.1")
    assert closed is not None
    assert (closed.live, closed.ended_at) == (False, NOW)
    with store.engine.connect() as connection:
        view = interaction_queries.get(connection, ids["pbx/17.1"], TODAY)
    assert view is not None
    assert view.ended_at == NOW


def test_what_a_person_chose_outlives_what_the_number_says(store: Store) -> None:
    anna = store.add_customer("Anna")
    piotr = store.add_customer("Piotr")
    ids = store.save(call(), match="several", candidate_ids=(anna, piotr))
    with store.unit_of_work() as uow:
        uow.interactions.link(ids["pbx/17.1"], piotr, "chosen")
        uow.commit()
    store.save(call(live=False), match="one", customer_id=anna)
    with store.unit_of_work() as uow:
        stored = uow.interactions.get(ids["pbx/17.1"])
    assert stored is not None
    assert (stored.customer_id, stored.match) == (piotr, "chosen")


def test_the_candidates_are_those_of_the_last_writing(store: Store) -> None:
    anna, piotr, jan = (store.add_customer(name) for name in ("Anna", "Piotr", "Jan"))
    store.save(call(), match="several", candidate_ids=(anna, piotr))
    ids = store.save(call(), match="several", candidate_ids=(piotr, jan))
    with store.unit_of_work() as uow:
        stored = uow.interactions.get(ids["pbx/17.1"])
    assert stored is not None
    assert stored.candidate_ids == (piotr, jan)


def test_a_call_without_a_known_start_keeps_the_moment_it_was_first_seen(store: Store) -> None:
    unknown = call(started_at=None)
    ids = store.save(unknown)
    with store.engine.connect() as connection:
        first = interaction_queries.get(connection, ids[unknown.id], TODAY)
    store.save(unknown)
    with store.engine.connect() as connection:
        again = interaction_queries.get(connection, ids[unknown.id], TODAY)
    assert first is not None
    assert again is not None
    assert again.started_at == first.started_at


def test_text_that_a_column_cannot_hold_costs_no_call(store: Store) -> None:
    vile = "\x00\ud800" + "9" * 400
    ids = store.save(call(caller_name=vile, caller_number=vile, dialed=vile), number_raw=vile)
    assert len(ids) == 1


def test_an_interaction_without_its_call_is_refused_and_nothing_is_written(store: Store) -> None:
    with pytest.raises(Conflict), store.unit_of_work() as uow:  # noqa: PT012
        uow.calls.save_many([call("17.1")], {})
        uow.interactions.upsert_many([interaction(call("99.1"))])
        uow.commit()
    assert count(store, select(calls)) == 0


def test_two_writers_of_the_same_calls_at_once_leave_one_interaction_each(store: Store) -> None:
    records = [call(f"17.{number}") for number in range(1, 40, 2)]
    together, failures = Barrier(2), []

    def write(order: list[Any]) -> None:
        try:
            for _ in range(5):
                together.wait(timeout=30)
                store.save(*order)
        except BaseException as error:  # noqa: BLE001 (a thread must hand it over)
            failures.append(error)
            together.abort()

    orders = [records, [replace(one, live=False) for one in reversed(records)]]
    threads = [Thread(target=write, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert count(store, select(interactions)) == len(records)
    assert count(store, select(calls)) == len(records)
