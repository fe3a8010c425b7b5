"""Who is at which phone: a plan's operators take name and rights from the CRM's users. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from callcenter.accounts.user import User
from callcenter.pbx.plan import Operator, PbxPlan
from callcenter.pbx.values import PlanError, check_label

_ENDPOINT = re.compile(r"PJSIP/(?:web)?([0-9]{2,8})")
_UNUSABLE = re.compile(r"[^\w .'’-]+")


def extension_of(user: User) -> str:
    """The extension that the user's phone has in a plan of ours; '' for any other phone."""
    found = _ENDPOINT.fullmatch(user.endpoint)
    return found.group(1) if found else ""


def at_phones(users: Iterable[User]) -> dict[str, User]:
    """Extension → who is there."""
    found = ((extension_of(user), user) for user in users if user.active)
    return {extension: user for extension, user in found if extension}


def joined(plan: PbxPlan, people: Mapping[str, User]) -> PbxPlan:
    """The plan with the names of today, and supervisors' phones who may listen in."""
    operators = tuple(_as_user(one, people.get(one.extension)) for one in plan.operators)
    return replace(plan, operators=operators)


def _as_user(operator: Operator, user: User | None) -> Operator:
    if user is None:
        return operator
    return replace(operator, name=name_of(user), supervisor=user.role == "supervisor")


def name_of(user: User) -> str:
    """As a phone may show it."""
    kept = _UNUSABLE.sub(" ", user.display_name)[:60].strip(" .'’-_")
    try:
        return check_label("name", kept)
    except PlanError:
        return f"Operator {extension_of(user)}"


@dataclass(frozen=True, slots=True)
class Staff:
    """`missing`: users whose phone the plan lacks; `left`: phones of the plan that no user has."""

    missing: tuple[User, ...]
    left: tuple[Operator, ...]


def staff(plan: PbxPlan, people: Mapping[str, User]) -> Staff:
    planned = {operator.extension for operator in plan.operators}
    return Staff(
        missing=tuple(user for extension, user in people.items() if extension not in planned),
        left=tuple(one for one in plan.operators if one.extension not in people),
    )


def with_operator(plan: PbxPlan, user: User) -> PbxPlan:
    """A phone of the plan's for a user who has none there, in the queues that everybody is in."""
    operator = Operator(extension=extension_of(user), name=name_of(user))
    return replace(plan, operators=(*plan.operators, _as_user(operator, user)))
