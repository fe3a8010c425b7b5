"""Where a call may be sent: the places a dialled number, a key or a full queue can stand for.

Pure values, checked when made. What the dialplan does at each place is in
`asterisk_conf/extensions.conf.j2`; a caller chooses among these places and never builds one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from callcenter.pbx import values
from callcenter.pbx.values import PlanError

Kind = Literal["queue", "menu", "ivr", "operator", "group", "voicemail", "announcement"]
_CONTEXTS: dict[str, str] = {
    "queue": "crm-queue",
    "menu": "crm-own-menu",
    "ivr": "crm-menu",
    "operator": "crm-direct",
    "group": "crm-group",
    "voicemail": "crm-voicemail",
    "announcement": "crm-announcement",
}
KINDS = tuple(_CONTEXTS)
QUEUE_NUMBERS = {"support": "851", "sales": "852", "vip": "853", "debtors": "854"}
"""The queues of a plan that nobody changed, and under which number a phone reaches each."""

QUEUE_NAMES = tuple(QUEUE_NUMBERS)
HOLD = "*0"
"""Where the CRM leads an operator who holds a call: silence for them, music for the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`target`: a queue's name, the key of one of the CRM's voice menus, an extension (operator,
    group, voicemail), a sound's name; the PBX's own menu (`ivr`) needs none."""

    kind: Kind
    target: str = ""

    def __post_init__(self) -> None:
        check_destination("destination", self.kind, self.target)

    @property
    def place(self) -> str:
        """Context, extension and priority, as `Goto` takes them."""
        return f"{_CONTEXTS[self.kind]},{self.target or 's'},1"


def check_destination(field: str, kind: str, target: str) -> None:
    if kind not in _CONTEXTS:
        raise PlanError(
            f"{field}: kind is one of {', '.join(_CONTEXTS)}", field="target", code="place"
        )
    if kind == "queue":
        values.check_queue_name(f"{field}: target", target)
    if kind == "menu":
        values.check_menu_key(f"{field}: target", target)
    if kind == "ivr" and target:
        raise PlanError(f"{field}: there is one menu, it has no name", field="target", code="place")
    if kind == "announcement":
        values.check_sound(f"{field}: target", target)
    if kind in ("operator", "group", "voicemail"):
        values.check_extension(f"{field}: target", target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a waiting caller reaches by pressing `digit`."""

    digit: str
    to: Destination

    def __post_init__(self) -> None:
        if len(self.digit) != 1 or self.digit not in "0123456789*#":
            words = f"key: {self.digit!r} cannot be used. Accepted: one of 0-9, * and #."
            raise PlanError(words, field="keys", code="key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Several operators under one extension: all rung at once, or one after the other."""

    number: str
    members: tuple[str, ...]
    strategy: Literal["ringall", "linear"] = "ringall"
    ring_seconds: int = 25
    overflow: Destination | None = None

    def __post_init__(self) -> None:
        values.check_extension("group.number", self.number)
        if self.strategy not in ("ringall", "linear"):
            raise PlanError(f"group {self.number}: strategy is ringall or linear")
        if not self.members:
            words = f"group {self.number}: somebody must be in it"
            raise PlanError(words, field="members", code="empty_group")
        for member in self.members:
            values.check_extension(f"group {self.number}: member", member)
        values.check_seconds(f"group {self.number}: ring_seconds", self.ring_seconds)


def check_no_circle(what: str, edges: Mapping[str, Iterable[str]]) -> None:
    """A call that is sent on for ever would never end: refused before it can happen."""
    done: set[str] = set()

    def visit(place: str, path: tuple[str, ...]) -> None:
        if place in path:
            way = " → ".join((*path, place))
            words = f"{what} goes round in a circle: {way}"
            raise PlanError(words, field=what, code="circle", about=way)
        if place not in done:
            for following in edges.get(place, ()):
                visit(following, (*path, place))
            done.add(place)

    for start in edges:
        visit(start, ())
