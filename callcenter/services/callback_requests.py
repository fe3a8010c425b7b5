"""Use cases around call-backs that callers ask for: asked on the phone, looked after by people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from callcenter.agents.staffing import QueueSettings
from callcenter.callbacks.request import CallbackRequest, Rule
from callcenter.customers.phone import is_costly
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.outbound.rights import is_outside, refusal
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.services.missed_calls import close_with_callback, missed_news

LONGEST_NOTE = 255
Opening = Callable[[str, datetime], datetime | None]
"""(calendar, at) → when somebody may next be called by it; `at` itself for now, None for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a caller asks for. `place_at`: since when they wait; `number` is E.164."""

    number: str
    queue: str
    place_at: datetime
    pbx: str = ""
    call_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """`later`: not before we open again."""

    request_id: int
    later: bool


def may_be_called(uow: UnitOfWork, number: str) -> bool:
    """By what operators may dial: a request that nobody could carry out is not taken. Nor one that
    a stranger earns by, or that would call ourselves."""
    allowed = is_outside(number) and refusal(number, uow.outbound.right_of("operator"), 0) is None
    return allowed and not is_costly(number) and not _is_ours(uow, number)


def _is_ours(uow: UnitOfWork, number: str) -> bool:
    return any(one.number == number for one in uow.pbx_plans.numbers())


def request(
    wish: Wish,
    opening: Opening,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> Noted:
    """One open request for each number and queue: asked again, the earlier place stays."""
    try:
        noted, news = _request(wish, opening, unit_of_work, clock)
    except Conflict:  # another channel of the same number was quicker by a moment
        noted, news = _request(wish, opening, unit_of_work, clock)
    publisher.publish(news)
    return noted


def _request(
    wish: Wish, opening: Opening, unit_of_work: Callable[[], UnitOfWork], clock: Clock
) -> tuple[Noted, list[Message]]:
    now = clock.now()
    with unit_of_work() as uow:
        queue = uow.staffing.queues().get(wish.queue)
        if queue is None:
            raise NotFound("queue", "there is no such queue")
        if not may_be_called(uow, wish.number):
            raise Invalid("number", "this number cannot be called")
        known = uow.callbacks.open_of(wish.number, wish.queue)
        if known is not None:
            later = known.not_before > now
            return Noted(known.id, later), []
        not_before = opening(queue.callback_calendar, now)
        if not_before is None:
            raise Conflict("queue", "nobody is there to call back")
        request_id = uow.callbacks.add(_values(uow, wish, queue, not_before, now))
        news = [*callback_news(uow), *missed_news(uow)]
        uow.commit()
    return Noted(request_id, not_before > now), news


def _values(
    uow: UnitOfWork, wish: Wish, queue: QueueSettings, not_before: datetime, now: datetime
) -> dict[str, Any]:
    owners = uow.customers.find_by_numbers([wish.number]).get(wish.number, ())
    only = owners[0].id if len(owners) == 1 else None
    return {
        "pbx": wish.pbx,
        "call_id": wish.call_id,
        "customer_id": only,
        "number": wish.number,
        "queue": wish.queue,
        "language": wish.language,
        "place_at": min(wish.place_at, now),
        "not_before": not_before,
        "expires_at": not_before + rule_of(queue).lasts,
        "next_at": not_before,
        "created_at": now,
    }


def rule_of(queue: QueueSettings | None) -> Rule:
    known = queue or QueueSettings(name="")
    return Rule(
        attempts=known.callback_attempts,
        retry=timedelta(minutes=known.callback_retry_minutes),
        lasts=timedelta(hours=known.callback_hours),
    )


def callback_news(uow: UnitOfWork) -> list[Message]:
    """How many wait, for everybody; lists that are open on a screen read themselves anew."""
    alike: dict[tuple[int, int], list[int]] = {}
    for user_id, counts in uow.voicemails.counts().items():
        key = (counts["callbacks_open"], counts["voicemails_open"])
        alike.setdefault(key, []).append(user_id)
    return [
        Message(
            kind="task",
            audience=Audience(users=tuple(sorted(users))),
            payload={
                "counts": {"callbacks_open": callbacks, "voicemails_open": voicemails},
                "reminder": None,
            },
        )
        for (callbacks, voicemails), users in alike.items()
    ]


# -- by people -----------------------------------------------------------------------------------


def take(
    request_id: int,
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    release: bool = False,
) -> None:
    """Say that one calls back oneself; or give it back to whoever is ready."""
    now = clock.now()
    with unit_of_work() as uow:
        row = _open(uow, request_id)
        if release and row.assigned_to != user_id:
            return
        if not release and row.assigned_to not in (None, user_id):
            raise Conflict("assigned_to", "somebody else is calling back already")
        _change(uow, row, {"assigned_to": None if release else user_id, "next_at": now})
        news = callback_news(uow)
        uow.commit()
    publisher.publish(news)


def assign(
    request_id: int,
    to: int | None,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Give it to one person, or to whoever is ready (None)."""
    with unit_of_work() as uow:
        row = _open(uow, request_id)
        if to is not None:
            person = uow.users.get(to)
            if person is None or not person.active or not person.endpoint:
                raise NotFound("assigned_to", "there is no such person with a phone")
        _change(uow, row, {"assigned_to": to, "declined_by": ""})
        _audit(uow, user_id, "callback_assigned", row, clock, {"to": to})
        news = callback_news(uow)
        uow.commit()
    publisher.publish(news)


def close(
    request_id: int,
    state: str,
    note: str,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Done by other means, or cancelled; with a word of why."""
    if state not in ("done", "cancelled"):
        raise Invalid("state", "must be done or cancelled")
    if state == "cancelled" and not note.strip():
        raise Invalid("note", "say why it need not be called back")
    if len(note) > LONGEST_NOTE:
        raise Invalid("note", f"must have at most {LONGEST_NOTE} characters")
    with unit_of_work() as uow:
        row = _open(uow, request_id)
        values = {
            "state": state,
            "note": note.strip(),
            "closed_at": clock.now(),
            "closed_by": user_id,
            "last_result": "by_hand",
        }
        _change(uow, row, values)
        _audit(uow, user_id, f"callback_{state}", row, clock, {"note": note.strip()})
        settled = close_with_callback(uow, row.number, user_id, note, clock.now())
        news = [*callback_news(uow), *settled]
        uow.commit()
    publisher.publish(news)


def _open(uow: UnitOfWork, request_id: int) -> CallbackRequest:
    row = uow.callbacks.get(request_id)
    if row is None:
        raise NotFound("callback", f"there is no call-back {request_id}")
    if row.closed_at is not None:
        raise Conflict("state", "this call-back is off the list already")
    return row


def _change(uow: UnitOfWork, row: CallbackRequest, values: dict[str, Any]) -> None:
    if not uow.callbacks.change(row, values):
        raise Conflict("state", "this call-back has just changed: look again")


def _audit(  # noqa: PLR0917 (one row of the audit)
    uow: UnitOfWork,
    user_id: int,
    action: str,
    row: CallbackRequest,
    clock: Clock,
    detail: dict[str, Any],
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="callback",
        object_id=str(row.id),
        at=clock.now(),
        detail=detail,
    )
