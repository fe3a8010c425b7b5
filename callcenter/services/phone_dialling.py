"""Use case: may this user's phone call what was typed, and how is it written for the PBX?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from callcenter.accounts.user import Role
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Forbidden, Invalid
from callcenter.outbound.rights import is_internal, refusal
from callcenter.ports import Clock, UnitOfWork
from callcenter.services.call_control import HOUR, REFUSALS, dialled_form

_CODES = re.compile(r"\*8[0-9]{0,8}|\*97|\*98[0-9]{2,8}|\*5[123][0-9]{2,8}")
"""What the dialplan does for phones: pick up, mailboxes, listening in (where it lets one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """`through_pbx`: the PBX must make the call, since it shows another number than the usual."""

    number: str
    through_pbx: bool = False


def normal_number(typed: str, plan: NumberPlan) -> str:
    """Digits as the PBX takes them: a code, an extension, or E.164. Raises Invalid."""
    bare = re.sub(r"[\s().-]", "", typed)
    number = bare if _CODES.fullmatch(bare) else dialled_form(typed, plan)
    if not number:
        raise Invalid("number", REFUSALS["bad_number"])
    return number


def in_normal_form(number: str, plan: NumberPlan) -> str:
    """What goes to the PBX as it stands: in another spelling it might lead elsewhere than to what
    was checked (00112345 is no extension). Raises Invalid."""
    if normal_number(number, plan) != number:
        raise Invalid("number", REFUSALS["bad_number"])
    return number


def check_dialling(
    user_id: int,
    role: Role,
    number: str,
    *,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
) -> Dialling:
    """For a number in its normal form. Raises Forbidden with the reason."""
    if _CODES.fullmatch(number) or is_internal(number):
        return Dialling(number=number)
    with unit_of_work() as uow:
        right = uow.outbound.right_of(role)
        limited = right is not None and right.per_hour > 0
        dialled = uow.outbound.dialled_since(user_id, clock.now() - HOUR) if limited else 0
    why = refusal(number, right, dialled)
    if why is not None:
        raise Forbidden("number", REFUSALS[why])
    return Dialling(number=number, through_pbx=bool(right and right.caller_id))
