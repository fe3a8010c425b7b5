"""What customers can be told apart by: fields, their kinds, and what may be asked of each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Kind = Literal[
    "words",
    "text",
    "choice",
    "number",
    "money",
    "date",
    "moment",
    "flag",
    "ids",
    "contacts",
]
Area = Literal["card", "reach", "money", "contacts", "work", "own", "lists"]

OPERATORS: Final[Mapping[Kind, tuple[str, ...]]] = MappingProxyType(
    {
        "words": ("has_words",),
        "text": ("is", "is_not", "begins", "filled", "empty"),
        "choice": ("in", "not_in", "filled", "empty"),
        "number": ("at_least", "at_most", "between"),
        "money": ("at_least", "at_most", "between"),
        "date": ("after", "before", "between", "within_days", "days_ago", "filled", "empty"),
        "moment": ("within_days", "days_ago", "after", "before", "between", "filled", "empty"),
        "flag": ("yes", "no"),
        "ids": ("in", "not_in", "filled", "empty"),
        "contacts": ("at_least", "at_most"),
    }
)
"""`days_ago`: that many days have passed since, or it never was. The first is what is offered."""

WITHOUT_VALUE: Final = frozenset({"filled", "empty", "yes", "no"})


@dataclass(frozen=True, slots=True)
class Field:
    """`choices`: of a fixed choice its keys; of others they are asked for where they are kept."""

    key: str
    kind: Kind
    area: Area
    choices: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    right: str = ""
    """The field of the card whose right to be seen this one shares, where it has one."""

    @property
    def asked(self) -> tuple[str, ...]:
        return self.operators or OPERATORS[self.kind]


_SET = ("in", "not_in")
_FIGURE = ("at_least", "at_most", "between")
CONSENT_CHANNELS: Final = ("call", "sms", "email", "messenger", "post")

BUILTIN: Final[tuple[Field, ...]] = (
    Field("name", "words", "card"),
    Field("status", "choice", "card"),
    Field("segment", "choice", "card"),
    Field("owner", "ids", "card", right="owner_id"),
    Field("organization", "ids", "card"),
    Field("city", "text", "card"),
    Field("language", "text", "card", operators=("is", "is_not", "filled", "empty")),
    Field("tag", "ids", "card"),
    Field("vip", "flag", "card", right="vip_level"),
    Field("vip_level", "number", "card", right="vip_level"),
    Field("blocked", "flag", "card", right="blocked"),
    Field("confirmed", "flag", "card"),
    Field("created_at", "moment", "card", operators=("within_days", "days_ago", "after", "before")),
    Field("updated_at", "moment", "card", operators=("within_days", "days_ago", "after", "before")),
    Field("phone", "text", "reach", operators=("begins", "filled", "empty"), right="phones"),
    Field("email", "text", "reach", right="emails"),
    Field("messenger", "text", "reach", operators=("filled", "empty"), right="messengers"),
    *(
        Field(f"consent_{one}", "choice", "reach", ("given", "refused", "unknown"), _SET)
        for one in CONSENT_CHANNELS
    ),
    Field("debtor", "flag", "money"),
    Field("overdue", "money", "money", operators=_FIGURE),
    Field("overdue_since", "date", "money"),
    Field("lifetime", "money", "money", operators=_FIGURE),
    Field("average", "money", "money", operators=_FIGURE),
    Field("orders", "number", "money"),
    Field("last_order_on", "date", "money"),
    Field("visits_year", "number", "money"),
    Field("last_visit_on", "date", "money"),
    Field("abc", "choice", "money", ("A", "B", "C"), _SET),
    Field("rfm_r", "number", "money"),
    Field("rfm_f", "number", "money"),
    Field("rfm_m", "number", "money"),
    Field("last_talk_at", "moment", "contacts"),
    Field("last_contact_at", "moment", "contacts"),
    Field("contacts", "contacts", "contacts"),
    Field("last_outcome", "ids", "contacts", operators=("in",)),
    Field("open_deal", "flag", "work"),
    Field("open_task", "flag", "work"),
    Field("overdue_task", "flag", "work"),
    Field("in_segment", "ids", "lists", operators=_SET),
)

Catalogue = Mapping[str, Field]


def catalogue(own: Iterable[Field] = ()) -> Catalogue:
    """The built-in fields and the company's own (`custom:<key>`)."""
    return MappingProxyType({field.key: field for field in (*BUILTIN, *own)})
