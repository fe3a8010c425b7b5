"""How far the ledger was read, what of it could not be, what forwarders sent, which calls it
settled: all of it may be told twice and from an older place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

from sqlalchemy import func, select

from callcenter.calls.ledger import LedgerPosition, SetAside
from callcenter.store.tables import ledger_inbox, ledger_set_aside
from tests.support.store import NOW, Store, call

POSITION = LedgerPosition(
    pbx="pbx",
    source="file",
    file_id="dev:1:ino:2",
    path="/var/log/asterisk/cel-custom/Master.csv",
    offset=100,
    read_to=5_000_000_000,
    at=NOW,
)
ASIDE = SetAside(
    pbx="pbx",
    source="file",
    file="Master.csv",
    position=3_000_000_000,
    reason="torn",
    line="CHAN_ST",
    at=NOW,
)


def receive(store: Store, offset: int, data: bytes, file_id: str = "one") -> int:
    with store.unit_of_work() as uow:
        expected = uow.ledger.receive("pbx", file_id, "Master.csv", offset, data, NOW)
        uow.commit()
    return expected


def inbox(store: Store, after: int = 0) -> list[tuple[str, int, bytes]]:
    with store.unit_of_work() as uow:
        chunks = uow.ledger.inbox("pbx", after, 100)
    return [(chunk.file_id, chunk.offset, chunk.data) for chunk in chunks]


def test_each_source_of_a_pbx_has_one_position(store: Store) -> None:
    moved = replace(POSITION, offset=200, file_id="another")
    inbox = replace(POSITION, source="inbox", offset=7)
    with store.unit_of_work() as uow:
        assert uow.ledger.position("pbx", "file") is None
        for position in (POSITION, inbox, moved):
            uow.ledger.save_position(position)
        uow.commit()
        assert uow.ledger.position("pbx", "file") == moved
        assert uow.ledger.position("pbx", "inbox") == inbox
        assert uow.ledger.position("other", "file") is None


def test_a_line_is_set_aside_once_however_often_the_file_is_read(store: Store) -> None:
    later = replace(ASIDE, at=NOW + timedelta(days=1))
    with store.unit_of_work() as uow:
        uow.ledger.set_aside([ASIDE, ASIDE])
        uow.ledger.set_aside([later, replace(ASIDE, position=5)])
        uow.ledger.set_aside([])
        uow.commit()
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(ledger_set_aside)) == 2


def test_a_line_of_any_length_and_any_bytes_is_kept_as_far_as_it_is_of_use(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.ledger.set_aside([replace(ASIDE, line="\x00\ud800" + "x" * 100_000)])
        uow.commit()
    with store.engine.connect() as connection:
        (line,) = connection.scalars(select(ledger_set_aside.c.line))
    assert line == "x" * 2000


def test_old_lines_set_aside_are_pruned_a_few_at_a_time(store: Store) -> None:
    rows = [replace(ASIDE, position=n, at=NOW - timedelta(days=n)) for n in range(6)]
    with store.unit_of_work() as uow:
        uow.ledger.set_aside(rows)
        assert uow.ledger.prune_set_aside(NOW - timedelta(days=2, hours=1), 2) == 2
        assert uow.ledger.prune_set_aside(NOW - timedelta(days=2, hours=1), 2) == 1


def test_chunks_of_a_file_are_taken_in_order_and_the_next_one_is_named(store: Store) -> None:
    assert receive(store, 0, b"") == 0
    assert receive(store, 0, b"abc") == 3
    assert receive(store, 3, b"def") == 6
    assert receive(store, 0, b"xy", file_id="two") == 2
    assert inbox(store) == [("one", 0, b"abc"), ("one", 3, b"def"), ("two", 0, b"xy")]


def test_a_gap_is_refused_and_the_expected_offset_told(store: Store) -> None:
    receive(store, 0, b"abc")
    assert receive(store, 5, b"later") == 3
    assert inbox(store) == [("one", 0, b"abc")]


def test_what_is_sent_again_is_here_once(store: Store) -> None:
    receive(store, 0, b"abcdef")
    assert receive(store, 0, b"abcdef") == 6
    assert receive(store, 2, b"cd") == 6
    assert receive(store, 4, b"efgh") == 8
    assert b"".join(data for _, _, data in inbox(store)) == b"abcdefgh"


def test_chunks_that_were_read_go_and_their_place_is_remembered(store: Store) -> None:
    receive(store, 0, b"abc")
    receive(store, 3, b"def")
    with store.unit_of_work() as uow:
        first, _ = uow.ledger.inbox("pbx", 0, 10)
        assert uow.ledger.drop_inbox("pbx", first.id) == 1
        assert uow.ledger.drop_inbox("other", first.id + 1) == 0
        uow.commit()
    assert inbox(store) == [("one", 3, b"def")]
    assert inbox(store, after=first.id) == [("one", 3, b"def")]
    assert receive(store, 0, b"abc") == 6


def test_two_senders_of_one_file_take_turns(store: Store) -> None:
    together, failures = Barrier(2), []

    def send() -> None:
        try:
            together.wait(timeout=30)
            for offset in range(0, 20, 2):
                receive(store, offset, b"ab")
        except BaseException as error:  # noqa: BLE001 (a thread must hand it over)
            failures.append(error)

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.engine.connect() as connection:
        size = func.sum(func.length(ledger_inbox.c.data))
        assert connection.scalar(select(size)) == 20


def test_the_names_of_a_pbx_are_remembered_with_the_latest_first(store: Store) -> None:
    with store.unit_of_work() as uow:
        uow.pbx_links.note_name("pbx", "pbx1", NOW)
        uow.pbx_links.note_name("pbx", "pbx2", NOW + timedelta(days=1))
        uow.pbx_links.note_name("other", "pbx9", NOW)
        assert uow.pbx_links.names("pbx") == ("pbx2", "pbx1")
        uow.pbx_links.note_name("pbx", "pbx1", NOW + timedelta(days=2))
        uow.commit()
        assert uow.pbx_links.names("pbx") == ("pbx1", "pbx2")


def test_a_call_stays_settled_when_it_is_written_again_until_somebody_says_otherwise(
    store: Store,
) -> None:
    store.save(call("17.1"), call("18.5"))
    with store.unit_of_work() as uow:
        uow.calls.settled(["pbx/17.1"], NOW)
        uow.commit()
    store.save(call("17.1", live=False))
    with store.unit_of_work() as uow:
        assert uow.calls.settled_at(["pbx/17.1", "pbx/18.5"]) == {"pbx/17.1": NOW}
        uow.calls.unsettle(["pbx/17.1"])
        assert uow.calls.settled_at(["pbx/17.1"]) == {}


def test_a_channel_name_that_comes_again_after_a_reinstall_is_another_calls(store: Store) -> None:
    old = call("17.1", started_at=NOW - timedelta(days=900))
    new = call("17.1", id="pbx/17.1~anew", caller_number="+48500100200")
    store.save(old, new)
    with store.unit_of_work() as uow:
        ids = uow.calls.id_map("pbx", ["17.1", "17.2"], NOW + timedelta(hours=2))
        assert ids == {"17.1": new.id, "17.2": new.id}
        ids = uow.calls.id_map("pbx", ["17.1"], NOW - timedelta(days=899, hours=12))
        assert ids == {"17.1": old.id}
        assert uow.calls.id_map("pbx", ["17.1"], NOW - timedelta(days=100)) == {}
        assert uow.calls.id_map("pbx", ["17.1"]) == {"17.1": new.id}
        near = {"17.1": NOW - timedelta(days=900), "17.2": None, "99.1": NOW}
        assert uow.calls.id_map_near("pbx", near) == {"17.1": old.id, "17.2": new.id}


def test_halves_of_a_call_that_both_name_a_channel_are_merged(store: Store) -> None:
    store.save(call("17.1"), call("18.5", uniqueids=("18.5", "17.2")))
    with store.unit_of_work() as uow:
        uow.interactions.merge("pbx/18.5", "pbx/17.1")
        uow.calls.merge("pbx/18.5", "pbx/17.1")
        uow.commit()
        found = uow.calls.id_map("pbx", ["17.1", "17.2", "18.5"])
    assert set(found.values()) == {"pbx/17.1"}
