"""What calls were made from, and what was mended: each part once, whole, and with its call."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from callcenter.calls.journal import JournalPart
from callcenter.calls.repair import Repair
from callcenter.store.tables import call_journal, call_repairs, interactions
from tests.support.store import NOW, Store, call

CALL = "pbx/17.1"
LIVE = JournalPart(
    call_id=CALL,
    pbx="pbx",
    source="live",
    started_at=NOW,
    events=2,
    data=b"Event: Newchannel\r\nUniqueid: 17.1\r\n\r\nEvent: Hangup\r\nUniqueid: 17.1\r\n\r\n",
)
LEDGER = JournalPart(
    call_id=CALL,
    pbx="pbx",
    source="ledger",
    started_at=NOW,
    events=2,
    data=b"eventtype,uniqueid\nCHAN_START,17.1\nHANGUP,17.1\n",
)
REPAIR = Repair(
    call_id=CALL, at=NOW, cause="corrected", field="result", before="missed", after="answered"
)


def add(store: Store, *parts: JournalPart) -> None:
    with store.unit_of_work() as uow:
        uow.journal.add(parts)
        uow.commit()


def parts_of(store: Store, call_id: str = CALL) -> tuple[JournalPart, ...]:
    with store.unit_of_work() as uow:
        return uow.journal.of_call(call_id)


def record(store: Store, *repairs: Repair) -> None:
    with store.unit_of_work() as uow:
        uow.repairs.record(repairs)
        uow.commit()


def repairs_on(store: Store, call_id: str = CALL) -> int:
    with store.engine.connect() as connection:
        query = select(interactions.c.repairs).where(interactions.c.call_id == call_id)
        return int(connection.scalars(query).one())


def test_a_part_comes_back_as_it_was_written(store: Store) -> None:
    unstarted = replace(LIVE, started_at=None, data=b"\x00\xff not text\r\n\r\n")
    add(store, LIVE, LEDGER, unstarted)
    assert set(parts_of(store)) == {LIVE, LEDGER, unstarted}
    assert parts_of(store, "pbx/99.1") == ()


def test_writing_a_part_again_changes_nothing(store: Store) -> None:
    for _ in range(2):
        add(store, LIVE, LIVE, LEDGER)
    assert parts_of(store) == (LIVE, LEDGER)


def test_what_a_second_process_heard_is_a_part_of_its_own(store: Store) -> None:
    late = replace(LIVE, events=1, data=b"Event: AgentComplete\r\n\r\n")
    add(store, LIVE)
    add(store, late)
    assert parts_of(store) == (LIVE, late)


def test_the_ledger_has_one_part_and_the_later_one_stands(store: Store) -> None:
    longer = replace(LEDGER, events=3, data=LEDGER.data + b"LINKEDID_END,17.1\n")
    add(store, LEDGER)
    add(store, longer)
    assert parts_of(store) == (longer,)


def test_parts_of_many_calls_are_read_at_once(store: Store) -> None:
    other = replace(LIVE, call_id="pbx/18.5")
    add(store, LIVE, LEDGER, other)
    with store.unit_of_work() as uow:
        found = uow.journal.of_calls([CALL, "pbx/18.5", "pbx/99.1"])
    assert found == {CALL: (LIVE, LEDGER), "pbx/18.5": (other,)}


def test_the_journal_is_kept_small(store: Store) -> None:
    data = LIVE.data * 100
    add(store, replace(LIVE, data=data))
    with store.engine.connect() as connection:
        kept, size = connection.execute(
            select(func.length(call_journal.c.data), call_journal.c.size)
        ).one()
    assert size == len(data)
    assert kept < size / 10


def test_the_journals_of_two_halves_explain_the_whole_call(store: Store) -> None:
    other = replace(LIVE, call_id="pbx/18.5", data=b"Event: Other\r\n\r\n")
    theirs = replace(
        LEDGER, call_id="pbx/18.5", data=b"eventtype,uniqueid\nCHAN_START,18.5\nHANGUP,17.1\n"
    )
    add(store, LIVE, LEDGER, other, theirs)
    with store.unit_of_work() as uow:
        uow.journal.merge("pbx/18.5", CALL)
        uow.journal.merge("pbx/18.5", CALL)
        uow.journal.merge(CALL, CALL)
        uow.commit()
    kept = parts_of(store)
    assert parts_of(store, "pbx/18.5") == ()
    assert [one.data for one in kept if one.source == "live"] == [LIVE.data, other.data]
    (ledger,) = (one for one in kept if one.source == "ledger")
    assert ledger.data == LEDGER.data + b"CHAN_START,18.5\n"
    assert ledger.events == 3


def test_old_journals_are_pruned_a_few_at_a_time(store: Store) -> None:
    days = [
        replace(LIVE, call_id=f"pbx/{day}", started_at=NOW - timedelta(days=day))
        for day in range(10)
    ]
    add(store, *days)
    with store.unit_of_work() as uow:
        before = NOW - timedelta(days=4, hours=12)
        assert uow.journal.prune(before, 3) == 3
        assert uow.journal.prune(before, 3) == 2
        uow.commit()
    assert parts_of(store, "pbx/9") == ()
    assert parts_of(store, "pbx/4") != ()


def test_a_repair_told_again_is_the_same_repair(store: Store) -> None:
    store.save(call())
    for _ in range(2):
        record(store, REPAIR, REPAIR, replace(REPAIR, field="talk_seconds"))
    with store.unit_of_work() as uow:
        found = uow.repairs.of_call(CALL)
    assert set(found) == {REPAIR, replace(REPAIR, field="talk_seconds")}
    assert repairs_on(store) == 2


def test_the_interaction_keeps_its_count_of_repairs_when_the_call_is_written_again(
    store: Store,
) -> None:
    store.save(call())
    record(store, REPAIR)
    store.save(call(live=False))
    assert repairs_on(store) == 1


def test_repairs_of_a_half_belong_to_the_whole_call(store: Store) -> None:
    store.save(call("17.1"), call("18.5"))
    record(store, REPAIR, replace(REPAIR, call_id="pbx/18.5", field="queues"))
    with store.unit_of_work() as uow:
        uow.interactions.merge("pbx/18.5", CALL)
        uow.calls.merge("pbx/18.5", CALL)
        uow.repairs.merge("pbx/18.5", CALL)
        uow.commit()
    assert repairs_on(store) == 2


def test_a_repair_of_long_and_strange_text_is_kept(store: Store) -> None:
    store.save(call())
    long = replace(REPAIR, before="\x00\ud800" + "x" * 9000, after="ż" * 9000)
    record(store, long)
    with store.engine.connect() as connection:
        assert connection.scalars(select(func.length(call_repairs.c.after))).one() == 9000
