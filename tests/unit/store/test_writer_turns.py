"""Writers of one SQLite file take turns, so that a busy one never keeps another out."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from callcenter.store import engine as store_engine
from callcenter.store.writer_turns import WriterTurns, turns_of
from tests.support.waiting import wait_until


def open_engine(folder: Path, busy_seconds: float = 5.0) -> Engine:
    return store_engine.create(f"sqlite:///{folder / 'some.db'}", busy_seconds=busy_seconds)


def waiting_in(turns: WriterTurns, count: int) -> bool:
    return len(turns._waiting) == count


def test_who_waits_longest_is_next() -> None:
    turns, order = WriterTurns(), list[int]()
    assert turns.take(0)

    def write(number: int) -> None:
        assert turns.take(30)
        order.append(number)
        turns.give()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_until(partial(waiting_in, turns, number))
    turns.give()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4]
    assert turns.take(0)


def test_who_gave_up_is_passed_over() -> None:
    turns = WriterTurns()
    assert turns.take(0)
    assert not turns.take(0)
    turns.give()
    assert turns.take(0)


def test_a_writer_that_never_rests_keeps_nobody_out(tmp_path: Path) -> None:
    busy, other = open_engine(tmp_path), open_engine(tmp_path)
    turns = turns_of(str((tmp_path / "some.db").resolve()))

    def write(connection: Connection, who: int) -> None:
        connection.execute(text("INSERT INTO told VALUES (:who)"), {"who": who})

    def write_once() -> None:
        with other.connect().execution_options(**store_engine.WRITES) as connection:
            write(connection, 2)
            connection.commit()

    with busy.connect().execution_options(**store_engine.WRITES) as connection:
        connection.execute(text("CREATE TABLE told (who INTEGER)"))
        waiting = threading.Thread(target=write_once)
        waiting.start()
        wait_until(partial(waiting_in, turns, 1))
        connection.commit()
        write(connection, 1)  # at once
        connection.commit()
        waiting.join()
        found = connection.scalars(text("SELECT who FROM told ORDER BY rowid")).all()
    assert found == [2, 1]
    busy.dispose()
    other.dispose()


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_turn_ends_with_its_transaction(tmp_path: Path, end: str) -> None:
    engine = open_engine(tmp_path, busy_seconds=0.05)
    first = engine.connect().execution_options(**store_engine.WRITES)
    first.execute(text("CREATE TABLE told (who INTEGER)"))
    second = engine.connect().execution_options(**store_engine.WRITES)
    with pytest.raises(OperationalError, match="database is locked"):
        second.execute(text("SELECT 1"))
    second.rollback()
    getattr(first, end)()
    second.execute(text("SELECT 1"))
    second.close()
    first.close()
    engine.dispose()
