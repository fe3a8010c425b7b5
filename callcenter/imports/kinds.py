"""What can be taken in and given out: for each kind of record the fields that a column may mean.

Titles are the headers of our own exports, and what an import knows them by; they are in English so
that a file is the same whoever made it. On screens each field has words of its reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from callcenter.fields.definition import FieldDef

Form = Literal[
    "text",
    "long",
    "phones",
    "mails",
    "points",
    "list",
    "yes_no",
    "whole",
    "date",
    "moment",
    "money",
    "number",
    "language",
    "country",
    "zone",
    "user",
    "choice",
    "status",
]
KindCode = Literal["customers", "organizations", "invoices", "payments", "orders", "visits"]
_OWN: Final = "custom."
SUPERVISED: Final = frozenset({"vip_level", "blocked", "block_reason", "owner"})


@dataclass(frozen=True, slots=True)
class Target:
    """One field. `label` is what numbers and addresses of this column are; `several` columns may
    mean the same field, for the lists."""

    name: str
    title: str
    form: Form = "text"
    length: int = 255
    label: str = "other"
    several: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    """(what is stored, what people call it), for `choice`; any other value is an error."""
    exported: bool = True
    most: int = 0
    labels: tuple[tuple[str, str], ...] = ()
    """(language, what it is called there), for a field of the company's own."""

    @property
    def is_own(self) -> bool:
        return self.name.startswith(_OWN)

    def own_title(self, locale: str) -> str:
        """As its field is called elsewhere on the screen."""
        return dict(self.labels).get(locale) or self.title


@dataclass(frozen=True, slots=True)
class Kind:
    """`matches` are the ways in which a row finds the record it is about."""

    code: KindCode
    title: str
    targets: tuple[Target, ...]
    matches: tuple[str, ...]
    needed: tuple[tuple[str, ...], ...]
    """Of each group at least one must have a value."""

    def target(self, name: str) -> Target | None:
        return next((one for one in self.targets if one.name == name), None)


def _t(name: str, title: str, form: Form = "text", length: int = 255, **more: object) -> Target:
    return Target(name, title, form, length, **more)  # type: ignore[arg-type]


_ADDRESS: Final = (
    _t("street", "Street"),
    _t("postal_code", "Postal code", length=16),
    _t("address_city", "Address city", length=80),
    _t("region", "Region", length=80),
    _t("country", "Country", "country", 2),
)
_CUSTOMER: Final = (
    _t("external_id", "External ID", length=120),
    _t("display_name", "Full name", length=160),
    _t("given_name", "First name", length=80),
    _t("family_name", "Last name", length=80),
    _t("organization", "Organization", length=160),
    _t("position", "Position", length=80),
    _t("phones", "Phones", "phones", several=True),
    _t("phone_mobile", "Mobile phone", "phones", label="mobile", several=True, exported=False),
    _t("phone_work", "Work phone", "phones", label="work", several=True, exported=False),
    _t("phone_home", "Home phone", "phones", label="home", several=True, exported=False),
    _t("emails", "E-mails", "mails", several=True),
    _t("email_work", "Work e-mail", "mails", label="work", several=True, exported=False),
    _t("email_home", "Home e-mail", "mails", label="home", several=True, exported=False),
    _t("telegram", "Telegram", "points", several=True),
    _t("whatsapp", "WhatsApp", "points", several=True),
    _t("viber", "Viber", "points", several=True),
    _t("messenger", "Messenger", "points", several=True),
    _t("site", "Website", "points", several=True),
    _t("city", "City", length=80),
    *_ADDRESS,
    _t("language", "Language", "language", 8),
    _t("time_zone", "Time zone", "zone", 64),
    _t("status", "Status", "choice", 40),
    _t("segment", "Segment", "choice", 40),
    _t("vip_level", "VIP level", "whole", most=3),
    _t("blocked", "Blocked", "yes_no"),
    _t("block_reason", "Block reason", length=160),
    _t("owner", "Owner", "user"),
    _t("confirmed", "Confirmed", "yes_no"),
    _t("tags", "Tags", "list", several=True),
    _t("do_not_call", "Do not call", "yes_no", exported=False),
    _t("no_emails", "No e-mails", "yes_no", exported=False),
    _t("remarks", "Remarks", "long", 10_000, several=True),
)
_ORGANIZATION: Final = (
    _t("external_id", "External ID", length=120),
    _t("name", "Name", length=160),
    _t("tax_id", "Tax ID", length=32),
    _t("phones", "Phones", "phones", several=True),
    _t("city", "City", length=80),
    *_ADDRESS,
    _t("notes", "Notes", "long", 10_000, several=True),
)
_WHOSE: Final = (
    _t("customer_external_id", "Customer external ID", length=120),
    _t("customer_phone", "Customer phone", "phones"),
    _t("customer_email", "Customer e-mail", "mails"),
    _t("customer_name", "Customer name", length=160),
)
_MONEY: Final = (_t("amount", "Amount", "money"), _t("currency", "Currency", length=3))
_WHO: Final = tuple(one.name for one in _WHOSE)

KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind(
            "customers",
            "Customers",
            _CUSTOMER,
            ("external_id", "phone", "email", "name"),
            (("display_name", "given_name", "family_name", "organization", "phones", "emails"),),
        ),
        Kind(
            "organizations",
            "Organizations",
            _ORGANIZATION,
            ("external_id", "tax_id", "name"),
            (("name",),),
        ),
        Kind(
            "invoices",
            "Invoices",
            (
                _t("number", "Number", length=32),
                *_WHOSE,
                *_MONEY,
                _t("issued_on", "Issued", "date"),
                _t("due_on", "Due", "date"),
                _t("paid_on", "Paid", "date"),
            ),
            ("number",),
            (("number",), _WHO, ("amount",), ("due_on",)),
        ),
        Kind(
            "payments",
            "Payments",
            (
                _t("number", "Number", length=32),
                *_WHOSE,
                _t("invoice", "Invoice", length=32),
                *_MONEY,
                _t("paid_on", "Paid", "date"),
                _t("method", "Method", length=32),
            ),
            ("number",),
            (("number",), (*_WHO, "invoice"), ("amount",), ("paid_on",)),
        ),
        Kind(
            "orders",
            "Orders",
            (
                _t("number", "Number", length=32),
                *_WHOSE,
                _t("title", "Title", length=160),
                *_MONEY,
                _t("status", "Status", "status", 16),
                _t("placed_on", "Placed", "date"),
            ),
            ("number",),
            (("number",), _WHO, ("amount",), ("placed_on",)),
        ),
        Kind(
            "visits",
            "Visits",
            (
                *_WHOSE,
                _t("at", "When", "moment"),
                _t("place", "Place", length=160),
                _t("note", "Note", "long", 2_000),
            ),
            ("moment",),
            (_WHO, ("at",)),
        ),
    )
}


def with_own_fields(kind: Kind, fields: Iterable[FieldDef]) -> Kind:
    """The kind as this company has it."""
    own = tuple(
        Target(
            f"{_OWN}{one.key}",
            one.label,
            _OWN_FORMS.get(one.kind, "text"),
            labels=tuple(one.labels.items()),
        )
        for one in fields
    )
    return replace(kind, targets=(*kind.targets, *own))


_OWN_FORMS: Final[dict[str, Form]] = {"date": "date", "money": "money", "number": "number"}
