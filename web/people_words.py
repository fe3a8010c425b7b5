"""Words for what is kept of people: how they are reached, what they allowed, the company's own
fields as this reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask import Flask, current_app
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection

from callcenter.customers.tags import TONES
from callcenter.fields.definition import FieldDef, Money, Value
from callcenter.queries import fields as field_queries
from callcenter.queries.views import CustomerCard
from callcenter.rights.masked import text_as
from callcenter.rights.masking import is_masked
from callcenter.rights.objects import Object
from callcenter.rights.viewer import Viewer
from web.presentation import money, plain_date

CONTACT_KINDS: Mapping[str, Any] = {
    "email": _l("E-mail"),
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "messenger": _l("Messenger"),
    "site": _l("Website"),
}
CONTACT_ICONS: Mapping[str, str] = {"email": "mail", "site": "world"}
CONTACT_LABELS: Mapping[str, Any] = {
    "work": _l("work"),
    "home": _l("home"),
    "other": _l("other"),
}
ADDRESS_KINDS: Mapping[str, Any] = {
    "home": _l("Home"),
    "work": _l("Work"),
    "billing": _l("Billing"),
    "delivery": _l("Delivery"),
    "other": _l("Other"),
}
CONSENT_CHANNELS: Mapping[str, Any] = {
    "call": _l("Calls"),
    "sms": _l("Short messages"),
    "email": _l("Mails"),
    "messenger": _l("Messengers"),
    "post": _l("Post"),
}
CONSENT_ICONS: Mapping[str, str] = {
    "call": "phone",
    "sms": "message",
    "email": "mail",
    "messenger": "send",
    "post": "mailbox",
}
PREFERRED_CHANNELS: Mapping[str, Any] = {
    "call": _l("A call"),
    "sms": _l("A short message"),
    "email": _l("A mail"),
    "messenger": _l("A messenger"),
}
FIELD_KINDS: Mapping[str, Any] = {
    "text": _l("Text"),
    "number": _l("Number"),
    "money": _l("Money"),
    "date": _l("Date"),
    "choice": _l("Choice"),
    "link": _l("Link"),
}
FIELD_OBJECTS: Mapping[str, Any] = {
    "customer": _l("Customers"),
    "organization": _l("Organisations"),
    "deal": _l("Deals"),
}
TONE_WORDS: Mapping[str, Any] = {
    "": _l("No colour"),
    "blue": _l("Blue"),
    "green": _l("Green"),
    "amber": _l("Amber"),
    "red": _l("Red"),
    "violet": _l("Violet"),
    "teal": _l("Teal"),
    "grey": _l("Grey"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """One of the company's own fields on a card. `link` is where it leads, '' for nowhere."""

    key: str
    title: str
    text: str
    link: str = ""


def field_title(field: FieldDef) -> str:
    return field.title(_locale())


def field_text(field: FieldDef, value: Value | None) -> str:
    """For people: a choice by its name, money with its currency."""
    if isinstance(value, Money):
        return money(value.minor, value.currency)
    if isinstance(value, Decimal):
        return str(format_decimal(value, locale=_locale()))
    if isinstance(value, str):
        choice = field.choice(value) if field.kind == "choice" else None
        return choice.title(_locale()) if choice else value
    return str(plain_date(value)) if value is not None else ""


def choice_text(choices: Mapping[str, FieldDef], name: str, key: str) -> str:
    """A status or a segment by its name; a key that nobody offers any more stays itself."""
    return field_text(choices[name], key) if name in choices and key else key


def shown_fields(
    thing: Object,
    fields: Sequence[FieldDef],
    values: Mapping[str, Value],
    viewer: Viewer,
    record_id: int = 0,
) -> list[ShownField]:
    """Those this reader may know of, in order; masked where only the shape may be seen. What a
    sensitive field says is shown to nobody without a click, which is written down."""
    found = []
    for field in fields:
        access = field_access(thing, field, viewer)
        value = values.get(field.key)
        if access == "hidden" or value is None:
            continue
        text = field_text(field, value)
        if access == "masked" or field.sensitive:
            text = text_as("masked", text, f"custom/{field.id}/{record_id}" if record_id else "")
        link = str(value) if field.kind == "link" and not is_masked(text) else ""
        found.append(ShownField(key=field.key, title=field_title(field), text=text, link=link))
    return found


def words_of_fields(connection: Connection, card: CustomerCard, viewer: Viewer) -> dict[str, Any]:
    """The company's own choices and fields, as the facts of a card show them."""
    fields = field_queries.defs(connection, "customer")
    own = shown_fields("customer", fields, card.custom, viewer, card.id)
    return {"choices": field_queries.choices(connection), "own_fields": own}


def field_access(thing: Object, field: FieldDef, viewer: Viewer) -> str:
    return viewer.own_field(thing, field.key, sensitive=field.sensitive)


def writable_fields(thing: Object, fields: Sequence[FieldDef], viewer: Viewer) -> list[FieldDef]:
    return [field for field in fields if field_access(thing, field, viewer) == "write"]


def _locale() -> str:
    return str(get_locale() or "en")


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        CONTACT_KINDS=CONTACT_KINDS,
        CONTACT_ICONS=CONTACT_ICONS,
        CONTACT_LABELS=CONTACT_LABELS,
        ADDRESS_KINDS=ADDRESS_KINDS,
        CONSENT_CHANNELS=CONSENT_CHANNELS,
        CONSENT_ICONS=CONSENT_ICONS,
        PREFERRED_CHANNELS=PREFERRED_CHANNELS,
        FIELD_KINDS=FIELD_KINDS,
        FIELD_OBJECTS=FIELD_OBJECTS,
        TONES=TONES,
        TONE_WORDS=TONE_WORDS,
        field_title=field_title,
        field_text=field_text,
        choice_text=choice_text,
        locale_code=_locale,
        has_view=lambda endpoint: endpoint in current_app.view_functions,
    )
