"""Whether somebody of a role may dial a number. Pure; the dialplan checks the countries again.

A number goes to the PBX as one word of digits: a colleague's extension, a group, a feature code of
ours (`*81002`, a parking place), or E.164. Nothing that was typed goes there otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from callcenter.accounts.user import Role

Refusal = Literal["bad_number", "not_allowed", "prefix", "per_hour"]

_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
_INTERNAL = re.compile(r"(?:\*8)?[0-9]{2,8}")
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundRight:
    """What a role may dial outside. No `prefixes`: whatever the dialplan lets through."""

    role: Role
    allowed: bool = True
    prefixes: tuple[str, ...] = ()
    caller_id: str = ""
    """The number of ours that is shown; '' is the company's main number."""
    per_hour: int = 0
    """0: as many as they like."""


def prefixes_of(text: str) -> tuple[str, ...]:
    """`+48, +44 20` → its prefixes. ValueError for what is none."""
    found = tuple(re.sub(r"[\s().-]", "", part) for part in re.split(r"[,;\n]", text))
    for prefix in filter(None, found):
        if _PREFIX.fullmatch(prefix) is None:
            raise ValueError(prefix)
    return tuple(dict.fromkeys(filter(None, found)))


def is_internal(number: str) -> bool:
    """An extension, a parking place, or `*8` with a colleague's extension: take their call."""
    return _INTERNAL.fullmatch(number) is not None


def is_outside(number: str) -> bool:
    return _E164.fullmatch(number) is not None


def refusal(number: str, right: OutboundRight | None, dialled_this_hour: int) -> Refusal | None:
    """Why this number may not be dialled; None when it may."""
    if is_internal(number):
        return None
    if not is_outside(number):
        return "bad_number"
    if right is None or not right.allowed:
        return "not_allowed"
    if right.prefixes and not number.startswith(right.prefixes):
        return "prefix"
    if right.per_hour and dialled_this_hour >= right.per_hour:
        return "per_hour"
    return None
