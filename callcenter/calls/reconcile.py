"""What the ledger makes of a call that the live stream has told already. Pure.

The ledger wins over what was told live wherever it is whole: it was written by the PBX itself,
whether anybody listened or not. What it does not know (when a phone rang, hold) stays as told.
Where it has holes, both are joined and no figure shrinks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.calls.record import CallRecord, Leg
from callcenter.calls.recovery import combine
from callcenter.calls.repair import Repair, RepairCause
from callcenter.calls.signals import ChannelSeen, ChannelSignal, HungUp, MusicPlayed, Signal

SAME_MOMENT = timedelta(seconds=1)
SAME_SECONDS = 1.0

# What a repair is told of, in the order in which people ask. Only what both sources can know.
_WORDS = ("direction", "result", "caller_number", "dialed", "trunk", "route", "hangup_by")
_LISTS = ("queues", "menu")
_TIMES = ("started_at", "answered_at", "ended_at")
_SECONDS = ("wait_seconds", "talk_seconds", "hold_seconds")


_Change = tuple[str, str, str]  # field, before, after


def is_whole(signals: Iterable[Signal], told: CallRecord) -> bool:
    """The ledger saw every channel of the call from its beginning to its end."""
    begun, ended, seen = set(), set(), set()
    for signal in signals:
        if not isinstance(signal, ChannelSignal):
            continue
        seen.add(signal.uniqueid)
        if isinstance(signal, ChannelSeen) and signal.created:
            begun.add(signal.uniqueid)
        elif isinstance(signal, HungUp):
            ended.add(signal.uniqueid)
    return seen == begun == ended and seen >= set(told.uniqueids)


def agree(told: CallRecord, ledger: CallRecord) -> bool:
    """Nothing to mend: a cheap look that spares making the record anew.

    Of what only one of them can know (rings, holds) nothing is asked.
    """
    return (
        not told.live
        and told.end_seen
        and set(told.uniqueids) == set(ledger.uniqueids)
        and not _changed_words(told, ledger)
        and all(_same_time(getattr(told, name), getattr(ledger, name)) for name in _TIMES)
        and _same_seconds(told.wait_seconds, ledger.wait_seconds)
        and _same_seconds(_conversation(told), _conversation(ledger))
        and _spoke(told) == _spoke(ledger)
        and _same_moves(told, ledger)
    )


def reconcile(told: CallRecord, remade: CallRecord, ledger: Sequence[Signal]) -> CallRecord:
    """The record that stands: `remade` is made from the ledger and every live event kept."""
    if not is_whole(ledger, told):
        return _joined(told, remade, ledger)
    final = replace(
        remade,
        id=told.id,
        caller_name=remade.caller_name or told.caller_name,
        legs=tuple(_leg(leg, told) for leg in remade.legs),
        ring_seconds=remade.ring_seconds or told.ring_seconds,
        linkedids=tuple(dict.fromkeys((*told.linkedids, *remade.linkedids))),
    )
    if not tells_of_hold(ledger):
        final = _with_hold(final, told)
    if not remade.end_seen and told.end_seen and told.ended_at is not None:
        return replace(final, ended_at=told.ended_at, end_seen=True)
    return final


def _joined(told: CallRecord, remade: CallRecord, ledger: Sequence[Signal]) -> CallRecord:
    """Both have holes. Who called whom the ledger knows if it saw the call begin: the live stream
    may have met it in mid-life, when the dialplan had sent it on already.
    """
    joined = combine(told, remade)
    # A call open in the ledger for half a day does not come to life again if its end was told.
    over = remade.ended_at or told.ended_at
    joined = replace(joined, live=told.live and remade.live, ended_at=over)
    if not _saw_the_beginning(ledger, remade):
        return joined
    return replace(
        joined,
        caller_number=remade.caller_number or joined.caller_number,
        dialed=remade.dialed or joined.dialed,
        started_at=remade.started_at,
        wait_seconds=remade.wait_seconds if remade.answered_at else joined.wait_seconds,
    )


def _saw_the_beginning(ledger: Iterable[Signal], remade: CallRecord) -> bool:
    first = remade.id.partition("/")[2]
    return any(isinstance(s, ChannelSeen) and s.created and s.uniqueid == first for s in ledger)


def tells_of_hold(ledger: Iterable[Signal]) -> bool:
    """This PBX writes down the music that a held party hears (Asterisk 22 does, 16 does not).

    Then a hold whose end was missed live is no witness. A call without a note of music may come
    from an older PBX: there what was told live stands.
    """
    return any(isinstance(signal, MusicPlayed) for signal in ledger)


def repairs_of(
    told: CallRecord | None, final: CallRecord, at: datetime
) -> tuple[CallRecord | None, tuple[Repair, ...]]:
    """What changes, field by field; and the record to write, None when all stays as it is."""
    if told is None:
        return final, (_repair(final.id, at, "missed", ("result", "", final.result)),)
    changes = list(_changes(told, final))
    if not changes:
        stays = told.uniqueids == final.uniqueids and told.live == final.live
        return (None if stays else final), ()
    cause: RepairCause = "unfinished" if told.live or not told.end_seen else "corrected"
    return final, tuple(_repair(final.id, at, cause, change) for change in changes)


def _changes(told: CallRecord, final: CallRecord) -> Iterable[_Change]:
    if told.live and not final.live:
        yield "live", "yes", "no"
    yield from _changed_words(told, final)
    for name in _TIMES:
        before, after = getattr(told, name), getattr(final, name)
        if not _same_time(before, after):
            yield name, _iso(before), _iso(after)
    for name in _SECONDS:
        before, after = getattr(told, name), getattr(final, name)
        if not _same_seconds(before, after):
            yield name, _number(before), _number(after)
    if _spoke(told) != _spoke(final) or _last(told) != _last(final):
        yield "answered_by", ", ".join(_speakers(told)), ", ".join(_speakers(final))
    if not _same_moves(told, final):
        yield "transfers", _moves(told), _moves(final)
    before_legs, after_legs = _legs(told), _legs(final)
    if before_legs != after_legs:
        yield "legs", ", ".join(before_legs), ", ".join(after_legs)


def _changed_words(told: CallRecord, other: CallRecord) -> list[_Change]:
    changed = [
        (name, str(getattr(told, name)), str(getattr(other, name)))
        for name in _WORDS
        if getattr(told, name) != getattr(other, name)
    ]
    return changed + [
        (name, ", ".join(getattr(told, name)), ", ".join(getattr(other, name)))
        for name in _LISTS
        if getattr(told, name) != getattr(other, name)
    ]


def _leg(leg: Leg, told: CallRecord) -> Leg:
    """A leg as the ledger has it, with the ring and the rest that only the live stream knew."""
    known = next((one for one in told.legs if one.uniqueid == leg.uniqueid), None)
    if known is None:
        return leg
    return replace(
        leg,
        name=leg.name or known.name,
        number=leg.number or known.number,
        ringing_at=known.ringing_at or leg.ringing_at,
        ring_seconds=known.ring_seconds or leg.ring_seconds,
        wrap_up_seconds=leg.wrap_up_seconds or known.wrap_up_seconds,
        recordings=leg.recordings or known.recordings,
    )


def _with_hold(final: CallRecord, told: CallRecord) -> CallRecord:
    """A hold that only the live stream saw is taken off the conversation the ledger measured."""
    known = {leg.uniqueid: leg for leg in told.legs}
    legs = []
    for leg in final.legs:
        before = known.get(leg.uniqueid)
        both = leg.talk_seconds + leg.hold_seconds
        held = max(leg.hold_seconds, min(before.hold_seconds, both) if before else 0.0)
        legs.append(replace(leg, hold_seconds=held, talk_seconds=round(both - held, 3)))
    held = min(told.hold_seconds, _conversation(final))
    if final.hold_seconds >= held:
        return replace(final, legs=tuple(legs))
    talk = round(_conversation(final) - held, 3)
    return replace(final, legs=tuple(legs), hold_seconds=held, talk_seconds=talk)


def _conversation(call: CallRecord) -> float:
    return call.talk_seconds + call.hold_seconds


def _spoke(call: CallRecord) -> set[str]:
    return set(call.answered_by)


def _last(call: CallRecord) -> str:
    return call.last_speaker


def _speakers(call: CallRecord) -> Sequence[str]:
    """In order, the last speaker last."""
    others = [name for name in call.answered_by if name != call.last_speaker]
    return [*others, call.last_speaker] if call.last_speaker else others


def _same_moves(one: CallRecord, other: CallRecord) -> bool:
    return [(t.kind, t.by) for t in one.transfers] == [(t.kind, t.by) for t in other.transfers]


def _moves(call: CallRecord) -> str:
    return ", ".join(f"{t.kind} by {t.by} to {t.to}" for t in call.transfers)


def _legs(call: CallRecord) -> list[str]:
    return sorted(f"{leg.channel} {leg.role} {leg.result}" for leg in call.legs)


def _same_time(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < SAME_MOMENT


def _same_seconds(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < SAME_SECONDS


def _iso(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".rstrip("0").rstrip(".")


def _repair(call_id: str, at: datetime, cause: RepairCause, change: _Change) -> Repair:
    name, before, after = change
    return Repair(call_id=call_id, at=at, cause=cause, field=name, before=before, after=after)
