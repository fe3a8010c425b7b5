"""The service that runs jobs in the background: huey over SQLite (embedded) or Redis.

Owns the schedule and nothing of what the jobs do: each calls one service. A job that fails is
logged and counted; its next turn comes all the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.exceptions import HueyException
from prometheus_client import Counter, Gauge

from callcenter import (
    alert_work,
    archive_work,
    callback_work,
    chat_work,
    file_jobs,
    privacy_work,
    report_mails,
    report_work,
    survey_work,
)
from callcenter.gateway_work import Gateways
from callcenter.gateways.webhook_http import HttpSender
from callcenter.loops import Loop
from callcenter.queries import pbx, routing_trials
from callcenter.queries import segments as segment_queries
from callcenter.queries import webhooks as webhook_queries
from callcenter.runtime import Runtime, StartupError
from callcenter.services import (
    batches,
    bulk,
    duplicates,
    figures,
    housekeeping,
    report_facts,
    retention,
    routing_trial,
    tasks,
    webhooks,
)
from callcenter.settings import Settings

log = structlog.get_logger(__name__)

_HEARTBEAT = Gauge("callcenter_worker_heartbeat_seconds", "Unix time of the worker's last turn")
_JOBS = Counter("callcenter_worker_jobs_total", "Jobs that were run", ["job", "outcome"])
_PRUNED_KINDS = (
    "decisions",
    "audit_entries",
    "call_journals",
    "lines_set_aside",
    "webhook_deliveries",
    "identifications",
)
_PRUNED = Counter("callcenter_worker_pruned_total", "Rows deleted past their time", ["kind"])


def make_huey(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("callcenter", url=settings.redis_url, results=False)
    return SqliteHuey("callcenter", filename=str(settings.data_dir / "jobs.db"), results=False)


class WorkerService:
    name = "worker"

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self.failed = threading.Event()
        self.failure = ""
        self.huey: Huey | None = None
        self._consumer: Consumer | None = None
        self._gateways = Gateways(runtime)
        self._loops: list[Loop] = []
        self._thread = threading.Thread(target=self._watch, name="worker", daemon=True)

    def start(self) -> None:
        try:
            self.huey = make_huey(self._runtime.settings)
        except Exception as error:
            raise StartupError(
                f"The worker cannot keep its jobs ({type(error).__name__}: {error}). Check "
                "REDIS_URL, or that CALLCENTER_DATA names a folder it may write to."
            ) from error
        schedule(self.huey, self._runtime)
        self._consumer = _QuietConsumer(
            self.huey, workers=1, max_delay=2.0, check_worker_health=True, shutdown_timeout=5
        )
        self._consumer.start()
        self._thread.start()
        self._gateways.start()
        self._loops = loops(self._runtime)
        for loop in self._loops:
            loop.start()

    def stop(self, timeout: float) -> None:
        self._gateways.stop(timeout)
        for loop in self._loops:
            loop.stop(timeout)
        if self._consumer is not None:
            self._consumer.shutdown_timeout = timeout
            self._consumer.stop(graceful=True)
            self._thread.join(timeout)
            self._consumer.huey.storage.close()

    def _watch(self) -> None:
        """Replaces huey's own main loop, which wants to be the process's main thread."""
        consumer = self._consumer
        while consumer is not None and not consumer.stop_flag.wait(5.0):
            try:
                consumer.check_worker_health()
            except (HueyException, RuntimeError) as error:
                self.failure = f"the job runner cannot go on: {error}"
                self.failed.set()
                return


class _QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    def _set_signal_handlers(self) -> None:
        """Signals belong to `callcenter run`."""


class FiguresLoop(Loop):
    """Each hour, and first as the worker starts: after an upgrade nobody has figures yet. It stands
    beside the jobs because a large base takes minutes."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__("figures", self._turn_of, idle=3600.0)
        self._unit_of_work, self._clock = runtime.unit_of_work, runtime.clock

    def _turn_of(self) -> None:
        unit_of_work = self._unit_of_work
        figures.catch_up(unit_of_work=unit_of_work, clock=self._clock, stopping=self.stopping)
        if not self.stopping() and not figures.have_classes(unit_of_work):
            figures.work_out_classes(unit_of_work=unit_of_work)


def loops(runtime: Runtime) -> list[Loop]:
    """What cannot wait for a full minute."""
    unit_of_work, clock = runtime.unit_of_work, runtime.clock
    sender = HttpSender(runtime.settings.webhook_networks)

    def deliver() -> int:
        with runtime.reader() as connection:
            if not webhook_queries.is_due(connection, clock.now()):
                return 0
        return webhooks.deliver_due(sender, unit_of_work=unit_of_work, clock=clock)

    def do_bulk() -> int:
        with runtime.reader() as connection:
            if not segment_queries.has_bulk_work(connection):
                return 0
        return bulk.turn(unit_of_work=unit_of_work, publisher=runtime.bus, clock=clock)

    def try_drafts() -> int:
        with runtime.reader() as connection:
            if not routing_trials.has_work(connection):
                return 0
        return routing_trial.turn(unit_of_work=unit_of_work, clock=clock)

    return [
        Loop("bulk", do_bulk),
        Loop("routing-trials", try_drafts),
        Loop("webhooks", deliver),
        *alert_work.loops(runtime),
        *callback_work.loops(runtime),
        *chat_work.loops(runtime),
        *file_jobs.loops(runtime),
        *report_work.loops(runtime),
        privacy_work.loop(runtime),
        survey_work.loop(runtime),
        report_mails.loop(runtime),
        FiguresLoop(runtime),
        archive_work.ArchiveLoop(runtime),
    ]


def schedule(huey: Huey, runtime: Runtime) -> None:
    """Every job of the product and when it runs. Times are UTC."""
    settings, clock, bus = runtime.settings, runtime.clock, runtime.bus
    unit_of_work = runtime.unit_of_work

    def heartbeat() -> None:
        _HEARTBEAT.set(time.time())

    def prune() -> None:
        pruned = housekeeping.prune_journals(unit_of_work, clock, settings.retention_days)
        evidence_days = min(settings.journal_days, settings.retention_days)
        evidence = housekeeping.prune_evidence(unit_of_work, clock, evidence_days)
        told = housekeeping.prune_webhook_log(unit_of_work, clock)
        tried = housekeeping.prune_identifications(unit_of_work, clock)
        found = dict(zip(_PRUNED_KINDS, (*pruned, *evidence, told, tried), strict=True))
        found["alerts"] = alert_work.forget_old(runtime)
        for kind, count in found.items():
            _PRUNED.labels(kind).inc(count)
        log.info("journals.pruned", **found, files=file_jobs.forget_old_files(runtime))

    def close_forgotten() -> None:
        with runtime.reader() as connection:
            links = pbx.links(connection)
        housekeeping.close_forgotten_calls(
            links, unit_of_work=unit_of_work, publisher=bus, clock=clock
        )

    told_until = clock.now()

    def remind() -> None:
        nonlocal told_until
        tasks.remind(unit_of_work=unit_of_work, publisher=bus, clock=clock)
        since, told_until = told_until, clock.now()
        tasks.tell_time(since, unit_of_work=unit_of_work, publisher=bus, clock=clock)

    _schedule_records(huey, runtime)
    _schedule_figures(huey, runtime)
    _every(huey, crontab(), heartbeat)
    _every(huey, crontab(), remind)
    _every(huey, crontab(minute="*/5"), close_forgotten)
    _every(huey, crontab(hour="3", minute="17"), prune)


def _schedule_records(huey: Huey, runtime: Runtime) -> None:
    """Duplicates looked for, and what was done at once taken back."""
    clock, bus, unit_of_work = runtime.clock, runtime.bus, runtime.unit_of_work

    def search_duplicates() -> None:
        with unit_of_work() as uow:
            never = uow.duplicates.search() is None
        if never:  # cards of before an upgrade have no keys to be looked up by
            begin_duplicates()
        duplicates.go_on(unit_of_work=unit_of_work, publisher=bus, clock=clock, seconds=40)

    def take_back() -> None:
        batches.undo_asked(unit_of_work=unit_of_work, publisher=bus, clock=clock)

    def begin_duplicates() -> None:
        duplicates.begin_nightly(unit_of_work=unit_of_work, clock=clock)

    _every(huey, crontab(), search_duplicates)
    _every(huey, crontab(), take_back)
    _every(huey, crontab(hour="1", minute="40"), begin_duplicates)


def _schedule_figures(huey: Huey, runtime: Runtime) -> None:
    """What accounts come to, and what is kept no longer."""
    clock, unit_of_work = runtime.clock, runtime.unit_of_work
    plan_for = runtime.settings.number_plan_for

    def work_out_classes() -> None:
        figures.work_out_classes(unit_of_work=unit_of_work)

    def keep_to_retention() -> None:
        retention.prune(unit_of_work=unit_of_work, clock=clock, plan_for=plan_for)

    def sum_up_again() -> None:
        report_facts.look_again(unit_of_work=unit_of_work, clock=clock)

    _every(huey, crontab(hour="2", minute="7"), work_out_classes)
    _every(huey, crontab(hour="2", minute="37"), sum_up_again)
    _every(huey, crontab(hour="3", minute="47"), keep_to_retention)


def _every(huey: Huey, when: Any, job: Callable[[], None]) -> None:
    def counted() -> None:
        try:
            job()
        except Exception:
            _JOBS.labels(job.__name__, "failed").inc()
            raise  # huey logs it with its traceback
        _JOBS.labels(job.__name__, "done").inc()

    huey.periodic_task(when, name=job.__name__, expires=600)(counted)
