"""What of a change is worth telling: each fact at most once per call, party and phase."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from callcenter.calls import events as e
from callcenter.calls.cast import by_age, caller_of
from callcenter.calls.conversation import company
from callcenter.calls.facts import CallFacts, ChannelFacts, SpyFact, TransferFact
from callcenter.calls.instants import moment
from callcenter.calls.record import NOTHING_KNOWN, CallRecord, Transfer
from callcenter.calls.summary import call_id, summarise
from callcenter.calls.topology import Topology, endpoint_of


class Announcer:
    """Turns changes of facts into call events. Keeps its memory in the facts themselves.

    A deferred announcer leaves the record of every event open (`NOTHING_KNOWN`) until `settle`.
    """

    def __init__(self, pbx: str, topology: Topology, *, deferred: bool = False) -> None:
        self._pbx = pbx
        self._topology = topology
        self._deferred = deferred
        self._latest: tuple[CallFacts, CallRecord] | None = None

    def settle(self, pending: Iterable[tuple[CallFacts, e.CallEvent]]) -> list[e.CallEvent]:
        """The last event of each call and every merge, in order, with the record as it is now."""
        last: dict[int, e.CallEvent] = {}
        by_event: dict[int, CallFacts] = {}
        for call, event in pending:
            last.pop(id(call), None)
            key = id(event) if isinstance(event, e.CallsMerged) else id(call)
            last[key], by_event[id(event)] = event, call
        settled: list[e.CallEvent] = []
        for event in last.values():
            call = by_event[id(event)]
            self.facts_changed()
            settled.append(replace(event, call=summarise(call, self._pbx, self._topology)))
        return settled

    def facts_changed(self) -> None:
        """Call before each signal: several events of one signal share one record."""
        self._latest = None

    def is_call(self, call: CallFacts) -> bool:
        """A call has a person in it; spies and book-keeping channels alone are none."""
        return any(channel.is_person for channel in call.channels.values())

    def started(self, call: CallFacts, now: float) -> list[e.CallEvent]:
        if call.announced_id or not self.is_call(call):
            return []
        call.announced_id = call_id(call, self._pbx)
        return [e.CallStarted(call=self._record(call), at=moment(now))]

    def queued(self, call: CallFacts, queue: str, now: float) -> list[e.CallEvent]:
        if not call.announced_id:
            return []
        return [e.CallQueued(call=self._record(call), at=moment(now), queue=queue)]

    def ringing(self, call: CallFacts, channel: ChannelFacts, now: float) -> list[e.CallEvent]:
        if channel.ring_announced or not channel.is_person or not channel.dials:
            return []
        if channel.hung_up is not None or not call.announced_id:
            return []
        channel.ring_announced = True
        return [
            e.CallRinging(
                call=self._record(call),
                at=moment(now),
                endpoint=endpoint_of(channel.channel),
                uniqueid=channel.uniqueid,
            )
        ]

    def ring_over(
        self, call: CallFacts, channel: ChannelFacts, now: float, reason: str
    ) -> list[e.CallEvent]:
        if not channel.ring_announced or channel.ring_over or channel.talk_announced:
            return []
        channel.ring_over = True
        return [
            e.RingingStopped(
                call=self._record(call),
                at=moment(now),
                endpoint=endpoint_of(channel.channel),
                uniqueid=channel.uniqueid,
                reason=reason,
            )
        ]

    def talking(self, call: CallFacts, channel: ChannelFacts, now: float) -> list[e.CallEvent]:
        """Somebody entered a bridge: everyone who now has company there began to speak."""
        people = company(call.channels, channel.uniqueid)
        if len(people) < 2:
            return []
        new = [person for person in people if not person.talk_announced]
        for person in new:
            person.talk_announced = person.ring_over = True
        if not new:
            return []
        record = self._record(call)
        caller = caller_of(call)
        return [
            e.CallAnswered(
                call=record,
                at=moment(now),
                endpoint=endpoint_of(person.channel),
                uniqueid=person.uniqueid,
            )
            for person in sorted(new, key=by_age)
            if person is not caller or len(new) == 1
        ]

    def hold(
        self, call: CallFacts, channel: ChannelFacts, now: float, *, held: bool
    ) -> list[e.CallEvent]:
        if not call.announced_id:
            return []
        return [
            e.HoldChanged(
                call=self._record(call),
                at=moment(now),
                endpoint=endpoint_of(channel.channel),
                uniqueid=channel.uniqueid,
                held=held,
            )
        ]

    def spied(self, call: CallFacts, spy: SpyFact, now: float) -> list[e.CallEvent]:
        if not call.announced_id:
            return []
        told = {"uniqueid": spy.uniqueid, "endpoint": endpoint_of(spy.channel)}
        return [e.SpyChanged(call=self._record(call), at=moment(now), **told)]

    def transferred(self, call: CallFacts, transfer: TransferFact, now: float) -> list[e.CallEvent]:
        if not call.announced_id:
            return []
        told = Transfer(
            kind=transfer.kind,
            by=transfer.by,
            to=transfer.to,
            at=moment(transfer.at),
        )
        return [e.CallTransferred(call=self._record(call), at=moment(now), transfer=told)]

    def leg_over(self, call: CallFacts, channel: ChannelFacts, now: float) -> list[e.CallEvent]:
        if not channel.talk_announced:
            return self.ring_over(call, channel, now, "gone")
        if channel.leave_announced or not call.announced_id:
            return []
        channel.leave_announced = True
        return [
            e.LegEnded(
                call=self._record(call),
                at=moment(now),
                endpoint=endpoint_of(channel.channel),
                uniqueid=channel.uniqueid,
            )
        ]

    def ended(self, call: CallFacts, now: float) -> list[e.CallEvent]:
        if not self.is_call(call) and not call.announced_id:
            return []  # one that was told of must end, also if it proved to be no call (a spy's)
        out = self.started(call, now)
        call.ended = True
        return [*out, e.CallEnded(call=self._record(call), at=moment(now))]

    def merged(self, kept: CallFacts, absorbed: CallFacts) -> list[e.CallEvent]:
        """Two calls met. The older id survives, so that what it was logged under stays."""
        ids = {call.announced_id for call in (kept, absorbed) if call.announced_id}
        if not ids:
            return []
        self.facts_changed()
        survivor = kept.announced_id = call_id(kept, self._pbx)
        record = self._record(kept)
        self.facts_changed()
        at: datetime | None = moment(kept.last)
        return [
            e.CallsMerged(call=record, at=at, absorbed_id=other)
            for other in sorted(ids - {survivor})
        ]

    def _record(self, call: CallFacts) -> CallRecord:
        if self._deferred:
            return NOTHING_KNOWN
        if self._latest is None or self._latest[0] is not call:
            self._latest = (call, summarise(call, self._pbx, self._topology))
        return self._latest[1]
