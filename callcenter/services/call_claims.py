"""One supervisor at a time takes a call over, or has its waiting caller called up, and one caller
at a time is sent to a phone.

A claim is a row that every process sees. It ends with what it was made for (`follow_calls`), when
the PBX did not do it (`release`), or when its time has passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.calls.record import CallRecord
from callcenter.errors import Conflict
from callcenter.ports import Clock, UnitOfWork
from callcenter.services.call_rows import WrittenCalls
from callcenter.supervision.claims import Claim, Deed, is_over
from callcenter.supervision.stepping import Session, channel_of

BEGUN = "this was begun in another window; look again"


def take(  # noqa: PLR0917 (what a claim is made of)
    uow: UnitOfWork,
    deed: Deed,
    record: CallRecord,
    by: int,
    to: int,
    command_id: str,
    now: datetime,
    lasts: timedelta,
) -> None:
    """Raises Conflict, with who does it and since when."""
    claim = Claim(
        call_id=record.id,
        deed=deed,
        user_id=by,
        to_id=to,
        command_id=command_id,
        since=now,
        until=now + lasts,
    )
    other = uow.supervision.claim(claim)
    if other is not None:
        raise _refusal(uow, other, claim)


def refuse_begun(uow: UnitOfWork, command_id: str) -> None:
    """One command is one deed of one person, whoever sends it again. Raises Conflict."""
    stretch = uow.supervision.channels_known({channel_of(command_id)})
    if stretch or uow.supervision.claim_by(command_id) is not None:
        raise Conflict("id", BEGUN)


def refuse_taken(uow: UnitOfWork, call_id: str, by: int, now: datetime) -> None:
    """Raises Conflict, as `take` would."""
    other = uow.supervision.claim_on(call_id, now)
    if other is not None:
        raise _taken(uow, other, by)


def doing_already(since: datetime) -> Conflict:
    return Conflict("call", f"you do this already, since {since.isoformat()}")


def _refusal(uow: UnitOfWork, other: Claim, wanted: Claim) -> Conflict:
    if other.command_id == wanted.command_id:
        return Conflict("id", BEGUN)
    if other.call_id != wanted.call_id:
        since = other.since.isoformat()
        name = _name(uow, other)
        return Conflict("to", f"{name} sends a caller to this phone, since {since}")
    return _taken(uow, other, wanted.user_id)


def _taken(uow: UnitOfWork, other: Claim, by: int) -> Conflict:
    if other.user_id == by:
        return doing_already(other.since)
    since, name = other.since.isoformat(), _name(uow, other)
    does = "takes this call over" if other.deed == "take_over" else "calls this caller up"
    return Conflict("call", f"{name} {does}, since {since}")


def _name(uow: UnitOfWork, claim: Claim) -> str:
    who = uow.users.get(claim.user_id)
    return who.display_name if who is not None else "?"


def release(
    command_id: str,
    *,
    came_to_nothing: bool,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """The PBX did not say that it did what was wished by this command. `came_to_nothing`: it said
    that it did not, so that a stretch which has not begun never will."""
    with unit_of_work() as uow:
        claim = uow.supervision.release(command_id)
        if came_to_nothing:
            now = clock.now()
            stretches = [one for one in uow.supervision.open_now() if one.began_at is None]
            failed = [one for one in stretches if _is_of(one, command_id, claim)]
            uow.supervision.save([replace(one, ended_at=now) for one in failed])
        uow.commit()


def _is_of(session: Session, command_id: str, claim: Claim | None) -> bool:
    """Who was listening and took over goes on by the channel that they had."""
    if session.channel == channel_of(command_id):
        return True
    if claim is None or session.mode != "take_over":
        return False
    return (session.call_id, session.supervisor_id) == (claim.call_id, claim.user_id)


def follow_calls(uow: UnitOfWork, written: WrittenCalls) -> None:
    """End the claims of what has come about, or can no more."""
    for claim in uow.supervision.claims({*written.records, *written.absorbed}):
        call_id = written.absorbed.get(claim.call_id, claim.call_id)
        record = written.records.get(call_id)
        if record is not None and is_over(claim, record, written.users_by_endpoint):
            uow.supervision.release(claim.command_id)
        elif call_id != claim.call_id:
            uow.supervision.rename_call(claim.call_id, call_id)
