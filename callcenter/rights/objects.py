"""What rights are given over: the kinds of records, what is done with them, and their fields.

A right is a scope: none, one's own, those of one's teams, all. A field is hidden, masked (its shape
is shown, and its value on request, which is logged), readable or writable.
"""

from __future__ import annotations

from typing import Literal, get_args

Object = Literal[
    "customer",
    "organization",
    "interaction",
    "recording",
    "conversation",
    "deal",
    "task",
    "account",
    "file",
    "segment",
    "import",
    "export",
    "history",
    "duplicate",
    "webhook",
    "token",
    "settings",
    "routing",
    "callback",
    "voicemail",
    "survey",
    "alert",
    "quality",
    "pbx",
    "report",
    "supervision",
    "wallboard",
]
Action = Literal[
    "read",
    "create",
    "change",
    "delete",
    "export",
    "merge",
    "erase",
    "reveal",
    "listen",
    "whisper",
    "barge",
    "take_over",
    "direct",
]
Scope = Literal["none", "own", "team", "all"]
Access = Literal["hidden", "masked", "read", "write"]

OBJECTS: tuple[Object, ...] = get_args(Object)
SCOPES: tuple[Scope, ...] = get_args(Scope)
ACCESSES: tuple[Access, ...] = get_args(Access)

ACTIONS: dict[Object, tuple[Action, ...]] = {
    "customer": ("read", "create", "change", "delete", "export", "merge", "erase", "reveal"),
    "organization": ("read", "create", "change", "delete", "export", "merge", "reveal"),
    "interaction": ("read", "create", "change", "export"),
    "recording": ("read", "export"),
    "conversation": ("read", "create", "change"),
    "deal": ("read", "create", "change", "delete", "export"),
    "task": ("read", "create", "change", "delete"),
    "account": ("read", "create", "change", "delete", "export"),
    "file": ("read", "create", "delete"),
    "segment": ("read", "create", "change", "delete"),
    "import": ("read", "create", "change"),
    "export": ("read", "create"),
    "history": ("read", "change"),
    "duplicate": ("read", "change"),
    "webhook": ("read", "create", "change", "delete"),
    "token": ("read", "create", "delete"),
    "settings": ("read", "change"),
    "routing": ("read", "change"),
    "callback": ("read", "change"),
    "voicemail": ("read", "change"),
    "survey": ("read", "change"),
    "alert": ("read", "change"),
    "quality": ("read", "create", "change"),
    "pbx": ("read", "change"),
    "report": ("read", "create"),
    "supervision": ("listen", "whisper", "barge", "take_over", "direct"),
    "wallboard": ("read", "change"),
}
"""What can be done with each kind of record; nothing else is ever asked."""

WHOLE: frozenset[tuple[Object, Action]] = frozenset(
    {(one, "create") for one in OBJECTS}
    | {
        ("settings", "read"),
        ("settings", "change"),
        ("history", "change"),
        ("routing", "read"),
        ("routing", "change"),
        ("survey", "change"),
        ("quality", "change"),
        ("pbx", "read"),
        ("pbx", "change"),
    }
)
"""Rights that are no question of whose the record is: all or none."""

OF_TEAMS: frozenset[Object] = frozenset({"wallboard", "alert"})
"""What belongs to a team or to everybody, never to one person."""

OF_QUEUES: frozenset[Object] = frozenset({"alert"})
"""What is a team's because it concerns the queues in which the team works."""

FIELDS: dict[Object, tuple[str, ...]] = {
    "customer": (
        "phones",
        "emails",
        "messengers",
        "addresses",
        "vip_level",
        "blocked",
        "owner_id",
        "remarks",
        "custom",
        "sensitive",
    ),
    "organization": ("tax_id", "phones", "addresses", "notes", "custom", "sensitive"),
    "interaction": ("number", "notes"),
    "account": ("amounts",),
    "deal": ("amount", "custom", "sensitive"),
}
"""Fields with rights of their own; every other field follows the record. `custom` stands for all
custom fields, `sensitive` for those that are marked so; `custom:<key>` may be given for one."""

MASKABLE: frozenset[tuple[Object, str]] = frozenset(
    {
        ("customer", "phones"),
        ("customer", "emails"),
        ("customer", "messengers"),
        ("customer", "custom"),
        ("customer", "sensitive"),
        ("organization", "tax_id"),
        ("organization", "phones"),
        ("organization", "custom"),
        ("organization", "sensitive"),
        ("interaction", "number"),
        ("deal", "custom"),
        ("deal", "sensitive"),
    }
)
"""What has a shape to show without its value."""


def wider(one: Scope, other: Scope) -> Scope:
    return max(one, other, key=SCOPES.index)


def scopes_of(thing: Object, action: Action) -> tuple[Scope, ...]:
    if (thing, action) in WHOLE:
        return ("none", "all")
    return ("none", "team", "all") if thing in OF_TEAMS else SCOPES


def accesses_of(thing: Object, field: str) -> tuple[Access, ...]:
    if (thing, field) in MASKABLE or field.startswith("custom:"):
        return ACCESSES
    return ("hidden", "read", "write")
