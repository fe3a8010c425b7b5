"""What one role may: scopes by object and action, access by field. The built-in roles stand here.

A role made here in the product says everything it allows; what it does not name is denied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from callcenter.accounts.user import Role
from callcenter.rights.objects import (
    ACTIONS,
    FIELDS,
    OBJECTS,
    OF_QUEUES,
    Access,
    Action,
    Object,
    Scope,
)

_SHOWN: tuple[Object, ...] = (
    "customer",
    "organization",
    "interaction",
    "conversation",
    "deal",
    "task",
    "account",
)
"""Records that stand in what is shown of others."""
Scopes = Mapping[tuple[Object, Action], Scope]
Fields = Mapping[tuple[Object, str], Access]


@dataclass(frozen=True, slots=True)
class Policy:
    """`base` is the built-in role it was made from: which pages there are for it at all."""

    code: str
    base: Role
    title: str = ""
    scopes: Scopes = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)
    builtin: bool = False

    @property
    def unlimited(self) -> bool:
        """Everybody who sees this policy's records sees all of them, as they are: nothing has to
        be taken out of what is shown."""
        names = {(thing, name) for thing in FIELDS for name in FIELDS[thing]} | set(self.fields)
        return all(self.scope(thing, "read") == "all" for thing in _SHOWN) and all(
            self.field_access(thing, name) in ("read", "write")
            for thing, name in names
            if name != "sensitive"
        )

    @property
    def asks_for_teams(self) -> bool:
        """Some right goes as far as one's teams: whoever has it cannot be known without them."""
        return "team" in self.scopes.values()

    @property
    def asks_for_queues(self) -> bool:
        """Some right goes as far as the queues in which one's teams work."""
        return any(
            scope == "team" and thing in OF_QUEUES for (thing, _), scope in self.scopes.items()
        )

    def scope(self, thing: Object, action: Action) -> Scope:
        return self.scopes.get((thing, action), "none")

    def field_access(self, thing: Object, name: str) -> Access:
        """A field without rights of its own follows its record."""
        one, _colon, _key = name.partition(":")
        found = self.fields.get((thing, name)) or self.fields.get((thing, one))
        if found is not None:
            return found
        return "hidden" if one in FIELDS.get(thing, ()) else "write"


def _everything(scope: Scope) -> dict[tuple[Object, Action], Scope]:
    return {(thing, action): scope for thing in OBJECTS for action in ACTIONS[thing]}


def _all_fields() -> dict[tuple[Object, str], Access]:
    return {(thing, name): "write" for thing, names in FIELDS.items() for name in names}


def _given(scope: Scope, **actions: str) -> dict[tuple[Object, Action], Scope]:
    """`_given("all", customer="read create")`."""
    named = {f"{thing}/{action}" for thing, words in actions.items() for action in words.split()}
    return {key: scope for key in _everything("all") if f"{key[0]}/{key[1]}" in named}


_ADMIN = Policy("admin", "admin", "Administrator", _everything("all"), _all_fields(), builtin=True)

_SUPERVISOR = Policy(
    "supervisor",
    "supervisor",
    "Supervisor",
    {
        **_everything("all"),
        **dict.fromkeys(
            (
                ("customer", "erase"),
                ("webhook", "read"),
                ("webhook", "create"),
                ("webhook", "change"),
                ("webhook", "delete"),
                ("pbx", "read"),
                ("pbx", "change"),
            ),
            "none",
        ),
        ("token", "read"): "own",
        ("token", "delete"): "own",
    },
    _all_fields(),
    builtin=True,
)

_OPERATOR = Policy(
    "operator",
    "operator",
    "Operator",
    {
        **_everything("none"),
        **_given(
            "all",
            customer="read create change reveal",
            organization="read create change reveal",
            interaction="read create change",
            conversation="read create",
            deal="read create change",
            task="read create change delete",
            account="read",
            file="read create",
            segment="read create",
            history="read",
            duplicate="read",
            token="create",  # noqa: S106 - an object and its actions
        ),
        **_given("team", callback="read change", voicemail="read change"),
        **_given(
            "own",
            customer="merge",
            recording="read",
            conversation="change",
            file="delete",
            segment="change delete",
            duplicate="change",
            survey="read",
            report="read",
            quality="read",
            token="read delete",  # noqa: S106
        ),
    },
    {
        **_all_fields(),
        ("customer", "vip_level"): "read",
        ("customer", "blocked"): "read",
        ("customer", "owner_id"): "read",
        ("customer", "sensitive"): "masked",
        ("organization", "sensitive"): "masked",
        ("deal", "sensitive"): "masked",
        ("account", "amounts"): "read",
    },
    builtin=True,
)

BUILTIN: Mapping[str, Policy] = {one.code: one for one in (_OPERATOR, _SUPERVISOR, _ADMIN)}
"""Behaviour without any rights set: operators work with every card, leaders with everything."""
