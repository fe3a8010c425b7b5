"""A board of the demo company: what its supervisor looks at first."""

from __future__ import annotations

from callcenter.runtime import Runtime
from callcenter.seed import company
from callcenter.services import boards
from callcenter.wallboard.layout import Layout


def fill(runtime: Runtime) -> None:
    leader = next(user.username for user in company.USERS if user.role == "supervisor")
    with runtime.unit_of_work() as uow:
        user = uow.users.by_username(leader)
    if user is None:
        return
    boards.save_board(
        Layout(title="Everybody", zone=user.time_zone, callers_shown="name"),
        user_id=user.id,
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
    )
