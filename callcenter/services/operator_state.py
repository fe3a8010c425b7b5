"""Use cases: what operators say of themselves, and what supervisors say of them.

The server keeps it; screens hear of it, and the PBX follows by itself (ami.members).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from callcenter.accounts.user import User
from callcenter.agents import machine
from callcenter.agents.status import CHOOSABLE, DEVICES, AgentStatus
from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.services import rights
from callcenter.services.outcomes import refuse_missing
from callcenter.services.presence import WATCHERS, message_of

MORE_TIME = timedelta(seconds=30)
_LONGEST_REASON = 80
_Change = Callable[[UnitOfWork, AgentStatus, datetime], AgentStatus]


def set_state(
    user_id: int,
    state: str,
    reason: str = "",
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    by: int | None = None,
) -> AgentStatus:
    """What the operator chose, kept through calls and wrap-up. `by`: who chose it for them; what
    somebody else chooses ends a wrap-up too.
    """
    if state not in CHOOSABLE:
        raise Invalid("state", f"must be one of {', '.join(CHOOSABLE)}")
    chosen = state
    forced = by is not None and by != user_id

    def change(uow: UnitOfWork, status: AgentStatus, now: datetime) -> AgentStatus:
        if forced:
            rights.require(uow, by, "supervision", "direct", owner_id=user_id)
        legs = uow.agents.live_legs([user_id]).get(user_id, ())
        words = reason.strip()[:_LONGEST_REASON]
        new = machine.choose(status, chosen, words, legs, now)
        new = machine.done(new, legs, now) if forced else new
        if forced and new != status:
            detail = {"state": chosen, "reason": new.chosen_reason}
            _audit(uow, by, user_id, detail, now)
        return new

    return _changed(user_id, change, unit_of_work, publisher, clock, by=by if forced else None)


def end_wrap_up(
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> AgentStatus:
    """Done with the last call; nothing when there is no wrap-up. Refused while its queue asks for
    an outcome that nobody has given; time alone ends a wrap-up without."""

    def change(uow: UnitOfWork, status: AgentStatus, now: datetime) -> AgentStatus:
        if status.wrap_up is not None and not status.wrap_up.over(now):
            refuse_missing(uow, status.wrap_up.call_id, user_id)
        return machine.done(status, uow.agents.live_legs([user_id]).get(user_id, ()), now)

    return _changed(user_id, change, unit_of_work, publisher, clock)


def prolong_wrap_up(
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> AgentStatus:
    """Half a minute more. Conflict when the wrap-up is over already."""

    def change(_uow: UnitOfWork, status: AgentStatus, now: datetime) -> AgentStatus:
        if status.wrap_up is None or status.wrap_up.over(now):
            raise Conflict("wrap_up", "the wrap-up is over")
        return machine.longer(status, MORE_TIME, now)

    return _changed(user_id, change, unit_of_work, publisher, clock)


def set_device(
    user_id: int,
    device: str,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> AgentStatus:
    """Which of their phones the queues ring: the one on the desk, or the browser."""
    if device not in DEVICES:
        raise Invalid("device", f"must be one of {', '.join(DEVICES)}")
    with unit_of_work() as uow:
        _phone_owner(uow, user_id)
        uow.agents.begin(user_id, clock.now())
        before = uow.agents.get(user_id, clock.now())
        uow.agents.set_device(user_id, device)
        status = uow.agents.get(user_id, clock.now())
        uow.commit()
    if status is None or before is None:
        raise NotFound("user", f"there is no user {user_id}")
    if status.device != before.device:
        publisher.publish([message_of(status)])
    return status


def begin_work(
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> AgentStatus | None:
    """Somebody with a phone logged in: ready, unless what they chose outlived the last log-in.

    Who watches others and has no skill has their phone to step in and to ring others: they say
    themselves when they take calls. None for people who take no calls.
    """
    with unit_of_work() as uow:
        user, status = uow.users.get(user_id), uow.agents.get(user_id, clock.now())
        skilled = user_id in uow.staffing.skills()
    if user is None or not user.endpoint:
        return None
    if status is not None and status.chosen != "offline":
        return status
    if user.role in WATCHERS and not skilled:
        return status
    return set_state(user_id, "ready", unit_of_work=unit_of_work, publisher=publisher, clock=clock)


def end_work(
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> None:
    """Somebody with a phone logged out: the queues must not ring an empty desk."""
    with unit_of_work() as uow:
        user = uow.users.get(user_id)
    if user is not None and user.endpoint:
        set_state(user_id, "offline", unit_of_work=unit_of_work, publisher=publisher, clock=clock)


def _changed(
    user_id: int,
    change: _Change,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    *,
    by: int | None = None,
) -> AgentStatus:
    """Nobody else changes the state between our look and our word. `by`: somebody else chose it,
    and whom it changes something for is told who that was."""
    with unit_of_work() as uow:
        _phone_owner(uow, user_id)
        now = clock.now()
        uow.agents.begin(user_id, now)
        before = uow.agents.lock([user_id])[user_id]
        status = change(uow, before, now)
        uow.agents.save([status])
        chooser = uow.users.get(by) if by is not None and status != before else None
        uow.commit()
    publisher.publish([message_of(status, chooser.display_name if chooser else "")])
    return status


def _phone_owner(uow: UnitOfWork, user_id: int) -> User:
    user = uow.users.get(user_id)
    if user is None or not user.active:
        raise NotFound("user", f"there is no user {user_id}")
    return user


def _audit(
    uow: UnitOfWork, by: int | None, user_id: int, detail: dict[str, Any], at: datetime
) -> None:
    uow.audit.record(
        user_id=by,
        action="agent_state_forced",
        object_type="user",
        object_id=str(user_id),
        detail=detail,
        at=at,
    )
