"""What operators do, as their calls go: followed inside the transaction that writes the calls.

Everything is worked out anew from the live legs that are stored, never from the event alone: a
call that ends in whatever way (live, by the ledger, joined with another) lets its operators go, and
telling it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from callcenter.agents.machine import follow, settled
from callcenter.agents.staffing import QueueSettings
from callcenter.agents.status import AgentStatus, EndedPart, WrapUpPolicy
from callcenter.calls.record import CallRecord, Leg
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import agent_payload
from callcenter.services.call_rows import WrittenCalls

WATCHERS = ("supervisor", "admin")
_SAME_TALK = timedelta(days=1)


def follow_calls(uow: UnitOfWork, written: WrittenCalls, clock: Clock) -> list[Message]:
    """Write what these calls mean for the operators in them; what their screens must hear."""
    now = clock.now()
    for gone, into in written.absorbed.items():
        uow.agents.rename_call(gone, into)
    before = uow.agents.lock(_users_of(uow, written))
    if not before:
        return []
    legs = uow.agents.live_legs(before.keys())
    over = any(leg.ended_at is not None for one in written.records.values() for leg in one.legs)
    queues = uow.staffing.queues() if over else {}
    ended = _ended_parts(uow, written, before, queues, now)
    steps: list[AgentStatus] = []
    for user_id, status in sorted(before.items()):
        went = follow(status, legs.get(user_id, ()), ended.get(user_id, ()), now)
        steps += (_named(step, written, queues) for step in went)
    return _saved(uow, steps)


def refresh(
    *,
    unit_of_work: Callable[[], UnitOfWork],
    publisher: Publisher,
    clock: Clock,
    calls_too: bool = True,
) -> int:
    """Write down what time alone has changed; how many operators that were.

    Wrap-ups whose time is up; `calls_too`: and whoever is on a call, as far as is written, that is
    over without anybody having said so.
    """
    now = clock.now()
    with unit_of_work() as uow:
        doubtful = uow.agents.doubtful(now, on_calls=calls_too)
        if not doubtful:
            return 0
        before = uow.agents.lock(doubtful)
        legs = uow.agents.live_legs(before.keys())
        new = [settled(one, legs.get(user_id, ()), now) for user_id, one in sorted(before.items())]
        messages = _saved(uow, [one for one in new if one != before[one.user_id]])
        if messages:
            uow.commit()
    publisher.publish(messages)
    return len(messages)


def message_of(status: AgentStatus, chosen_by: str = "") -> Message:
    """`chosen_by`: the name of somebody else who has just chosen it. Only the word of it says so:
    it is no part of the state that a snapshot tells."""
    audience = Audience(users=(status.user_id,), roles=WATCHERS)
    more = {"chosen_by": chosen_by} if chosen_by else {}
    return Message(kind="agent", audience=audience, payload=agent_payload(status) | more)


def _saved(uow: UnitOfWork, steps: list[AgentStatus]) -> list[Message]:
    if steps:
        uow.agents.save(steps)
    return [message_of(status) for status in {step.user_id: step for step in steps}.values()]


def _users_of(uow: UnitOfWork, written: WrittenCalls) -> Collection[int]:
    """Who has, or had as far as is written, a phone in these calls."""
    users = {
        written.users_by_endpoint[leg.endpoint]
        for record in written.records.values()
        for leg in record.legs
        if leg.endpoint in written.users_by_endpoint
    }
    for some in written.absorbed_users.values():
        users |= some
    return users | uow.agents.on_calls(written.records.keys())


def _ended_parts(
    uow: UnitOfWork,
    written: WrittenCalls,
    before: Mapping[int, AgentStatus],
    queues: Mapping[str, QueueSettings],
    now: datetime,
) -> dict[int, list[EndedPart]]:
    found: dict[int, list[EndedPart]] = {}
    for record in written.records.values():
        for user_id, legs in _legs_by_user(record, written.users_by_endpoint).items():
            part = _ended_part(record, legs, queues, now)
            if part is not None and user_id in before:
                found.setdefault(user_id, []).append(part)
    return _with_known(uow, found, before)


def _with_known(
    uow: UnitOfWork, parts: dict[int, list[EndedPart]], before: Mapping[int, AgentStatus]
) -> dict[int, list[EndedPart]]:
    """Asks the history only about conversations that nobody has seen going on."""
    unseen = {
        user_id: part.answered_at
        for user_id, some in parts.items()
        for part in some
        if part.call_id != before[user_id].call_id and part.answered_at >= before[user_id].since
    }
    if not unseen:
        return parts
    known = uow.agents.conversations_since(unseen.keys(), min(unseen.values()) - _SAME_TALK)
    return {
        user_id: [replace(part, known=(user_id, part.call_id) in known) for part in some]
        for user_id, some in parts.items()
    }


def _legs_by_user(record: CallRecord, users_by_endpoint: Mapping[str, int]) -> dict[int, list[Leg]]:
    found: dict[int, list[Leg]] = {}
    for leg in record.legs:
        user_id = users_by_endpoint.get(leg.endpoint)
        if user_id is not None and leg.role != "spy":
            found.setdefault(user_id, []).append(leg)
    return found


def _ended_part(
    record: CallRecord, legs: Iterable[Leg], queues: Mapping[str, QueueSettings], now: datetime
) -> EndedPart | None:
    """What somebody spoke in this call, if they speak no more and nothing rings them in it."""
    legs = list(legs)
    if record.live and any(leg.ended_at is None for leg in legs):
        return None
    spoken = [leg for leg in legs if leg.result == "answered" and leg.answered_at is not None]
    began = [leg.answered_at for leg in spoken if leg.answered_at is not None]
    if not began:
        return None
    ends = [leg.ended_at or record.ended_at or now for leg in spoken]
    served = any(leg.role != "caller" for leg in spoken)
    return EndedPart(
        call_id=record.id,
        answered_at=min(began),
        ended_at=max(ends),
        policy=_policy(record, queues) if served else WrapUpPolicy(),
    )


def _policy(record: CallRecord, queues: Mapping[str, QueueSettings]) -> WrapUpPolicy:
    settings = queues.get(record.queues[-1]) if record.queues else None
    return settings.policy if settings is not None else WrapUpPolicy()


def _named(
    status: AgentStatus, written: WrittenCalls, queues: Mapping[str, QueueSettings]
) -> AgentStatus:
    """With what screens need to know of the wrap-up's call."""
    wrap_up = status.wrap_up
    record = written.records.get(wrap_up.call_id) if wrap_up is not None else None
    if wrap_up is None or record is None or not queues:
        return status
    settings = queues.get(record.queues[-1]) if record.queues else None
    who = written.identified.get(record.id)
    named = replace(
        wrap_up,
        interaction_id=who.interaction_id if who is not None else None,
        required=settings is not None and settings.outcome_required,
    )
    return replace(status, wrap_up=named)
