"""How a file is taken in: what it is written in, what its columns mean, what a row does to a record
that is there already. JSON-ready, since it is kept and corrected by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final, Literal

from callcenter.errors import Invalid
from callcenter.imports.dates import STYLES, Style
from callcenter.imports.delimited import DELIMITERS, QUOTES
from callcenter.imports.encoding import ENCODINGS
from callcenter.imports.kinds import Kind

FileForm = Literal["csv", "xlsx", "vcard"]
OnMatch = Literal["update", "fill", "skip"]
ON_MATCH: Final = ("update", "fill", "skip")
SUPPRESSED: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`columns` says by place what a column means; those that are not in it are left out.

    `styles` are the date styles and `marks` the decimal marks of columns, by place.
    """

    form: FileForm = "csv"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    quote: str = '"'
    sheet: str = ""
    has_header: bool = True
    header: tuple[str, ...] = ()
    columns: Mapping[int, str] = field(default_factory=dict)
    styles: Mapping[int, Style] = field(default_factory=dict)
    marks: Mapping[int, str] = field(default_factory=dict)
    ambiguous: tuple[int, ...] = ()
    region: str = ""
    currency: str = ""
    match_by: tuple[str, ...] = ()
    on_match: OnMatch = "update"
    create: bool = True

    def to_json(self) -> dict[str, Any]:
        values = asdict(self)
        for name in ("columns", "styles", "marks"):
            values[name] = {str(place): what for place, what in values[name].items()}
        for name in ("header", "ambiguous", "match_by"):
            values[name] = list(values[name])
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Plan:
        known = {one.name for one in fields(cls)}
        clean: dict[str, Any] = {k: v for k, v in values.items() if k in known}
        for name in ("columns", "styles", "marks"):
            clean[name] = {int(place): what for place, what in (clean.get(name) or {}).items()}
        for name in ("header", "ambiguous", "match_by"):
            clean[name] = tuple(clean.get(name) or ())
        return cls(**clean)


def remembered(plan: Plan, earlier: Mapping[str, Any]) -> Plan:
    """The plan of this file with what was chosen for one with the same header."""
    old = Plan.from_json(earlier)
    return replace(
        plan,
        columns=old.columns,
        styles={**plan.styles, **old.styles},
        marks={**plan.marks, **old.marks},
        ambiguous=tuple(one for one in plan.ambiguous if one not in old.styles),
        region=old.region,
        currency=old.currency,
        match_by=old.match_by,
        on_match=old.on_match,
        create=old.create,
    )


def check(plan: Plan, kind: Kind) -> None:
    """Refuses what cannot be meant. Raises Invalid with the field of the plan."""
    _one_of("encoding", plan.encoding, ENCODINGS)
    _one_of("delimiter", plan.delimiter, DELIMITERS)
    _one_of("quote", plan.quote, QUOTES)
    _one_of("on_match", plan.on_match, ON_MATCH)
    for style in plan.styles.values():
        _one_of("styles", style, STYLES)
    for mark in plan.marks.values():
        _one_of("marks", mark, (".", ","))
    for way in plan.match_by:
        _one_of("match_by", way, kind.matches)
    _check_columns(plan, kind)


def check_complete(plan: Plan, kind: Kind) -> None:
    """Whether rows can come of it at all: each needs a value in one of these fields."""
    mapped = {_field_of(name) for name in plan.columns.values()}
    for group in kind.needed:
        if not mapped & set(group):
            titles = [one.title for one in kind.targets if one.name in group]
            raise Invalid("columns", f"say which column is one of these: {', '.join(titles)}")


def _check_columns(plan: Plan, kind: Kind) -> None:
    seen: set[str] = set()
    for name in plan.columns.values():
        target = kind.target(name)
        if target is None:
            raise Invalid("columns", f"there is no field {name}")
        if name in seen and not target.several:
            raise Invalid("columns", f"two columns cannot both be: {target.title}")
        seen.add(name)


def _field_of(name: str) -> str:
    """`phone_mobile` fills `phones`, and so on."""
    for part, whole in (("phone_", "phones"), ("email_", "emails")):
        if name.startswith(part):
            return whole
    return name


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise Invalid(name, f"must be one of: {', '.join(known)}")
