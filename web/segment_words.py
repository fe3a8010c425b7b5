"""How fields, operators, columns and bulk actions are called, for people."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from callcenter.queries.finding import Why

FIELDS: dict[str, Any] = {
    "name": _l("Name or organisation"),
    "status": _l("Status"),
    "segment": _l("Segment"),
    "owner": _l("Owner"),
    "organization": _l("Organisation"),
    "city": _l("City"),
    "language": _l("Language"),
    "tag": _l("Tag"),
    "vip": _l("VIP"),
    "vip_level": _l("VIP level"),
    "blocked": _l("Blocked"),
    "confirmed": _l("Confirmed by a person"),
    "created_at": _l("Card made"),
    "updated_at": _l("Card changed"),
    "phone": _l("Phone"),
    "email": _l("Mail"),
    "messenger": _l("Messenger"),
    "consent_call": _l("Consent to calls"),
    "consent_sms": _l("Consent to SMS"),
    "consent_email": _l("Consent to mail"),
    "consent_messenger": _l("Consent to messengers"),
    "consent_post": _l("Consent to letters"),
    "debtor": _l("Has an overdue invoice"),
    "overdue": _l("Overdue amount"),
    "overdue_since": _l("Overdue since"),
    "lifetime": _l("Lifetime value"),
    "average": _l("Average purchase"),
    "orders": _l("Purchases"),
    "last_order_on": _l("Last purchase"),
    "visits_year": _l("Visits in a year"),
    "last_visit_on": _l("Last visit"),
    "abc": _l("ABC class"),
    "rfm_r": _l("RFM: how lately (1–5)"),
    "rfm_f": _l("RFM: how often (1–5)"),
    "rfm_m": _l("RFM: how much (1–5)"),
    "last_talk_at": _l("Last spoken with"),
    "last_contact_at": _l("Last contact"),
    "contacts": _l("Calls and messages"),
    "last_outcome": _l("Last outcome"),
    "open_deal": _l("Has an open deal"),
    "open_task": _l("Has an open task"),
    "overdue_task": _l("Has an overdue task"),
    "in_segment": _l("Saved segment"),
}

AREAS: dict[str, Any] = {
    "card": _l("Card"),
    "reach": _l("How to reach them"),
    "money": _l("Money"),
    "contacts": _l("Contacts"),
    "work": _l("Work"),
    "own": _l("Your own fields"),
    "lists": _l("Segments"),
}

OPERATORS: dict[str, Any] = {
    "has_words": _l("has words that begin with"),
    "is": _l("is"),
    "is_not": _l("is not"),
    "begins": _l("begins with"),
    "filled": _l("is known"),
    "empty": _l("is not known"),
    "in": _l("is one of"),
    "not_in": _l("is none of"),
    "at_least": _l("at least"),
    "at_most": _l("at most"),
    "between": _l("between"),
    "within_days": _l("in the last … days"),
    "days_ago": _l("more than … days ago, or never"),
    "after": _l("on or after"),
    "before": _l("before"),
    "yes": _l("yes"),
    "no": _l("no"),
}

HOWS: dict[str, Any] = {
    "all": _l("All of these hold"),
    "any": _l("Any of these holds"),
    "none": _l("None of these holds"),
}

CHOICES: dict[str, Any] = {
    "given": _l("Given"),
    "refused": _l("Refused"),
    "unknown": _l("Not asked"),
}

COLUMNS: dict[str, Any] = {
    **{name: FIELDS[name] for name in ("status", "segment", "owner", "city", "language", "phone")},
    **{name: FIELDS[name] for name in ("email", "lifetime", "overdue", "abc", "orders")},
    **{name: FIELDS[name] for name in ("last_order_on", "last_talk_at", "last_contact_at")},
    "name": _lp("person", "Name"),
    "organization": _l("Organisation"),
    "position": _l("Position"),
    "chips": _l("Marks"),
    "tags": _l("Tags"),
    "created_at": _l("Card made"),
    "updated_at": _l("Card changed"),
}

BULK: dict[str, Any] = {
    "owner": _l("Set the owner"),
    "status": _l("Set the status"),
    "segment": _l("Set the segment"),
    "field": _l("Set one of your fields"),
    "add_tag": _l("Add a tag"),
    "remove_tag": _l("Remove a tag"),
    "add_to_segment": _l("Add to a frozen segment"),
    "remove_from_segment": _l("Remove from a frozen segment"),
    "tasks": _l("Make tasks"),
    "delete": _l("Delete"),
}

LEFT_OUT: dict[str, Any] = {
    "same": _l("It is so already"),
    "rights": _l("Your role does not allow it"),
    "gone": _l("The card is gone"),
    "legal_hold": _l("A legal hold forbids it"),
}


def why_words(why: Why) -> str:
    """Why somebody was found, where the name alone does not say it."""
    words: dict[str, Any] = {
        "organization": lambda: _("Works for %(name)s", name=why.text),
        "spelling": lambda: _("Same name, spelled otherwise"),
        "typo": lambda: _("Nearly the same name"),
        "number": lambda: _("Number"),
        "switchboard": lambda: _("Switchboard of the organisation"),
        "email": lambda: why.text,
        "messenger": lambda: why.text,
        "invoice": lambda: _("Invoice %(number)s", number=why.text),
        "order": lambda: _("Order %(number)s", number=why.text),
        "tax_id": lambda: _("Tax number %(number)s", number=why.text),
        "field": lambda: f"{why.label}: {why.text}",
    }
    return str(words[why.kind]()) if why.kind in words else ""
