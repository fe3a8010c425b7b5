"""Months of calls as files, on SQLite and PostgreSQL: whole, once, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from callcenter.errors import Conflict, Invalid
from callcenter.services import archive as service
from callcenter.services import archive_steps, retention
from callcenter.services.notes import save_note
from callcenter.store import archive
from callcenter.store.tables import (
    archive_returned,
    customers,
    interactions,
    notes,
    tasks,
)
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.archives import MONTH, OLD, Old, ended, old_calls, visible
from tests.support.mailing import PLAN
from tests.support.store import NOW, Store

ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    return old_calls(store, tmp_path / "archive")


def month_of(old: Old) -> Any:
    with old.store.engine.connect() as connection:
        [month] = archive.months(connection)
    return month


def run(old: Old, statement: Any) -> Any:
    with old.store.unit_of_work() as uow:
        result = uow.connection.execute(statement)
        uow.commit()
    return result


def test_what_moved_and_came_back_is_as_it_was(old: Old) -> None:
    before = old.rows()
    old.move()
    assert old.live() == {old.ids["pbx/60.1"]}
    month = month_of(old)
    assert (month.state, month.interactions, month.problem) == ("moved", 4, "")
    assert month.sha256 == old.files.checked(month.folder)
    old.restore()
    assert old.rows() == before
    assert old.files.folders() == [month.folder]


class KilledError(Exception):
    pass


class Killer:
    """Units of work of which the n-th commit is never seen."""

    def __init__(self, old: Old, after: int) -> None:
        self.left, self.engine = after, old.store.engine

    def __call__(self) -> SqlUnitOfWork:
        killer = self

        class Mortal(SqlUnitOfWork):
            def commit(self) -> None:
                killer.left -= 1
                if killer.left >= 0:
                    return super().commit()
                raise KilledError

        return Mortal(self.engine)


def killed(old: Old, ask: Callable[[], None]) -> Iterator[None]:
    """Asks, and dies at the n-th commit: on one of the databases for every odd n that there is, on
    the other for every even one."""
    for after in range(int(old.store.engine.dialect.name == "postgresql"), 100, 2):
        ask()
        unit_of_work = Killer(old, after)
        try:
            while old.step(unit_of_work):
                pass
        except KilledError:
            yield
        else:
            return


def test_a_process_that_dies_at_any_commit_loses_nothing_and_doubles_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_steps, "_LOT", 1)
    old = old_calls(store, tmp_path / "archive", many=1)
    before, everything = old.rows(), sorted(old.ids.values())
    for _ in killed(old, old.ask_move):
        assert visible(old) == everything
        old.work()
        assert visible(old) == everything
        old.restore()
    assert visible(old) == everything
    for _ in killed(old, old.ask_restore):
        assert visible(old) == everything
        old.work()
        assert old.rows() == before
        old.move()
    assert old.rows() == before


@ON_ONE_DATABASE
def test_a_file_that_was_harmed_is_not_read_back_as_if_it_were_whole(old: Old) -> None:
    old.move()
    [path] = old.files.path(month_of(old).folder).glob("notes.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    old.ask_restore()
    with pytest.raises(archive_steps.ArchiveError, match="back-up"):
        old.work()
    assert month_of(old).state == "to_restore"


@ON_ONE_DATABASE
def test_a_file_that_was_harmed_is_not_written_anew_as_if_it_were_whole(old: Old) -> None:
    old.move()
    save_note(author_id=old.anna, text="Again", interaction_id=old.ids["pbx/11.1"], **old.both)
    [path] = old.files.path(month_of(old).folder).glob("notes.parquet")
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    before = month_of(old)
    with pytest.raises(archive_steps.ArchiveError, match="back-up"):
        old.work()
    assert month_of(old) == before


def test_what_changes_between_copy_and_delete_stays_as_it_is_now(old: Old) -> None:
    old.ask_move()
    old.step()  # copied
    changed, tasked = old.ids["pbx/10.1"], old.ids["pbx/11.1"]
    run(old, update(notes).values(text="quite another"))
    run(
        old,
        insert(tasks).values(
            title="Ring", interaction_id=tasked, due_at=NOW, created_at=NOW, updated_at=NOW
        ),
    )
    old.work()
    assert old.live() == {changed, tasked, old.ids["pbx/60.1"]}
    assert visible(old) == sorted(old.ids.values())
    month = month_of(old)
    assert (month.interactions, month.stale, month.kept) == (2, False, {"changed": 1, "tasks": 1})


def test_open_held_and_referred_contacts_stay(old: Old) -> None:
    run(old, update(customers).values(legal_hold="a court asks"))
    run(
        old,
        update(interactions).where(interactions.c.id == old.ids["pbx/50.1"]).values(ended_at=None),
    )
    old.ask_move()
    old.work()
    assert old.known() == []  # there was nothing to move
    assert len(old.live()) == 5


@ON_ONE_DATABASE
def test_the_highest_id_stays_so_that_none_is_given_twice(old: Old) -> None:
    old.store.clock.pass_by(90 * 86400.0)
    old.ask_move("2026-02")
    old.move()
    assert old.live() == {max(old.ids.values())}


def test_writing_to_an_archived_call_brings_it_back(old: Old) -> None:
    old.move()
    one = old.ids["pbx/11.1"]
    save_note(author_id=old.anna, text="Called again", interaction_id=one, **old.both)
    assert one in old.live()
    assert visible(old) == sorted(old.ids.values())
    folder = month_of(old).folder
    old.work()  # the file is made anew without it
    month = month_of(old)
    assert (month.stale, month.interactions) == (False, 3)
    assert month.folder != folder
    assert visible(old) == sorted(old.ids.values())
    with old.store.engine.connect() as connection:
        assert connection.scalars(select(archive_returned.c.interaction_id)).all() == []


def test_what_a_rule_of_retention_has_to_go_over_comes_back_first(old: Old) -> None:
    old.move()
    with old.store.unit_of_work() as uow:
        uow.privacy.set_rule("calls", 30)
        uow.commit()
    retention.prune(plan_for=lambda _: PLAN, **old.both)
    assert month_of(old).state == "to_restore"
    old.work()
    retention.prune(plan_for=lambda _: PLAN, **old.both)
    with old.store.engine.connect() as connection:
        numbers = connection.scalars(
            select(interactions.c.number).where(interactions.c.started_at < OLD + timedelta(days=9))
        )
        assert set(numbers) == {""}
    old.ask_move()  # now it may


@ON_ONE_DATABASE
def test_a_month_waits_for_the_rules_and_young_months_stay(old: Old) -> None:
    with old.store.unit_of_work() as uow:
        uow.privacy.set_rule("recordings", 30)
        uow.commit()
    with pytest.raises(Conflict, match="recordings"):
        old.ask_move()
    with pytest.raises(Conflict, match="too young"):
        old.ask_move("2026-02")
    with pytest.raises(Invalid):
        old.ask_move("2026-13")


@ON_ONE_DATABASE
def test_the_policy_moves_what_is_older_than_it_says(old: Old) -> None:
    service.set_rule(1, user_id=None, **old.both)
    assert service.ask_due(**old.both) == [MONTH]
    assert service.ask_due(**old.both) == []
    service.set_rule(None, user_id=None, **old.both)
    old.work()
    assert month_of(old).state == "moved"


@ON_ONE_DATABASE
def test_two_months_stand_beside_each_other(old: Old) -> None:
    old.ids |= old.store.save(ended("70.1", OLD - timedelta(days=30)))
    old.ids |= old.store.save(ended("80.1", NOW - timedelta(days=2)))
    old.move()
    old.move("2025-11")
    assert [one.month for one in old.known()] == ["2025-11", "2025-12"]
    assert visible(old) == sorted(old.ids.values())


@ON_ONE_DATABASE
def test_journals_stay_in_files_no_longer_than_in_the_database(old: Old) -> None:
    before = old.rows()
    assert len(before["call_journal"]) == 1
    old.move()
    assert not old.step(journals_since=OLD - timedelta(days=1))  # they have time
    assert old.step(journals_since=OLD + timedelta(days=10))
    assert not old.step(journals_since=OLD + timedelta(days=11))  # not every night anew
    month = month_of(old)
    assert (month.state, month.interactions, month.problem) == ("moved", 4, "")
    assert month.files["call_journal"]["rows"] == 0
    assert visible(old) == sorted(old.ids.values())
    old.restore()
    assert old.rows() == before | {"call_journal": []}


@ON_ONE_DATABASE
def test_odd_text_comes_back_as_it_was(old: Old) -> None:
    odd = 'a\0b \x01\x1f\x7f \u2028\ufeff\ufffe \r\n \\u0000 \\ "{}" \U0010ffff '
    run(old, update(notes).values(text=odd, words=odd))
    run(old, update(interactions).values(subject=odd, explanation={odd: [odd, None]}))
    before = old.rows()
    old.move()
    old.restore()
    assert old.rows() == before
