"""Files given out while the database is busy or away for a moment: none is given up for that, none
is made twice; and they keep how far the rights reached that they were made with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from callcenter.accounts.user import UserDraft
from callcenter.errors import Unavailable
from callcenter.exports import reach
from callcenter.exports.counting import Tell
from callcenter.imports.job import Export
from callcenter.ports import UnitOfWork
from callcenter.services import export_making
from callcenter.services.export_making import ExportDesk
from tests.contracts.test_exports_made import World, Write, write_rows
from tests.support.store import NOW, Store

BUSY = Unavailable("", "the database did not answer in time: database is locked")


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    return World.over(store.unit_of_work, tmp_path / "exports")


@dataclass
class BusyDatabase:
    """Gives transactions, but those that are due to fail; and how long was waited for it."""

    world: World
    fails: Callable[[], bool]
    failed: int = 0
    waited: list[float] = field(default_factory=list)

    def unit_of_work(self) -> UnitOfWork:
        if self.fails():
            self.failed += 1
            raise BUSY
        return self.world.desk.unit_of_work()

    def desk(self, write: Write) -> ExportDesk:
        desk = replace(self.world.desk, write=write, pause=self.waited.append)
        return replace(desk, unit_of_work=self.unit_of_work)


def test_a_busy_database_takes_no_file_away_from_who_writes_it(world: World) -> None:
    number, writing = world.ask(), [False]
    busy = BusyDatabase(world, fails=lambda: writing[0])

    def write(job: Export, path: Path, tell: Tell) -> int:
        writing[0] = True
        written = write_rows(job, path, tell, iter(range(3_000)))
        writing[0] = False
        return written

    assert export_making.advance(busy.desk(write))
    done = world.job(number)
    assert busy.failed == 4, "at the beginning, and every thousand rows"
    assert (done.state, done.problem, done.done) == ("done", "", 3_000)


def test_a_busy_database_at_the_very_end_has_nothing_made_twice(world: World) -> None:
    number, made = world.ask(), []

    def is_whole() -> bool:
        """Under its name: only its end is left to write."""
        return any(one.count("-") == 2 and one.endswith(".csv") for one in world.files())

    busy = BusyDatabase(world, fails=lambda: is_whole() and busy.failed < 3)

    def write(job: Export, path: Path, tell: Tell) -> int:
        made.append(job.turn)
        return write_rows(job, path, tell, iter(range(3_000)))

    assert export_making.advance(busy.desk(write))
    done = world.job(number)
    assert (done.state, len(made), len(busy.waited)) == ("done", 1, 3)
    assert world.files() == [done.stored_as]


def test_an_end_whose_answer_was_lost_keeps_its_file(world: World) -> None:
    number = world.ask()
    lost: list[str] = []

    class Unanswered:
        """Commits, and then says that nobody knows."""

        def __init__(self, inner: UnitOfWork) -> None:
            self.inner = inner

        def __enter__(self) -> Any:
            self.opened = self.inner.__enter__()
            return self

        def __exit__(self, *error: Any) -> Any:
            return self.inner.__exit__(*error)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.opened, name)

        def commit(self) -> None:
            self.opened.commit()
            if world.files() and world.job(number).state == "done" and not lost:
                lost.append("answer")
                raise BUSY

    desk = replace(
        world.desk,
        unit_of_work=lambda: Unanswered(world.desk.unit_of_work()),  # type: ignore[arg-type,return-value]
        pause=lambda _seconds: None,
    )
    assert export_making.advance(desk)
    assert lost == ["answer"]
    assert world.files() == [world.job(number).stored_as]


def test_a_file_that_a_busy_database_stopped_waits_and_is_made_again_a_few_times(
    world: World,
) -> None:
    number = world.ask()

    def busy(_job: Export, path: Path, _tell: Tell) -> int:
        path.write_bytes(b"half")
        raise BUSY

    assert export_making.advance(world.writes(busy))
    waiting = world.job(number)
    assert (waiting.state, waiting.problem, waiting.attempt) == ("queued", BUSY.message, 1)
    assert world.files() == []
    assert not world.make(), "it waits for a minute"
    world.clock.pass_by(61)
    assert world.make()
    assert (world.job(number).state, world.job(number).problem) == ("done", "")

    number = world.ask()
    for _ in range(export_making.MOST_ATTEMPTS):
        assert export_making.advance(world.writes(busy))
        world.clock.pass_by(61)
    assert (world.job(number).state, world.job(number).problem) == ("failed", BUSY.message)
    assert not world.make()


def test_rights_that_change_while_a_file_is_written_count_as_the_wider_of_the_two(
    world: World, store: Store
) -> None:
    draft = UserDraft(username="anna", display_name="Anna", role="operator")
    with store.unit_of_work() as uow:
        anna = uow.users.add(draft, "no password", NOW)
        uow.commit()
    number = world.ask(user_id=anna)

    def write(job: Export, path: Path, tell: Tell) -> int:
        with store.unit_of_work() as uow:
            uow.users.update(anna, {"role": "supervisor"})
            uow.commit()
        return write_rows(job, path, tell, iter(range(10)))

    assert export_making.advance(world.writes(write))
    made_with = world.job(number).plan[reach.KEY]
    assert made_with["scopes"]["customer/export"] == "all"
