"""Numbers and addresses in a cell: one or several, with what they are and what is known of them.

`mobile: +48601234567; work: +48221234567 #12 (invalid)`: label, value, marks. The first is the
main one. Plain cells of other systems are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from callcenter.customers.phone import NumberPlan, parse_number
from callcenter.customers.phone_text import is_plain
from callcenter.imports.values import join_list, split_list

MARKS: Final = ("invalid", "opted-out", "shared")
PHONE_LABELS: Final = ("mobile", "work", "home", "other")
POINT_LABELS: Final = ("work", "home", "other")
_LABEL = re.compile(r"(mobile|work|home|other):\s*", re.IGNORECASE)
_MARKED = re.compile(r"\s*\(((?:invalid|opted-out|shared)(?:, (?:invalid|opted-out|shared))*)\)$")
_SEVERAL = re.compile(r"\s*[,/|\n]\s*|\s+(?:or|lub|или|и)\s+")
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_MAIL_NAMED = re.compile(r".*<([^<>\s]+@[^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Point:
    """A number (E.164, its extension) or an address, and how it is used."""

    value: str
    label: str = "other"
    extension: str = ""
    marks: tuple[str, ...] = ()
    raw: str = ""


def parse_phones(text: str, label: str, plan: NumberPlan) -> tuple[Point, ...]:
    if is_plain(text):
        number = parse_number(text, plan, internal_allowed=False)
        if number.e164:
            return (Point(number.e164, label, raw=text),)
    return tuple(_phone(one, label, plan) for one in _each_phone(text, plan))


def _each_phone(text: str, plan: NumberPlan) -> Iterable[str]:
    """A comma may part two numbers or stand before an extension: the whole is tried first."""
    for item in split_list(text):
        bare = _MARKED.sub("", _LABEL.sub("", item, count=1))
        if parse_number(bare, plan, internal_allowed=False).e164:
            yield item
        else:
            yield from (part for part in _SEVERAL.split(item) if part)


def _phone(item: str, label: str, plan: NumberPlan) -> Point:
    label, bare, marks = _taken_apart(item, label)
    if _ROUNDED.fullmatch(bare):
        raise ValueError(
            "a spreadsheet has rounded this number; format the column as text and save again"
        )
    number = parse_number(bare, plan, internal_allowed=False)
    if not number.e164:
        raise ValueError("is not a telephone number we can read")
    return Point(number.e164, label, number.extension, marks, bare)


def parse_points(text: str, label: str, *, mail: bool) -> tuple[Point, ...]:
    items = split_list(text)
    if mail and len(items) == 1 and "," in _MARKED.sub("", items[0]):
        items = tuple(part.strip() for part in items[0].split(",") if part.strip())
    return tuple(_point(item, label, mail=mail) for item in items)


def _point(item: str, label: str, *, mail: bool) -> Point:
    label, bare, marks = _taken_apart(item, label)
    if mail:
        named = _MAIL_NAMED.fullmatch(bare)
        bare = (named.group(1) if named else bare).removeprefix("mailto:")
        if not _MAIL.fullmatch(bare):
            raise ValueError("is not an e-mail address")
    if len(bare) > 255 or (mail and len(bare) > 160):
        raise ValueError("is too long an address")
    return Point(bare, "other" if label == "mobile" else label, marks=marks)


def _taken_apart(item: str, label: str) -> tuple[str, str, tuple[str, ...]]:
    if named := _LABEL.match(item):
        label, item = named.group(1).lower(), item[named.end() :]
    marked = _MARKED.search(item)
    marks = tuple(marked.group(1).split(", ")) if marked else ()
    return label, (item[: marked.start()] if marked else item).strip(), marks


def write_points(points: Sequence[Point]) -> str:
    return join_list(_written(point) for point in points)


def _written(point: Point) -> str:
    labelled = point.label != "other" or _LABEL.match(point.value)
    label = f"{point.label}: " if labelled else ""
    extension = f" #{point.extension}" if point.extension else ""
    marks = f" ({', '.join(point.marks)})" if point.marks else ""
    return f"{label}{point.value}{extension}{marks}"
