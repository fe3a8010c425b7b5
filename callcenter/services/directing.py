"""Use cases of supervisors: a waiting caller is called up or put first; operators help elsewhere.

Rights are checked here; what the PBX says comes back over the bus (`ami.pbx_commands`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from callcenter.accounts.user import User, endpoints_of
from callcenter.agents.membership import BEST_LEVEL
from callcenter.calls.record import CallRecord, Leg
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import PbxCommand, UnitOfWork
from callcenter.services import call_claims, staffing
from callcenter.services.call_control import check_id
from callcenter.services.phone_home import refuse_away
from callcenter.services.rights import viewer_of
from callcenter.services.supervision import Door
from callcenter.supervision.claims import RINGING
from callcenter.supervision.stepping import waiting_caller
from callcenter.wallboard.reach import Centre

HowLong = Literal["now", "today"]
"""Until it is ended, or until this day ends."""


def pull(user_id: int, call_id: str, to: int | None, command_id: str, door: Door) -> None:
    """Send a waiting caller to `to` (None: to oneself), past everybody. Raises ProductError."""
    check_id(command_id)
    with door.unit_of_work() as uow:
        target = _person(uow, to or user_id)
        _require(uow, user_id, target.id)
        record, caller = _waiting(uow, call_id)
        _require_queue(uow, user_id, record)
        call_claims.refuse_begun(uow, command_id)
        if _is_taken(uow, target, record):
            raise Conflict("to", "this phone is in use: choose somebody who is free")
        now = door.clock.now()
        call_claims.take(uow, "pull", record, user_id, target.id, command_id, now, RINGING)
        detail = {"to": target.id, "queue": record.queues[-1]}
        _audit(uow, user_id, "caller_pulled", "call", record.id, detail, now)
        uow.commit()
    desk, *_ = endpoints_of(target.endpoint)
    arguments = {"channel": caller.channel, "to": desk.partition("/")[2]}
    door.publisher.command(_command("pull", arguments, record, user_id, command_id, door))


def refuse_directed(user_id: int, call_id: str, door: Door) -> None:
    """Raises ProductError where this caller is not theirs to direct, or not now: nobody waits any
    more, or somebody has them called up."""
    with door.unit_of_work() as uow:
        _require(uow, user_id)
        record, _caller = _waiting(uow, call_id)
        _require_queue(uow, user_id, record)
        call_claims.refuse_taken(uow, call_id, user_id, door.clock.now())


def put_first(user_id: int, call_id: str, command_id: str, door: Door) -> None:
    """To the front of the queue. Raises ProductError."""
    check_id(command_id)
    with door.unit_of_work() as uow:
        _require(uow, user_id)
        record, caller = _waiting(uow, call_id)
        _require_queue(uow, user_id, record)
        detail = {"queue": record.queues[-1]}
        _audit(uow, user_id, "caller_put_first", "call", record.id, detail, door.clock.now())
        uow.commit()
    arguments = {"channel": caller.channel, "queue": record.queues[-1]}
    door.publisher.command(_command("raise_priority", arguments, record, user_id, command_id, door))


def move(  # noqa: PLR0917 (who, where, how well, how long)
    by: int, user_id: int, queue: str, level: int, how_long: HowLong, zone: ZoneInfo, door: Door
) -> None:
    """Let somebody work in a queue (level 1 to 9), or not (0), for a while. `zone`: in which the
    day ends. Raises ProductError."""
    if not 0 <= level <= BEST_LEVEL:
        raise Invalid("level", f"must be from 0 to {BEST_LEVEL}")
    if how_long not in ("now", "today"):
        raise Invalid("how_long", "must be now or today")
    now = door.clock.now()
    with door.unit_of_work() as uow:
        _require(uow, by, user_id)
        person = _person(uow, user_id)
        skill = _skill(uow, queue)
        _check_kept(uow, skill, person.id, level)
        until = end_of_day(now, zone) if how_long == "today" else None
        uow.supervision.lend(person.id, skill, level, until, by=by, at=now)
        detail = {"queue": queue, "level": level, "until": until.isoformat() if until else None}
        _audit(uow, by, "operator_moved", "user", str(person.id), detail, now)
        uow.commit()
    staffing.announce(door.publisher)


def move_back(by: int, user_id: int, queue: str, door: Door) -> None:
    """As their skills are kept again. Raises ProductError."""
    with door.unit_of_work() as uow:
        _require(uow, by, user_id)
        skill = _skill(uow, queue)
        uow.supervision.end_loan(user_id, skill)
        detail = {"queue": queue}
        _audit(uow, by, "operator_moved_back", "user", str(user_id), detail, door.clock.now())
        uow.commit()
    staffing.announce(door.publisher)


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight after `now`, there."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), tzinfo=zone)


def _skill(uow: UnitOfWork, queue: str) -> str:
    known = uow.staffing.queues().get(queue)
    if known is None:
        raise NotFound("queue", "there is no such queue")
    return known.needs


def _check_kept(uow: UnitOfWork, skill: str, user_id: int, level: int) -> None:
    """A queue of which nobody has the skill is the PBX's own: the first or last one who has it
    would change whose it is, and with that who else is rung."""
    having = {one for one, levels in uow.staffing.skills().items() if skill in levels}
    if not having:
        raise Conflict("queue", "nobody has the skill of this queue yet: give it to somebody")
    if not level and having == {user_id}:
        raise Conflict("queue", "nobody else works in this queue")


def _require(uow: UnitOfWork, user_id: int, other: int | None = None) -> None:
    viewer = viewer_of(uow, user_id)
    owners = () if other in (None, user_id) else (other,)
    if viewer.base == "operator" or not viewer.reaches("supervision", "direct", owners):
        raise Forbidden("supervision", "your role does not allow this: supervision, direct")


def _require_queue(uow: UnitOfWork, user_id: int, record: CallRecord) -> None:
    """Who directs the own teams alone has the callers of the queues that these people work in, as
    on wallboards: a queue of which nobody has the skill is everybody's."""
    people = viewer_of(uow, user_id).user_ids("supervision", "direct")
    if people is None:
        return
    centre = Centre(uow.staffing.queues(), uow.staffing.skills())
    if centre.foreign(record.queues[-1:], people):
        raise Forbidden("queue", "this caller waits in a queue of other teams")


def _person(uow: UnitOfWork, user_id: int) -> User:
    user = uow.users.get(user_id)
    if user is None or not user.active or not user.endpoint:
        raise Invalid("to", "there is no such person with a phone")
    return user


def _waiting(uow: UnitOfWork, call_id: str) -> tuple[CallRecord, Leg]:
    record = uow.outbound.call(call_id)
    if record is None or not record.live:
        raise NotFound("call", "this call is over")
    refuse_away(uow, record.pbx)
    caller = waiting_caller(record)
    if caller is None:
        raise Conflict("call", "this caller does not wait in a queue any more")
    return record, caller


def _is_taken(uow: UnitOfWork, person: User, record: CallRecord) -> bool:
    """That the queue rings them for this very call is no hindrance."""
    own = endpoints_of(person.endpoint)
    others = (one for one in uow.outbound.live_calls(own) if one.id != record.id)
    return any(leg.endpoint in own and leg.ended_at is None for one in others for leg in one.legs)


def _command(  # noqa: PLR0917 (what a command is made of)
    action: Literal["pull", "raise_priority"],
    arguments: dict[str, str],
    record: CallRecord,
    user_id: int,
    command_id: str,
    door: Door,
) -> PbxCommand:
    return PbxCommand(
        action=action,
        arguments=arguments,
        id=command_id,
        pbx=record.pbx,
        user_id=user_id,
        issued_at=door.clock.now(),
    )


def _audit(  # noqa: PLR0917 (one row of the audit)
    uow: UnitOfWork,
    by: int,
    action: str,
    kind: str,
    object_id: str,
    detail: Mapping[str, object],
    at: datetime,
) -> None:
    uow.audit.record(
        user_id=by, action=action, object_type=kind, object_id=object_id, at=at, detail=detail
    )
