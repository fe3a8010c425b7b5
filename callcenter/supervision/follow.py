"""What has become of a supervisor's stretch in a call, read from the call's own record. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from callcenter.calls.record import CallRecord
from callcenter.supervision.stepping import Session, leg_of_channel


def followed(session: Session, record: CallRecord, now: datetime) -> Session:
    """The stretch as it is now. Listening ends where the take-over of the same channel begins: that
    is a stretch of its own."""
    leg = leg_of_channel(record, session.channel)
    over = None if record.live else (record.ended_at or now)
    if leg is None:
        return replace(session, ended_at=over)
    listens = leg.role == "spy"
    if session.mode == "take_over":
        if listens:  # the PBX has not done it yet
            return replace(session, ended_at=over)
        return replace(session, began_at=leg.answered_at, ended_at=leg.ended_at or over)
    began = session.began_at or (leg.answered_at if listens else session.asked_at)
    ended = leg.ended_at if listens else leg.answered_at
    return replace(session, began_at=began, ended_at=ended or over)


def unknown_spies(record: CallRecord, known: Iterable[str]) -> list[str]:
    """Channels that listen without the product's doing: by a code keyed on a desk phone."""
    met = set(known)
    return [leg.uniqueid for leg in record.legs if leg.role == "spy" and leg.uniqueid not in met]
