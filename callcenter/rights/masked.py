"""Values in whose place only their shape is shown, with what they can still be used for."""

from __future__ import annotations

import re

from callcenter.rights.masking import mask_email, mask_number, mask_text
from callcenter.rights.objects import Access

_NUMBER = re.compile(r"\+[0-9]{5,}")


class Masked(str):
    """A text that says what kind of value is there. `whose` names the record and field by which the
    server finds the value: to reveal it, or to dial it."""

    whose: str

    def __new__(cls, text: str, whose: str = "") -> Masked:
        made = super().__new__(cls, text)
        made.whose = whose
        return made


def number_as(access: Access, number: str, whose: str = "") -> str:
    return _as(access, number, mask_number(number), whose)


def name_as(access: Access, name: str, whose: str = "") -> str:
    """Whoever called first and told no name is called by their number, which is as secret as that:
    its shape stays, since a record needs a name."""
    if access in ("read", "write") or not _NUMBER.fullmatch(name):
        return name
    return Masked(mask_number(name), whose if access == "masked" else "")


def email_as(access: Access, address: str, whose: str = "") -> str:
    return _as(access, address, mask_email(address), whose)


def text_as(access: Access, text: str, whose: str = "") -> str:
    return _as(access, text, mask_text(text), whose)


def _as(access: Access, value: str, masked: str, whose: str) -> str:
    if access == "hidden" or not value:
        return ""
    if access == "masked":
        return value if masked == value else Masked(masked, whose)
    return value
