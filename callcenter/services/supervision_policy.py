"""Use case of administrators: whether operators see that somebody listens to them."""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.errors import Invalid
from callcenter.services.rights import require
from callcenter.services.supervision import Door
from callcenter.supervision.stepping import CENTRE


def save(policy: Mapping[str, bool], *, by: int, door: Door) -> None:
    """`policy`: role ('' for the centre) → seen. What is not named follows its base role, and that
    the centre. Holds for listenings that begin from now on. Raises ProductError."""
    with door.unit_of_work() as uow:
        require(uow, by, "settings", "change")
        known = {CENTRE, *(role.code for role in uow.rights.roles())}
        if not known >= set(policy):
            raise Invalid("role", "there is no such role")
        before = uow.supervision.policy()
        uow.supervision.set_policy(policy)
        uow.audit.record(
            user_id=by,
            action="supervision_policy_changed",
            object_type="supervision_policy",
            object_id="",
            at=door.clock.now(),
            detail={"before": before, "after": dict(policy)},
        )
        uow.commit()
