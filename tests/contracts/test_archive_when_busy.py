"""The archive beside everything else: nobody who writes waits for its files, a busy database is no
fault of a month, and whoever ends the program waits for no month."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from callcenter import bootstrap
from callcenter.archive.pages import FILE as PAGES
from callcenter.archive_work import ArchiveLoop, turn
from callcenter.errors import Unavailable
from callcenter.services import archive_steps
from callcenter.settings import Settings
from callcenter.store import engine as store_engine
from callcenter.store.tables import contact_halves, interactions, report_dirty
from tests.support.archives import MONTH, OLD, Old, ended, old_calls, visible
from tests.support.report_days import sum_up
from tests.support.store import NOW, Store

ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    return old_calls(store, tmp_path / "archive")


def without_queues(old: Old) -> None:
    """Direct calls: what is counted of them nobody knows but they themselves."""
    with old.store.engine.begin() as connection:
        connection.execute(update(interactions).values(queue=""))


def mark(old: Old, *days: int) -> None:
    """Half hours in which calls began, so many days after the first of them."""
    with old.store.unit_of_work() as uow:
        uow.report_facts.mark("contacts", [OLD + timedelta(days=one) for one in days])
        uow.commit()


def summed(old: Old) -> dict[str, int]:
    """Contacts of each half hour."""
    row = contact_halves.c
    with old.store.engine.connect() as connection:
        found: dict[str, int] = {}
        for half, count in connection.execute(select(row.half, row.contacts)):
            found[f"{half:%m-%d}"] = found.get(f"{half:%m-%d}", 0) + count
        return found


@contextmanager
def written_meanwhile(old: Old, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Somebody writes whenever files are read or written, and is refused if that has to wait."""
    engine = store_engine.create(
        old.store.engine.url.render_as_string(hide_password=False), busy_seconds=0.05
    )
    done: list[str] = []

    def beside(name: str) -> None:
        asked = getattr(old.files, name)

        def reading(*told: Any) -> Any:
            with Store(engine).unit_of_work() as uow:
                uow.report_facts.keep_position("meanwhile", name, NOW)
                uow.commit()
            done.append(name)
            return asked(*told)

        monkeypatch.setattr(old.files, name, reading)

    beside("run")
    beside("checked")
    yield done
    monkeypatch.undo()
    engine.dispose()


@ON_ONE_DATABASE  # the other one has no lock that all who write wait for
def test_nobody_who_writes_waits_for_files_of_a_month_on_its_way(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = sorted(old.ids.values())
    with written_meanwhile(old, monkeypatch) as done:
        old.move()
    with old.store.unit_of_work() as uow:
        assert uow.archive.bring_back([old.ids["pbx/10.1"]]) == 1
        uow.commit()
    with written_meanwhile(old, monkeypatch) as done:
        old.work()
        assert [one.stale for one in old.known()] == [False]
        old.restore()
    assert {"run", "checked"} == set(done)
    assert old.known() == []
    assert visible(old) == everything


@ON_ONE_DATABASE
def test_nobody_who_writes_waits_for_files_that_are_summed_up_anew(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_queues(old)
    mark(old, 0, 1)
    sum_up(old.store)
    before = summed(old)
    old.move()
    with old.store.engine.begin() as connection:
        connection.execute(update(contact_halves).values(contacts=0))
    mark(old, 0, 1)
    with written_meanwhile(old, monkeypatch) as done:
        sum_up(old.store)
    assert done
    assert summed(old) == before == {"12-05": 2, "12-06": 1}


def test_sums_are_made_of_a_call_that_came_back_while_files_were_read(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_queues(old)
    old.move()
    get, once = old.files.get, [old.ids["pbx/10.1"]]

    def reading(*told: Any) -> Any:
        found = get(*told)
        if once:
            mine = interactions.c.id == once[0]
            with old.store.unit_of_work() as uow:
                assert uow.archive.bring_back([once.pop()]) == 1
                uow.connection.execute(update(interactions).where(mine).values(channel="visit"))
                uow.commit()
        return found

    monkeypatch.setattr(old.files, "get", reading)
    mark(old, 0)
    sum_up(old.store)
    assert not once
    assert summed(old) == {"12-05": 2}
    with old.store.engine.connect() as connection:
        channels = connection.scalars(select(contact_halves.c.channel)).all()
        assert sorted(channels) == ["call", "visit"]
        assert connection.execute(select(report_dirty)).all() == []


def test_sums_go_on_without_a_month_that_says_nothing_and_read_no_other_one_for_it(
    old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, days = NOW - timedelta(days=2), (-30, 0)
    for number, at in (("80.1", newest), ("70.1", OLD - timedelta(days=30)), ("90.1", newest)):
        old.ids |= old.store.save(ended(number, at))
    without_queues(old)
    old.move()
    old.move("2025-11")
    november, december = old.known()
    path = old.files.path(december.folder) / "notes.parquet"
    told = bytearray(path.read_bytes())
    told[4 : len(told) // 2] = bytes(one ^ 0x5A for one in told[4 : len(told) // 2])
    path.write_bytes(told)  # of the same size

    def walked(*_told: Any, **_named: Any) -> Any:
        raise AssertionError("somebody reads a whole month")

    with monkeypatch.context() as patched:
        patched.setattr(old.files, "walk", walked)
        mark(old, *days)
        sum_up(old.store)
    assert summed(old) == {"11-05": 1}
    assert old.files.sound(november.folder, november.files)
    assert not old.files.sound(december.folder, december.files)


class Busy:
    """Another program writes, until somebody has waited for it in vain."""

    def __init__(self, old: Old) -> None:
        self.waited = 0
        self._other = sqlite3.connect(
            str(old.store.engine.url.database), isolation_level=None, check_same_thread=False
        )
        self._other.execute("BEGIN IMMEDIATE")
        event.listen(old.store.engine, "handle_error", self._over)

    def _over(self, _context: Any) -> None:
        self.waited += 1
        self._other.rollback()


@ON_ONE_DATABASE
def test_a_busy_database_leaves_no_problem_on_a_month_and_the_next_turn_goes_on(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = bootstrap.build(
        Settings.from_env(
            {
                "DATABASE_URL": old.store.engine.url.render_as_string(),
                "CALLCENTER_DATA": str(tmp_path),
                "AMI_URL": "",
                "REDIS_URL": "",
            }
        )
    )
    both = {"unit_of_work": old.store.unit_of_work, "reader": old.store.engine.connect}
    runtime = replace(built, clock=old.store.clock, archive=old.files, **both)  # type: ignore[arg-type]
    loop = ArchiveLoop(runtime)
    try:
        assert not turn(runtime, loop, old.files)
        old.ask_move()
        add, met = old.files.write, []

        def begun(month: str) -> Any:
            if not met:
                met.append(Busy(old))  # right before the first lot
            return add(month)

        monkeypatch.setattr(old.files, "write", begun)
        with pytest.raises(Unavailable):
            turn(runtime, loop, old.files)
        assert [one.waited for one in met] == [1]
        assert [(one.state, one.problem) for one in old.known()] == [("copying", "")]
        while turn(runtime, loop, old.files):
            pass
        assert [(one.state, one.problem) for one in old.known()] == [("moved", "")]
        assert visible(old) == sorted(old.ids.values())
    finally:
        built.close()


def step(old: Old, stopping: Callable[[], bool]) -> None:
    [month] = old.known()
    archive_steps.work_on(month, files=old.files, stopping=stopping, **old.both)


@ON_ONE_DATABASE
def test_who_ends_the_program_waits_for_no_month_that_is_made_anew(old: Old) -> None:
    old.move()
    with old.store.unit_of_work() as uow:
        assert uow.archive.bring_back([old.ids["pbx/10.1"]]) == 1
        uow.commit()
    [before], folders = old.known(), old.files.folders()
    step(old, lambda: True)
    assert (old.known(), old.files.folders()) == ([before], folders)
    old.work()
    assert [one.stale for one in old.known()] == [False]
    assert visible(old) == sorted(old.ids.values())


@ON_ONE_DATABASE
def test_who_ends_the_program_waits_for_no_contacts_that_are_noted_one_by_one(old: Old) -> None:
    old.move()
    [month] = old.known()
    with old.store.unit_of_work() as uow:
        files = {name: one for name, one in month.files.items() if name != PAGES}
        uow.archive.save(MONTH, NOW, {"files": files})
        uow.commit()
    step(old, lambda: True)
    assert PAGES not in old.known()[0].files
    step(old, lambda: False)
    assert PAGES in old.known()[0].files


@ON_ONE_DATABASE
def test_who_ends_the_program_waits_for_no_month_that_is_read_back(old: Old) -> None:
    """Until the last lot is written nobody says so; from then on it is looked at again."""
    old.ask_move()
    asked: list[bool] = []

    def stopping() -> bool:
        asked.append(len(asked) > 0)
        return asked[-1]

    step(old, stopping)
    assert asked == [False, True]
    assert [one.state for one in old.known()] == ["copying"]
    assert len(old.live()) == len(old.ids)
    old.work()
    assert visible(old) == sorted(old.ids.values())
