"""Words for rights: kinds of records, what is done with them, whose, and their fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.rights.objects import ACTIONS, FIELDS, OBJECTS, Object
from callcenter.rights.policy import Policy
from web.presentation import ROLES

OBJECT_WORDS: Mapping[str, Any] = {
    "customer": _l("Customers"),
    "organization": _l("Organisations"),
    "interaction": _l("Contacts (calls, mails, chats)"),
    "recording": _l("Recordings"),
    "conversation": _l("Conversations"),
    "deal": _l("Deals"),
    "task": _l("Tasks"),
    "account": _l("Invoices, payments, orders, visits"),
    "file": _l("Files"),
    "segment": _l("Segments"),
    "import": _l("Imports"),
    "export": _l("Exports"),
    "history": _l("History"),
    "duplicate": _l("Duplicates"),
    "webhook": _l("Webhooks"),
    "token": _l("API tokens"),
    "settings": _l("Settings"),
    "routing": _l("Routing of calls"),
    "callback": _l("Call-backs that callers asked for"),
    "voicemail": _l("Voice messages"),
    "survey": _l("Surveys"),
    "alert": _l("Alerts, thresholds and goals"),
    "quality": _l("Quality assessments"),
    "pbx": _l("Telephone system"),
    "report": _l("Reports"),
    "supervision": _l("Stepping into calls of operators"),
    "wallboard": _l("Wallboard"),
}
ACTION_WORDS: Mapping[str, Any] = {
    "read": _l("See"),
    "create": _l("Add"),
    "change": _l("Change"),
    "delete": _l("Delete"),
    "export": _l("Export"),
    "merge": _l("Merge"),
    "erase": _l("Erase for good"),
    "reveal": _l("Show masked values"),
    "listen": _l("Listen"),
    "whisper": _l("Whisper to the operator"),
    "barge": _l("Join in"),
    "take_over": _l("Take over"),
    "direct": _l("Direct callers and operators"),
}
SCOPE_WORDS: Mapping[str, Any] = {
    "none": _l("No"),
    "own": _l("Own"),
    "team": _l("Team's"),
    "all": _l("All"),
}
ACCESS_WORDS: Mapping[str, Any] = {
    "hidden": _l("Hidden"),
    "masked": _l("Masked"),
    "read": _l("May see"),
    "write": _l("May change"),
}
FIELD_WORDS: Mapping[str, Any] = {
    "phones": _l("Phone numbers"),
    "emails": _l("Mail addresses"),
    "messengers": _l("Messengers"),
    "addresses": _l("Addresses"),
    "vip_level": _l("VIP level"),
    "blocked": _l("Blocked, and why"),
    "owner_id": _l("Owner"),
    "remarks": _l("Remarks"),
    "custom": _l("Own fields"),
    "sensitive": _l("Sensitive own fields"),
    "tax_id": _l("Tax number"),
    "notes": _l("Notes"),
    "number": _l("Number of the caller"),
    "amounts": _l("Amounts"),
    "amount": _l("Amount"),
}


def role_title(policy: Policy) -> str:
    return str(ROLES[policy.code]) if policy.builtin else policy.title


def summary(policy: Policy) -> Iterator[str]:
    """What somebody with this role meets, a sentence for each kind of record that matters."""
    for thing in OBJECTS:
        by_scope: dict[str, list[str]] = {}
        for action in ACTIONS[thing]:
            scope = policy.scope(thing, action)
            by_scope.setdefault(scope, []).append(str(ACTION_WORDS[action]).lower())
        told = [
            f"{str(SCOPE_WORDS[scope]).lower()}: {', '.join(by_scope[scope])}"
            for scope in ("all", "team", "own")
            if scope in by_scope
        ]
        parts = [*told, *_limits(policy, thing)] if told else [str(_("nothing of them"))]
        yield f"{OBJECT_WORDS[thing]} – {'; '.join(parts)}"


def _limits(policy: Policy, thing: Object) -> Iterator[str]:
    for access in ("hidden", "masked"):
        names = [
            str(FIELD_WORDS[name]).lower()
            for name in FIELDS.get(thing, ())
            if policy.field_access(thing, name) == access
        ]
        if names:
            yield f"{str(ACCESS_WORDS[access]).lower()}: {', '.join(names)}"
