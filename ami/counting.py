"""Plain counts on the hot path, carried over to Prometheus once a second."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

from ami import metrics
from ami.client.link import AmiLink
from ami.journal import JournalCounts


@dataclass(slots=True)
class ListenerCounts:
    folded: int = 0
    untranslated: int = 0
    failed: int = 0
    anomalies: Counter[str] = field(default_factory=Counter)
    resyncs: Counter[str] = field(default_factory=Counter)
    journal: JournalCounts = field(default_factory=JournalCounts)


class Counted(Protocol):
    """A listener, as far as counting goes."""

    link: AmiLink
    counts: ListenerCounts


class Reporter:
    """Knows what it has already reported of one listener, and adds the difference."""

    def __init__(self, listener: Counted) -> None:
        self._listener = listener
        self._pbx = listener.link.address.name
        self._reported: Counter[tuple[str, str]] = Counter()

    def report(self, live_calls: int) -> None:
        link, counts = self._listener.link, self._listener.counts
        totals = {
            "folded": counts.folded,
            "untranslated": counts.untranslated,
            "failed": counts.failed + link.totals.faults,
            "ignored": link.totals.received - link.totals.passed_on - link.totals.forged,
            "oversized": link.totals.oversized,
            "forged": link.totals.forged,
            "dropped": link.queue.dropped,
        }
        for outcome, total in totals.items():
            metrics.EVENTS.labels(self._pbx, outcome).inc(self._new("event", outcome, total))
        for kind, total in counts.anomalies.items():
            metrics.ANOMALIES.labels(self._pbx, kind).inc(self._new("anomaly", kind, total))
        for outcome, total in counts.resyncs.items():
            metrics.RESYNCS.labels(self._pbx, outcome).inc(self._new("resync", outcome, total))
        dropped = self._new("journal", "dropped", counts.journal.dropped)
        metrics.JOURNAL_DROPPED.labels(self._pbx).inc(dropped)
        metrics.JOURNAL_BYTES.labels(self._pbx).set(counts.journal.bytes_held)
        metrics.ATTEMPTS.labels(self._pbx).inc(self._new("link", "attempts", link.attempts))
        metrics.LINK_UP.labels(self._pbx).set(link.state == "up")
        metrics.QUEUE_DEPTH.labels(self._pbx).set(len(link.queue))
        metrics.LIVE_CALLS.labels(self._pbx).set(live_calls)

    def _new(self, kind: str, name: str, total: int) -> int:
        new = total - self._reported[kind, name]
        self._reported[kind, name] = total
        return max(0, new)
