"""What the worker does for alerts: looks at the figures every two seconds, and sends the mails.

A look reads first and writes only what it changes, and the lease now and then, so that nothing is
locked while all is well.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy import Connection

from callcenter.alerts import machine
from callcenter.alerts.metrics import KINDS
from callcenter.alerts.threshold import Alert, Threshold
from callcenter.alerts.turn import TODAY, Change, Key, Scene, look
from callcenter.gateways.mail_smtp import SmtpSender
from callcenter.loops import Loop
from callcenter.queries import alert_figures, alerts
from callcenter.queries.alert_figures import Figures
from callcenter.runtime import Runtime
from callcenter.services import alert_mails
from callcenter.services import alerts as service
from callcenter.services.alert_news import AlertRoom

log = structlog.get_logger(__name__)
_LOOKED = Gauge("callcenter_alerts_looked_seconds", "Unix time of the last look at thresholds")
_COST = Histogram("callcenter_alerts_look_seconds", "What a look at all thresholds took")
_CHANGES = Counter("callcenter_alerts_total", "Alerts by what became of them", ["kind"])

EVERY: Final = 2.0
_RENEW: Final = timedelta(seconds=8)
_COUNTED_FOR: Final = timedelta(seconds=10)
_DEFAULT_WAY_FOR: Final = timedelta(seconds=30)
_SEEN_FOR: Final = timedelta(seconds=10)
_MAILS_EVERY: Final = 2.0


def loops(runtime: Runtime) -> tuple[Loop, ...]:
    watch = Watch(runtime)
    found = [Loop("alerts", watch.turn, EVERY)]
    server = runtime.settings.mail_server
    if server is not None:
        sender, room = SmtpSender(server), room_of(runtime)

        def send() -> int:
            with runtime.reader() as connection:
                if not alerts.mail_is_due(connection, runtime.clock.now()):
                    return 0
            return alert_mails.send_mails(sender, room)

        found.append(Loop("alert-mails", send, _MAILS_EVERY))
    return tuple(found)


def room_of(runtime: Runtime) -> AlertRoom:
    settings = runtime.settings
    return AlertRoom(
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
        mail_from=settings.mail_from if settings.mail_server is not None else "",
        address=settings.public_url or "",
    )


def forget_old(runtime: Runtime) -> int:
    """Alerts that were over before the journals' time go, a lot at a time. How many."""
    keep, count = timedelta(days=runtime.settings.retention_days), 0
    while gone := service.prune(room_of(runtime), keep):
        count += gone
    return count


class Watch:
    """One worker's eyes. What it keeps between looks only saves work: another process, or this one
    started anew, goes on from what is stored."""

    def __init__(self, runtime: Runtime, holder: str = "") -> None:
        self._runtime, self._room = runtime, room_of(runtime)
        self._holder = holder or f"{socket.gethostname()[:60]}-{secrets.token_hex(6)}"
        self._pbxs = tuple(one.name for one in runtime.settings.ami)
        self._looked: datetime | None = None
        self._seen: dict[Key, datetime] = {}
        self._kept: dict[str, tuple[datetime, tuple[object, ...], Figures]] = {}

    def turn(self) -> int:
        with _COST.time():
            changes = self._look()
        for change in changes or ():
            if change.kind in ("opened", "closed"):
                _CHANGES.labels(change.kind).inc()
                log.info(
                    "alert.changed",
                    kind=change.kind,
                    threshold=change.rule.id,
                    subject=change.subject,
                    to=change.after.level,
                    value=change.value,
                    why=change.why,
                )
        return 0

    def _look(self) -> list[Change] | None:
        now = self._runtime.clock.now()
        with self._runtime.reader() as connection:
            rules = alerts.all_thresholds(connection)
            evaluator = alerts.evaluator(connection)
            others = evaluator.holder != self._holder
            leased = evaluator.leased_until
            if not rules or (others and leased is not None and now < leased <= now + service.LEASE):
                self._looked = None
                return None
            scene = self._scene(connection, rules, evaluator.evaluated_at, now)
            changes = list(look(rules, scene))
            standing = {(one.threshold_id, one.subject): one for one in alerts.open(connection)}
        news = [one for one in changes if not self._is_old(one, standing.get(one.key), now)]
        renewed = evaluator.evaluated_at
        fresh = renewed is not None and timedelta(0) <= now - renewed < _RENEW
        if news or others or not fresh:
            taken = service.take_turn(self._holder, scene, self._room)
            if taken is None:
                self._looked = None
                return None
            self._seen = {one.key: now for one in changes if one.kind != "waits"}
        self._looked = now
        _LOOKED.set(now.timestamp())
        return news

    def _scene(
        self,
        connection: Connection,
        rules: tuple[Threshold, ...],
        stored: datetime | None,
        now: datetime,
    ) -> Scene:
        active = [one for one in rules if one.active]
        queues, teams = alert_figures.known_subjects(connection)
        previous = self._looked if self._looked is not None else stored
        return Scene(
            at=now,
            previous=previous,
            samples=self._samples(connection, active, now),
            states=alerts.states(connection),
            closed=alert_figures.closed_calendars(
                connection, {one.calendar for one in active if one.calendar}, now
            ),
            queues=queues,
            teams=teams,
        )

    def _samples(self, connection: Connection, rules: list[Threshold], now: datetime) -> Figures:
        metrics = {one.metric for one in rules}
        zones = sorted({one.zone for one in rules if one.metric in TODAY})
        found = alert_figures.live(connection, metrics, now, self._pbxs)
        found |= self._at_most_every(
            _COUNTED_FOR,
            "counted",
            (frozenset(metrics), *zones),
            now,
            lambda: alert_figures.counted(connection, metrics, zones, now),
        )
        if "default_way" in metrics:
            found |= self._at_most_every(
                _DEFAULT_WAY_FOR,
                "default_way",
                (),
                now,
                lambda: alert_figures.default_way_calls(connection, now),
            )
        return found

    def _at_most_every(
        self,
        seconds: timedelta,
        name: str,
        asked: tuple[object, ...],
        now: datetime,
        read: Callable[[], Figures],
    ) -> Figures:
        kept = self._kept.get(name)
        if kept is not None and kept[1] == asked and timedelta(0) <= now - kept[0] < seconds:
            return kept[2]
        found = read()
        self._kept[name] = (now, asked, found)
        return found

    def _is_old(self, change: Change, alert: Alert | None, now: datetime) -> bool:
        """A figure that is as it was told, or was told a moment ago and is no worse than ever."""
        if change.kind != "seen" or change.after != change.before or alert is None:
            return False
        value, kept = change.value, self._seen.get(change.key)
        if value is None or value == alert.value:
            return True
        worst = machine.worst_of(change.rule, alert.worst_value, value) != alert.worst_value
        if (worst and KINDS[change.rule.metric].unit == "count") or kept is None:
            return False
        return timedelta(0) <= now - kept < _SEEN_FOR
