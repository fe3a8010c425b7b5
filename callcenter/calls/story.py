"""A call as a story for people: one lane for each participant, what they did from when to when.

Pure. From the facts of the call's events it is exact; from its record alone, where the events are
not kept any more, it knows when each rang, was answered and ended, but not when holds were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from callcenter.calls.cast import spoken_in
from callcenter.calls.conversation import Conversation, Interval
from callcenter.calls.facts import CallFacts, ChannelFacts, QueueVisit
from callcenter.calls.instants import moment
from callcenter.calls.record import CallRecord, Leg, Transfer

Doing = Literal["queue", "ringing", "talking", "hold", "parked", "wrap_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a participant did. `what` names the queue."""

    doing: Doing
    start: datetime
    end: datetime
    what: str = ""

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One participant: their bars in order of time, and their leg as it is recorded.

    A phone that a queue rang again and again is one participant with many legs: `leg` is the one
    that was answered, else the first.
    """

    leg: Leg
    bars: tuple[Bar, ...]
    legs: tuple[Leg, ...]

    def seconds(self, doing: Doing) -> float:
        return sum(bar.seconds for bar in self.bars if bar.doing == doing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transfer on the chart: between which lanes (-1: to somebody who has none)."""

    transfer: Transfer
    at: datetime
    by: int
    to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`exact`: made from the events themselves, so that every bar was seen to begin and to end."""

    start: datetime
    end: datetime
    lanes: tuple[Lane, ...]
    moves: tuple[Move, ...]
    exact: bool

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class _Told:
    """The facts of the events, and who spoke when by them."""

    facts: CallFacts
    spoken: Mapping[str, Conversation]


def _told(facts: CallFacts) -> _Told:
    return _Told(facts, spoken_in(facts))


def tell(record: CallRecord, facts: CallFacts | None, now: datetime) -> Story | None:
    """None where no time is known. `now` ends what is still going on."""
    start = record.started_at
    if start is None:
        return None
    end = max(start, record.ended_at or now)
    told = _told(facts) if facts is not None else None
    lanes = _lanes((leg, _bars(leg, record, told, end)) for leg in record.legs if leg.role != "spy")
    ends = [bar.end for lane in lanes for bar in lane.bars]
    return Story(
        start=start,
        end=max([end, *ends]),
        lanes=tuple(lanes),
        moves=tuple(_moves(record, lanes)),
        exact=told is not None,
    )


def _lanes(drawn: Iterable[tuple[Leg, tuple[Bar, ...]]]) -> list[Lane]:
    lanes: list[Lane] = []
    for leg, bars in drawn:
        at = next((n for n, lane in enumerate(lanes) if _is_the_same(lane, leg, bars)), None)
        if at is None:
            lanes.append(Lane(leg=leg, bars=bars, legs=(leg,)))
            continue
        lane = lanes[at]
        all_bars = tuple(sorted((*lane.bars, *bars), key=lambda bar: bar.start))
        shown = leg if leg.result == "answered" != lane.leg.result else lane.leg
        lanes[at] = Lane(leg=shown, bars=all_bars, legs=(*lane.legs, leg))
    return lanes


def _is_the_same(lane: Lane, leg: Leg, bars: tuple[Bar, ...]) -> bool:
    """The same phone, dialled again: never two things at once."""
    known = lane.leg
    if leg.role != "callee" or known.role != "callee" or not leg.endpoint:
        return False
    if (leg.endpoint, leg.number) != (known.endpoint, known.number):
        return False
    return not any(a.start < b.end and b.start < a.end for a in lane.bars for b in bars)


def _bars(leg: Leg, record: CallRecord, told: _Told | None, end: datetime) -> tuple[Bar, ...]:
    channel = told.facts.channels.get(leg.uniqueid) if told is not None else None
    bars = [*_ringing(leg, end), *_wrap_up(leg)]
    if told is None or channel is None:
        bars += _from_sums(leg, record, end)
    else:
        bars += _from_facts(channel, told, end)
        if leg.talk_seconds and channel.uniqueid not in told.spoken:  # a source without bridges
            bars += (bar for bar in _from_sums(leg, record, end) if bar.doing == "talking")
    return tuple(sorted((bar for bar in bars if bar.end > bar.start), key=lambda bar: bar.start))


def _ringing(leg: Leg, end: datetime) -> Iterable[Bar]:
    if leg.ringing_at is None or leg.role == "caller":
        return
    until = leg.answered_at or leg.ended_at or end
    if leg.ring_seconds and leg.answered_at is None:
        until = min(until, leg.ringing_at + timedelta(seconds=leg.ring_seconds))
    yield Bar(doing="ringing", start=leg.ringing_at, end=until)


def _wrap_up(leg: Leg) -> Iterable[Bar]:
    if leg.wrap_up_seconds and leg.ended_at is not None:
        until = leg.ended_at + timedelta(seconds=leg.wrap_up_seconds)
        yield Bar(doing="wrap_up", start=leg.ended_at, end=until)


def _from_sums(leg: Leg, record: CallRecord, end: datetime) -> Iterable[Bar]:
    """The record says how long, not when: first the wait, the conversation from its answer."""
    if leg.role == "caller" and record.queues and record.wait_seconds and record.started_at:
        until = record.answered_at or record.ended_at or end
        since = max(record.started_at, until - timedelta(seconds=record.wait_seconds))
        yield Bar(doing="queue", start=since, end=until, what=record.queues[0])
    if leg.answered_at is not None and (leg.talk_seconds or leg.result == "answered"):
        yield Bar(doing="talking", start=leg.answered_at, end=leg.ended_at or end)


def _from_facts(channel: ChannelFacts, told: _Told, end: datetime) -> Iterable[Bar]:
    last = min(told.facts.last, end.timestamp())
    part = told.spoken.get(channel.uniqueid)
    if part is not None:
        yield from _as_bars("talking", part.talk)
        waits = [(v.entered, v.left) for v in channel.visits() if not v.joins]
        yield from _as_bars("hold", [span for span in part.held if not _within(span, waits)])
    over = channel.hung_up if channel.hung_up is not None else last
    parked = [
        (visit.entered, visit.left if visit.left is not None else over)
        for visit in channel.visits()
        if visit.entered is not None and not visit.joins
    ]
    yield from _as_bars("parked", parked)
    for visit in told.facts.queues:
        if visit.caller == channel.uniqueid and visit.joined is not None:
            until = _queue_left(visit, part, min(over, last))
            yield from _as_bars("queue", [(visit.joined, until)], visit.queue)


def _within(span: Interval, waits: Iterable[tuple[float, float | None]]) -> bool:
    """Parked is on hold too; it has a bar of its own."""
    return any(start <= span[0] and (left is None or span[1] <= left) for start, left in waits)


def _queue_left(visit: QueueVisit, part: Conversation | None, over: float) -> float:
    """A queue is left when somebody answers, also where only its end was told."""
    joined = visit.joined or 0.0
    left = visit.left if visit.left is not None else over
    return min([left, *(start for start, _ in (part.talk if part else ()) if start >= joined)])


def _as_bars(doing: Doing, spans: Iterable[Interval], what: str = "") -> Iterable[Bar]:
    for start, end in spans:
        begun, over = moment(start), moment(end)
        if begun is not None and over is not None:
            yield Bar(doing=doing, start=begun, end=over, what=what)


def _moves(record: CallRecord, lanes: list[Lane]) -> Iterable[Move]:
    by_channel = {leg.channel: at for at, lane in enumerate(lanes) for leg in lane.legs}
    by_number = {lane.leg.number: at for at, lane in enumerate(lanes) if lane.leg.number}
    for transfer in record.transfers:
        if transfer.at is None:
            continue
        to = by_channel.get(transfer.to, by_number.get(transfer.to, -1))
        yield Move(transfer=transfer, at=transfer.at, by=by_channel.get(transfer.by, -1), to=to)
