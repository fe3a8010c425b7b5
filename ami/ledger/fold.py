"""From rows to whole calls. Pure but for the clock readings that it is handed.

Rows are collected until a call is over and quiet, then folded at once, by the tracker that folds
the live stream, in the order of their own times. So a call's record is a function of the *set* of
its rows: rows that come twice, late, or in another order across channels, give the same record.

Collecting is coarser than the tracker's own judgement (whatever names another channel joins both,
and whatever a tracker that sees every row joins); where it has taken two calls for one, the tracker
tells them apart.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ami.cel import translate_cel
from ami.ledger.collected import CollectedCall, nodes_of
from ami.ledger.records import Place
from ami.ledger.restarts import Lives
from ami.ledger.rows import Row
from callcenter.calls.ledger import LedgerCall
from callcenter.calls.signals import HungUp, Signal
from callcenter.calls.topology import Topology
from callcenter.calls.tracker import Tracker

GRACE_SECONDS = 5.0
QUIET = timedelta(seconds=60)
"""By the ledger's own clock: when it is read long afterwards, nobody has to wait."""
TOO_OLD = timedelta(hours=12)
"""A call that is open for longer holds back the reading of no other."""
ANOTHER_LIFE = timedelta(days=1)
"""A Uniqueid that comes again after so long is another channel's (`Calls.id_map` thinks so too)."""
KEPT_SETTLED = 300
"""Calls handed out that a late row still finds whole; of older ones the journal has the rest."""


class LedgerFolder:
    """`feed` rows, `take` calls that are over. `mark` is where reading must begin after a crash:
    at the oldest row of a call that was not handed out. Times are monotonic seconds.
    """

    def __init__(
        self, pbx: str, topology: Topology | None = None, *, grace: float = GRACE_SECONDS
    ) -> None:
        self._pbx = pbx
        self._topology = topology or Topology()
        self._grace = grace
        self._lives = Lives()
        self._joiner = Tracker(pbx, self._topology, keep_ended=2 * KEPT_SETTLED, deferred=True)
        self._by_node: dict[str, CollectedCall] = {}
        self._open: dict[int, CollectedCall] = {}
        self._settled: OrderedDict[int, CollectedCall] = OrderedDict()
        self._newest: datetime | None = None

    @property
    def open_calls(self) -> int:
        return len(self._open)

    def feed(self, rows: Iterable[Row], now: float) -> None:
        for row in rows:
            ended = self._lives.look(row)
            if ended is not None:
                self._end_before_restart(ended)
            self._collect(row, now)
        self._joiner.hush()

    def take(self, now: float) -> Iterator[LedgerCall]:
        """Calls that are over and quiet, and (as live ones) those that are open for too long."""
        for call in list(self._open.values()):
            if self._is_quiet(call, now) and (call.is_over or self._is_too_old(call)):
                yield from self._hand_out(call)

    def take_over(self) -> Iterator[LedgerCall]:
        """At the end of a file that nobody writes any more: every call that is over."""
        for call in list(self._open.values()):
            if call.is_over:
                yield from self._hand_out(call)

    def mark(self) -> Place | None:
        return min((call.since for call in self._open.values()), default=None)

    def end_unseen(self, alive: frozenset[str], read_before: float) -> int:
        """Calls read before that moment whose open channels the PBX did not have at it: their end
        stands in no row. To be asked once the reader has caught up. Returns how many they were.
        """
        gone = [
            call
            for call in self._open.values()
            if call.first_read < read_before and not call.is_over and not call.living & alive
        ]
        for call in gone:  # the PBX lived on: of its last row alone it is known
            self._end(call, call.last_at)
        return len(gone)

    def end_before_boot(self, booted_at: datetime) -> int:
        """The PBX says that it began then: what was open before ended with it, when it was heard of
        last. To be asked once the reader has caught up. Returns how many calls they were.
        """
        open_calls = [call for call in self._open.values() if not call.is_over]
        before = [call for call in open_calls if call.last_at < booted_at]
        for call in before:
            self._end(call, min(self._newest or booted_at, booted_at))
        return len(before)

    def silent_calls(self, now: float, seconds: float) -> set[str]:
        """A channel of each call that is open and of which no row was read for so long."""
        return {
            min(call.living)
            for call in self._open.values()
            if not call.is_over and now - call.last_read >= seconds
        }

    def end_silent(self, uniqueids: set[str]) -> int:
        """Somebody else saw the end of these channels' calls, and no row will tell it."""
        gone = [call for call in self._open.values() if call.living & uniqueids]
        for call in gone:
            self._end(call, call.last_at)
        return len(gone)

    # -- collecting

    def _collect(self, row: Row, now: float) -> None:
        signal = translate_cel(row.cells, self._pbx)
        call = self._call_of((*nodes_of(row, signal), *self._joined(row, signal)), row, now)
        if not call.add(row, signal, now):
            return  # a line that was there already
        self._newest = max(self._newest or row.at, row.at)
        key = id(call)
        if self._settled.pop(key, None) is not None:
            call.since = row.place
        self._open[key] = call

    def _joined(self, row: Row, signal: Signal | None) -> tuple[str, ...]:
        """Channels that the tracker knows to be of one call with this row's."""
        if signal is not None:
            self._joiner.apply(signal)
        facts = self._joiner.facts(row.uniqueid)
        return tuple(facts.channels) if facts is not None and len(facts.channels) > 1 else ()

    def _call_of(self, nodes: tuple[str, ...], row: Row, now: float) -> CollectedCall:
        found = (call for node in nodes if (call := self._by_node.get(node)))
        known = {id(call): call for call in found if self._is_same(call, row)}
        calls = sorted(known.values(), key=lambda call: -len(call.rows))
        if calls:
            call, *others = calls
        else:
            call, others = CollectedCall(row.place, now, row.at), []
        for other in others:
            self._join(call, other)
        for node in nodes:
            if self._by_node.get(node) is not call:
                call.nodes.add(node)
                self._by_node[node] = call
        return call

    def _is_same(self, call: CollectedCall, row: Row) -> bool:
        """A PBX that was made anew, or whose clock was wrong, gives its Uniqueids again."""
        apart = max(row.at - call.last_at, call.first_at - row.at)
        return apart < ANOTHER_LIFE or id(call) in self._open

    def _join(self, call: CollectedCall, other: CollectedCall) -> None:
        was_settled = self._settled.pop(id(other), None) is not None
        settled = self._settled.pop(id(call), None) is not None
        self._open.pop(id(other), None)
        since = [c.since for c, done in ((call, settled), (other, was_settled)) if not done]
        call.absorb(other)
        call.since = min(since, default=max(call.since, other.since))
        self._by_node.update(dict.fromkeys(other.nodes, call))
        self._open[id(call)] = call

    def _end(self, call: CollectedCall, at: datetime) -> None:
        """Without a row that tells it."""
        call.end_unseen(at)
        for uniqueid in call.living:
            gone = HungUp(pbx=self._pbx, at=at, source="ledger", uniqueid=uniqueid)
            self._joiner.apply(gone)

    def _end_before_restart(self, at: datetime) -> None:
        for call in self._open.values():
            if call.living and not any(map(self._lives.of_this_life, call.living)):
                self._end(call, at)

    # -- handing out

    def _is_quiet(self, call: CollectedCall, now: float) -> bool:
        by_ledger = self._newest is not None and self._newest - call.last_at >= QUIET
        return by_ledger or now - call.last_read >= self._grace

    def _is_too_old(self, call: CollectedCall) -> bool:
        return self._newest is not None and self._newest - call.first_at >= TOO_OLD

    def _hand_out(self, call: CollectedCall) -> Iterator[LedgerCall]:
        self._open.pop(id(call), None)
        self._settled[id(call)] = call
        self._settled.move_to_end(id(call))
        yield from call.told(self._pbx, self._topology)
        while len(self._settled) > KEPT_SETTLED:
            _, oldest = self._settled.popitem(last=False)
            for node in oldest.nodes:
                if self._by_node.get(node) is oldest:
                    del self._by_node[node]
