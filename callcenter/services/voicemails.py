"""Use cases around messages that callers left for a queue: they follow the calls; people hear
them, call back, and say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from callcenter.agents.staffing import QueueSettings
from callcenter.calls.record import CallRecord
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Message
from callcenter.realtime.payloads import Identified
from callcenter.recordings.rights import ONE_PLAYING
from callcenter.services.call_rows import WrittenCalls
from callcenter.services.callback_requests import callback_news
from callcenter.voicemail.message import Voicemail, queue_of, set_aside

LONGEST_RESULT = 255
Sound = tuple[float, Iterable[int]]
"""Seconds, and the loudest of each stretch from 0 to 100."""


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Inside the writer's transaction; costs nothing while nobody leaves a message."""
    told = [
        (record, written.identified[id_], file, queue)
        for id_, record in written.records.items()
        for leg in record.legs
        for file in (sound.file for sound in leg.recordings)
        if (queue := queue_of(file)) is not None
    ]
    if not told:
        return []
    queues = uow.staffing.queues()
    rows = [_row(*one, queues.get(one[3]), clock.now()) for one in told]
    return callback_news(uow) if uow.voicemails.add_missing(rows) else []


def _row(  # noqa: PLR0917 (all that one row is made of)
    record: CallRecord,
    who: Identified,
    file: str,
    queue: str,
    settings: QueueSettings | None,
    now: datetime,
) -> dict[str, Any]:
    left_at = record.ended_at or now
    due = (settings or QueueSettings(name=queue)).message_due_minutes
    return {
        "interaction_id": who.interaction_id,
        "call_id": record.id,
        "customer_id": who.only.id if who.only is not None else None,
        "number": who.number_e164,
        "queue": queue,
        "pbx": record.pbx,
        "file": file.rpartition("/")[2],
        "created_at": left_at,
        "due_at": left_at + timedelta(minutes=due),
    }


def measure(
    sound_of: Callable[[Voicemail], Sound | None],
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    limit: int = 20,
) -> int:
    """Look at the files that nobody has looked at: what is too short or silent need nobody hear.
    `sound_of` says None while the file is not there or still being written."""
    count = 0
    with unit_of_work() as uow:
        waiting = uow.voicemails.unmeasured(limit)
    measured = [(one, sound) for one in waiting if (sound := sound_of(one)) is not None]
    if not measured:
        return 0
    with unit_of_work() as uow:
        for one, (seconds, peaks) in measured:
            told = {"seconds": max(seconds, 0.1), "set_aside": set_aside(seconds, list(peaks))}
            uow.voicemails.change(one.id, told)
            count += 1
        news = callback_news(uow)
        uow.commit()
    publisher.publish(news)
    return count


def note_heard(
    voicemail_id: int,
    playing: str,
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """Once for each playing: a player asks for many pieces of one file under the same `playing`."""
    who: dict[str, Any] = {
        "user_id": user_id,
        "action": "sound_heard",
        "object_type": "voicemail",
    }
    now = clock.now()
    with unit_of_work() as uow:
        known = uow.audit.noted(**who, object_id=str(voicemail_id), since=now - ONE_PLAYING)
        if {"playing": playing} in known:
            return
        uow.audit.record(**who, object_id=str(voicemail_id), at=now, detail={"playing": playing})
        uow.commit()


def act(
    voicemail_id: int,
    step: str,
    *,
    user_id: int,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    result: str = "",
    to: int | None = None,
) -> None:
    """take, release, assign (to somebody), done (with what came of it), reopen."""
    with unit_of_work() as uow:
        row = uow.voicemails.get(voicemail_id)
        if row is None:
            raise NotFound("voicemail", f"there is no message {voicemail_id}")
        values = _step(uow, row, step, user_id, to, result, clock.now())
        uow.voicemails.change(row.id, values)
        uow.audit.record(
            user_id=user_id,
            action=f"voicemail_{step}",
            object_type="voicemail",
            object_id=str(row.id),
            at=clock.now(),
            detail={"to": to, "result": result.strip()},
        )
        news = callback_news(uow)
        uow.commit()
    publisher.publish(news)


def _step(  # noqa: PLR0917 (one step, word by word)
    uow: UnitOfWork,
    row: Voicemail,
    step: str,
    user_id: int,
    to: int | None,
    result: str,
    now: datetime,
) -> dict[str, Any]:
    if step == "reopen":
        return {"state": "new", "done_at": None, "done_by": None, "set_aside": ""}
    if row.done_at is not None:
        raise Conflict("state", "this message is done already")
    if step == "take":
        if row.assigned_to not in (None, user_id):
            raise Conflict("assigned_to", "somebody else has taken it already")
        return {"state": "taken", "assigned_to": user_id}
    if step == "release":
        return {"state": "new", "assigned_to": None}
    if step == "assign":
        person = uow.users.get(to) if to is not None else None
        if to is not None and (person is None or not person.active):
            raise NotFound("assigned_to", "there is no such person")
        return {"state": "taken" if to else "new", "assigned_to": to}
    if step != "done":
        raise Invalid("step", "must be take, release, assign, done or reopen")
    if len(result) > LONGEST_RESULT:
        raise Invalid("result", f"must have at most {LONGEST_RESULT} characters")
    return {"state": "done", "done_at": now, "done_by": user_id, "result": result.strip()}
