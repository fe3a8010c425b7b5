"""Use case: an administrator says what each role may dial outside, and which number it shows."""

from __future__ import annotations

from collections.abc import Callable

from callcenter.accounts.user import ROLES
from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.errors import Invalid
from callcenter.outbound.rights import OutboundRight, prefixes_of
from callcenter.ports import Clock, UnitOfWork

_MOST_PER_HOUR = 1_000


def set_right(
    role: str,
    allowed: bool,
    prefixes: str,
    caller_id: str,
    per_hour: str,
    *,
    user_id: int,
    plan: NumberPlan,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> None:
    """Everything as typed. Raises Invalid with the field at fault."""
    known = next((one for one in ROLES if one == role), None)
    if known is None:
        raise Invalid("role", f"must be one of {', '.join(ROLES)}")
    right = OutboundRight(
        role=known,
        allowed=allowed,
        prefixes=_prefixes(prefixes),
        caller_id=_caller_id(caller_id, plan),
        per_hour=_per_hour(per_hour),
    )
    with unit_of_work() as uow:
        uow.outbound.save(right)
        uow.audit.record(
            user_id=user_id,
            action="outbound.right",
            object_type="role",
            object_id=known,
            at=clock.now(),
            detail={"allowed": allowed, "prefixes": prefixes, "caller_id": right.caller_id},
        )
        uow.commit()


def _prefixes(text: str) -> tuple[str, ...]:
    try:
        return prefixes_of(text)
    except ValueError:
        raise Invalid("prefixes", "write the beginnings of numbers: +48, +44 20") from None


def _caller_id(text: str, plan: NumberPlan) -> str:
    if not text.strip():
        return ""
    number = parse_number(text, plan).e164
    if not number:
        raise Invalid("caller_id", "is not a telephone number we can read")
    return number


def _per_hour(text: str) -> int:
    digits = text.strip() or "0"
    if not digits.isdecimal() or int(digits) > _MOST_PER_HOUR:
        raise Invalid("per_hour", "write how many calls an hour; 0 for no limit")
    return int(digits)
