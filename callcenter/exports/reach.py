"""How far the rights reached that a file was made with. It is kept with the file, and the file goes
to nobody whose own rights reach less far: neither to a colleague, nor to its maker once their
rights are narrower. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from callcenter.exports.cells import right_of
from callcenter.rights.objects import ACCESSES, FIELDS, Access, Action, Object
from callcenter.rights.viewer import EVERYTHING, Viewer

Reach = Mapping[str, Mapping[str, Any]]
"""`scopes`: by `object/action` "all", or whose records; `fields`: by `object/field` the access."""
KEY: Final = "made_with"
"""Where it stands in the plan of a file."""
_ALL: Final = "all"
_Right = tuple[Object, Action]
_Field = tuple[Object, str]
_TABLE: Final[tuple[_Right, ...]] = (("report", "read"), ("segment", "read"))
_CONTACTS: Final[tuple[_Right, ...]] = (
    *_TABLE,
    ("interaction", "read"),
    ("interaction", "export"),
    ("customer", "read"),
)
_RECORDS: Final[Mapping[str, tuple[_Right, ...]]] = {
    "customers": (("customer", "read"), ("customer", "export")),
    "organizations": (("organization", "export"),),
}
_TRADE: Final[tuple[_Right, ...]] = (("account", "export"), ("customer", "export"))
_OF_TRADE: Final[Mapping[str, _Field]] = {
    "amount": ("account", "amounts"),
    "customer_phone": ("customer", "phones"),
    "customer_email": ("customer", "emails"),
}


def reach(kind: str, plan: Mapping[str, Any], viewer: Viewer) -> dict[str, dict[str, Any]]:
    """Of what such a file tells: whose records this viewer gets into it, and what of them."""
    return {
        "scopes": {f"{thing}/{do}": _whose(viewer, thing, do) for thing, do in _rights(kind, plan)},
        "fields": {
            f"{thing}/{name}": viewer.field(thing, name) for thing, name in _fields(kind, plan)
        },
    }


def widest(one: Reach, other: Reach) -> dict[str, dict[str, Any]]:
    """As far as either of the two, both of the same file."""
    scopes, fields = dict(one["scopes"]), dict(one["fields"])
    for name, theirs in other["scopes"].items():
        mine = scopes.get(name, [])
        scopes[name] = _ALL if _ALL in (mine, theirs) else sorted({*mine, *theirs})
    for name, access in other["fields"].items():
        fields[name] = max(access, fields.get(name, "hidden"), key=ACCESSES.index)
    return {"scopes": scopes, "fields": fields}


def covers(viewer: Viewer, kind: str, plan: Mapping[str, Any]) -> bool:
    """Whether this viewer's rights reach as far as those that the file was made with. Of one that
    does not say (it was made before that was kept) the worst is believed: that it holds all."""
    made_with = plan.get(KEY) or reach(kind, plan, EVERYTHING)
    own = reach(kind, plan, viewer)
    return all(
        _has(own["scopes"].get(name, []), theirs) for name, theirs in made_with["scopes"].items()
    ) and all(
        _shows(own["fields"].get(name, "hidden")) >= _shows(access)
        for name, access in made_with["fields"].items()
    )


def _whose(viewer: Viewer, thing: Object, action: Action) -> str | list[int]:
    ids = viewer.user_ids(thing, action)
    return _ALL if ids is None else sorted(ids)


def _has(own: Any, theirs: Any) -> bool:
    return own == _ALL or (theirs != _ALL and set(theirs) <= set(own))


def _shows(access: Access) -> int:
    """In a file nothing can be written: who may write a field sees no more than who may read it."""
    return min(ACCESSES.index(access), ACCESSES.index("read"))


def _rights(kind: str, plan: Mapping[str, Any]) -> tuple[_Right, ...]:
    if kind == "report":
        return _CONTACTS if plan.get("what") == "contacts" else _TABLE
    return _RECORDS.get(kind, _TRADE)


def _fields(kind: str, plan: Mapping[str, Any]) -> Iterator[_Field]:
    """Those with rights of their own."""
    if kind == "report":
        if plan.get("what") == "contacts":
            yield "interaction", "number"
        return
    for column in plan.get("columns", ()):
        if column in _OF_TRADE and kind not in _RECORDS:
            yield _OF_TRADE[column]
        elif kind in _RECORDS:
            yield from _of_record("customer" if kind == "customers" else "organization", column)


def _of_record(thing: Object, column: str) -> Iterator[_Field]:
    own, dot, key = column.partition(".")
    if own == "custom" and dot:
        # Whether it is a sensitive one can change: both rights are kept.
        yield thing, f"custom:{key}"
        yield thing, "sensitive"
    elif right_of(column) in FIELDS[thing]:
        yield thing, right_of(column)
