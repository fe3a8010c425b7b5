"""How a change reads: fields called as on their forms, values in words, lists item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import format_datetime, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from sqlalchemy import Connection

from callcenter.fields.definition import FieldDef, FieldObject
from callcenter.history.document import item_key
from callcenter.queries import fields as field_queries
from callcenter.queries.history import Names, points_at
from web.presentation import LANGUAGES, PHONE_KINDS, Look, money, phone, plain_date

CUSTOM = "custom."
_WITH_FIELDS: tuple[FieldObject, ...] = ("customer", "organization", "deal")

ACTIONS: Mapping[str, Look] = {
    "create": Look("ok", "plus", _l("Added")),
    "update": Look("calm", "pencil", _l("Changed")),
    "delete": Look("bad", "trash", _l("Deleted")),
    "restore": Look("talking", "history", _l("Restored")),
    "merge": Look("hold", "arrows-join", _l("Joined")),
    "unmerge": Look("hold", "arrows-split", _l("Parted")),
}
ACTORS: Mapping[str, Any] = {
    "token": _l("by a program"),
    "import": _l("by an import"),
    "call": _l("by a call"),
    "rule": _l("by a rule"),
}
OBJECTS: Mapping[str, Any] = {
    "customer": _l("Customer"),
    "organization": _l("Organisation"),
    "deal": _l("Deal"),
    "task": _l("Task"),
    "custom_field": _l("Field"),
    "tag": _l("Tag"),
    "segment": _l("Segment"),
    "team": _l("Team"),
    "user": _l("User"),
    "outcome": _l("Outcome"),
    "script": _l("Script"),
    "queue": _l("Queue"),
    "pause_reason": _l("Reason of a pause"),
    "invoice": _l("Invoice"),
    "order": _l("Order"),
    "payment": _l("Payment"),
    "visit": _l("Visit"),
}
REASONS: Mapping[str, Any] = {
    "phone": _l("same number"),
    "email": _l("same mail address"),
    "messenger": _l("same messenger"),
    "name": _l("names alike"),
    "organization": _l("same organisation"),
    "city": _l("same city"),
}
BATCH_KINDS: Mapping[str, Any] = {
    "bulk": _l("Bulk change"),
    "import": _l("Import"),
    "merge": _l("Cards joined"),
}
BATCH_STATES: Mapping[str, Look] = {
    "running": Look("talking", "loader", _l("Under way")),
    "done": Look("ok", "circle-check", _l("Done")),
    "failed": Look("bad", "alert-triangle", _l("Failed")),
    "undone": Look("calm", "arrow-back", _l("Taken back")),
}
LOOKS: Mapping[str, Any] = {
    "sound_heard": _l("Heard a recording"),
    "sound_taken": _l("Downloaded a recording"),
}
_FIELDS: Mapping[str, Any] = {
    "display_name": _lp("person", "Name"),
    "given_name": _l("Given name"),
    "family_name": _l("Family name"),
    "organization_id": _l("Organisation"),
    "position": _l("Position"),
    "email": _l("E-mail"),
    "language": _l("Language"),
    "city": _l("City"),
    "vip_level": _l("VIP level"),
    "blocked": _l("Blocked"),
    "block_reason": _l("Reason"),
    "owner_id": _l("Owner"),
    "confirmed": _l("Confirmed"),
    "remarks": _l("Remarks"),
    "status": _l("Status"),
    "segment": _l("Segment"),
    "time_zone": _l("Time zone"),
    "preferences": _l("Preferences"),
    "merged_into": _l("Joined with"),
    "legal_hold": _l("Legal hold"),
    "deleted": _l("Deleted"),
    "phones": _l("Phone numbers"),
    "contact_points": _l("Mail and messengers"),
    "addresses": _l("Addresses"),
    "memberships": _l("Further organisations"),
    "tags": _l("Tags"),
    "name": _l("Name"),
    "tax_id": _l("Tax number"),
    "region": _l("Country"),
    "notes": _l("Notes"),
    "website": _l("Website"),
    "title": _l("Title"),
    "label": _l("Name"),
    "labels": _l("Names in other languages"),
    "stage": _l("Stage"),
    "state": _l("State"),
    "amount_minor": _l("Amount"),
    "currency": _l("Currency"),
    "next_step": _l("Next step"),
    "next_step_on": _l("Next step on"),
    "loss_reason": _l("Reason for the loss"),
    "customer_id": _l("Customer"),
    "details": _l("Details"),
    "due_at": _l("Due"),
    "remind_at": _l("Reminder"),
    "assignee_id": _l("Assignee"),
    "queue": _l("Queue"),
    "number": _l("Number"),
    "kind": _l("Kind"),
    "result": _l("Result"),
    "done_at": _l("Done at"),
    "done_by": _l("Done by"),
    "created_by": _l("Asked for by"),
    "choices": _l("Choices"),
    "required": _l("Required"),
    "sensitive": _l("Sensitive"),
    "active": _l("In use"),
    "position_": _l("Place"),
    "role": _l("Role"),
    "filter": _l("Filter"),
    "columns": _l("Columns"),
}
_POINT_KINDS: Mapping[str, str] = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "viber": "Viber",
    "messenger": "Messenger",
}
_MARKS: Mapping[str, Any] = {
    "is_primary": _l("main"),
    "invalid": _l("invalid"),
    "opted_out": _l("not to be used"),
    "shared": _l("shared"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a change: from → to, or what came to a list and what went from it."""

    field: str
    label: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    is_list: bool = False


class Words:
    """Tells changes in the words of this request's language."""

    def __init__(self, connection: Connection, names: Names) -> None:
        self._names = names
        self._defs: dict[tuple[str, str], FieldDef] = {
            (of, one.key): one
            for of in _WITH_FIELDS
            for one in (
                *field_queries.defs(connection, of, active=None),
                *field_queries.choices(connection, of).values(),
            )
        }

    def lines(self, object_type: str, fields: Mapping[str, Sequence[Any]]) -> list[Line]:
        return [
            self.line(object_type, name, before, after)
            for name, (before, after) in fields.items()
            if self._says_something(before) or self._says_something(after)
        ]

    def line(self, object_type: str, name: str, before: Any, after: Any) -> Line:
        label = self.label(object_type, name)
        if isinstance(before, list) or isinstance(after, list):
            old, new = ({item_key(name, one): one for one in v or ()} for v in (before, after))
            added = [one for key, one in new.items() if old.get(key) != one]
            gone = [one for key, one in old.items() if new.get(key) != one]
            return Line(
                name,
                label,
                added=tuple(self.item(name, one) for one in added),
                removed=tuple(self.item(name, one) for one in gone),
                is_list=True,
            )
        return Line(
            name,
            label,
            self.value(object_type, name, before),
            self.value(object_type, name, after),
        )

    def label(self, object_type: str, name: str) -> str:
        field = self._defs.get((object_type, name.removeprefix(CUSTOM)))
        if name.startswith(CUSTOM):
            return _title(field) if field else name.removeprefix(CUSTOM)
        return str(_FIELDS.get(name, name.replace("_", " ").capitalize()))

    def values(self, object_type: str, name: str, value: Any) -> list[str]:
        """A value as one or several lines."""
        if isinstance(value, list):
            return [self.item(name, one) for one in value]
        told = self.value(object_type, name, value)
        return [told] if told else []

    def value(self, object_type: str, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        kind = points_at(name)
        if kind and isinstance(value, int):
            return self._names.get((kind, str(value)), f"{value}")
        if isinstance(value, bool):
            return str(_("yes")) if value else str(_("no"))
        field = self._defs.get((object_type, name.removeprefix(CUSTOM)))
        if field is not None:
            return _custom(field, value)
        if name == "language":
            return str(LANGUAGES.get(str(value), value))
        return _plain(value)

    def item(self, name: str, item: Any) -> str:
        if not isinstance(item, Mapping):
            return str(item)
        head = self._head(name, item)
        marks = [str(word) for mark, word in _MARKS.items() if item.get(mark)]
        return f"{head} ({', '.join(marks)})" if marks else head

    def _head(self, name: str, item: Mapping[str, Any]) -> str:
        if name == "phones":
            kind = PHONE_KINDS.get(item.get("kind", ""), item.get("label", ""))
            number = phone(item["e164"]) + (f" {item['extension']}" if item["extension"] else "")
            return " · ".join(filter(None, (number, str(kind))))
        if name == "contact_points":
            kind = _POINT_KINDS.get(item["kind"], "")
            return " · ".join(filter(None, (str(item["value"]), kind)))
        if name == "memberships":
            key = ("organization", str(item["organization_id"]))
            return " · ".join(filter(None, (self._names.get(key, ""), item.get("role", ""))))
        if name == "addresses":
            parts = ("street", "postal_code", "city", "region", "country")
            return ", ".join(str(item[part]) for part in parts if item.get(part))
        return ", ".join(f"{key}: {one}" for key, one in item.items() if one not in ("", None))

    @staticmethod
    def _says_something(value: Any) -> bool:
        return value not in (None, "", False, 0, [], {})


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {one}" for key, one in value.items())
    return _maybe_time(value) if isinstance(value, str) else str(value)


def _title(field: FieldDef) -> str:
    return field.labels.get(str(get_locale() or "en").split("_")[0]) or field.label


def _custom(field: FieldDef, value: Any) -> str:
    if field.kind == "choice":
        locale = str(get_locale() or "en").split("_")[0]
        found = (one.title(locale) for one in field.choices if one.key == value)
        return next(found, str(value))
    if field.kind == "money" and isinstance(value, int):
        return money(value, getattr(field, "currency", "") or "EUR")
    if field.kind == "number" and isinstance(value, int):
        return f"{value / 1_000_000:g}"
    return _maybe_time(str(value))


def _maybe_time(text: str) -> str:
    """Dates and moments are stored as ISO texts."""
    try:
        if len(text) == 10:
            return plain_date(date.fromisoformat(text))
        if len(text) > 18 and text[10] == "T":
            return str(format_datetime(datetime.fromisoformat(text), "d MMM y, HH:mm"))
    except ValueError:
        return text
    return text
