"""Use cases of supervisors: step into a call, in one way after another, and end it.

Rights are checked here, against the stored call: which channel is listened to is never taken from
the browser. What the PBX says comes back over the bus (`ami.pbx_commands`), what has become of it
from the call's own record (`follow_calls`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from callcenter.accounts.user import User, endpoints_of
from callcenter.calls.record import CallRecord, Leg
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound, ProductError
from callcenter.ports import Clock, PbxCommand, Publisher, UnitOfWork
from callcenter.ports.bus import PbxAction
from callcenter.realtime.messages import Audience, Message
from callcenter.services import call_claims, key_listeners
from callcenter.services.call_control import check_id, device_of
from callcenter.services.call_rows import WrittenCalls
from callcenter.services.phone_home import refuse_away
from callcenter.services.rights import viewer_of
from callcenter.supervision.claims import AT_ONCE, RINGING
from callcenter.supervision.follow import followed
from callcenter.supervision.stepping import (
    MODES,
    Mode,
    Session,
    channel_of,
    is_visible,
    item,
    leg_of_channel,
    speaking,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What every use case here needs."""

    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock


def step_in(user_id: int, call_id: str, mode: str, command_id: str, door: Door) -> None:
    """Ring the supervisor's own phone and let it into the call, or, where they are in it already,
    go over to another mode. Raises ProductError."""
    check_id(command_id)
    wanted = _mode(mode)
    with door.unit_of_work() as uow:
        boss = _supervisor(uow, user_id)
        record = _live(uow, call_id)
        refuse_away(uow, record.pbx)
        target = _operator_leg(uow, record, boss, wanted)
        _require(uow, user_id, wanted, target)
        call_claims.refuse_begun(uow, command_id)
        here = _where_i_listen(uow, record, boss)
        if wanted == "take_over":
            lasts = RINGING if here is None else AT_ONCE
            now = door.clock.now()
            call_claims.take(uow, wanted, record, user_id, user_id, command_id, now, lasts)
        messages: list[Message] = []
        if here is not None:
            command, messages = _go_over(uow, here, record, wanted, target, door)
        else:
            command = _ring(uow, boss, record, wanted, target, command_id, door)
        uow.commit()
    door.publisher.publish(messages)
    door.publisher.command(replace(command, id=command_id, user_id=user_id))


def step_out(user_id: int, call_id: str, command_id: str, door: Door) -> None:
    """Listen no more. Raises ProductError."""
    check_id(command_id)
    with door.unit_of_work() as uow:
        boss = _supervisor(uow, user_id)
        record = _live(uow, call_id)
        here = _where_i_listen(uow, record, boss)
        if here is None:
            raise Conflict("call", "you do not listen to this call")
        leg = here[1]
    door.publisher.command(
        PbxCommand(
            action="hangup",
            arguments={"channel": leg.channel},
            id=command_id,
            pbx=record.pbx,
            user_id=user_id,
            issued_at=door.clock.now(),
        )
    )


def refusals(user_id: int, call_id: str, door: Door) -> dict[Mode, ProductError]:
    """Why the user cannot step into this call now, of each mode that `step_in` would refuse; what
    only the PBX knows is not among it. Raises ProductError where none would do."""
    with door.unit_of_work() as uow:
        boss = _supervisor(uow, user_id)
        record = _live(uow, call_id)
        here = _where_i_listen(uow, record, boss)
        if here is None:
            _refuse_busy(uow, boss, door.clock.now())
        told: dict[Mode, ProductError] = {}
        for mode in MODES:
            try:
                _require(uow, user_id, mode, _operator_leg(uow, record, boss, mode))
                _refuse_same(here, mode)
                if mode == "take_over":
                    call_claims.refuse_taken(uow, record.id, user_id, door.clock.now())
            except (Conflict, Forbidden) as refusal:
                told[mode] = refusal
    return told


# -- who may, and to whom -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """The operator whose leg is listened to, and whom they speak with."""

    operator: User
    leg: Leg
    far: Leg


def _mode(text: str) -> Mode:
    found = next((one for one in MODES if one == text), None)
    if found is None:
        raise Invalid("mode", f"must be one of {', '.join(MODES)}")
    return found


def _supervisor(uow: UnitOfWork, user_id: int) -> User:
    user = uow.users.get(user_id)
    if user is None or not user.active:
        raise NotFound("user", f"there is no user {user_id}")
    if not user.endpoint:
        raise Invalid("number", "you have no phone: an administrator gives you one")
    return user


def _live(uow: UnitOfWork, call_id: str) -> CallRecord:
    record = uow.outbound.call(call_id)
    if record is None or not record.live:
        raise NotFound("call", "this call is over")
    return record


def _operator_leg(uow: UnitOfWork, record: CallRecord, boss: User, mode: Mode) -> Target:
    """Of several operators who speak, the one who began last; rather one whom this supervisor may
    do it to."""
    users = uow.users.endpoint_map()
    legs = speaking(record)
    if any(users.get(leg.endpoint) == boss.id for leg in legs):
        raise Conflict("call", "you speak on this call yourself")
    theirs = [leg for leg in legs if leg.endpoint in users]
    if not theirs or len(legs) < 2:
        raise Conflict("call", "no operator is talking on this call now")
    viewer = viewer_of(uow, boss.id)
    reached = [leg for leg in theirs if viewer.reaches("supervision", mode, (users[leg.endpoint],))]
    mine = max(reached or theirs, key=_since)
    operator = uow.users.get(users[mine.endpoint])
    others = [leg for leg in legs if leg.uniqueid != mine.uniqueid]
    far = next((leg for leg in others if leg.endpoint not in users), others[0])
    if operator is None:
        raise Conflict("call", "no operator is talking on this call now")
    return Target(operator, mine, far)


def _since(leg: Leg) -> datetime:
    assert leg.answered_at is not None  # noqa: S101 - who speaks has begun to
    return leg.answered_at


def _require(uow: UnitOfWork, user_id: int, mode: Mode, target: Target) -> None:
    viewer = viewer_of(uow, user_id)
    if viewer.base == "operator" or not viewer.reaches("supervision", mode, (target.operator.id,)):
        raise Forbidden("supervision", f"your role does not allow this: supervision, {mode}")


def _where_i_listen(uow: UnitOfWork, record: CallRecord, boss: User) -> tuple[Session, Leg] | None:
    for session in uow.supervision.open_of(boss.id):
        leg = leg_of_channel(record, session.channel)
        if session.mode == "take_over":
            continue
        if leg is not None and leg.role == "spy" and leg.ended_at is None:
            return session, leg
    return None


# -- doing it -----------------------------------------------------------------------------------


def _ring(  # noqa: PLR0917 (what a session is made of)
    uow: UnitOfWork,
    boss: User,
    record: CallRecord,
    mode: Mode,
    target: Target,
    command_id: str,
    door: Door,
) -> PbxCommand:
    now = door.clock.now()
    uow.supervision.hold(boss.id)
    _refuse_busy(uow, boss, now)
    policy = uow.supervision.policy()
    session = uow.supervision.add(
        Session(
            supervisor_id=boss.id,
            operator_id=target.operator.id,
            call_id=record.id,
            channel=channel_of(command_id),
            mode=mode,
            visible=is_visible(policy, target.operator.role_code, target.operator.role),
            asked_at=now,
        )
    )
    _audit(uow, "stepped_in", session, now)
    return PbxCommand(
        action="step_in",
        endpoint=device_of(boss, uow.outbound.device(boss.id)),
        arguments=_channels(target) | {"mode": mode, "name": target.operator.display_name},
        pbx=record.pbx,
        issued_at=now,
    )


def _refuse_busy(uow: UnitOfWork, boss: User, now: datetime) -> None:
    """Their phone is being called for this, or in use already: for another call than is asked for.
    A wish of which nothing has come ends with the time that a phone rings."""
    for asked in uow.supervision.open_of(boss.id):
        if asked.began_at is None and abs(now - asked.asked_at) < RINGING:
            raise call_claims.doing_already(asked.asked_at)
    own = endpoints_of(boss.endpoint)
    legs = (leg for one in uow.outbound.live_calls(own) for leg in one.legs)
    if any(leg.endpoint in own and leg.ended_at is None for leg in legs):
        raise Conflict("call", "you are on a call yourself: end it first")


def _refuse_same(here: tuple[Session, Leg] | None, mode: Mode) -> None:
    if here is not None and here[0].mode == mode:
        raise Conflict("mode", "you are in the call in this way already")


def _go_over(  # noqa: PLR0917 (what a session is made of)
    uow: UnitOfWork,
    here: tuple[Session, Leg],
    record: CallRecord,
    mode: Mode,
    target: Target,
    door: Door,
) -> tuple[PbxCommand, list[Message]]:
    session, leg = here
    now = door.clock.now()
    action: PbxAction = "take_over" if mode == "take_over" else "step_mode"
    _refuse_same(here, mode)
    begins = None  # a take-over has begun when the PBX has done it
    if action == "step_mode":
        began = session.began_at or leg.answered_at or now
        uow.supervision.save([replace(session, began_at=began, ended_at=now)])
        begins = now
    new = replace(session, id=0, mode=mode, asked_at=now, began_at=begins, ended_at=None)
    made = uow.supervision.add(new)
    _audit(uow, "stepped_in", made, now)
    command = PbxCommand(
        action=action,
        arguments=_channels(target) | {"mine": leg.channel, "mode": mode},
        pbx=record.pbx,
        issued_at=now,
    )
    return command, news(uow, [made]) if begins else []


def _channels(target: Target) -> dict[str, str]:
    return {"channel": target.leg.channel, "far": target.far.channel}


def _audit(uow: UnitOfWork, action: str, session: Session, at: datetime) -> None:
    uow.audit.record(
        user_id=session.supervisor_id,
        action=action,
        object_type="call",
        object_id=session.call_id,
        at=at,
        detail={
            "mode": session.mode,
            "operator_id": session.operator_id,
            "source": session.source,
            "began_at": session.began_at.isoformat() if session.began_at else None,
            "ended_at": session.ended_at.isoformat() if session.ended_at else None,
        },
    )


# -- what has become of it ----------------------------------------------------------------------


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Beginnings and ends of who listens in these calls, and what their screens must hear."""
    call_claims.follow_calls(uow, written)
    open_now = uow.supervision.open_in({*written.records, *written.absorbed})
    now = clock.now()
    changed: list[Session] = []
    for session in open_now:
        call_id = written.absorbed.get(session.call_id, session.call_id)
        record = written.records.get(call_id)
        if record is None:
            continue
        moved = replace(session, call_id=call_id)
        step = key_listeners.with_operator(uow, followed(moved, record, now), record, written)
        if step != session:
            changed.append(step)
    changed += key_listeners.found(uow, written, {one.channel for one in open_now}, now)
    if not changed:
        return []
    uow.supervision.save(changed)
    for one in changed:
        if one.ended_at is not None:
            _audit(uow, "stepped_out", one, now)
    return news(uow, changed)


def news(uow: UnitOfWork, sessions: Iterable[Session]) -> list[Message]:
    """For the supervisor's screen, and for the operator's where they may see it. The last word of
    each channel counts."""
    last = {one.channel: one for one in sessions}
    names = _names(uow, last.values())
    messages: list[Message] = []
    for one in last.values():
        if one.source == "screen":
            told = item(one, mine=True, other=names.get(one.operator_id or 0, ""))
            messages.append(_message(one.supervisor_id, told))
        if one.visible and one.operator_id is not None and one.began_at is not None:
            told = item(one, mine=False, other=names.get(one.supervisor_id, ""))
            messages.append(_message(one.operator_id, told))
    return messages


def _names(uow: UnitOfWork, sessions: Iterable[Session]) -> Mapping[int, str]:
    ids = {id_ for one in sessions for id_ in (one.operator_id, one.supervisor_id) if id_}
    found = (uow.users.get(id_) for id_ in sorted(ids))
    return {user.id: user.display_name for user in found if user is not None}


def _message(user_id: int, told: Mapping[str, object]) -> Message:
    payload = {"type": "supervision", "message": dict(told)}
    return Message(kind="message", audience=Audience(users=(user_id,)), payload=payload)
