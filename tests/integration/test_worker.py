"""The worker runs its jobs from either storage, and each job does what it says on any database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from callcenter import bootstrap
from callcenter.calls.journal import JournalPart
from callcenter.calls.ledger import SetAside
from callcenter.runtime import Runtime
from callcenter.services import housekeeping
from callcenter.settings import Settings
from callcenter.store import engine as store_engine
from callcenter.worker import FiguresLoop, WorkerService, loops, make_huey, schedule
from tests.support.waiting import wait_until

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass
class FixedClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def runtime(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    settings = Settings(database_url=database_url, data_dir=tmp_path, secret_key="k" * 20)
    made = bootstrap.build(settings, clock=FixedClock())
    yield made
    made.close()


def audit_actions(runtime: Runtime) -> list[str]:
    with runtime.reader() as connection:
        return [row[0] for row in connection.execute(text("select action from audit_log"))]


def found(runtime: Runtime, query: str) -> list[object]:
    with runtime.reader() as connection:
        return list(connection.scalars(text(query)))


def test_only_entries_past_their_time_are_forgotten(runtime: Runtime) -> None:
    with runtime.unit_of_work() as uow:
        for days in (1, 29, 31, 400):
            uow.audit.record(
                user_id=None,
                action=f"{days} days ago",
                object_type="test",
                object_id="1",
                at=NOW - timedelta(days=days),
            )
        uow.commit()
    assert housekeeping.prune_journals(runtime.unit_of_work, runtime.clock, 30) == (0, 2)
    assert audit_actions(runtime) == ["1 days ago", "29 days ago"]
    assert housekeeping.prune_journals(runtime.unit_of_work, runtime.clock, 30) == (0, 0)


def test_what_calls_were_made_from_is_forgotten_sooner_than_the_calls(runtime: Runtime) -> None:
    with runtime.unit_of_work() as uow:
        for days in (1, 89, 91):
            at = NOW - timedelta(days=days)
            uow.journal.add(
                [
                    JournalPart(
                        call_id=f"pbx/{days}",
                        pbx="pbx",
                        source="live",
                        started_at=at,
                        events=0,
                        data=b"",
                    )
                ]
            )
            uow.ledger.set_aside(
                [
                    SetAside(
                        pbx="pbx",
                        source="file",
                        file="f",
                        position=days,
                        reason="torn",
                        line="",
                        at=at,
                    )
                ]
            )
        uow.commit()
    assert housekeeping.prune_evidence(runtime.unit_of_work, runtime.clock, 90) == (1, 1)
    assert housekeeping.prune_evidence(runtime.unit_of_work, runtime.clock, 90) == (0, 0)


@dataclass
class Seen:
    pbx: str
    seen_at: datetime


def test_a_pbx_that_is_reported_on_keeps_its_calls(runtime: Runtime) -> None:
    links = [Seen("pbx", NOW - timedelta(minutes=59)), Seen("other", NOW - timedelta(hours=2))]
    closed = housekeeping.close_forgotten_calls(
        links, unit_of_work=runtime.unit_of_work, publisher=runtime.bus, clock=runtime.clock
    )
    assert closed == 0


@pytest.mark.parametrize("storage", ["sqlite", "redis"])
def test_the_worker_starts_runs_a_job_and_stops(
    storage: str, sqlite_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = Settings(database_url=sqlite_url, data_dir=tmp_path, secret_key="k" * 20)
    if storage == "redis":
        settings = replace(settings, redis_url=request.getfixturevalue("redis_url"))
    runtime = bootstrap.build(settings, clock=FixedClock())
    worker = WorkerService(runtime)
    worker.start()
    ran: list[str] = []
    assert worker.huey is not None
    try:
        job = worker.huey.task(name="probe")(lambda: ran.append("probe"))
        job()
        wait_until(lambda: ran == ["probe"])
        assert not worker.failed.is_set()
    finally:
        worker.stop(5)
        runtime.close()


_BEFORE_AN_UPGRADE = """
insert into customers (display_name, created_at, updated_at, sort_name) values
 ('Anna Nowak', '2026-03-02 09:00:00.000000', '2026-03-02 09:00:00.000000', 'nowak anna');
insert into orders (customer_id, number, title, amount_minor, currency, status, placed_on) values
 (1, 'Z/1', 'Chair', 9900, 'PLN', 'done', '2026-03-02')
"""


def test_what_an_upgraded_base_lacks_is_made_up_by_itself(runtime: Runtime) -> None:
    engine = store_engine.create(runtime.settings.database_url)
    with engine.begin() as connection:
        for statement in _BEFORE_AN_UPGRADE.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    wanted = next(loop for loop in loops(runtime) if isinstance(loop, FiguresLoop))
    wanted.start()
    try:
        wait_until(lambda: found(runtime, "select lifetime_minor from customer_figures") == [9900])
        wait_until(lambda: found(runtime, "select count(*) from figure_bounds") != [0])
    finally:
        wanted.stop(5)
    huey = make_huey(runtime.settings)
    schedule(huey, runtime)
    next(job for job in huey._registry.periodic_tasks if job.name == "search_duplicates").execute()
    huey.storage.close()
    assert found(runtime, "select state from duplicate_searches") == ["done"]
    assert found(runtime, "select count(*) from duplicate_keys") != [0]


def test_every_job_of_the_schedule_runs_through(runtime: Runtime) -> None:
    huey = make_huey(runtime.settings)
    schedule(huey, runtime)
    jobs = huey._registry.periodic_tasks
    assert {job.name for job in jobs} == {
        "begin_duplicates",
        "close_forgotten",
        "heartbeat",
        "keep_to_retention",
        "prune",
        "remind",
        "search_duplicates",
        "sum_up_again",
        "take_back",
        "work_out_classes",
    }
    for job in jobs:
        job.execute()
    huey.storage.close()
