"""From facts to record: a pure function, the only place where a call's figures are made.

Definitions (one place, quoted by docs and reports):
- started_at: the first channel was made. answered_at: two people could hear each other.
- wait_seconds: from the first queue entry (without a queue: from started_at) until answered_at;
  when nobody answered, until the last queue was left (without a queue: until the words before a
  message began, or the caller's channel ended). Who leaves a message waits for nobody any more.
- talk_seconds: in conversation and not on hold. Per leg: that person's own; per call: the time in
  which any two people spoke.
- hold_seconds: in conversation, and it stood still: one side pressed hold, consults somebody, or
  parked the other. Per call: of the participant who was held longest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from callcenter.calls.cast import (
    Cast,
    by_age,
    cast_of,
    dialed_of,
    last_speaker,
    speakers,
)
from callcenter.calls.conversation import total, union
from callcenter.calls.direction import direction_of, trunk_of
from callcenter.calls.ending import who_hung_up
from callcenter.calls.facts import (
    FIRST_REAL_INSTANT,
    CallFacts,
    ChannelFacts,
    QueueVisit,
)
from callcenter.calls.instants import moment, seconds
from callcenter.calls.legs import legs_of, with_caller_result
from callcenter.calls.moves import moves_of
from callcenter.calls.outcome import call_result
from callcenter.calls.queue_visits import visits_of
from callcenter.calls.record import CallRecord, Leg
from callcenter.calls.topology import Topology, endpoint_of

_ONE_PRESS = 0.5


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
    cast = cast_of(call, topology)
    answered = bool(cast.spoken)
    legs = tuple(legs_of(cast))
    caller = cast.caller
    tried = [leg.result for leg in legs if leg.role == "callee"]
    ended = _ended(call)
    result = call_result(call, caller, tried, answered=answered, over=ended is not None)
    if result == "abandoned" and _spoke_with_the_pbx(call, cast, topology):
        result = "unknown"
    answered_instant = min((part.start for part in cast.spoken.values()), default=None)
    trunk = trunk_of(cast, topology)
    talk = union(span for part in cast.spoken.values() for span in part.talk)
    by, cause = who_hung_up(cast)
    return CallRecord(
        id=call_id(call, pbx),
        pbx=pbx,
        live=ended is None,
        direction=direction_of(cast, topology),
        result=result,
        started_at=moment(min(c.start for c in call.channels.values())),
        answered_at=moment(answered_instant),
        ended_at=moment(ended),
        caller_number=cast.caller_number,
        caller_name=cast.caller_name,
        dialed=dialed_of(cast),
        trunk=endpoint_of(trunk.channel) if trunk else "",
        queues=_queues(call),
        legs=with_caller_result(legs, result),
        answered_by=tuple(speakers(cast)),
        last_speaker=last_speaker(cast),
        transfers=moves_of(call, cast),
        wait_seconds=_wait(call, cast, answered_instant),
        talk_seconds=seconds(total(talk)),
        hold_seconds=seconds(max((total(part.held) for part in cast.spoken.values()), default=0.0)),
        hangup_by=by,
        hangup_cause=cause,
        ring_seconds=_rang(legs),
        park_seconds=_parked(cast, call.last),
        end_seen=all(c.end_told or c.hung_up is None for c in call.channels.values()),
        queued_at=_queued_at(call, answered_instant),
        route=call.route,
        menu=_menu(call),
        queue_visits=visits_of(call, cast, result),
        channels=tuple(c.channel for c in cast.channels),
        uniqueids=tuple(sorted(call.channels)),
        linkedids=tuple(call.linkedids),
    )


def _spoke_with_the_pbx(call: CallFacts, cast: Cast, topology: Topology) -> bool:
    """One of us listened to a mailbox or pressed a feature code: nobody was to answer."""
    caller = cast.caller
    if caller is None or caller.up is None or caller.stays or cast.callees or call.queues:
        return False
    return direction_of(cast, topology) == "internal"


def _rang(legs: Iterable[Leg]) -> float:
    """The time in which at least one phone rang: of phones that ring together once."""
    spans = [
        (leg.ringing_at.timestamp(), leg.ringing_at.timestamp() + leg.ring_seconds)
        for leg in legs
        if leg.ringing_at is not None and leg.role == "callee"
    ]
    return seconds(total(union(spans)))


def _parked(cast: Cast, last: float) -> float:
    spans = [
        span for channel in cast.channels for span in channel.park.spans(channel.hung_up or last)
    ]
    return seconds(total(union(spans)))


def _menu(call: CallFacts) -> tuple[str, ...]:
    """Live stream and ledger tell one keypress a moment apart; nobody presses so fast."""
    pressed = sorted(call.pressed)
    return tuple(
        key
        for at, key in pressed
        if not any(other == key and 0 < at - before < _ONE_PRESS for before, other in pressed)
    )


def _queues(call: CallFacts) -> tuple[str, ...]:
    """Those that it waited in; else the one that would not take it."""
    waited = tuple(dict.fromkeys(visit.queue for visit in _by_time(call)))
    return waited or ((call.sent_to_queue,) if call.sent_to_queue else ())


def _queued_at(call: CallFacts, answered: float | None) -> datetime | None:
    joined = sorted(visit.joined for visit in call.queues if visit.joined is not None)
    later = [instant for instant in joined if answered is not None and instant > answered]
    return moment((later or joined)[0]) if joined else None


def _by_time(call: CallFacts) -> list[QueueVisit]:
    return sorted(call.queues, key=lambda visit: visit.joined or 0.0)


def _wait(call: CallFacts, cast: Cast, answered: float | None) -> float | None:
    caller = cast.caller
    if caller is None:
        return None
    joined = [v.joined for v in call.queues if v.joined is not None]
    if answered is not None:  # a queue that the call was transferred to comes later
        joined = [instant for instant in joined if instant <= answered]
    start = min(joined) if joined else caller.start
    left = [v.left for v in call.queues if v.left is not None]
    gone = max(left) if left and len(left) == len(call.queues) else _gave_up(call, caller)
    if call.sent_to_queue and not call.queues and answered is None:
        return 0.0  # the queue did not take it in
    end = answered if answered is not None else gone
    if end is None or start < FIRST_REAL_INSTANT:
        return None
    return seconds(max(0.0, end - start))


def _gave_up(call: CallFacts, caller: ChannelFacts) -> float | None:
    """When the caller was led to a message, if no queue tells, or was gone."""
    if call.queues or caller.message_at is None:
        return caller.hung_up
    return min(caller.message_at, caller.hung_up or caller.message_at)


def _ended(call: CallFacts) -> float | None:
    ends = [c.hung_up for c in call.channels.values()]
    if any(end is None for end in ends):
        return None
    return max((end for end in ends if end is not None), default=None)


def _without_times(record: CallRecord) -> CallRecord:
    """A stream without times has an order, but no durations."""
    legs = tuple(replace(leg, talk_seconds=0.0, hold_seconds=0.0) for leg in record.legs)
    visits = tuple(replace(visit, wait_seconds=0.0) for visit in record.queue_visits)
    without = replace(record, legs=legs, talk_seconds=0.0, hold_seconds=0.0, wait_seconds=None)
    return replace(without, queue_visits=visits)
