"""The tracker: signals in, call events out. Total: any signal, in any order, twice or never.

Each signal class has one entry in the table at the end. A handler only adds facts; what the facts
mean is derived in `summary`, and what changed is announced in `announce`. So a late, repeated or
missing signal can make a record poorer for a while, never wrong for ever, and never raises.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

from callcenter.calls import signals as s
from callcenter.calls.announce import Announcer
from callcenter.calls.events import Anomaly, CallEvent
from callcenter.calls.facts import (
    FIRST_REAL_INSTANT,
    BridgeVisit,
    CallFacts,
    ChannelFacts,
    QueueVisit,
    Span,
    TransferFact,
    age_of,
    earliest,
)
from callcenter.calls.grouping import CallGroups
from callcenter.calls.record import CallRecord
from callcenter.calls.summary import summarise
from callcenter.calls.topology import Topology, local_other_half

Output = CallEvent | Anomaly

_SAME_VISIT_SECONDS = 1.0


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
        self._groups = CallGroups()
        self._ended: OrderedDict[int, CallFacts] = OrderedDict()
        self._keep_ended = keep_ended
        self._gone: OrderedDict[str, None] = OrderedDict()
        self._local_halves: dict[str, str] = {}
        self._clock = 0.0
        self._announce = Announcer(self.pbx, self.topology, deferred=deferred)
        self._deferred = deferred
        self._pending: list[tuple[CallFacts, CallEvent]] = []
        self._out: list[Output] = []

    # -- public ---------------------------------------------------------------------------

    def apply(self, signal: s.Signal) -> list[Output]:
        """Fold one signal; returns what it changed. Never raises for any signal."""
        self._out = []
        self._announce.facts_changed()
        if signal.at is not None:
            now = signal.at.timestamp()
            self._clock = max(self._clock, now)
        else:
            # No time in the stream: a count keeps the order (see facts.FIRST_REAL_INSTANT). In a
            # stream that has times elsewhere, the last one known.
            now = self._clock = self._clock + (1.0 if self._clock < FIRST_REAL_INSTANT else 0.0)
        handler = _HANDLERS.get(type(signal))
        if handler is None:
            self._odd("unknown_signal", "", type(signal).__name__, signal)
        else:
            handler(self, signal, now)
        return self._out

    def settle(self) -> list[CallEvent]:
        """What a deferred tracker has to tell since the last time, each call once."""
        pending, self._pending = self._pending, []
        return self._announce.settle((self._now(call), event) for call, event in pending)

    def _now(self, call: CallFacts) -> CallFacts:
        """The facts that these have become part of by a merge, else themselves."""
        return self._groups.find(next(iter(call.channels))) or call

    def fold(self, many: Iterable[s.Signal]) -> list[Output]:
        return [output for signal in many for output in self.apply(signal)]

    def records(self) -> list[CallRecord]:
        """Every call still known (live, or ended and open to correction), oldest first."""
        calls = [call for call in self._groups.calls() if self._announce.is_call(call)]
        records = [summarise(call, self.pbx, self.topology) for call in calls]
        return sorted(records, key=lambda r: (r.started_at is None, r.started_at, r.id))

    def live_calls(self) -> int:
        return sum(1 for call in self._groups.calls() if call.alive > 0)

    # -- channels -------------------------------------------------------------------------

    def _touch(self, signal: s.ChannelSignal, now: float) -> tuple[CallFacts, ChannelFacts] | None:
        """The facts of the signal's channel, joined to its thread; None if it is long gone."""
        uniqueid = signal.uniqueid
        if not uniqueid:
            self._odd("no_uniqueid", "", type(signal).__name__, signal)
            return None
        if uniqueid in self._gone:
            self._odd("late", uniqueid, type(signal).__name__, signal)
            return None
        call = self._groups.find(uniqueid)
        channel = call.channels.get(uniqueid) if call is not None else None
        if call is None or channel is None:
            call, channel = self._meet(uniqueid, signal, now)
        if signal.linkedid and signal.linkedid not in call.linkedids:
            call = self._join(uniqueid, signal.linkedid)
            call.linkedids[signal.linkedid] = None
        if not channel.first_linkedid:
            channel.first_linkedid = signal.linkedid
        if signal.channel and not channel.channel:
            self._name(channel, signal.channel)
        call.last = max(call.last, now)
        return call, channel

    def _meet(
        self, uniqueid: str, signal: s.ChannelSignal, now: float
    ) -> tuple[CallFacts, ChannelFacts]:
        call = self._groups.place(uniqueid)
        channel = ChannelFacts(
            uniqueid, age_of(uniqueid), first_seen=now, first_linkedid=signal.linkedid
        )
        call.channels[uniqueid] = channel
        call.alive += 1
        if not isinstance(signal, s.ChannelSeen):
            self._odd("met_in_mid_life", uniqueid, type(signal).__name__, signal)
        return call, channel

    def _name(self, channel: ChannelFacts, name: str) -> None:
        channel.named(name)
        other = local_other_half(name)
        if not other:
            return
        half = self._local_halves.get(other)
        if half is None:
            self._local_halves[name] = channel.uniqueid
        else:
            self._pair(channel.uniqueid, half)

    def _pair(self, one: str, other: str) -> None:
        self._join(one, other)
        for mine, theirs in ((one, other), (other, one)):
            facts = self._groups.channel(mine)
            if facts is not None:
                facts.pair = theirs

    def _join(self, one: str, other: str) -> CallFacts:
        if not one or not other or one in self._gone or other in self._gone:
            return self._groups.place(one or other)
        call, absorbed = self._groups.join(one, other)
        if absorbed is not None:
            was_ended = self._ended.pop(id(absorbed), None) or self._ended.pop(id(call), None)
            self._say(call, self._announce.merged, absorbed)
            if was_ended is not None:
                self._finish_if_over(call, call.last)
        return call

    # -- handlers: one per signal -----------------------------------------------------------

    def _seen(self, signal: s.ChannelSeen, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        if signal.created:
            channel.created = earliest(channel.created, now)
        self._identify(channel, signal, now)
        channel.tell("exten", signal.exten, now)
        channel.tell("context", signal.context, now)
        self._phase(channel, signal.phase, now)
        self._tell(call, now)

    def _identify(self, channel: ChannelFacts, signal: Any, now: float) -> None:
        channel.tell("number", signal.number, now)
        channel.tell("name", signal.name, now)

    def _phase(self, channel: ChannelFacts, phase: s.ChannelPhase, now: float) -> None:
        if phase == "ringing":
            channel.ringing = earliest(channel.ringing, now)
        elif phase == "up":
            channel.up = earliest(channel.up, now)

    def _phase_changed(self, signal: s.ChannelPhaseChanged, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        self._identify(channel, signal, now)
        self._phase(channel, signal.phase, now)
        if signal.phase == "ringing":
            self._say(call, self._announce.ringing, channel, now)

    def _identified(self, signal: s.CallerIdentified, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is not None:
            self._identify(touched[1], signal, now)

    def _renamed(self, signal: s.ChannelRenamed, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is not None and signal.new_name:
            touched[1].named(signal.new_name)

    def _app(self, signal: s.AppEntered, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        if signal.app.lower() == "voicemail":
            touched[1].voicemail = True
        touched[1].tell("exten", signal.exten, now)

    def _variable(self, signal: s.VariableSet, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is not None and signal.name == "CRM_ROUTE" and signal.value:
            touched[0].route = signal.value

    def _dial_begun(self, signal: s.DialBegun, now: float) -> None:
        touched = self._dialled(signal, now)
        if touched is None:
            return
        call, channel = touched
        attempt = channel.attempt(signal.caller_uniqueid)
        attempt.begun = earliest(attempt.begun, now)
        attempt.dial_string = attempt.dial_string or signal.dial_string
        self._tell(call, now)
        if channel.ringing is not None:
            self._say(call, self._announce.ringing, channel, now)

    def _dial_ended(self, signal: s.DialEnded, now: float) -> None:
        touched = self._dialled(signal, now)
        if touched is None:
            return
        call, channel = touched
        attempt = channel.attempt(signal.caller_uniqueid)
        # A queue ends an unanswered dial twice, NOANSWER then CANCEL: the first one tells why.
        if attempt.status is None or signal.status == "answer" or now < (attempt.ended or now):
            attempt.status = signal.status if attempt.status != "answer" else "answer"
        attempt.ended = earliest(attempt.ended, now)
        if signal.forwarded_to:
            self._transfer(call, "forward", channel.channel, signal.forwarded_to, now)
        if attempt.status != "answer":
            self._say(call, self._announce.ring_over, channel, now, str(attempt.status))

    def _dialled(
        self, signal: s.DialBegun | s.DialEnded, now: float
    ) -> tuple[CallFacts, ChannelFacts] | None:
        touched = self._touch(signal, now)
        if touched is None:
            return None
        if signal.caller_uniqueid and signal.caller_uniqueid not in self._gone:
            caller = s.ChannelSignal(
                pbx=signal.pbx,
                at=signal.at,
                uniqueid=signal.caller_uniqueid,
                channel=signal.caller_channel,
                linkedid=signal.caller_linkedid,
            )
            self._touch(caller, now)
            touched = (self._join(signal.uniqueid, signal.caller_uniqueid), touched[1])
        return touched

    def _entered(self, signal: s.BridgeEntered, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        joins = not signal.holding
        if self._visit_entered(channel, signal.bridge, joins, now) and joins:
            node = f"bridge {signal.bridge}"
            call = self._join(channel.uniqueid, node)
            self._say(call, self._announce.talking, channel, now)

    def _visit_entered(self, channel: ChannelFacts, bridge: str, joins: bool, now: float) -> bool:
        for visit in channel.visits:
            if visit.bridge != bridge:
                continue
            if visit.entered is None:
                visit.entered, visit.joins = now, joins
                return True
            if visit.left is None or now <= visit.left:
                visit.entered = min(visit.entered, now)
                return False
        channel.visits.append(BridgeVisit(bridge, entered=now, joins=joins))
        return True

    def _left(self, signal: s.BridgeLeft, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        same = [v for v in touched[1].visits if v.bridge == signal.bridge]
        for visit in same:
            if visit.left is None and (visit.entered is None or visit.entered <= now):
                visit.left = now
                return
        if not any(v.left is not None and abs(v.left - now) < _SAME_VISIT_SECONDS for v in same):
            touched[1].visits.append(BridgeVisit(signal.bridge, left=now))

    def _local_paired(self, signal: s.LocalPaired, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        other = s.ChannelSignal(
            pbx=signal.pbx,
            at=signal.at,
            uniqueid=signal.other_uniqueid,
            channel=signal.other_channel,
            linkedid=signal.other_linkedid,
        )
        if signal.other_uniqueid and self._touch(other, now) is not None:
            self._pair(signal.uniqueid, signal.other_uniqueid)

    def _held(self, signal: s.Held, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        if not any(h.end is None or (h.start or 0.0) <= now <= h.end for h in channel.holds):
            channel.holds.append(Span(start=now))
            self._say(call, self._announce.hold, channel, now, held=True)

    def _unheld(self, signal: s.Unheld, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        for span in channel.holds:
            if span.end is None and (span.start or 0.0) <= now:
                span.end = now
                self._say(call, self._announce.hold, channel, now, held=False)

    def _queue_joined(self, signal: s.QueueJoined, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        for visit in call.queues:
            same = visit.queue == signal.queue and visit.caller == channel.uniqueid
            if same and (visit.joined is None or visit.left is None or now <= visit.left):
                visit.joined = earliest(visit.joined, now)
                return
        call.queues.append(QueueVisit(signal.queue, channel.uniqueid, joined=now))
        self._tell(call, now)
        self._say(call, self._announce.queued, signal.queue, now)

    def _queue_left(self, signal: s.QueueLeft, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        same = [v for v in call.queues if v.queue == signal.queue and v.caller == channel.uniqueid]
        visit = next((v for v in same if v.left is None), same[-1] if same else None)
        if visit is None:
            visit = QueueVisit(signal.queue, channel.uniqueid)
            call.queues.append(visit)
        # QueueCallerAbandon comes before QueueCallerLeave: both tell of the same end.
        visit.left = earliest(visit.left, now)
        visit.abandoned = visit.abandoned or signal.abandoned

    def _member(self, signal: s.MemberRung | s.MemberConnected, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is not None and signal.member_uniqueid:
            member = s.ChannelSignal(
                pbx=signal.pbx,
                at=signal.at,
                uniqueid=signal.member_uniqueid,
                channel=signal.member_channel,
            )
            if self._touch(member, now) is not None:
                self._join(signal.uniqueid, signal.member_uniqueid)

    def _transferred(self, signal: s.Transferred, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        for uniqueid, name in (
            (signal.second_uniqueid, signal.second_channel),
            (signal.transferee_uniqueid, signal.transferee_channel),
            (signal.target_uniqueid, signal.target_channel),
        ):
            other = s.ChannelSignal(pbx=signal.pbx, at=signal.at, uniqueid=uniqueid, channel=name)
            if uniqueid and self._touch(other, now) is not None:
                call = self._join(channel.uniqueid, uniqueid)
        self._transfer(call, signal.kind, channel.channel, signal.to or signal.target_channel, now)

    def _transfer(self, call: CallFacts, kind: str, by: str, to: str, now: float) -> None:
        known = any(
            t.kind == kind and t.by == by and abs(t.at - now) < _SAME_VISIT_SECONDS
            for t in call.transfers
        )
        if not known:
            fact = TransferFact(kind, by, to, now)
            call.transfers.append(fact)
            self._say(call, self._announce.transferred, fact, now)

    def _spied(self, signal: s.SpyStarted, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is not None:
            touched[1].spies()

    def _hangup_requested(self, signal: s.HangupRequested, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is not None:
            touched[1].hangup_requested = earliest(touched[1].hangup_requested, now)

    def _hung_up(self, signal: s.HungUp, now: float) -> None:
        touched = self._touch(signal, now)
        if touched is None:
            return
        call, channel = touched
        if channel.hung_up is None:
            call.alive -= 1
        channel.hung_up = earliest(channel.hung_up, now)
        channel.cause = channel.cause if channel.cause is not None else signal.cause
        channel.hangup_source = channel.hangup_source or signal.ended_by
        channel.own_dial_status = channel.own_dial_status or signal.dial_status
        if channel.visits and channel.visits[-1].left is None:
            channel.visits[-1].left = now
        self._local_halves.pop(channel.channel, None)
        self._say(call, self._announce.leg_over, channel, now)
        self._finish_if_over(call, now)

    def _thread_ended(self, _signal: s.ThreadEnded, _now: float) -> None:
        """Only a hint: the linkedid may have been overwritten while its channels live on."""

    def _pbx_started(self, _signal: s.PbxStarted, now: float) -> None:
        self._close_missing(frozenset(), now)

    def _resynced(self, signal: s.ResyncEnded, now: float) -> None:
        self._close_missing(signal.alive, now)

    def _close_missing(self, alive: frozenset[str], now: float) -> None:
        """Channels that the PBX no longer has ended while nobody looked: end time unknown."""
        for call in self._groups.calls():
            missing = [
                c for c in call.channels.values() if c.hung_up is None and c.uniqueid not in alive
            ]
            for channel in missing:
                call.alive -= 1
                channel.hung_up = max(now, call.last)
                self._say(call, self._announce.leg_over, channel, now)
            if missing:
                self._odd("ended_unseen", missing[0].uniqueid, f"{len(missing)} channels", None)
                self._finish_if_over(call, now)

    # -- ends -------------------------------------------------------------------------------

    def _tell(self, call: CallFacts, now: float) -> None:
        self._say(call, self._announce.started, now)

    def _finish_if_over(self, call: CallFacts, now: float) -> None:
        if call.alive > 0:
            return
        self._say(call, self._announce.ended, now)
        self._ended.pop(id(call), None)
        self._ended[id(call)] = call
        while len(self._ended) > self._keep_ended:
            _, oldest = self._ended.popitem(last=False)
            if oldest.alive <= 0:
                self._forget(oldest)

    def _forget(self, call: CallFacts) -> None:
        self._groups.forget(call)
        for uniqueid in call.channels:
            self._gone[uniqueid] = None
        while len(self._gone) > 16 * self._keep_ended:
            self._gone.popitem(last=False)

    def _say(
        self, call: CallFacts, make: Callable[..., list[CallEvent]], *facts: Any, **more: Any
    ) -> None:
        events = make(call, *facts, **more)
        if self._deferred:
            self._pending += [(call, event) for event in events]
        else:
            self._out += events

    def _odd(self, kind: str, uniqueid: str, detail: str, signal: s.Signal | None) -> None:
        at = signal.at if signal is not None else None
        self._out.append(Anomaly(kind=kind, pbx=self.pbx, uniqueid=uniqueid, detail=detail, at=at))


_HANDLERS: dict[type[s.Signal], Callable[[Tracker, Any, float], None]] = {
    s.ChannelSeen: Tracker._seen,
    s.ChannelPhaseChanged: Tracker._phase_changed,
    s.CallerIdentified: Tracker._identified,
    s.ChannelRenamed: Tracker._renamed,
    s.AppEntered: Tracker._app,
    s.VariableSet: Tracker._variable,
    s.DialBegun: Tracker._dial_begun,
    s.DialEnded: Tracker._dial_ended,
    s.BridgeEntered: Tracker._entered,
    s.BridgeLeft: Tracker._left,
    s.LocalPaired: Tracker._local_paired,
    s.Held: Tracker._held,
    s.Unheld: Tracker._unheld,
    s.QueueJoined: Tracker._queue_joined,
    s.QueueLeft: Tracker._queue_left,
    s.MemberRung: Tracker._member,
    s.MemberConnected: Tracker._member,
    s.Transferred: Tracker._transferred,
    s.SpyStarted: Tracker._spied,
    s.HangupRequested: Tracker._hangup_requested,
    s.HungUp: Tracker._hung_up,
    s.ThreadEnded: Tracker._thread_ended,
    s.PbxStarted: Tracker._pbx_started,
    s.ResyncEnded: Tracker._resynced,
}
