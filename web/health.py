"""/healthz: the process is up. /readyz: what it needs is there, each thing in words.

Both are open: they tell names and states, no address and no secret. A check that hangs (a frozen
database) is left behind after its time-out and reported, so the answer itself never hangs.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask import Flask, Response

from callcenter.archive.months import Month
from callcenter.menus.guessing import Halt
from callcenter.queries import archive_months
from callcenter.queries import ledger as ledger_queries
from callcenter.queries import mailboxes as mailbox_queries
from callcenter.queries import pbx as pbx_queries
from callcenter.queries import pin_guard as pin_queries
from callcenter.queries import schema as schema_queries
from callcenter.queries.views import PbxLink
from callcenter.runtime import Runtime
from callcenter.services import pin_guard
from callcenter.settings_channels import MailboxAddress
from web.ledger_state import LedgerState, states

log = structlog.get_logger(__name__)
CHECK_SECONDS = 2.0
MAILBOX_FRESH = 600
FRESH = timedelta(seconds=60)
"""A listener reports on a link that is up every ten seconds or so."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of /readyz."""

    name: str
    ok: bool
    words: str


class BoundedCheck:
    """Runs a check in a thread of its own and waits only so long for it.

    One that has not come back is not started again: a frozen server collects one thread, not one
    for each probe.
    """

    def __init__(
        self, name: str, look: Callable[[], Sequence[Finding]], seconds: float = CHECK_SECONDS
    ) -> None:
        self._name = name
        self._look = look
        self._seconds = seconds
        self._running: threading.Thread | None = None
        self._found: Sequence[Finding] = ()
        self._lock = threading.Lock()

    def findings(self) -> Sequence[Finding]:
        with self._lock:
            if self._running is None or not self._running.is_alive():
                self._running = threading.Thread(target=self._work, name=f"ready-{self._name}")
                self._running.daemon = True
                self._running.start()
            thread = self._running
        thread.join(self._seconds)
        if thread.is_alive():
            return (Finding(self._name, False, f"no answer within {self._seconds:g} s"),)
        return self._found

    def _work(self) -> None:
        try:
            self._found = self._look()
        except Exception as error:  # noqa: BLE001 (whatever a driver raises, it is not ready)
            log.warning("ready.check_failed", check=self._name, error=type(error).__name__)
            self._found = (Finding(self._name, False, f"failed: {type(error).__name__}"),)


def database_findings(runtime: Runtime) -> Sequence[Finding]:
    now, most = runtime.clock.now(), runtime.settings.pin_failures_per_hour
    with runtime.reader() as connection:
        outdated = schema_queries.outdated(connection)
        links = () if outdated else pbx_queries.links(connection)
        ledgers = () if outdated else ledger_queries.sources(connection)
        months = () if outdated else archive_months.all(connection)
        boxes = {} if outdated else mailbox_queries.read_at(connection)
        halt = None if outdated else pin_queries.halt(connection, most, now)
    if outdated:
        return (Finding("database", False, f"{outdated}: run `callcenter db upgrade`"),)
    pin_guard.tell_until(halt)
    return (
        Finding("database", True, "reachable and migrated"),
        *pbx_findings([address.name for address in runtime.settings.ami], links, now),
        *ledger_findings(states(runtime.settings, ledgers, now)),
        *archive_findings(months),
        *mailbox_findings(runtime.settings.mailboxes, boxes, now),
        *pin_findings(halt),
    )


def pin_findings(halt: Halt | None) -> Sequence[Finding]:
    """Told, but no reason to send people elsewhere: callers reach operators meanwhile."""
    if halt is None:
        return []
    words = (
        f"callers are not asked since {halt.since:%H:%M} until {halt.until:%H:%M} UTC: "
        f"{halt.failures} wrong PINs from {halt.numbers} numbers, {halt.hidden} with a "
        "hidden number; look under Settings, Voice menus"
    )
    return [Finding("caller pins", True, words)]


def archive_findings(months: Sequence[Month]) -> Sequence[Finding]:
    """Told, but no reason to send people elsewhere: all other months are read."""
    stopped = ", ".join(one.month for one in months if one.problem)
    words = f"stopped, look under Settings, Archive: {stopped}" if stopped else "as it was left"
    return [Finding("archive", True, words)] if months else []


def mailbox_findings(
    configured: Sequence[MailboxAddress],
    read_at: Mapping[tuple[str, str], datetime],
    now: datetime,
) -> Sequence[Finding]:
    """Told, but no reason to send people elsewhere: without its mail the house works on."""
    return [
        Finding(
            f"mailbox {one.account}",
            True,
            _mailbox_words(read_at.get((one.account, one.folder)), now),
        )
        for one in configured
    ]


def _mailbox_words(read_at: datetime | None, now: datetime) -> str:
    if read_at is None:
        return "not read yet: see the worker's log"
    age = int((now - read_at).total_seconds())
    return "read to its end" if age <= MAILBOX_FRESH else f"behind: last read {age} s ago"


def ledger_findings(found: Sequence[LedgerState]) -> Sequence[Finding]:
    """A ledger that is configured or was sent; a house without one is ready all the same."""
    return [
        Finding(f"ledger {one.pbx}", one.ok, _LEDGER_WORDS[one.standing].format(one=one))
        for one in found
    ]


_LEDGER_WORDS = {
    "current": "read to its end",
    "behind": "being read, {one.behind} bytes to go",
    "stuck": "stuck: {one.behind} bytes are there and nobody reads them",
    "waiting": "no line of it was read yet",
    "unreadable": "cannot be opened by this user",
}


def pbx_findings(
    configured: Sequence[str], links: Sequence[PbxLink], now: datetime
) -> Sequence[Finding]:
    """Every PBX that is configured here, or that some listener reports on."""
    known = {link.pbx: link for link in links}
    names = sorted({*configured, *(known if not configured else ())})
    return [_pbx_finding(name, known.get(name), now) for name in names]


def _pbx_finding(name: str, link: PbxLink | None, now: datetime) -> Finding:
    label = f"pbx {name}"
    if link is None:
        return Finding(label, False, "no listener has reported on it yet")
    if link.state != "up":
        return Finding(label, False, f"{link.state}: {link.detail}" if link.detail else link.state)
    age = now - link.seen_at
    if age > FRESH:
        seconds = int(age.total_seconds())
        return Finding(label, False, f"last seen {seconds} s ago: has its listener stopped?")
    return Finding(label, True, "; ".join(filter(None, ("up", link.version, link.detail))))


def bus_findings(runtime: Runtime) -> Sequence[Finding]:
    healthy, words = runtime.bus.check()
    return (Finding("bus", healthy, words),)


def register(app: Flask, runtime: Runtime) -> None:
    checks = (
        BoundedCheck("database", lambda: database_findings(runtime)),
        BoundedCheck("bus", lambda: bus_findings(runtime)),
    )

    def healthz() -> Response:
        return _json({"status": "ok"}, 200)

    def readyz() -> Response:
        found = [finding for check in checks for finding in check.findings()]
        ready = all(finding.ok for finding in found)
        body = {
            "status": "ready" if ready else "not ready",
            "checks": [{"name": f.name, "ok": f.ok, "words": f.words} for f in found],
        }
        return _json(body, 200 if ready else 503)

    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


def _json(body: Mapping[str, object], status: int) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(json.dumps(body), status, mimetype="application/json", headers=headers)
