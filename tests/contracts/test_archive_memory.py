"""A month for which the archive's DuckDB has not memory enough: tried again soon, then once a day,
and everything stays readable meanwhile. The memory is truly too little here: nothing is played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from callcenter import bootstrap
from callcenter.archive import tries
from callcenter.archive.months import NO_MEMORY, Month
from callcenter.archive_work import ArchiveLoop, turn
from callcenter.errors import Unavailable
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.queries import left_out
from callcenter.runtime import Runtime
from callcenter.settings import Settings
from callcenter.store import archive
from callcenter.store.archive_shapes import SHAPES
from callcenter.store.tables import interactions
from tests.support.archives import Old, old_calls, visible
from tests.support.store import NOW, Store

DAY = 24 * 3600.0
TOO_LITTLE = "16MB"  # less than one buffer that DuckDB reads JSON into


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    return old_calls(store, tmp_path / "archive")


@pytest.fixture
def runtime(old: Old, tmp_path: Path) -> Iterator[Runtime]:
    url = old.store.engine.url.render_as_string(hide_password=False)
    settings = Settings(database_url=url, data_dir=tmp_path, secret_key="for tests only, a key")
    built = bootstrap.build(settings)
    both = {"unit_of_work": old.store.unit_of_work, "reader": old.store.engine.connect}
    yield replace(built, clock=old.store.clock, **both)  # type: ignore[arg-type]
    built.close()


def with_memory(old: Old, memory: str) -> None:
    """As after a restart with so much."""
    old.files.close()
    old.files = ParquetArchive(old.files.path("2025-12").parent, SHAPES, memory=memory, threads=1)
    archive.attach(old.store.engine, old.files)


def work(old: Old, runtime: Runtime) -> Month:
    """All that a worker which has just started finds to do. The first month, as it then is."""
    loop = ArchiveLoop(runtime)
    while turn(runtime, loop, old.files):
        pass
    return old.known()[0]


def test_a_month_that_lacks_memory_is_tried_soon_then_once_a_day_and_comes_through_with_more(
    old: Old, runtime: Runtime
) -> None:
    clock, everything = old.store.clock, sorted(old.ids.values())
    with_memory(old, TOO_LITTLE)
    old.ask_move()
    month = work(old, runtime)
    assert (month.tries, month.problem, month.try_at) == (1, "", NOW + timedelta(minutes=1))
    assert work(old, runtime) == month  # none of it is copied anew meanwhile
    clock.pass_by(60)
    month = work(old, runtime)
    assert (month.tries, month.problem) == (2, "")
    clock.pass_by(600)
    month = work(old, runtime)
    assert (month.tries, month.problem) == (tries.MOST, NO_MEMORY)
    assert month.try_at == clock.now() + timedelta(days=1)
    clock.pass_by(DAY - 1)
    assert work(old, runtime) == month
    clock.pass_by(1)
    month = work(old, runtime)
    assert (month.tries, month.problem) == (tries.MOST + 1, NO_MEMORY)
    assert month.try_at == clock.now() + timedelta(days=1)
    assert visible(old) == everything
    assert old.files.folders() == []

    with_memory(old, "128MB")
    assert work(old, runtime) == month  # that there is more nobody knows before it is tried
    clock.pass_by(DAY)
    month = work(old, runtime)
    assert (month.state, month.tries, month.problem) == ("moved", 0, "")
    assert month.try_at is None
    assert visible(old) == everything


def test_who_asks_by_hand_need_not_wait(old: Old, runtime: Runtime) -> None:
    with_memory(old, TOO_LITTLE)
    old.ask_move()
    for seconds in (0, 60, 600):
        old.store.clock.pass_by(seconds)
        month = work(old, runtime)
    assert month.lacks_memory
    old.ask_move()
    month = work(old, runtime)
    assert (month.tries, month.problem) == (tries.MOST + 1, NO_MEMORY)
    with_memory(old, "128MB")
    old.ask_move()
    assert work(old, runtime).state == "moved"


def test_a_month_that_waits_for_memory_holds_up_no_other_one(old: Old, runtime: Runtime) -> None:
    """`turn` raised for it, so that nothing after it was looked at or cleared away."""
    with_memory(old, TOO_LITTLE)
    old.ask_move()
    forgotten = old.files.path("new-2025-11-12345678")
    forgotten.mkdir(parents=True)
    loop = ArchiveLoop(runtime)
    assert not turn(runtime, loop, old.files)
    old.store.clock.pass_by(61)
    assert not turn(runtime, loop, old.files)
    assert old.known()[0].tries == 2
    assert not forgotten.exists()


def test_a_month_on_its_way_back_waits_alike(old: Old, runtime: Runtime) -> None:
    old.move()
    with_memory(old, "1MB")
    old.ask_restore()
    month = work(old, runtime)
    assert (month.state, month.tries) == ("to_restore", 1)
    with_memory(old, "128MB")
    old.store.clock.pass_by(60)
    loop = ArchiveLoop(runtime)
    while turn(runtime, loop, old.files):
        pass
    assert old.known() == []
    assert old.live() == set(old.ids.values())


def test_who_reads_more_than_memory_allows_is_told_so_and_no_month_is_taken_for_harmed(
    old: Old,
) -> None:
    old.move()
    [month] = old.known()
    with_memory(old, "1MB")
    with old.store.engine.connect() as connection:
        left_out.begin()
        view = archive.view(connection)
        assert view is not None
        with pytest.raises(Unavailable, match=NO_MEMORY):
            view.execute(select(interactions).order_by(interactions.c.explanation))
        assert left_out.months() == ()
    assert old.files.sound(month.folder, month.files)
