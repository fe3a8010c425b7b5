"""One call's rows while they are collected, and what the tracker makes of them in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from ami.cel import LEDGER_ALIVE, LEDGER_SILENT, translate_cel
from ami.ledger.records import Place
from ami.ledger.rows import Row, line_of
from callcenter.calls.ledger import LedgerCall
from callcenter.calls.signals import BridgeEntered, Signal
from callcenter.calls.topology import Topology, is_local
from callcenter.calls.tracker import Tracker

_ID_FIELDS = (
    "uniqueid",
    "linkedid",
    "caller_uniqueid",
    "caller_linkedid",
    "other_uniqueid",
    "other_linkedid",
    "member_uniqueid",
    "second_uniqueid",
    "transferee_uniqueid",
    "target_uniqueid",
)
_ENDS = ("HANGUP", "CHAN_END")


class Kept(NamedTuple):
    """A row as it is kept: sorted by its own time; rows of one channel keep the file's order."""

    at: datetime
    uniqueid: str
    turn: int
    line: str
    signal: Signal | None


def nodes_of(row: Row, signal: Signal | None) -> tuple[str, ...]:
    """Whatever in a row leads to another row of the same call."""
    nodes = [row.uniqueid, row.cells["linkedid"]]
    nodes += [getattr(signal, name, "") for name in _ID_FIELDS] if signal is not None else []
    if isinstance(signal, BridgeEntered) and not signal.holding:
        nodes.append(f"bridge {signal.bridge}")
    name = row.cells["channame"]
    if row.event == "CHAN_START" and is_local(name):
        # Both halves are born at once; names come again when Asterisk has started anew.
        born, pair = int(row.at.timestamp()), name.rpartition(";")[0]
        nodes += [f"{pair} {born}", f"{pair} {born + 1}"]
    return tuple(dict.fromkeys(node for node in nodes if node))


class CollectedCall:
    """`since`: where the oldest row stands that was not handed out yet."""

    def __init__(self, place: Place, now: float, at: datetime) -> None:
        self.since = place
        self.first_at = self.last_at = at
        self.first_read = self.last_read = now
        self.rows: dict[str, Kept] = {}
        self.nodes: set[str] = set()
        self._seen: set[str] = set()
        self._ended: set[str] = set()
        self._ended_unseen: datetime | None = None

    def add(self, row: Row, signal: Signal | None, now: float) -> bool:
        """False when the line was there already."""
        if row.line in self.rows:
            return False
        self.rows[row.line] = Kept(row.at, row.uniqueid, len(self.rows), row.line, signal)
        self.last_read = now
        self.first_at, self.last_at = min(self.first_at, row.at), max(self.last_at, row.at)
        self._seen.add(row.uniqueid)
        if row.event in _ENDS:
            self._ended.add(row.uniqueid)
        return True

    def absorb(self, other: CollectedCall) -> None:
        for kept in other.rows.values():
            self.rows.setdefault(kept.line, kept._replace(turn=len(self.rows)))
        self.first_read = min(self.first_read, other.first_read)
        self.last_read = max(self.last_read, other.last_read)
        self.first_at = min(self.first_at, other.first_at)
        self.last_at = max(self.last_at, other.last_at)
        self.nodes |= other.nodes
        self._seen |= other._seen
        self._ended |= other._ended
        unseen = [at for at in (self._ended_unseen, other._ended_unseen) if at is not None]
        self._ended_unseen = max(unseen, default=None)

    def end_unseen(self, at: datetime) -> None:
        """Its channels are gone, and no row tells how: they ended with the last that was heard."""
        self._ended_unseen = at

    @property
    def living(self) -> set[str]:
        return self._seen - self._ended

    @property
    def is_over(self) -> bool:
        return not self.living or self._ended_unseen is not None

    def told(self, pbx: str, topology: Topology) -> Iterator[LedgerCall]:
        """What the tracker makes of the rows; nothing where nobody was on any channel."""
        rows = sorted(self.rows.values(), key=lambda kept: kept[:3])
        rows += self._silence(pbx)
        tracker = Tracker(pbx, topology, keep_ended=len(rows) + 1, deferred=True)
        tracker.fold(kept.signal for kept in rows if kept.signal is not None)
        records = tracker.records()
        for record in records:
            mine = set(record.uniqueids)
            own = [k for k in rows if k.uniqueid in mine or not k.uniqueid or len(records) == 1]
            yield LedgerCall(
                record=record,
                lines=tuple(kept.line for kept in own),
                signals=tuple(kept.signal for kept in own if kept.signal is not None),
            )

    def _silence(self, pbx: str) -> list[Kept]:
        """Rows of our own where the ledger falls silent, so that the journal tells it too."""
        at = self._ended_unseen
        if at is None or not self.living:
            return []
        kept = []
        for event in (LEDGER_ALIVE, LEDGER_SILENT):
            cells = {"eventtype": event, "eventtime": f"{at.timestamp():.6f}"}
            kept.append(Kept(at, "", 0, line_of(**cells), translate_cel(cells, pbx)))
        return kept
