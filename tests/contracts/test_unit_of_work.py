"""One transaction: all of it or nothing, in bounded time, with words when it cannot be."""

from __future__ import annotations

from threading import Thread
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from callcenter.accounts.user import UserDraft
from callcenter.errors import Conflict, Unavailable
from callcenter.queries import users as user_queries
from callcenter.store import engine as store_engine
from callcenter.store import unit_of_work
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.store import NOW, Store


def names(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return [user.username for user in user_queries.all(connection)]


def add(uow: SqlUnitOfWork, name: str) -> None:
    uow.users.add(UserDraft(username=name, display_name=name), "no password", NOW)


def test_without_commit_nothing_stays(store: Store) -> None:
    with store.unit_of_work() as uow:
        add(uow, "anna")
    assert names(store) == []


def test_an_exception_takes_everything_back(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unit_of_work() as uow:  # noqa: PT012
        add(uow, "anna")
        raise ZeroDivisionError
    assert names(store) == []


def test_what_was_committed_stays_though_the_block_fails_later(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.unit_of_work() as uow:  # noqa: PT012
        add(uow, "anna")
        uow.commit()
        add(uow, "piotr")
        raise ZeroDivisionError
    assert names(store) == ["anna"]


def test_after_a_rollback_the_block_goes_on_from_the_start(store: Store) -> None:
    with store.unit_of_work() as uow:
        add(uow, "anna")
        uow.rollback()
        add(uow, "piotr")
        uow.commit()
    assert names(store) == ["piotr"]


def test_writing_the_same_name_twice_is_a_conflict_in_words(store: Store) -> None:
    with pytest.raises(Conflict, match="written twice"), store.unit_of_work() as uow:  # noqa: PT012
        add(uow, "anna")
        add(uow, "anna")


def test_a_row_locked_by_another_writer_is_waited_for_only_so_long(store: Store) -> None:
    store.add_user("anna")
    with store.unit_of_work() as holder:
        holder.users.end_sessions(1)
        with (
            pytest.raises(Unavailable, match="did not answer in time"),
            store.unit_of_work() as uow,
        ):
            uow.users.end_sessions(1)


def test_a_writer_that_waits_gets_its_turn(store: Store) -> None:
    store.add_user("anna")
    done: list[int] = []

    def write() -> None:
        with store.unit_of_work() as uow:
            done.append(uow.users.end_sessions(1))
            uow.commit()

    with store.unit_of_work() as first:
        first.users.end_sessions(1)
        waiting = Thread(target=write)
        waiting.start()
        first.commit()
    waiting.join()
    assert done == [2]


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    store.add_user("anna")
    with store.unit_of_work() as uow:
        add(uow, "piotr")
        assert names(store) == ["anna"]
        uow.commit()
    assert names(store) == ["anna", "piotr"]


def test_a_database_that_is_away_says_so(tmp_path: object) -> None:
    engine = store_engine.create("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Unavailable), SqlUnitOfWork(engine):
        raise AssertionError("it opened")
    engine.dispose()


def test_only_a_transaction_is_long_not_what_is_read_between_two(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(store_engine, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(unit_of_work, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def pass_by(seconds: float) -> None:
        clock[0] += seconds

    with capture_logs() as told:
        with store.unit_of_work() as uow:
            uow.commit()
            pass_by(60)  # files are read
            add(uow, "anna")
            pass_by(0.5)
            uow.commit()
            pass_by(60)
        assert told == []
        with store.unit_of_work() as uow:
            uow.commit()
            add(uow, "piotr")
            pass_by(3)
            uow.rollback()
            add(uow, "ewa")
            pass_by(2)
    assert [(one["event"], one["seconds"]) for one in told] == [
        ("store.long_transaction", 3.0),
        ("store.long_transaction", 2.0),
    ]


def test_only_the_two_databases_we_test_are_accepted() -> None:
    with pytest.raises(ValueError, match="SQLite and PostgreSQL"):
        store_engine.create("mysql://localhost/x")
