"""What a field is: of which record, of which kind, with which choices. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, get_args

from callcenter.customers.names import fold
from callcenter.customers.visible import one_line
from callcenter.errors import Invalid

FieldObject = Literal["customer", "organization", "deal"]
FieldKind = Literal["text", "number", "money", "date", "choice", "link"]
FIELD_OBJECTS: Final[tuple[FieldObject, ...]] = get_args(FieldObject)
FIELD_KINDS: Final[tuple[FieldKind, ...]] = get_args(FieldKind)
MOST_CHOICES = 200
_LONGEST_LABEL = 80
_LONGEST_KEY = 40
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_CYRILLIC: Final = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюя",
        ("a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya")
        .replace("_", "")
        .split(" "),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount in minor units."""

    minor: int
    currency: str


Value = str | Decimal | Money | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    key: str
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)

    def title(self, locale: str) -> str:
        return self.labels.get(locale) or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDraft:
    """What an admin says of a field. `currency` is for money alone."""

    object: FieldObject = "customer"
    key: str = ""
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: FieldKind = "text"
    choices: tuple[Choice, ...] = ()
    currency: str = ""
    required: bool = False
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDef:
    id: int
    object: FieldObject
    key: str
    label: str
    kind: FieldKind
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    currency: str = ""
    required: bool = False
    sensitive: bool = False
    builtin: bool = False
    active: bool = True
    position: int = 0

    def title(self, locale: str) -> str:
        return self.labels.get(locale) or self.label

    def choice(self, key: str) -> Choice | None:
        return next((one for one in self.choices if one.key == key), None)


def clean_field(draft: FieldDraft) -> FieldDraft:
    """Checked; the key is made of the label where none is given."""
    label = _label(draft.label, "label")
    key = (draft.key or key_of(label)).strip()
    if not _KEY.fullmatch(key):
        raise Invalid("key", "must be Latin letters, digits and _, beginning with a letter")
    currency = draft.currency.strip().upper()
    if draft.kind == "money" and not _CURRENCY.fullmatch(currency):
        raise Invalid("currency", "must be three letters, such as PLN")
    choices = clean_choices(draft.choices) if draft.kind == "choice" else ()
    return FieldDraft(
        object=draft.object,
        key=key,
        label=label,
        labels=_labels(draft.labels),
        kind=draft.kind,
        choices=choices,
        currency=currency if draft.kind == "money" else "",
        required=draft.required,
        sensitive=draft.sensitive,
    )


def clean_choices(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Each with a key of its own; one without gets one from its label."""
    if not choices:
        raise Invalid("choices", "needs at least one choice")
    if len(choices) > MOST_CHOICES:
        raise Invalid("choices", f"at most {MOST_CHOICES} choices")
    found: dict[str, Choice] = {}
    for one in choices:
        label = _label(one.label, "choices")
        wanted = one.key.strip() or key_of(label) or "choice"
        if not re.fullmatch(r"[a-z0-9_-]{1,40}", wanted):
            raise Invalid("choices", f"the key {wanted[:40]!r} must be Latin letters, digits and _")
        key = wanted
        while key in found and not one.key:
            key = f"{wanted[:36]}_{len(found)}"
        if key in found:
            raise Invalid("choices", f"the key {key!r} stands there twice")
        found[key] = Choice(key=key, label=label, labels=_labels(one.labels))
    return tuple(found.values())


def key_of(label: str) -> str:
    """`Date of birth` → `date_of_birth`, `Номер договора` → `nomer_dogovora`."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in fold(label))
    key = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:_LONGEST_KEY].strip("_")
    return f"f_{key}"[:_LONGEST_KEY] if key[:1].isdigit() else key


def _label(text: str, field_name: str) -> str:
    label = one_line(text)
    if not label or len(label) > _LONGEST_LABEL:
        raise Invalid(field_name, f"needs a name of at most {_LONGEST_LABEL} characters")
    return label


def _labels(labels: Mapping[str, str]) -> dict[str, str]:
    clean = {locale: one_line(text)[:_LONGEST_LABEL] for locale, text in labels.items()}
    return {locale: text for locale, text in clean.items() if text and len(locale) <= 8}
