"""What the ledger's readers have done, for Prometheus."""

from __future__ import annotations

import time
from collections import Counter

from ami import metrics
from ami.ledger.intake import LedgerIntake
from ami.ledger.sources import Source


class SourceCounts:
    """Adds what is new since the last report; a reader that begins anew counts from nought."""

    def __init__(self, pbx: str, source: Source) -> None:
        self._pbx = pbx
        self._source = source
        self._labels = (pbx, source.kind)
        self._intake: LedgerIntake | None = None
        self._lines = 0
        self._refused: Counter[str] = Counter()
        self._lost = 0
        self._caught_up_at = time.monotonic()

    def report(self, intake: LedgerIntake, *, caught_up: bool) -> None:
        if intake is not self._intake:
            self._intake, self._lines, self._refused = intake, 0, Counter()
        metrics.LEDGER_LINES.labels(*self._labels).inc(intake.lines - self._lines)
        self._lines = intake.lines
        for reason, total in intake.refused.items():
            new = total - self._refused[reason]
            metrics.LEDGER_SET_ASIDE.labels(*self._labels, reason).inc(new)
            self._refused[reason] = total
        metrics.LEDGER_OPEN.labels(*self._labels).set(intake.folder.open_calls)
        if self._source.kind == "file":
            self._report_file()
        if caught_up:
            self._caught_up_at = time.monotonic()
        self.waiting()

    def waiting(self) -> None:
        metrics.LEDGER_LAG.labels(*self._labels).set(time.monotonic() - self._caught_up_at)

    def stuck(self) -> None:
        self.waiting()

    def _report_file(self) -> None:
        metrics.LEDGER_READABLE.labels(self._pbx).set(not self._source.words)
        metrics.LEDGER_BEHIND.labels(self._pbx).set(self._source.behind)
        lost = self._source.lost
        if lost > self._lost:
            metrics.LEDGER_LOST.labels(self._pbx).inc(lost - self._lost)
        self._lost = lost
