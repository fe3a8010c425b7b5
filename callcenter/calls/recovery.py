"""One call seen by two processes: what a listener wrote before it died, and what its successor saw.

Until the ledger has the last word, the successor must not make the record poorer: it met the call
in mid-life and never saw how it began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from callcenter.calls.record import CallRecord, CallResult, Leg, QueueVisit, SoundFile, Transfer

T = TypeVar("T")
_SAME_MOMENT = timedelta(seconds=1)


def combine(before: CallRecord, now: CallRecord) -> CallRecord:
    """`now` completed by what only `before` knew. Legs and figures never shrink."""
    answered = "answered" in (before.result, now.result)
    return replace(
        now,
        id=before.id,
        direction=before.direction if before.direction != "unknown" else now.direction,
        result="answered" if answered else _known(before, now),
        started_at=_earliest(before.started_at, now.started_at),
        answered_at=_earliest(before.answered_at, now.answered_at),
        caller_number=before.caller_number or now.caller_number,
        caller_name=before.caller_name or now.caller_name,
        dialed=before.dialed or now.dialed,
        trunk=before.trunk or now.trunk,
        queues=_union(before.queues, now.queues),
        legs=_legs(before.legs, now),
        answered_by=_union(before.answered_by, now.answered_by),
        last_speaker=now.last_speaker or before.last_speaker,
        transfers=_transfers(before.transfers, now.transfers),
        wait_seconds=before.wait_seconds if before.answered_at else now.wait_seconds,
        talk_seconds=_talk(before, now, now.ended_at),
        hold_seconds=max(before.hold_seconds, now.hold_seconds),
        ring_seconds=max(before.ring_seconds, now.ring_seconds),
        park_seconds=max(before.park_seconds, now.park_seconds),
        route=before.route or now.route,
        menu=max(before.menu, now.menu, key=len),
        queue_visits=_visits(before.queue_visits, now.queue_visits),
        channels=_union(before.channels, now.channels),
        uniqueids=_union(before.uniqueids, now.uniqueids),
        linkedids=_union(before.linkedids, now.linkedids),
    )


def halves_of_one(one: CallRecord, other: CallRecord) -> CallRecord:
    """Two live records that are known to be one call: each leg as its own half tells it."""
    ended = max(filter(None, (one.ended_at, other.ended_at)), default=None)
    live = one.live or other.live
    return replace(
        combine(one, other),
        legs=tuple({leg.uniqueid: leg for leg in (*one.legs, *other.legs)}.values()),
        live=live,
        ended_at=None if live else ended,
    )


def _known(before: CallRecord, now: CallRecord) -> CallResult:
    return now.result if now.result != "unknown" else before.result


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _union(one: Iterable[T], other: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _transfers(before: tuple[Transfer, ...], now: tuple[Transfer, ...]) -> tuple[Transfer, ...]:
    """Each once: link and ledger give the moment of one transfer with different microseconds."""
    fresh = [one for one in now if not any(_is_same(one, other) for other in before)]
    return (*before, *fresh)


def _visits(before: tuple[QueueVisit, ...], now: tuple[QueueVisit, ...]) -> tuple[QueueVisit, ...]:
    """The nth of each queue is one visit: it began when the first to see it says, and ended as the
    last to see it knows."""
    kept = _by_turn(before)
    for turn, visit in _by_turn(now).items():
        known = kept.get(turn)
        kept[turn] = _visit(known, visit) if known is not None else visit
    return tuple(sorted(kept.values(), key=lambda one: (one.joined_at is None, one.joined_at)))


def _by_turn(visits: tuple[QueueVisit, ...]) -> dict[tuple[str, int], QueueVisit]:
    found: dict[tuple[str, int], QueueVisit] = {}
    for visit in visits:
        turn = sum(1 for queue, _ in found if queue == visit.queue)
        found[visit.queue, turn] = visit
    return found


def _visit(before: QueueVisit, now: QueueVisit) -> QueueVisit:
    if now.how == "waiting" or (before.how == "answered" and now.how != "answered"):
        return before if before.how != "waiting" else replace(now, joined_at=before.joined_at)
    joined = _earliest(before.joined_at, now.joined_at)
    end = now.answered_at or now.left_at
    wait = (end - joined).total_seconds() if end is not None and joined is not None else 0.0
    return replace(now, joined_at=joined, wait_seconds=round(max(now.wait_seconds, wait), 3))


def _is_same(one: Transfer, other: Transfer) -> bool:
    if (one.kind, one.by) != (other.kind, other.by):
        return False
    if one.at is None or other.at is None:
        return one.at is other.at
    return abs(one.at - other.at) < _SAME_MOMENT


def _talk(before: CallRecord | Leg, now: CallRecord | Leg, end: datetime | None) -> float:
    """Both saw a part of one conversation: it lasted from the first answer to the end.

    Holds that either saw are taken off; a part that nobody saw counts as talk.
    """
    seen = max(before.talk_seconds, now.talk_seconds)
    if before.answered_at is None or now.answered_at is None or end is None:
        return seen
    if now.answered_at - before.answered_at < _SAME_MOMENT:
        return seen  # both saw it from the start
    held = max(before.hold_seconds, now.hold_seconds)
    return max(seen, round((end - before.answered_at).total_seconds() - held, 3))


def _legs(before: tuple[Leg, ...], now: CallRecord) -> tuple[Leg, ...]:
    fresh = {leg.uniqueid: leg for leg in now.legs}
    kept = [_leg(leg, fresh.pop(leg.uniqueid, None), now) for leg in before]
    return (*kept, *fresh.values())


def _leg(before: Leg, now: Leg | None, call: CallRecord) -> Leg:
    if now is None:
        # It ended while nobody looked; the moment we began to look again is the latest it can be.
        gone = before.ended_at or call.started_at or call.ended_at
        return replace(before, ended_at=gone, held_since=None)
    return replace(
        before,
        number=before.number or now.number,
        name=before.name or now.name,
        ringing_at=_earliest(before.ringing_at, now.ringing_at),
        answered_at=_earliest(before.answered_at, now.answered_at),
        ended_at=now.ended_at or before.ended_at,
        result="answered" if "answered" in (before.result, now.result) else now.result,
        talk_seconds=_talk(before, now, now.ended_at),
        hold_seconds=max(before.hold_seconds, now.hold_seconds),
        ring_seconds=max(before.ring_seconds, now.ring_seconds),
        wrap_up_seconds=max(before.wrap_up_seconds, now.wrap_up_seconds),
        recordings=_recordings(before.recordings, now.recordings),
        held_since=now.held_since,
    )


def _recordings(before: tuple[SoundFile, ...], now: tuple[SoundFile, ...]) -> tuple[SoundFile, ...]:
    """Each file once, as it was seen to begin and, by whoever saw it, to end."""
    later = {sound.file: sound for sound in now}
    known = [_recording(sound, later.pop(sound.file, sound)) for sound in before]
    return (*known, *later.values())


def _recording(before: SoundFile, now: SoundFile) -> SoundFile:
    return replace(
        before,
        started_at=_earliest(before.started_at, now.started_at),
        stopped_at=now.stopped_at or before.stopped_at,
        pauses=now.pauses or before.pauses,
    )
