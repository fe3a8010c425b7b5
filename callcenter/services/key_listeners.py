"""Supervisors who listen by a code of their desk phone: the product learns of it from the call.

Who began before anybody had answered listens to nobody's call yet; whose it is, is written down as
soon as it is known, so that rights and screens follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from callcenter.accounts.user import User
from callcenter.calls.record import CallRecord, Leg
from callcenter.ports import UnitOfWork
from callcenter.services.call_rows import WrittenCalls
from callcenter.supervision.follow import unknown_spies
from callcenter.supervision.stepping import Session, is_visible, leg_of_channel


def found(uow: UnitOfWork, written: WrittenCalls, known: set[str], now: datetime) -> list[Session]:
    """Those of whom nothing has been written down yet."""
    met = [
        (record, channel)
        for record in written.records.values()
        for channel in unknown_spies(record, known)
    ]
    if not met:
        return []
    before = uow.supervision.channels_known({channel for _, channel in met})
    users = written.users_by_endpoint
    new: list[Session] = []
    for record, channel in met:
        leg = leg_of_channel(record, channel)
        if leg is None or channel in before or leg.endpoint not in users:
            continue
        stretch = Session(
            supervisor_id=users[leg.endpoint],
            operator_id=None,
            call_id=record.id,
            channel=channel,
            mode="listen",
            source="keys",
            visible=False,
            asked_at=leg.answered_at or now,
            began_at=leg.answered_at,
            ended_at=leg.ended_at or (None if record.live else record.ended_at or now),
        )
        new.append(with_operator(uow, stretch, record, written))
    return new


def with_operator(
    uow: UnitOfWork, stretch: Session, record: CallRecord, written: WrittenCalls
) -> Session:
    """The stretch with the operator who is listened to, once there is one."""
    if stretch.operator_id is not None:
        return stretch
    operator = _listened_to(uow, record, written.users_by_endpoint)
    if operator is None:
        return stretch
    visible = is_visible(uow.supervision.policy(), operator.role_code, operator.role)
    return replace(stretch, operator_id=operator.id, visible=visible)


def _listened_to(uow: UnitOfWork, record: CallRecord, users: Mapping[str, int]) -> User | None:
    """The PBX names the call alone: of its operators, who began to speak last."""
    legs = [leg for leg in record.legs if leg.role != "spy" and leg.endpoint in users]
    spoke = [leg for leg in legs if leg.answered_at is not None]
    return uow.users.get(users[max(spoke, key=_since).endpoint]) if spoke else None


def _since(leg: Leg) -> datetime:
    assert leg.answered_at is not None  # noqa: S101 - who speaks has begun to
    return leg.answered_at
