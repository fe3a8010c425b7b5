"""On which PBX somebody's phone is: of several, what they wish goes to that one alone."""

from __future__ import annotations

from callcenter.accounts.user import User, endpoints_of
from callcenter.errors import Conflict
from callcenter.ports import UnitOfWork


def home_of(uow: UnitOfWork, user: User, pbxs: tuple[str, ...]) -> str:
    """Of the PBXs that take calls from here. '' for whichever knows the phone: there is one PBX
    alone, or neither a plan nor a call of theirs says.
    """
    if len(pbxs) < 2:
        return ""
    planned = [pbx for pbx in pbxs if _has_phone(uow, pbx, user)]
    if len(planned) == 1:
        return planned[0]
    last = uow.outbound.last_pbx(user.id)
    return last if last in (planned or pbxs) else ""


def refuse_away(uow: UnitOfWork, pbx: str, pbxs: tuple[str, ...] = ()) -> None:
    """Conflict when nothing reaches this PBX now; `pbx` '': when it is the only one of `pbxs`."""
    name = pbx or (pbxs[0] if len(pbxs) == 1 else "")
    if name and uow.pbx_links.states().get(name) == "down":
        raise Conflict("pbx", "the PBX is away; try again in a moment")


def _has_phone(uow: UnitOfWork, pbx: str, user: User) -> bool:
    kept = uow.pbx_plans.get(pbx)
    own = endpoints_of(user.endpoint)
    operators = kept.plan.get("operators", ()) if kept is not None else ()
    return any(f"PJSIP/{one.get('extension', '')}" in own for one in operators)
