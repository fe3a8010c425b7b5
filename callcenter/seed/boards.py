"""Boards of the demo company: what its supervisor looks at first."""

from __future__ import annotations

from typing import Final

from callcenter.runtime import Runtime
from callcenter.seed import company
from callcenter.services import boards
from callcenter.wallboard.layout import Layout

_SUPPORT: Final = (
    "waiting",
    "longest_wait",
    "ready",
    "service_level_now",
    "offered_today",
    "answered_today",
    "abandonment_today",
    "asa_today",
    "callers",
    "operators",
)


def fill(runtime: Runtime) -> None:
    """Of everybody, and one for the wall of those who answer questions."""
    leader = next(user.username for user in company.USERS if user.role == "supervisor")
    with runtime.unit_of_work() as uow:
        user = uow.users.by_username(leader)
    if user is None:
        return
    for layout in (
        Layout(title="Everybody", zone=user.time_zone, callers_shown="name"),
        Layout(
            title="Support and VIP",
            zone=user.time_zone,
            queues=("support", "vip"),
            tiles=_SUPPORT,
            rotate_seconds=15,
            sound=True,
        ),
    ):
        boards.save_board(
            layout,
            user_id=user.id,
            unit_of_work=runtime.unit_of_work,
            publisher=runtime.bus,
            clock=runtime.clock,
        )
