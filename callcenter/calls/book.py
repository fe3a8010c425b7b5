"""The open book of calls: which channels are known, to which call they belong, what was told.

The functions of `folding` write facts into it; the tracker owns it and tells what changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from callcenter.calls import signals as s
from callcenter.calls.announce import Announcer
from callcenter.calls.events import Anomaly, CallEvent
from callcenter.calls.facts import CallFacts, ChannelFacts, age_of
from callcenter.calls.grouping import CallGroups
from callcenter.calls.topology import Topology, endpoint_of, local_other_half

Output = CallEvent | Anomaly

STEPS_IN = "crm-step-"
"""How the id of a phone begins that the CRM had rung to listen: a spy from its first ring on."""
_BORN_WITHIN = 5.0
"""Seconds between the births of two halves of one Local channel, at the very most."""


class Book:
    """`pending`: events of a deferred tracker that are not told yet."""

    def __init__(self, pbx: str, topology: Topology, keep_ended: int, *, deferred: bool) -> None:
        self.pbx = pbx
        self.groups = CallGroups()
        self.ended: OrderedDict[int, CallFacts] = OrderedDict()
        self.keep_ended = keep_ended
        self.gone: OrderedDict[str, None] = OrderedDict()
        self.local_halves: dict[str, str] = {}
        self.announce = Announcer(pbx, topology, deferred=deferred)
        self.deferred = deferred
        self.pending: list[tuple[CallFacts, CallEvent]] = []
        self.out: list[Output] = []
        self.wrap_up: dict[tuple[str, str], float] = {}
        """(queue, member's interface) → the seconds it is left alone after a call."""
        self.asked_by_key: dict[str, list[str]] = {}
        self.originated: dict[str, list[str]] = {}
        """By endpoint, see `folding.recalls`: Local channels that ring whom it handed a call to,
        and channels of it that the PBX itself had rung."""
        self.spying: dict[str, str] = {}
        """Who listens to whom, by Uniqueid, until it is over."""
        self.alive_until = 0.0
        """When the PBX last told anything: it lived then."""

    # -- channels and calls -----------------------------------------------------------------

    def touch(self, signal: s.ChannelSignal, now: float) -> tuple[CallFacts, ChannelFacts] | None:
        """The facts of the signal's channel, joined to its thread; None if it is long gone."""
        uniqueid = signal.uniqueid
        if not uniqueid:
            self.odd("no_uniqueid", "", type(signal).__name__, signal)
            return None
        if uniqueid in self.gone:
            self.odd("late", uniqueid, type(signal).__name__, signal)
            return None
        call = self.groups.find(uniqueid)
        channel = call.channels.get(uniqueid) if call is not None else None
        if call is None or channel is None:
            call, channel = self._meet(uniqueid, signal, now)
        if signal.linkedid and signal.linkedid not in call.linkedids:
            call = self.join(uniqueid, signal.linkedid)
            call.linkedids[signal.linkedid] = None
        channel.tell("first_linkedid", signal.linkedid, now)
        if signal.channel and not channel.channel:
            self.name(channel, signal.channel)
        call.last = max(call.last, now)
        channel.last = max(channel.last, now)
        return call, channel

    def _meet(
        self, uniqueid: str, signal: s.ChannelSignal, now: float
    ) -> tuple[CallFacts, ChannelFacts]:
        call = self.groups.place(uniqueid)
        steps_in = uniqueid.startswith(STEPS_IN)
        channel = ChannelFacts(uniqueid, age_of(uniqueid), first_seen=now, spy=steps_in)
        call.channels[uniqueid] = channel
        call.alive += 1
        if not isinstance(signal, s.ChannelSeen):
            self.odd("met_in_mid_life", uniqueid, type(signal).__name__, signal)
        return call, channel

    def name(self, channel: ChannelFacts, name: str) -> None:
        channel.named(name)
        other = local_other_half(name)
        if not other:
            return
        half = self.local_halves.get(other)
        if half is None or not _born_together(channel.uniqueid, half):
            self.local_halves[name] = channel.uniqueid
        else:
            self.pair(channel.uniqueid, half)

    def pair(self, one: str, other: str) -> None:
        self.join(one, other)
        for mine, theirs in ((one, other), (other, one)):
            facts = self.groups.channel(mine)
            if facts is not None:
                facts.pair = theirs

    def join(self, one: str, other: str) -> CallFacts:
        if not one or not other or one in self.gone or other in self.gone:
            return self.groups.place(one or other)
        call, absorbed = self.groups.join(one, other)
        if absorbed is not None:
            was_ended = self.ended.pop(id(absorbed), None) or self.ended.pop(id(call), None)
            self.say(call, self.announce.merged, absorbed)
            if was_ended is not None:
                self.finish_if_over(call, call.last)
        return call

    # -- what is told -----------------------------------------------------------------------

    def say(
        self, call: CallFacts, make: Callable[..., list[CallEvent]], *facts: Any, **more: Any
    ) -> None:
        events = make(call, *facts, **more)
        if self.deferred:
            self.pending += [(call, event) for event in events]
        else:
            self.out += events

    def odd(self, kind: str, uniqueid: str, detail: str, signal: s.Signal | None) -> None:
        at = signal.at if signal is not None else None
        self.out.append(Anomaly(kind=kind, pbx=self.pbx, uniqueid=uniqueid, detail=detail, at=at))

    # -- ends -------------------------------------------------------------------------------

    def finish_if_over(self, call: CallFacts, now: float) -> None:
        if call.alive > 0:
            return
        self.say(call, self.announce.ended, now)
        self.ended.pop(id(call), None)
        self.ended[id(call)] = call
        while len(self.ended) > self.keep_ended:
            _, oldest = self.ended.popitem(last=False)
            if oldest.alive <= 0:
                self._forget(oldest)

    def _forget(self, call: CallFacts) -> None:
        self.groups.forget(call)
        for uniqueid, channel in call.channels.items():
            self.gone[uniqueid] = None
            self.local_halves.pop(channel.channel, None)
            self._drop(self.originated, endpoint_of(channel.channel), uniqueid)
        for fact in call.transfers:
            self.asked_by_key.pop(endpoint_of(fact.by), None)
        while len(self.gone) > 16 * self.keep_ended:
            self.gone.popitem(last=False)

    @staticmethod
    def _drop(index: dict[str, list[str]], key: str, value: str) -> None:
        known = index.get(key)
        if known is not None and value in known:
            known.remove(value)
            if not known:
                del index[key]


def _born_together(one: str, other: str) -> bool:
    """The names of Local channels come again when the PBX has started anew; their Uniqueids, which
    begin with the second in which they were made, do not.
    """
    made, other_made = age_of(one)[0], age_of(other)[0]
    return not made or not other_made or abs(made - other_made) < _BORN_WITHIN
