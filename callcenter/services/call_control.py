"""Use cases: an operator places a call, or does something to one that they speak on.

Rights are checked here, against the stored call: whose channel it is, is never taken from the
browser. What the PBX then says comes back over the bus (`ami.pbx_commands`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, get_args

from callcenter.accounts.user import User, endpoints_of
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.outbound.rights import OutboundRight, is_internal, refusal
from callcenter.pbx.destinations import QUEUE_NUMBERS
from callcenter.ports import Clock, PbxCommand, Publisher, UnitOfWork
from callcenter.services.phone_home import home_of, refuse_away
from callcenter.services.reveal import dialled

Action = Literal[
    "hangup",
    "hold",
    "unhold",
    "blind_transfer",
    "consult",
    "complete_transfer",
    "cancel_transfer",
    "park",
    "conference",
]
ACTIONS: tuple[Action, ...] = get_args(Action)
_WITH_TARGET = ("blind_transfer", "consult")
_SUPERVISED = ("hangup",)
"""What a supervisor may do to calls of others."""
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
HOUR = timedelta(hours=1)
REFUSALS = {
    "bad_number": "this number cannot be dialled",
    "not_allowed": "you may not call outside numbers",
    "prefix": "you may not call this country",
    "per_hour": "you have placed as many calls as you may in an hour; try again later",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What every use case here needs."""

    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock
    plan: NumberPlan
    pbxs: tuple[str, ...] = ()
    """Those that take calls from here."""


def dial(user_id: int, number: str, command_id: str, door: Door) -> None:
    """Ring the operator's own phone, then call the number. Raises ProductError."""
    check_id(command_id)
    with door.unit_of_work() as uow:
        user = _caller(uow, user_id)
        wanted = dialled_form(dialled(uow, user_id, number), door.plan, queue_numbers(uow))
        right = uow.outbound.right_of(user.role)
        _refuse(wanted, right, _dialled(uow, user_id, wanted, door))
        live = uow.outbound.live_calls(endpoints_of(user.endpoint))
        _refuse_second(live, user, command_id)
        device = device_of(user, uow.outbound.device(user_id))
        home = home_of(uow, user, door.pbxs)
        refuse_away(uow, home, door.pbxs)
    door.publisher.command(
        PbxCommand(
            action="originate",
            endpoint=device,
            arguments={"to": wanted, "caller_id": right.caller_id if right else ""},
            id=command_id,
            pbx=home,
            user_id=user_id,
            issued_at=door.clock.now(),
        )
    )


def control(  # noqa: PLR0917 (one command, word by word)
    user_id: int, call_id: str, action: str, command_id: str, to: str, door: Door
) -> None:
    """Do `action` to a call of this user's. Raises ProductError."""
    check_id(command_id)
    if action not in ACTIONS:
        raise Invalid("action", f"must be one of {', '.join(ACTIONS)}")
    with door.unit_of_work() as uow:
        user = uow.users.get(user_id)
        record = uow.outbound.call(call_id)
        if user is None or record is None:
            raise NotFound("call", "this call is over")
        target = _target(action, to, user, uow, door)
        others = uow.outbound.live_calls(endpoints_of(user.endpoint))
        arguments = _arguments(action, record, user, others)
    door.publisher.command(
        PbxCommand(
            action=action,
            endpoint=arguments.pop("endpoint", ""),
            arguments={**arguments, "to": target},
            id=command_id,
            pbx=record.pbx,
            user_id=user_id,
            issued_at=door.clock.now(),
        )
    )


def queue_numbers(uow: UnitOfWork) -> dict[str, str]:
    """Queue → what phones dial: by the plans that are kept, and as is usual."""
    planned = {one.target: one.number for one in uow.pbx_plans.numbers() if one.kind == "queue"}
    return {**QUEUE_NUMBERS, **planned}


def dialled_form(text: str, plan: NumberPlan, queues: Mapping[str, str] = QUEUE_NUMBERS) -> str:
    """A number as the PBX gets it: an extension or code of ours, or E.164. '' for anything else.
    `queues`: by which number each is reached; people choose them by name."""
    if text.strip() in queues:
        return queues[text.strip()]
    typed = re.sub(r"[\s().-]", "", text)
    if is_internal(typed) and (typed.startswith("*8") or _is_ours(typed, plan)):
        return typed
    return parse_number(text, plan).e164


def _is_ours(typed: str, plan: NumberPlan) -> bool:
    return parse_number(typed, plan).kind == "internal"


# -- who may -----------------------------------------------------------------------------------


def check_id(command_id: str) -> None:
    if _ID.fullmatch(command_id) is None:
        raise Invalid("id", "must be 8 to 64 letters, digits and dashes")


def _caller(uow: UnitOfWork, user_id: int) -> User:
    user = uow.users.get(user_id)
    if user is None or not user.active:
        raise NotFound("user", f"there is no user {user_id}")
    if not user.endpoint:
        raise Invalid("number", "you have no phone: an administrator gives you one")
    return user


def _refuse(number: str, right: OutboundRight | None, dialled: int) -> None:
    why = refusal(number, right, dialled)
    if why == "bad_number":
        raise Invalid("number", REFUSALS[why])
    if why == "per_hour":
        raise Conflict("number", REFUSALS[why])
    if why is not None:
        raise Forbidden("number", REFUSALS[why])


def _refuse_second(live: list[CallRecord], user: User, command_id: str) -> None:
    """The same click again is no second call; another one is, until the first is answered."""
    for record in live:
        mine = _leg_of(record, user)
        begun = mine is not None and mine.role == "caller" and record.answered_at is None
        if begun and mine is not None and mine.uniqueid != f"crm-{command_id}":
            raise Conflict("number", "a call of yours is being placed already")


def device_of(user: User, device: str) -> str:
    desk, *browser = endpoints_of(user.endpoint)
    return browser[0] if device == "browser" and browser else desk


def _target(action: str, to: str, user: User, uow: UnitOfWork, door: Door) -> str:
    if action not in _WITH_TARGET:
        return ""
    target = dialled_form(dialled(uow, user.id, to), door.plan, queue_numbers(uow))
    _refuse(target, uow.outbound.right_of(user.role), _dialled(uow, user.id, target, door))
    return target


def _dialled(uow: UnitOfWork, user_id: int, number: str, door: Door) -> int:
    """How often they have called outside within an hour; colleagues may always be called."""
    since = door.clock.now() - HOUR
    return 0 if is_internal(number) else uow.outbound.dialled_since(user_id, since)


# -- whose channel -------------------------------------------------------------------------------


def _arguments(
    action: str, record: CallRecord, user: User, calls: list[CallRecord]
) -> dict[str, str]:
    mine = _leg_of(record, user)
    if mine is None and not (action in _SUPERVISED and user.role != "operator"):
        if not record.live:
            raise NotFound("call", "this call is over")
        raise Forbidden("call", "you do not speak on this call")
    if mine is not None and action != "hangup" and not _speaks(mine):
        raise Forbidden("call", "you do not speak on this call")
    leg = mine or _first_live(record)
    if leg is None:
        raise NotFound("call", "this call is over")
    told = {"channel": leg.channel, "endpoint": leg.endpoint}
    if action == "park":
        other = _far_side(record, leg)
        if other is None:
            raise Conflict("call", "there is nobody to park")
        told["other"] = other.channel
    if action == "conference":
        told |= _second_call(record, leg, user, calls)
    return told


def _leg_of(record: CallRecord, user: User) -> Leg | None:
    """The user's own live leg: the one that was answered last, else the last that rings."""
    own = endpoints_of(user.endpoint) if user.endpoint else ()
    legs = [leg for leg in _live_legs(record) if leg.endpoint in own]
    answered = [leg for leg in legs if leg.answered_at is not None]
    return (answered or legs)[-1] if legs else None


def _speaks(leg: Leg) -> bool:
    """A phone that only rings has no say in the call yet, nor has one that listens in."""
    return leg.role != "spy" and (leg.role == "caller" or leg.answered_at is not None)


def _live_legs(record: CallRecord) -> list[Leg]:
    return [leg for leg in record.legs if leg.ended_at is None] if record.live else []


def _first_live(record: CallRecord) -> Leg | None:
    return next(iter(_live_legs(record)), None)


def _far_side(record: CallRecord, mine: Leg) -> Leg | None:
    """Who speaks with us: of several, who was in the call first."""
    others = [leg for leg in _live_legs(record) if leg.uniqueid != mine.uniqueid]
    speaking = [leg for leg in others if leg.answered_at is not None and leg.role != "spy"]
    return next(iter(speaking or others), None)


def _second_call(
    record: CallRecord, mine: Leg, user: User, calls: list[CallRecord]
) -> dict[str, str]:
    """A phone with two calls of its own: whom it speaks with on the other."""
    others: list[str] = []
    for call in calls:
        own = endpoints_of(user.endpoint)
        theirs = _leg_of(call, user)
        if call.id != record.id and theirs is not None and _speaks(theirs):
            others += [leg.channel for leg in _live_legs(call) if leg.endpoint not in own]
    if not others:
        return {}
    far = _far_side(record, mine)
    return {"others": ",".join([*([far.channel] if far else []), *others]), "room": record.id}
