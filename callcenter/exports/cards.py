"""People as vCards 3.0, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from callcenter.imports.phones import PHONE_LABELS, POINT_LABELS
from callcenter.imports.values import split_list

_LINE = 75
_TYPES = {"mobile": "CELL", "work": "WORK", "home": "HOME"}


def card(cells: Mapping[str, str]) -> str:
    """`cells` by title, as a table has them."""
    return "".join(_folded(line) for line in _lines(cells)) + "\r\n"


def _lines(cells: Mapping[str, str]) -> Iterator[str]:
    told = {title: _escaped(text) for title, text in cells.items()}
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield f"FN:{told.get('Full name') or told.get('Name', '')}"
    yield f"N:{told.get('Last name', '')};{told.get('First name', '')};;;"
    for title, name in (
        ("External ID", "UID"),
        ("Organization", "ORG"),
        ("Position", "TITLE"),
        ("Remarks", "NOTE"),
    ):
        if told.get(title):
            yield f"{name}:{told[title]}"
    yield from _points("TEL", cells.get("Phones", ""), PHONE_LABELS)
    yield from _points("EMAIL", cells.get("E-mails", ""), POINT_LABELS)
    for site in split_list(cells.get("Website", "")):
        yield f"URL:{_escaped(site)}"
    address = ("Street", "Address city", "Region", "Postal code", "Country")
    parts = [told.get(title, "") for title in address]
    parts[1] = parts[1] or told.get("City", "")
    if any(parts):
        yield f"ADR:;;{';'.join(parts)}"
    if tags := split_list(cells.get("Tags", "")):
        yield f"CATEGORIES:{','.join(map(_escaped, tags))}"
    yield "END:VCARD"


def _points(name: str, cell: str, labels: Sequence[str]) -> Iterator[str]:
    for place, item in enumerate(split_list(cell)):
        label, _, rest = item.partition(": ")
        value = rest if label in labels and rest else item
        value = re.sub(r" \([a-z, -]+\)$", "", value).replace(" #", ",")
        kinds = [_TYPES[label]] if label in _TYPES and rest else []
        kinds += ["PREF"] if place == 0 else []
        kind = f";TYPE={','.join(kinds)}" if kinds else ""
        yield f"{name}{kind}:{_escaped(value) if name != 'TEL' else value}"


def _escaped(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> str:
    """No line is longer than 75 bytes, and none is cut inside a letter."""
    parts, now, size = [], "", 0
    for letter in line:
        weight = len(letter.encode("utf-8", "replace"))
        if size + weight > _LINE:
            parts.append(now)
            now, size = " ", 1
        now, size = now + letter, size + weight
    return "\r\n".join([*parts, now]) + "\r\n"
