"""A record's cells as values, by the plan. What cannot be read is said for each cell, in words; a
row with a problem is taken as a whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any, Final, cast
from zoneinfo import available_timezones

from callcenter.customers.names import fold
from callcenter.customers.phone import NumberPlan
from callcenter.customers.visible import lines, one_line
from callcenter.errors import Invalid
from callcenter.fields.definition import FieldDef
from callcenter.fields.values import as_typed
from callcenter.fields.values import parse as parse_custom
from callcenter.imports import amounts, countries, dates, phones, values
from callcenter.imports.dates import Style
from callcenter.imports.kinds import Kind, Target
from callcenter.imports.plan import Plan
from callcenter.imports.record import Record

Problem = tuple[str, str]
"""(the column's header, what is wrong with its cell); '' for the whole row."""
_LANGUAGES: Final = {
    "english": "en",
    "polish": "pl",
    "polski": "pl",
    "russian": "ru",
    "русский": "ru",
    "ukrainian": "uk",
    "german": "de",
}
_CUSTOM: Final = "custom."


@dataclass(frozen=True, slots=True)
class Row:
    """`values` by field, the empty ones left out."""

    record: Record
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What the product knows and a file only names: users by name, choices, fields, the zone whose
    clock the file is in."""

    numbers: NumberPlan
    users: Mapping[str, int] = field(default_factory=dict)
    choices: Mapping[str, FieldDef] = field(default_factory=dict)
    custom: tuple[FieldDef, ...] = ()
    zone: tzinfo = UTC


class RowReader:
    def __init__(self, kind: Kind, plan: Plan, known: Knowledge) -> None:
        self._kind, self._plan, self._known = kind, plan, known
        self._custom = {f"{_CUSTOM}{one.key}": one for one in known.custom}
        self._columns: list[tuple[int, str, str, Callable[[int, str], Any]]] = []
        for place, name in sorted(plan.columns.items()):
            self._columns.append((place, name, self._title(place), self._reader(name)))
        self._guarded = plan.form == "csv"

    def read(self, record: Record) -> Row:
        if record.problem:
            return Row(record, {}, (("", record.problem),))
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        cells = record.cells
        for place, name, title, reader in self._columns:
            if place >= len(cells) or not cells[place]:
                continue
            try:
                self._take(found, name, place, cells[place], reader)
            except (ValueError, Invalid) as error:
                problems.append((title, getattr(error, "message", None) or str(error)))
        if len(cells) > len(self._plan.header) and any(cells[len(self._plan.header) :]):
            problems.append(("", "has more cells than the header has columns"))
        return Row(record, found, tuple(problems) or self._lacking(found))

    def _take(
        self,
        found: dict[str, Any],
        name: str,
        place: int,
        raw: str,
        reader: Callable[[int, str], Any],
    ) -> None:
        values.check(raw, self._plan.encoding)
        text = values.cell(raw, guarded=self._guarded)
        if not text:
            return
        value = reader(place, text)
        if value is None or value in {"", ()}:
            return
        if name in found:  # several columns of one field
            joined = "\n" if isinstance(value, str) else ()
            value = found[name] + joined + value
        found[name] = value

    def _lacking(self, found: Mapping[str, Any]) -> tuple[Problem, ...]:
        for group in self._kind.needed:
            if not any(_fills(name, group) for name in found):
                titles = [one.title for one in self._kind.targets if one.name in group]
                return (("", f"has nothing in: {', '.join(titles)}"),)
        return ()

    def _title(self, place: int) -> str:
        header = self._plan.header
        return header[place] if place < len(header) and header[place] else f"#{place + 1}"

    def _reader(self, name: str) -> Callable[[int, str], Any]:
        if name in self._custom:
            return self._custom_reader(self._custom[name])
        target = self._kind.target(name)
        if target is None:
            raise Invalid("columns", f"there is no field {name}")
        return cast("Callable[[int, str], Any]", getattr(self, f"_read_{target.form}")(target))

    # -- one for each form of field --------------------------------------------------------------

    def _read_text(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: _limited(one_line(values.referred(text)), target.length)

    def _read_long(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: _limited(lines(text), target.length)

    def _read_phones(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: phones.parse_phones(text, target.label, self._known.numbers)

    def _read_mails(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: phones.parse_points(text, target.label, mail=True)

    def _read_points(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: phones.parse_points(text, target.label, mail=False)

    def _read_list(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda _place, text: tuple(
            _limited(one_line(one), 64) for one in values.split_list(text)
        )

    def _read_yes_no(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda _place, text: values.yes_no(text)

    def _read_whole(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: values.whole(text, 0, target.most)

    def _read_date(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda place, text: dates.parse_day(text, self._style(place))

    def _read_moment(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        def read(place: int, text: str) -> Any:
            moment = dates.parse_moment(text, self._style(place))
            return moment.replace(tzinfo=self._known.zone) if moment is not None else None

        return read

    def _read_money(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        def read(place: int, text: str) -> tuple[int, str]:
            amount, currency = amounts.parse_amount(text, self._mark(place))
            return amounts.minor_units(amount), currency

        return read

    def _read_number(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda place, text: amounts.parse_number(text, self._mark(place))

    def _read_language(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda _place, text: _language(text)

    def _read_country(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda _place, text: countries.code_of(text)

    def _read_zone(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        return lambda _place, text: _zone(text)

    def _read_user(self, target: Target) -> Callable[[int, str], Any]:  # noqa: ARG002
        def read(_place: int, text: str) -> int:
            found = self._known.users.get(fold(one_line(values.referred(text))))
            if found is None:
                raise ValueError(f"names nobody who works here: {text[:60]}")
            return found

        return read

    def _read_choice(self, target: Target) -> Callable[[int, str], Any]:
        """A company without choices of its own takes any word."""
        field_def = self._known.choices.get(target.name)
        if field_def is None or not field_def.choices:
            return self._read_text(target)
        return lambda _place, text: parse_custom(field_def, text)

    def _read_status(self, target: Target) -> Callable[[int, str], Any]:
        return lambda _place, text: _limited(one_line(text).casefold(), target.length)

    def _custom_reader(self, field_def: FieldDef) -> Callable[[int, str], Any]:
        def read(place: int, text: str) -> Any:
            if field_def.kind == "date":
                text = str(dates.parse_day(text, self._style(place)) or "")
            elif field_def.kind in ("number", "money"):
                mark = self._mark(place)
                if field_def.kind == "money":
                    number, currency = amounts.parse_amount(text, mark)
                    if currency not in ("", field_def.currency):
                        raise ValueError(f"must be in {field_def.currency}")
                else:
                    number = amounts.parse_number(text, mark)
                text = f"{number:f}"
            return parse_custom(field_def, text)

        return read

    def _style(self, place: int) -> Style:
        return self._plan.styles.get(place, "dmy")

    def _mark(self, place: int) -> amounts.Mark:
        return "," if self._plan.marks.get(place) == "," else "."


def _fills(name: str, group: Sequence[str]) -> bool:
    return (
        name in group
        or (name.startswith("phone_") and "phones" in group)
        or (name.startswith("email_") and "emails" in group)
    )


def _limited(text: str, length: int) -> str:
    if len(text) > length:
        raise ValueError(f"must have at most {length} characters")
    return text


def _language(text: str) -> str:
    plain = text.strip()
    if named := _LANGUAGES.get(plain.casefold()):
        return named
    code = plain.replace("_", "-")
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?", code):
        raise ValueError("must be a language code such as pl")
    language, dash, rest = code.partition("-")
    return f"{language.lower()}{dash}{rest}"


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("must be a time zone such as Europe/Warsaw")
    return text


def typed(value: Decimal | str) -> str:
    """How a value of a company's own field is written into a file."""
    return as_typed(value)
