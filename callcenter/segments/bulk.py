"""What may be done to many customers at once: what it would change of each, or why it would not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from callcenter.errors import Invalid

BulkKind = Literal[
    "owner",
    "status",
    "segment",
    "field",
    "add_tag",
    "remove_tag",
    "add_to_segment",
    "remove_from_segment",
    "tasks",
    "delete",
]
KINDS: Final[tuple[BulkKind, ...]] = get_args(BulkKind)
MOST: Final = 100_000
"""More than so many are done by an import, which is made for it."""

_FIELDS: Final[Mapping[str, str]] = {"owner": "owner_id", "status": "status", "segment": "segment"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """`value`: a user's id, a key, a tag's name, a segment's id; `key`: of a field of one's own;
    `task`: title, details, assignee_id and due_at of the tasks to be made."""

    kind: BulkKind
    value: Any = None
    key: str = ""
    task: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "value": self.value, "key": self.key, "task": dict(self.task)}

    @property
    def right(self) -> Literal["change", "delete"]:
        return "delete" if self.kind == "delete" else "change"

    @property
    def written(self) -> tuple[str, ...]:
        """The fields that somebody must be allowed to write."""
        if self.kind == "field":
            return (f"custom:{self.key}",)
        return (_FIELDS[self.kind],) if self.kind in _FIELDS else ()


@dataclass(frozen=True, slots=True)
class Planned:
    """`values` to be set of the record; or `why` it is left as it is."""

    values: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""


def read_action(told: Mapping[str, Any]) -> BulkAction:
    """From its form as JSON (as a batch keeps it, and pages send it)."""
    kind = next((one for one in KINDS if one == told.get("kind")), None)
    if kind is None:
        raise Invalid("kind", f"must be one of: {', '.join(KINDS)}")
    value, key = told.get("value"), str(told.get("key") or "")
    if kind in ("add_to_segment", "remove_from_segment") and not isinstance(value, int):
        raise Invalid("value", "must be the id of a frozen segment")
    if kind in ("add_tag", "remove_tag") and not (isinstance(value, str) and value.strip()):
        raise Invalid("value", "must be the name of a tag")
    if kind == "field" and not key:
        raise Invalid("key", "must be the key of a field")
    task = told.get("task") or {}
    if kind == "tasks" and not str(task.get("title") or "").strip():
        raise Invalid("title", "a task needs a title")
    return BulkAction(kind=kind, value=value, key=key, task=task)


def planned(action: BulkAction, document: Mapping[str, Any]) -> Planned:
    """What would change of a customer's record."""
    if action.kind in _FIELDS:
        return _set(document, _FIELDS[action.kind], action.value)
    if action.kind == "field":
        return _set(document, f"custom.{action.key}", action.value)
    if action.kind in ("add_tag", "remove_tag"):
        return _tags(document, str(action.value), add=action.kind == "add_tag")
    if action.kind == "delete" and document.get("legal_hold"):
        return Planned(why="legal_hold")
    return Planned()


def _set(document: Mapping[str, Any], name: str, value: Any) -> Planned:
    now = document.get(name)
    if now == value or (now in (None, "") and value in (None, "")):
        return Planned(why="same")
    return Planned({name: value})


def _tags(document: Mapping[str, Any], name: str, *, add: bool) -> Planned:
    now = list(document.get("tags") or [])
    has = name.casefold() in (one.casefold() for one in now)
    if has == add:
        return Planned(why="same")
    if add:
        return Planned({"tags": sorted([*now, name])})
    return Planned({"tags": [one for one in now if one.casefold() != name.casefold()]})
