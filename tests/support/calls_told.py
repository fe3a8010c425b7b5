"""Turns that a call of the small company may take (see `tests.support.web`)."""

from __future__ import annotations

from dataclasses import replace

from callcenter.calls.record import CallRecord, Transfer
from tests.support.web import World


def transferred(world: World, record: CallRecord, by: str, to: str) -> CallRecord:
    """A blind transfer: the first operator has left, the other one's phone rings."""
    now = world.runtime.clock.now()
    first = next(leg for leg in record.legs if leg.number == by)
    rung = replace(
        first,
        channel=f"PJSIP/{to}-moved",
        uniqueid=f"{first.uniqueid}-moved",
        endpoint=f"PJSIP/{to}",
        number=to,
        ringing_at=now,
        answered_at=None,
        result="missed",
    )
    legs = [replace(leg, ended_at=now) if leg is first else leg for leg in record.legs]
    moved = replace(
        record,
        legs=(*legs, rung),
        transfers=(Transfer(kind="blind", by=first.channel, to=to, at=now),),
        channels=(*record.channels, rung.channel),
        uniqueids=(*record.uniqueids, rung.uniqueid),
    )
    world.tell(moved)
    return moved


def in_vain(record: CallRecord, world: World) -> CallRecord:
    """The caller gave up while it rang."""
    now = world.runtime.clock.now()
    legs = tuple(replace(leg, ended_at=now) for leg in record.legs)
    return replace(record, live=False, ended_at=now, legs=legs)
