"""The tracker: signals in, call events out. Total: any signal, in any order, twice or never.

Each signal class has one entry in the table at the end: a function of `folding` that only adds
facts to the book. What the facts mean is derived in `summary`, and what changed is announced in
`announce`. So a late, repeated or missing signal can make a record poorer for a while, never wrong
for ever, and never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from callcenter.calls import signals as s
from callcenter.calls.book import Book, Output
from callcenter.calls.events import CallEvent
from callcenter.calls.facts import FIRST_REAL_INSTANT, CallFacts
from callcenter.calls.folding import bridges, channels, dials, queues, restarts, sounds, transfers
from callcenter.calls.record import CallRecord
from callcenter.calls.summary import summarise
from callcenter.calls.topology import Topology


class Tracker:
    """Folds the signals of one PBX. Not thread-safe: one owner, one order.

    `keep_ended` ended calls stay open to corrections (the ledger, late signals); older ones are
    forgotten, so that memory is bounded however long the PBX runs.

    `deferred`: `apply` returns anomalies only, and `settle` tells each call that changed since the
    last one once, as it is then. A record costs more than a signal: under load this halves the
    work, and a writer that keeps only a call's latest state loses nothing.
    """

    def __init__(
        self,
        pbx: str = "pbx",
        topology: Topology | None = None,
        *,
        keep_ended: int = 256,
        deferred: bool = False,
    ) -> None:
        self.pbx = pbx
        self.topology = topology or Topology()
        self._book = Book(pbx, self.topology, keep_ended, deferred=deferred)
        self._clock = 0.0

    # -- public ---------------------------------------------------------------------------

    def apply(self, signal: s.Signal) -> list[Output]:
        """Fold one signal; returns what it changed. Never raises for any signal."""
        book = self._book
        book.out = []
        book.announce.facts_changed()
        if signal.at is not None:
            now = signal.at.timestamp()
            self._clock = max(self._clock, now)
        else:
            # No time in the stream: a count keeps the order (see facts.FIRST_REAL_INSTANT). In a
            # stream that has times elsewhere, the last one known.
            now = self._clock = self._clock + (1.0 if self._clock < FIRST_REAL_INSTANT else 0.0)
        handler = _HANDLERS.get(type(signal))
        if handler is None:
            book.odd("unknown_signal", "", type(signal).__name__, signal)
        else:
            handler(book, signal, now)
        if signal.source != "resync" and not isinstance(signal, s.PbxStarted):
            book.alive_until = max(book.alive_until, now)
        return book.out

    def settle(self) -> list[CallEvent]:
        """What a deferred tracker has to tell since the last time, each call once."""
        pending, self._book.pending = self._book.pending, []
        return self._book.announce.settle((self._now(call), event) for call, event in pending)

    def hush(self) -> None:
        """Tell nobody what has changed: whoever owns this tracker looks at `facts` alone."""
        self._book.pending.clear()

    def _now(self, call: CallFacts) -> CallFacts:
        """The facts that these have become part of by a merge, else themselves."""
        return self._book.groups.find(next(iter(call.channels))) or call

    def fold(self, many: Iterable[s.Signal]) -> list[Output]:
        return [output for signal in many for output in self.apply(signal)]

    def records(self) -> list[CallRecord]:
        """Every call still known (live, or ended and open to correction), oldest first."""
        calls = [call for call in self._book.groups.calls() if self._book.announce.is_call(call)]
        records = [summarise(call, self.pbx, self.topology) for call in calls]
        return sorted(records, key=lambda r: (r.started_at is None, r.started_at, r.id))

    def facts(self, uniqueid: str) -> CallFacts | None:
        """What was observed of the call that has this channel."""
        return self._book.groups.find(uniqueid)

    def live_calls(self) -> int:
        return sum(1 for call in self._book.groups.calls() if call.alive > 0)


_HANDLERS: dict[type[s.Signal], Callable[[Book, Any, float], None]] = {
    s.ChannelSeen: channels.seen,
    s.ChannelPhaseChanged: channels.phase_changed,
    s.CallerIdentified: channels.identified,
    s.ChannelRenamed: channels.renamed,
    s.AppEntered: channels.app_entered,
    s.VariableSet: channels.variable_set,
    s.SideTold: channels.side_told,
    s.DialBegun: dials.dial_begun,
    s.DialEnded: dials.dial_ended,
    s.BridgeEntered: bridges.entered,
    s.BridgeLeft: bridges.left,
    s.LocalPaired: channels.local_paired,
    s.Held: bridges.held,
    s.Unheld: bridges.unheld,
    s.MusicPlayed: bridges.music_played,
    s.Parked: bridges.parked,
    s.Unparked: bridges.unparked,
    s.MemberRules: queues.member_rules,
    s.QueueJoined: queues.joined,
    s.QueueLeft: queues.left,
    s.MemberRung: queues.member,
    s.MemberConnected: queues.member,
    s.Transferred: transfers.transferred,
    s.SoundKept: sounds.kept,
    s.SoundStopped: sounds.stopped,
    s.SoundPaused: sounds.paused,
    s.SpyStarted: channels.spied,
    s.SpyStopped: channels.spied_no_more,
    s.HangupRequested: channels.hangup_requested,
    s.HungUp: channels.hung_up,
    s.ThreadEnded: restarts.thread_ended,
    s.PbxStarted: restarts.pbx_started,
    s.PbxStopped: restarts.pbx_stopped,
    s.PbxAlive: restarts.pbx_alive,
    s.ResyncEnded: restarts.resynced,
}
