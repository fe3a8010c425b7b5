"""A filter: conditions joined by all, any or none of them, in groups within groups.

Its form as JSON is what is saved, sent to the API and kept in addresses; reading it says what is
wrong and where.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from callcenter.errors import Invalid
from callcenter.segments.fields import Catalogue
from callcenter.segments.values import read_value

How = Literal["all", "any", "none"]
HOWS: Final[tuple[How, ...]] = get_args(How)
MOST_CONDITIONS: Final = 40
_DEEPEST: Final = 5
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    op: str
    value: Any = None

    def as_json(self) -> dict[str, Any]:
        told = {"field": self.field, "op": self.op}
        return told if self.value is None else {**told, "value": _plain(self.value)}


@dataclass(frozen=True, slots=True)
class Group:
    how: How = "all"
    parts: tuple[Condition | Group, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {self.how: [part.as_json() for part in self.parts]}

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part

    def __bool__(self) -> bool:
        """An empty filter asks nothing."""
        return any(True for _ in self.conditions())


EVERYBODY: Final = Group()


def parse(told: object, fields: Catalogue) -> Group:
    """Raises Invalid, whose field says where: `filter.all.0.value`."""
    group = _group(told, fields, "filter", 1)
    if sum(1 for _ in group.conditions()) > MOST_CONDITIONS:
        raise Invalid("filter", f"at most {MOST_CONDITIONS} conditions")
    return group


def parse_text(text: str, fields: Catalogue) -> Group:
    """The JSON itself, as an address carries it; empty text is everybody."""
    if not text.strip():
        return EVERYBODY
    if len(text) > _LONGEST:
        raise Invalid("filter", f"at most {_LONGEST} characters")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid("filter", "is not JSON") from error
    return parse(told, fields)


def as_text(group: Group) -> str:
    return json.dumps(group.as_json(), separators=(",", ":"), ensure_ascii=False) if group else ""


def _group(told: object, fields: Catalogue, place: str, depth: int) -> Group:
    if depth > _DEEPEST:
        raise Invalid(place, f"groups go at most {_DEEPEST} deep")
    if not isinstance(told, Mapping) or len(told) != 1 or next(iter(told)) not in HOWS:
        raise Invalid(place, 'must be {"all": […]}, {"any": […]} or {"none": […]}')
    how, parts = next(iter(told.items()))
    if not isinstance(parts, list):
        raise Invalid(f"{place}.{how}", "must be a list of conditions")
    if len(parts) > MOST_CONDITIONS:
        raise Invalid(place, f"at most {MOST_CONDITIONS} conditions")
    read = (
        _part(part, fields, f"{place}.{how}.{number}", depth) for number, part in enumerate(parts)
    )
    return Group(how, tuple(read))


def _part(told: object, fields: Catalogue, place: str, depth: int) -> Condition | Group:
    if isinstance(told, Mapping) and "field" in told:
        return _condition(told, fields, place)
    return _group(told, fields, place, depth + 1)


def _condition(told: Mapping[Any, Any], fields: Catalogue, place: str) -> Condition:
    unknown = sorted(str(name) for name in told.keys() - {"field", "op", "value"})
    if unknown:
        raise Invalid(f"{place}.{unknown[0]}", "is not known here; field, op and value are")
    key, op = told.get("field"), told.get("op")
    field = fields.get(key) if isinstance(key, str) else None
    if field is None:
        raise Invalid(f"{place}.field", f"there is no field {str(key)[:80]!r}")
    if op not in field.asked:
        raise Invalid(f"{place}.op", f"must be one of: {', '.join(field.asked)}")
    return Condition(field.key, str(op), read_value(field, str(op), told.get("value"), place))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
