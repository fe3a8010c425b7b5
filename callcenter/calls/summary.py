"""From facts to record: a pure function, the only place where a call's figures are made.

Definitions (one place, quoted by docs and reports):
- started_at: the first channel was made. answered_at: two people could hear each other.
- wait_seconds: from the first queue entry (without a queue: from started_at) until answered_at;
  when nobody answered, until the last queue was left (without a queue: the caller's channel ended).
- talk_seconds: in conversation and not on hold; hold_seconds: in conversation, one side on hold.
  Per leg: that person's own conversation; per call: the time in which any two people spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from callcenter.calls.conversation import Interval, conversations, subtract, total, union
from callcenter.calls.facts import FIRST_REAL_INSTANT, CallFacts, ChannelFacts, QueueVisit
from callcenter.calls.outcome import call_result, leg_result
from callcenter.calls.record import (
    CallRecord,
    CallResult,
    Direction,
    Leg,
    LegResult,
    LegRole,
    Transfer,
)
from callcenter.calls.topology import Topology, endpoint_of

_DIALLED_NUMBER = re.compile(r"(?:/|^)(?:[A-Za-z-]*:)?(\+?\d{2,})(?:@|/|$|,)")
_NO_EXTEN = frozenset({"", "s", "h", "i", "t"})


@dataclass(slots=True)
class _Cast:
    """The people of a call, worked out once per record."""

    channels: list[ChannelFacts]
    people: list[ChannelFacts]
    caller: ChannelFacts | None
    callees: list[ChannelFacts]
    spoken: dict[str, list[Interval]]
    holds: list[Interval] = field(default_factory=list)


def by_age(channel: ChannelFacts) -> tuple[float, float, str]:
    return channel.age


def caller_of(call: CallFacts) -> ChannelFacts | None:
    people = sorted((c for c in call.channels.values() if c.is_person), key=by_age)
    return _caller(people)


def call_id(call: CallFacts, pbx: str) -> str:
    """Named after the oldest channel known: the same whatever order the channels came in.

    (A store that knows the call by another of its channels keeps the id it gave first.)
    """
    oldest = min(call.channels.values(), key=by_age)
    return f"{pbx}/{oldest.uniqueid}"


def summarise(call: CallFacts, pbx: str, topology: Topology) -> CallRecord:
    """The record of `call` as known now. Total: any set of facts gives a record."""
    record = _summarise(call, pbx, topology)
    return record if call.last >= FIRST_REAL_INSTANT else _without_times(record)


def _summarise(call: CallFacts, pbx: str, topology: Topology) -> CallRecord:
    cast = _cast(call)
    answered = bool(cast.spoken)
    legs = tuple(_legs(call, cast, answered=answered))
    caller = cast.caller
    tried = [leg.result for leg in legs if leg.role == "callee"]
    ended = _ended(call)
    result = call_result(call, caller, tried, answered=answered, over=ended is not None)
    answered_instant = min((s[0][0] for s in cast.spoken.values()), default=None)
    trunk = _trunk(cast, topology)
    talk = union(interval for spans in cast.spoken.values() for interval in spans)
    by, cause = _hangup(cast)
    speakers = _speakers(cast)
    return CallRecord(
        id=call_id(call, pbx),
        pbx=pbx,
        live=ended is None,
        direction=_direction(cast, topology),
        result=result,
        started_at=moment(min(c.start for c in call.channels.values())),
        answered_at=moment(answered_instant),
        ended_at=moment(ended),
        caller_number=_number(caller, cast) if caller else "",
        caller_name=caller.name if caller else "",
        dialed=_dialed(cast),
        trunk=endpoint_of(trunk.channel) if trunk else "",
        queues=tuple(dict.fromkeys(visit.queue for visit in _by_time(call))),
        legs=_with_caller_result(legs, result),
        answered_by=tuple(speakers),
        last_speaker=_last_speaker(cast),
        transfers=_transfers(call),
        wait_seconds=_wait(call, cast, answered_instant),
        talk_seconds=_seconds(subtract(talk, cast.holds)),
        hold_seconds=_seconds(total(talk) - subtract(talk, cast.holds)),
        hangup_by=by,
        hangup_cause=cause,
        route=call.route,
        channels=tuple(c.channel for c in cast.channels),
        uniqueids=tuple(sorted(call.channels)),
        linkedids=tuple(call.linkedids),
    )


def moment(instant: float | None) -> datetime | None:
    if instant is None or instant < FIRST_REAL_INSTANT:
        return None
    return datetime.fromtimestamp(instant, UTC)


def _cast(call: CallFacts) -> _Cast:
    channels = sorted(call.channels.values(), key=by_age)
    people = [channel for channel in channels if channel.is_person]
    caller = _caller(people)
    callees = [c for c in people if c is not caller and c.made_by_another]
    several = sum(1 for c in people if c.visits) > 1
    spoken = conversations(call.channels, call.last) if several else {}
    if not spoken and not any(c.visits for c in call.channels.values()):
        spoken = _without_bridges(caller, callees, call.last)
    return _Cast(channels, people, caller, callees, spoken, _holds(people, call.last))


def _caller(people: list[ChannelFacts]) -> ChannelFacts | None:
    """The channel that came in by itself; of an originated call the side dialled by nobody."""
    for channel in people:
        if not channel.made_by_another and not channel.dials:
            return channel
    for channel in people:
        if not channel.made_by_another:
            return channel
    return people[0] if people else None


def _without_bridges(
    caller: ChannelFacts | None, callees: Iterable[ChannelFacts], last: float
) -> dict[str, list[Interval]]:
    """A source without bridge facts: who lifted after being dialled is the best witness left."""
    spoken: dict[str, list[Interval]] = {}
    if caller is None:
        return spoken
    for leg in callees:
        start = _lifted(caller, leg)
        end = min(c.hung_up if c.hung_up is not None else last for c in (caller, leg))
        if start is not None and end >= start:
            spoken[leg.uniqueid] = [(start, end)]
    if spoken:
        spoken[caller.uniqueid] = union(span for spans in spoken.values() for span in spans)
    return spoken


def _lifted(caller: ChannelFacts, leg: ChannelFacts) -> float | None:
    """When caller and callee could first hear each other, None if nothing says so."""
    attempt = leg.last_attempt()
    if attempt is not None and attempt.status not in (None, "answer"):
        return None
    if attempt is not None and attempt.status == "answer":
        return leg.up if leg.up is not None else attempt.ended
    # The ledger has no dial attempts; there the caller's own status says that one answered, and
    # before Asterisk 12 only that both were up.
    if leg.up is None or caller.own_dial_status not in (None, "answer"):
        return None
    return max(leg.up, caller.up) if caller.up is not None else leg.up


def _holds(people: Iterable[ChannelFacts], last: float) -> list[Interval]:
    return union(interval for person in people for interval in _own_holds(person, last))


def _own_holds(person: ChannelFacts, last: float) -> list[Interval]:
    end = person.hung_up if person.hung_up is not None else last
    return [
        (span.start, max(span.start, span.end if span.end is not None else end))
        for span in person.holds
        if span.start is not None
    ]


def _legs(call: CallFacts, cast: _Cast, *, answered: bool) -> Iterable[Leg]:
    for channel in cast.channels:
        if channel.is_person or channel.spy:
            yield _leg(channel, cast, call.last, answered=answered)


def _leg(channel: ChannelFacts, cast: _Cast, last: float, *, answered: bool) -> Leg:
    spans = cast.spoken.get(channel.uniqueid, [])
    role = _role(channel, cast)
    result: LegResult = (
        leg_result(channel, spoke=bool(spans), call_answered=answered)
        if role == "callee"
        else "answered"
        if spans
        else "unknown"
    )
    holds = _own_holds(channel, last)
    return Leg(
        channel=channel.channel,
        uniqueid=channel.uniqueid,
        endpoint=endpoint_of(channel.channel),
        number=_number(channel, cast),
        name=channel.name,
        role=role,
        ringing_at=moment(_rang(channel, role, result)),
        answered_at=moment(_leg_answered(channel, role, spans)),
        ended_at=moment(channel.hung_up),
        result=result,
        talk_seconds=_seconds(subtract(spans, cast.holds)),
        hold_seconds=_seconds(total(spans) - subtract(spans, holds)),
    )


def _role(channel: ChannelFacts, cast: _Cast) -> LegRole:
    if channel.spy:
        return "spy"
    if channel is cast.caller:
        return "caller"
    return "callee" if channel.made_by_another or channel.dials else "other"


def _rang(channel: ChannelFacts, role: LegRole, result: LegResult) -> float | None:
    if role == "caller" and not channel.dials:
        return None
    if channel.ringing is not None:
        return channel.ringing
    if result in ("busy", "failed", "rejected"):
        return None
    begun = [a.begun for a in channel.dials.values() if a.begun is not None]
    return min(begun) if begun else (channel.created if role == "callee" else None)


def _leg_answered(channel: ChannelFacts, role: LegRole, spans: list[Interval]) -> float | None:
    """A callee answers by lifting; the caller's leg is answered when a person speaks with it."""
    if role != "caller" and channel.up is not None:
        return channel.up
    return spans[0][0] if spans else None


def _with_caller_result(legs: tuple[Leg, ...], result: CallResult) -> tuple[Leg, ...]:
    by_call: dict[CallResult, LegResult] = {
        "answered": "answered",
        "abandoned": "cancelled",
        "missed": "missed",
        "busy": "busy",
        "rejected": "rejected",
        "failed": "failed",
    }
    own = by_call.get(result, "unknown")
    return tuple(
        replace(leg, result=own) if leg.role == "caller" and leg.result == "unknown" else leg
        for leg in legs
    )


def _number(channel: ChannelFacts, cast: _Cast) -> str:
    # A dialled trunk channel may carry its context's `s` where a number should be.
    if channel is cast.caller or any(c.isdigit() for c in channel.number):
        return channel.number
    for attempt in channel.dials.values():
        match = _DIALLED_NUMBER.search(attempt.dial_string)
        if match:
            return match.group(1)
    resource = endpoint_of(channel.channel).partition("/")[2]
    if resource.isdigit():
        return resource
    # The ledger knows no dial string: a far end that alone was dialled is what the caller dialled.
    caller = cast.caller
    alone = caller is not None and cast.callees == [channel] and caller.exten not in _NO_EXTEN
    return caller.exten if caller is not None and alone else ""


def _dialed(cast: _Cast) -> str:
    """What the caller dialled (the DID of an inbound call)."""
    if cast.caller is None:
        return ""
    if cast.caller.exten not in _NO_EXTEN:
        return cast.caller.exten
    for callee in cast.callees:
        for attempt in callee.dials.values():
            match = _DIALLED_NUMBER.search(attempt.dial_string)
            if match:
                return match.group(1)
    numbers = [_number(callee, cast) for callee in cast.callees]
    return numbers[0] if len(numbers) == 1 else ""


def _side(channel: ChannelFacts, topology: Topology) -> str:
    return topology.side(channel.channel, channel.number, channel.context)


def _direction(cast: _Cast, topology: Topology) -> Direction:
    if cast.caller is None:
        return "unknown"
    own = _side(cast.caller, topology)
    others = {_side(callee, topology) for callee in cast.callees}
    told = {channel.told_side for channel in cast.channels}
    if own == "outside" or "comes_in" in told:
        return "inbound"
    dialed = _dialed(cast)
    if "outside" in others or "goes_out" in told:
        return "outbound"
    if own == "inside" and (topology.is_internal_number(dialed) or "inside" in others):
        return "internal"
    if own == "inside" and dialed[:1] not in "*#" and sum(c.isdigit() for c in dialed) >= 7:
        return "outbound"
    return "internal" if own == "inside" and others else "unknown"


def _trunk(cast: _Cast, topology: Topology) -> ChannelFacts | None:
    for channel in ([cast.caller] if cast.caller else []) + cast.callees:
        if _side(channel, topology) == "outside":
            return channel
    return None


def _by_time(call: CallFacts) -> list[QueueVisit]:
    return sorted(call.queues, key=lambda visit: visit.joined or 0.0)


def _speakers(cast: _Cast) -> list[str]:
    """Channels of those who took the call, in the order in which they began to speak."""
    spoke = [c for c in cast.people if c is not cast.caller and c.uniqueid in cast.spoken]
    spoke.sort(key=lambda c: cast.spoken[c.uniqueid][0][0])
    return [c.channel for c in spoke]


def _last_speaker(cast: _Cast) -> str:
    spoke = [c for c in cast.people if c is not cast.caller and c.uniqueid in cast.spoken]
    if not spoke:
        return ""
    return max(spoke, key=lambda c: (cast.spoken[c.uniqueid][-1][1], c.age)).channel


def _transfers(call: CallFacts) -> tuple[Transfer, ...]:
    ordered = sorted(call.transfers, key=lambda t: t.at)
    return tuple(Transfer(kind=t.kind, by=t.by, to=t.to, at=moment(t.at)) for t in ordered)  # type: ignore[arg-type]


def _wait(call: CallFacts, cast: _Cast, answered: float | None) -> float | None:
    caller = cast.caller
    if caller is None:
        return None
    joined = [v.joined for v in call.queues if v.joined is not None]
    start = min(joined) if joined else caller.start
    left = [v.left for v in call.queues if v.left is not None]
    gone = max(left) if left and len(left) == len(call.queues) else caller.hung_up
    end = answered if answered is not None else gone
    if end is None or start < FIRST_REAL_INSTANT:
        return None
    return _seconds(max(0.0, end - start))


def _hangup(cast: _Cast) -> tuple[str, int | None]:
    """Who ended it (channel name, '' for the PBX itself) and the Q.850 cause."""
    caller = cast.caller
    if caller is None:
        return "", None
    sides = [c for c in cast.people if c is caller or c.uniqueid in cast.spoken]
    for channel in sides:
        if channel.hangup_source and any(channel.hangup_source == c.channel for c in sides):
            return channel.hangup_source, channel.cause
    asked = [c for c in sides if c.hangup_requested is not None]
    if asked:
        first = min(asked, key=lambda c: c.hangup_requested or 0.0)
        return first.channel, first.cause if first.cause is not None else caller.cause
    refused = [c for c in cast.callees if c.cause is not None and c.ended_itself]
    if len(cast.callees) == 1 and refused and not cast.spoken:
        return refused[0].channel, refused[0].cause
    return "", caller.cause


def _ended(call: CallFacts) -> float | None:
    ends = [c.hung_up for c in call.channels.values()]
    if any(end is None for end in ends):
        return None
    return max((end for end in ends if end is not None), default=None)


def _seconds(value: float) -> float:
    return round(max(0.0, value), 3)


def _without_times(record: CallRecord) -> CallRecord:
    """A stream without times has an order, but no durations."""
    legs = tuple(replace(leg, talk_seconds=0.0, hold_seconds=0.0) for leg in record.legs)
    return replace(record, legs=legs, talk_seconds=0.0, hold_seconds=0.0, wait_seconds=None)
