"""Files given out are whole or not there: whoever is killed, stopped, too late or without room."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from callcenter import bootstrap, file_jobs
from callcenter.accounts.user import UserDraft
from callcenter.errors import Conflict, Forbidden, NotFound
from callcenter.exports import workbook
from callcenter.exports.counting import Counted, Tell
from callcenter.exports.writing import csv_chunks
from callcenter.imports.job import Export
from callcenter.runtime import Runtime
from callcenter.services import export_making, exports
from callcenter.services.export_making import ExportDesk
from callcenter.settings import Settings
from tests.support.store import NOW, StandingClock, Store
from tests.support.waiting import wait_until

Write = Callable[[Export, Path, Tell], int]
_WRITER = """
import sys
from pathlib import Path
from callcenter import bootstrap
from callcenter.settings import Settings
from tests.contracts.test_exports_made import World
runtime = bootstrap.build(Settings(database_url=sys.argv[1], data_dir=Path(sys.argv[2])))
World.over(runtime.unit_of_work, Path(sys.argv[2]) / "exports").make_endless()
"""


def rows_of(many: Iterator[int]) -> Iterator[tuple[str, ...]]:
    return ((str(number), "Łucja Żółć") for number in many)


def write_rows(job: Export, path: Path, tell: Tell, many: Iterator[int]) -> int:
    rows = Counted(rows_of(many), 1_000_000, tell)
    if job.format == "xlsx":
        workbook.write(path, ("Number", "Name"), rows)
    else:
        with path.open("wb") as file:
            file.writelines(csv_chunks(rows))
    return rows.count


class World:
    def __init__(self, desk: ExportDesk, clock: StandingClock) -> None:
        self.desk, self.clock = desk, clock

    @classmethod
    def over(cls, unit_of_work: exports.UowFactory, folder: Path) -> World:
        clock = StandingClock()
        return cls(
            ExportDesk(
                unit_of_work=unit_of_work,
                clock=clock,
                publisher=Store(None).publisher,  # type: ignore[arg-type]  # nothing is asked of it
                folder=folder,
                write=lambda job, path, tell: write_rows(job, path, tell, iter(range(3_000))),
            ),
            clock,
        )

    def writes(self, write: Write) -> ExportDesk:
        return replace(self.desk, write=write)

    def ask(self, form: str = "csv", user_id: int | None = None) -> int:
        with self.desk.unit_of_work() as uow:
            number = uow.exports.add("customers", form, {"columns": ["x"]}, user_id, NOW)
            uow.commit()
        return number

    def job(self, number: int) -> Export:
        with self.desk.unit_of_work() as uow:
            found = uow.exports.get(number)
        assert found is not None
        return found

    def make(self) -> bool:
        return export_making.advance(self.desk)

    def make_endless(self) -> None:
        export_making.advance(
            self.writes(lambda job, path, tell: write_rows(job, path, tell, count()))
        )

    def files(self) -> list[str]:
        return sorted(one.name for one in self.desk.folder.glob("**/*"))


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    return World.over(store.unit_of_work, tmp_path / "exports")


def test_a_file_whose_writer_was_killed_is_made_anew_by_the_next(
    sqlite_url: str, tmp_path: Path
) -> None:
    runtime = bootstrap.build(Settings(database_url=sqlite_url, data_dir=tmp_path))
    world = World.over(runtime.unit_of_work, tmp_path / "exports")
    number = world.ask("xlsx")  # which leaves files of rows beside it
    command = [sys.executable, "-c", _WRITER, sqlite_url, str(tmp_path)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as writer:
        try:
            wait_until(lambda: world.job(number).done >= 1_000, timeout=60)
        finally:
            writer.send_signal(signal.SIGKILL)
    left = world.files()
    assert len(left) >= 2
    half = world.job(number)
    assert (half.state, half.stored_as) == ("running", "")
    assert not world.make()
    world.clock.at += timedelta(seconds=61)
    assert world.make()
    done = world.job(number)
    assert (done.state, done.done, done.total) == ("done", 3_000, 3_000)
    assert world.files() == [done.stored_as]
    assert done.size == (world.desk.folder / done.stored_as).stat().st_size
    assert not world.make()
    runtime.close()


def test_progress_begins_at_nothing_again_and_each_attempt_is_counted(world: World) -> None:
    number = world.ask()
    seen: list[tuple[int, int]] = []

    def killed(job: Export, _path: Path, tell: Tell) -> int:
        tell(2_000, 3_000)
        raise KeyboardInterrupt

    for _ in range(export_making.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            export_making.advance(world.writes(killed))
        world.clock.pass_by(61)
        seen.append((world.job(number).done, world.job(number).attempt))
    assert seen == [(2_000, 1), (2_000, 2), (2_000, 3)]
    assert world.make()
    given_up = world.job(number)
    assert (given_up.state, given_up.done) == ("failed", 0)
    assert given_up.problem == export_making.STOPPED_US
    assert not world.make()


def test_one_that_another_took_meanwhile_is_written_once(world: World) -> None:
    number = world.ask()

    def slow(job: Export, path: Path, tell: Tell) -> int:
        world.clock.pass_by(61)  # it seemed dead
        assert world.make()
        path.write_bytes(b"late")
        return 1

    export_making.advance(world.writes(slow))
    done = world.job(number)
    assert (done.state, done.done) == ("done", 3_000)
    assert world.files() == [done.stored_as]


def test_a_live_writer_is_not_taken_for_a_dead_one_however_long_it_tells_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_making, "_BEAT", 0.01)
    number = world.ask()

    def long(job: Export, path: Path, tell: Tell) -> int:
        world.clock.pass_by(61)
        wait_until(lambda: world.job(number).updated_at == world.clock.at)
        assert not world.make()
        path.write_bytes(b"late, and whole")
        return 1

    assert export_making.advance(world.writes(long))
    assert world.job(number).state == "done"


def test_a_stop_of_the_program_gives_the_file_back_at_once(world: World) -> None:
    number = world.ask()
    assert export_making.advance(replace(world.desk, stopping=lambda: True))
    assert (world.job(number).state, world.job(number).attempt) == ("queued", 0)
    assert world.files() == []
    assert world.make()
    assert world.job(number).state == "done"


def test_who_asked_for_a_file_cancels_it_while_it_is_written_and_nobody_else(
    world: World, store: Store
) -> None:
    bert = store.add_user("bert")
    draft = UserDraft(username="anna", display_name="Anna", role="supervisor")
    with store.unit_of_work() as uow:
        anna = uow.users.add(draft, "no password", NOW)
        uow.commit()
    act = {"unit_of_work": store.unit_of_work, "clock": world.clock}
    number = world.ask(user_id=anna)
    with pytest.raises((Forbidden, NotFound)):
        exports.cancel(number, user_id=bert, **act)  # type: ignore[arg-type]

    def cancelled(job: Export, path: Path, tell: Tell) -> int:
        exports.cancel(number, user_id=anna, **act)  # type: ignore[arg-type]
        return write_rows(job, path, tell, count())

    assert export_making.advance(world.writes(cancelled))
    assert world.job(number).is_cancelled
    assert world.files() == []
    assert not world.make()
    with pytest.raises(Conflict):
        exports.cancel(number, user_id=anna, **act)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        exports.cancel(number + 1, user_id=anna, **act)  # type: ignore[arg-type]


def test_a_disk_without_room_is_told_in_words_and_leaves_nothing(world: World) -> None:
    number = world.ask()

    def full(job: Export, path: Path, tell: Tell) -> int:
        path.symlink_to("/dev/full")
        return write_rows(job, path, tell, iter(range(3_000)))

    assert export_making.advance(world.writes(full))
    assert (world.job(number).state, world.job(number).problem) == ("failed", export_making.FULL)
    assert world.files() == []


def test_a_full_disk_is_known_in_the_words_of_any_library() -> None:
    wrapped = ValueError("the workbook cannot be made")
    wrapped.__context__ = OSError(errno.ENOSPC, "No space left on device")
    assert export_making.is_full(wrapped)
    assert not export_making.is_full(ValueError("something else"))


def test_files_are_kept_for_a_month_and_those_of_nobody_go(
    database_url: str, tmp_path: Path
) -> None:
    clock = StandingClock()
    settings = Settings(database_url=database_url, data_dir=tmp_path)
    runtime: Runtime = bootstrap.build(settings, clock=clock)
    world = World.over(runtime.unit_of_work, tmp_path / "exports")
    number = world.ask()
    assert world.make()
    name = world.job(number).stored_as
    (world.desk.folder / "99-1-gone.csv").write_bytes(b"half")
    (world.desk.folder / "older").mkdir()
    assert file_jobs.forget_old_files(runtime) == 2
    assert world.files() == [name]
    clock.at += timedelta(days=file_jobs.KEPT_DAYS + 1)
    file_jobs.forget_old_files(runtime)
    assert world.files() == []
    assert (world.job(number).state, world.job(number).stored_as) == ("done", "")
    runtime.close()
