"""vCards (2.1, 3.0, 4.0), many in one file, as records with the columns of our own export.

Cards are cut out line by line, and pictures are left behind on the way: a file of any size is read
in the memory of one card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, TextIO

import vobject
from vobject.base import ParseError, VObjectError

from callcenter.imports.record import MOST_IN_CELL, Record
from callcenter.imports.values import join_list

HEADER: Final = (
    "External ID",
    "Full name",
    "First name",
    "Last name",
    "Organization",
    "Position",
    "Phones",
    "E-mails",
    "Website",
    "Street",
    "Postal code",
    "City",
    "Region",
    "Country",
    "Tags",
    "Remarks",
)
_LEFT_BEHIND = re.compile(r"(?:[\w-]+\.)?(?:PHOTO|LOGO|SOUND|KEY)\b", re.IGNORECASE)
_MOST_LINES = 2000


def records(text: TextIO) -> Iterator[Record]:
    """The header first, as for every other kind of file."""
    yield Record(1, 1, HEADER)
    for number, (line, card) in enumerate(_cards(text), start=2):
        yield _record(number, line, card)


def _cards(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    card: list[str] | None = None
    began, skipping = 0, False
    for line, content in enumerate(iter(lambda: text.readline(MOST_IN_CELL), ""), start=1):
        plain = content.strip().upper()
        if plain == "BEGIN:VCARD":
            if card is not None:
                yield began, card
            card, began, skipping = [content], line, False
        elif card is not None:
            skipping = _LEFT_BEHIND.match(content) is not None or (
                skipping and content[:1] in (" ", "\t")
            )
            if not skipping and len(card) < _MOST_LINES:
                card.append(content)
            if plain == "END:VCARD":
                yield began, card
                card = None
    if card is not None:
        yield began, card


def _record(number: int, line: int, card: list[str]) -> Record:
    text = "".join(card)
    if card[-1].strip().upper() != "END:VCARD":
        return Record(number, line, (text[:2000],), "this card has no end")
    try:
        return Record(number, line, _cells(vobject.readOne(text, allowQP=True)))
    except (ParseError, VObjectError, ValueError, AttributeError, LookupError, TypeError):
        return Record(number, line, (text[:2000],), "this card cannot be read")


def _cells(card: Any) -> tuple[str, ...]:
    name, address = _first(card, "n"), _first(card, "adr")
    organization = _first(card, "org")
    found = {
        "External ID": _plain(_first(card, "uid")),
        "Full name": _plain(_first(card, "fn")),
        "First name": _flat(getattr(name, "given", "")),
        "Last name": _flat(getattr(name, "family", "")),
        "Organization": _plain(organization[0] if organization else ""),
        "Position": _plain(_first(card, "title")),
        "Phones": join_list(_points(card, "tel", ("mobile", "work", "home"))),
        "E-mails": join_list(_points(card, "email", ("work", "home"))),
        "Website": join_list(_plain(one.value) for one in card.contents.get("url", ())),
        "Street": _flat(getattr(address, "street", "")),
        "Postal code": _flat(getattr(address, "code", "")),
        "City": _flat(getattr(address, "city", "")),
        "Region": _flat(getattr(address, "region", "")),
        "Country": _flat(getattr(address, "country", "")),
        "Tags": join_list(_tags(card)),
        "Remarks": _plain(_first(card, "note")),
    }
    return tuple(found[column] for column in HEADER)


def _first(card: Any, name: str) -> Any:
    found = card.contents.get(name)
    return found[0].value if found else ""


def _plain(value: Any) -> str:
    return value.strip() if isinstance(value, str) else _flat(value)


def _flat(value: Any) -> str:
    return " ".join(filter(None, value)).strip() if isinstance(value, list) else str(value).strip()


def _points(card: Any, name: str, labels: tuple[str, ...]) -> Iterator[str]:
    """The preferred one first."""
    for one in sorted(card.contents.get(name, ()), key=lambda one: not _is_preferred(one)):
        types = _types(one)
        label = next((label for label in labels if label in types), "")
        value = re.sub(r"^(?:tel|mailto):", "", _plain(one.value), flags=re.IGNORECASE)
        if value and not {"fax", "pager"} & types:
            yield f"{label}: {value}" if label else value


def _types(one: Any) -> set[str]:
    named = {kind for text in one.params.get("TYPE", ()) for kind in text.lower().split(",")}
    bare = {text.lower() for text in getattr(one, "singletonparams", ())}
    types = named | bare
    return types | ({"mobile"} if types & {"cell", "iphone"} else set())


def _is_preferred(one: Any) -> bool:
    return "pref" in _types(one) or "1" in one.params.get("PREF", ())


def _tags(card: Any) -> Iterator[str]:
    for one in card.contents.get("categories", ()):
        yield from one.value if isinstance(one.value, list) else [one.value]
