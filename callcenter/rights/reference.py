"""What a masked value is the value of: a name that a page may carry instead of the value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from callcenter.rights.objects import Object

_FORM = re.compile(r"([a-z_]{2,20})/(\d{1,18})(?:/(\d{1,18}))?")
KINDS = (
    "phone",
    "customer",
    "contact",
    "tax_id",
    "interaction",
    "missed",
    "callback",
    "voicemail",
    "task",
    "custom",
)
"""`customer/5/0` is the first number of customer 5, `custom/3/5` what field 3 says of record 5."""
DIALLED = ("phone", "customer", "interaction", "missed", "callback", "voicemail", "task")


@dataclass(frozen=True, slots=True)
class Reference:
    kind: str
    id: int
    part: int = 0

    @classmethod
    def read(cls, text: str) -> Reference | None:
        match = _FORM.fullmatch(text)
        if match is None or match[1] not in KINDS:
            return None
        return cls(match[1], int(match[2]), int(match[3] or 0))


@dataclass(frozen=True, slots=True)
class Held:
    """A value where it is kept: of which record it is, and by which field right it is shown."""

    thing: Object
    record_id: int
    field: str
    value: str
    sensitive: bool = False
    """A field of the company's own that is marked so."""
