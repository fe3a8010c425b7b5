"""Use cases around recordings of calls: who listened, and pauses while card data is said aloud.

A pause ends by itself. When it does is a row in the database, and the process that holds the
manager link looks for rows that are due every second (`ami.recording_timer`): that process alone
can carry a resume out, so a web process that dies takes no pause with it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from callcenter.accounts.user import endpoints_of
from callcenter.calls.record import CallRecord, Leg
from callcenter.errors import Forbidden, Invalid, NotFound
from callcenter.ports import Clock, PbxAction, PbxCommand, Publisher, UnitOfWork
from callcenter.ports.recordings import PauseCause, RecordingPause
from callcenter.realtime.messages import Audience, Message
from callcenter.recordings.rights import ONE_PLAYING

PAUSE = timedelta(seconds=120)
_CAUSES: tuple[PauseCause, ...] = ("button", "field", "script")
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Paused:
    """`commands`: ids of what was asked of the PBX; its answers come over the bus."""

    until: datetime
    commands: tuple[str, ...]


def note_heard(
    interaction_id: int,
    number: int,
    playing: str,
    user_id: int,
    *,
    taken: bool = False,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """Once for each playing: a player asks for many pieces of one file under the same `playing`."""
    told = {"number": number, "playing": playing}
    action, place = "sound_taken" if taken else "sound_heard", str(interaction_id)
    now = clock.now()
    with unit_of_work() as uow:
        known = uow.audit.noted(
            user_id=user_id,
            action=action,
            object_type="recording",
            object_id=place,
            since=now - ONE_PLAYING,
        )
        if playing and told in known:
            return
        uow.audit.record(
            user_id=user_id,
            action=action,
            object_type="recording",
            object_id=place,
            at=now,
            detail=told,
        )
        uow.commit()


def pause_recording(
    call_id: str,
    user_id: int,
    cause: str = "button",
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> Paused:
    """Keep nothing of what is said for a while; asked again, for that long from now on."""
    if cause not in _CAUSES:
        raise Invalid("cause", f"must be one of {', '.join(_CAUSES)}")
    now = clock.now()
    with unit_of_work() as uow:
        record = _own_live_call(uow, call_id, user_id)
        channels = recorded_channels(record)
        if not channels:
            raise Invalid("call_id", "this call is not recorded")
        pauses = [
            uow.recording_pauses.begin(record.id, one, user_id, cause, now, now + PAUSE)
            for one in channels
        ]
        users = uow.users.endpoint_map()
        uow.commit()
    commands = [_command("mute_recording", one, record.pbx, user_id, now) for one in channels]
    for command in commands:
        publisher.command(command)
    until = max(pause.resume_at for pause in pauses)
    publisher.publish([_message(record.id, _people(record, users), until)])
    return Paused(until, tuple(command.id for command in commands))


def resume_recording(
    call_id: str,
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Let the recording go on before its time."""
    now = clock.now()
    with unit_of_work() as uow:
        record = _own_live_call(uow, call_id, user_id)
        pauses = uow.recording_pauses.open_of([record.id])
        _end(uow, pauses, now)
        users = uow.users.endpoint_map()
        uow.commit()
    # Told again even when somebody else was first: nothing is lost by it, a recording might be.
    for channel in recorded_channels(record):
        publisher.command(_command("unmute_recording", channel, record.pbx, user_id, now))
    publisher.publish([_message(record.id, _people(record, users), None)])


def resume_due(
    away: Collection[str] = (),
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> int:
    """End the pauses whose time is over, and those of calls that ended. A PBX that is away
    (`away`) could not be told: its pauses wait for it. Returns how many ended."""
    now = clock.now()
    with unit_of_work() as uow:
        over = uow.recording_pauses.of_ended_calls(_AT_ONCE)
        _end(uow, over, now)
        due = [one for one in uow.recording_pauses.due(now, _AT_ONCE) if _pbx(one) not in away]
        ended = _end(uow, due, now)
        told = [(one, uow.calls.get(one.call_id)) for one in due if one.id in ended]
        users = uow.users.endpoint_map()
        uow.commit()
    for pause, record in told:
        publisher.command(
            _command("unmute_recording", pause.channel, _pbx(pause), pause.user_id, now)
        )
        people = _people(record, users) if record is not None else (pause.user_id,)
        publisher.publish([_message(pause.call_id, people, None)])
    return len(over) + len(told)


def paused_until(pauses: Iterable[RecordingPause]) -> datetime | None:
    return max((pause.resume_at for pause in pauses), default=None)


def recorded_channels(record: CallRecord) -> tuple[str, ...]:
    """Channels whose sound is kept right now."""
    return tuple(
        leg.channel
        for leg in record.legs
        if leg.ended_at is None and any(sound.stopped_at is None for sound in leg.recordings)
    )


def _own_live_call(uow: UnitOfWork, call_id: str, user_id: int) -> CallRecord:
    user, record = uow.users.get(user_id), uow.calls.get(call_id)
    if record is None or not record.live:
        raise NotFound("call_id", "this call is over")
    devices = endpoints_of(user.endpoint) if user is not None else ()
    if not any(_speaks(leg, devices) for leg in record.legs):
        raise Forbidden("call_id", "you are not in this call")
    return record


def _speaks(leg: Leg, devices: Sequence[str]) -> bool:
    connected = leg.answered_at is not None or leg.role == "caller"
    return leg.endpoint in devices and connected and leg.ended_at is None and leg.role != "spy"


def _end(uow: UnitOfWork, pauses: Iterable[RecordingPause], at: datetime) -> tuple[int, ...]:
    return uow.recording_pauses.resume([pause.id for pause in pauses], at)


def _pbx(pause: RecordingPause) -> str:
    return pause.call_id.partition("/")[0]


def _people(record: CallRecord, users: Mapping[str, int]) -> tuple[int, ...]:
    legs = (leg for leg in record.legs if leg.ended_at is None)
    return tuple(sorted({users[leg.endpoint] for leg in legs if leg.endpoint in users}))


def _command(action: PbxAction, channel: str, pbx: str, user_id: int, at: datetime) -> PbxCommand:
    return PbxCommand(
        action=action,
        arguments={"channel": channel},
        id=uuid4().hex,
        pbx=pbx,
        user_id=user_id,
        issued_at=at,
    )


def _message(call_id: str, people: tuple[int, ...], until: datetime | None) -> Message:
    payload = {
        "type": "recording",
        "call_id": call_id,
        "paused_until": until.isoformat() if until is not None else None,
    }
    return Message(kind="message", audience=Audience(users=people), payload=payload)
