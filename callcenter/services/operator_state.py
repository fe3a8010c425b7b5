"""Use case: an operator is ready, or pauses. The server keeps the state; screens and PBX follow."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.accounts.user import AgentState, AgentStatus, User
from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, PbxCommand, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import agent_payload

_CHOOSABLE: tuple[AgentState, ...] = ("ready", "paused", "offline")
_LONGEST_REASON = 80
_WATCHERS = ("supervisor", "admin")


def set_state(
    user_id: int,
    state: str,
    reason: str = "",
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> AgentStatus:
    """Keep the state, tell the screens, and let the queues call this operator or not."""
    if state not in _CHOOSABLE:
        raise Invalid("state", f"must be one of {', '.join(_CHOOSABLE)}")
    with unit_of_work() as uow:
        user = uow.users.get(user_id)
        if user is None or not user.active:
            raise NotFound("user", f"there is no user {user_id}")
        status = AgentStatus(
            user_id=user_id,
            state=state,
            reason=reason.strip()[:_LONGEST_REASON] if state == "paused" else "",
            since=clock.now(),
        )
        before = uow.agents.get(user_id)
        if before is not None and (before.state, before.reason) == (status.state, status.reason):
            status = before  # choosing again what is so already starts no new time
        uow.agents.set_state(user_id, status.state, status.reason, status.since)
        uow.commit()
    publisher.publish([_message(status)])
    _tell_queues(user, status, publisher)
    return status


def begin_work(
    user_id: int,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
) -> AgentStatus | None:
    """Somebody with a phone logged in: ready, unless a state of theirs outlived the last log-in.

    None for people who take no calls.
    """
    with unit_of_work() as uow:
        user, status = uow.users.get(user_id), uow.agents.get(user_id)
    if user is None or not user.endpoint:
        return None
    if status is not None and status.state != "offline":
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


def _message(status: AgentStatus) -> Message:
    audience = Audience(users=(status.user_id,), roles=_WATCHERS)
    return Message(kind="agent", audience=audience, payload=agent_payload(status))


def _tell_queues(user: User, status: AgentStatus, publisher: Publisher) -> None:
    if user.endpoint:
        publisher.command(
            PbxCommand(
                action="unpause_member" if status.state == "ready" else "pause_member",
                endpoint=user.endpoint,
                arguments={"reason": status.reason or status.state},
            )
        )
