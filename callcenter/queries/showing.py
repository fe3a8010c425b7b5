"""What of a view a viewer may see: taken out or masked on its way to any door.

Doors hand every value they show to `shown`. Customers out of reach are left out as if they did not
exist; fields follow the role's field rights. For somebody who sees everything nothing is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection

from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.customer import CustomerBrief
from callcenter.queries.callback_requests import CallbackView
from callcenter.queries.history import sensitive_fields
from callcenter.queries.missed import MissedView
from callcenter.queries.organizations import OrganizationCard, SwitchboardView
from callcenter.queries.outcome_views import DealView
from callcenter.queries.routing_seen import facts_as_seen
from callcenter.queries.tasks import TaskView
from callcenter.queries.trade import RecordView
from callcenter.queries.views import (
    ContactView,
    CustomerCard,
    InteractionView,
    InvoiceView,
    LegView,
    LiveCall,
    OrderView,
    OrganizationView,
    PhoneView,
    RoutingView,
    ScreenPop,
)
from callcenter.queries.voicemails import VoicemailView
from callcenter.rights.masked import email_as, name_as, number_as, text_as
from callcenter.rights.objects import ACCESSES, Access, Action, Object
from callcenter.rights.viewer import Viewer
from callcenter.store.visibility import seen_records
from callcenter.tasks.task import Task
from callcenter.trade.figures import Debt, Figures, Purchases

_Rule = Callable[["_Sight", Any, Any], Any]
_GONE: Final = object()
_RECORDS: Final[dict[type, Object]] = {
    CustomerBrief: "customer",
    InteractionView: "interaction",
    DealView: "deal",
    TaskView: "task",
}
"""Views that are left out where the record is out of reach."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """A viewer with the records in a value that they may read, and the keys of sensitive fields."""

    viewer: Viewer
    seen: Mapping[Object, frozenset[int]]
    secret: Mapping[str, frozenset[str]]

    def field(self, thing: Object, name: str) -> Access:
        return self.viewer.field(thing, name)

    def sees(self, thing: Object, name: str) -> bool:
        return self.viewer.sees(thing, name)

    def may(self, thing: Object, action: Action) -> bool:
        return self.viewer.may(thing, action)


def shown(connection: Connection, viewer: Viewer, value: Any) -> Any:
    """The value as this viewer may see it; whatever is no view is itself."""
    if viewer.policy.unlimited:
        return value
    ids: dict[Object, set[int]] = {}
    for thing, record_id in _records(value):
        ids.setdefault(thing, set()).add(record_id)
    seen = {thing: seen_records(connection, viewer, thing, ids[thing]) for thing in ids}
    made = _shown(_Sight(viewer, seen, sensitive_fields(connection)), value)
    return None if made is _GONE else made


def _records(value: Any) -> Iterator[tuple[Object, int]]:
    """Every record of a scope that stands in it, however deep."""
    if isinstance(value, (tuple, list)):
        for one in value:
            yield from _records(one)
    elif isinstance(value, Mapping):
        yield from _records(list(value.values()))
    elif _is_view(value):
        thing = _RECORDS.get(type(value))
        if thing is not None:
            yield thing, value.id
        yield from _records([getattr(value, one.name) for one in fields(value)])


def _is_view(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _shown(sight: _Sight, value: Any) -> Any:
    thing = _RECORDS.get(type(value))
    if thing is not None and value.id not in sight.seen.get(thing, ()):
        return _GONE
    if isinstance(value, (tuple, list)):
        return _some(sight, value)
    if isinstance(value, dict):
        parts = {key: _shown(sight, one) for key, one in value.items()}
        return {key: None if one is _GONE else one for key, one in parts.items()}
    return _view(sight, value) if _is_view(value) else value


def _some(sight: _Sight, values: Any) -> Any:
    kept = [made for one in values if (made := _shown(sight, one)) is not _GONE]
    if isinstance(values, list):
        return kept
    if type(values) is tuple:
        return tuple(kept)
    return values if len(kept) == len(values) and all(map(_same, kept, values)) else tuple(kept)


def _view(sight: _Sight, value: Any) -> Any:
    rules = _RULES.get(type(value), {})
    changes = {}
    for one in fields(value):
        if not one.init:
            continue
        before = getattr(value, one.name)
        after = _shown(sight, before)
        after = None if after is _GONE else after
        if one.name in rules:
            after = rules[one.name](sight, value, after)
        if not _same(after, before):
            changes[one.name] = after
    return replace(value, **changes) if changes else value


def _same(one: Any, other: Any) -> bool:
    return one is other or (type(one) is type(other) and bool(one == other))


# --- rules: (viewer, the whole view, the value) -> what is shown --------------------------------


def _number(viewer: _Sight, view: Any, value: str) -> str:
    return number_as(viewer.field("interaction", "number"), value, _whose(view))


_KINDS: Final[Mapping[type[Any], str]] = {
    InteractionView: "interaction",
    MissedView: "missed",
    Task: "task",
    CallbackView: "callback",
    VoicemailView: "voicemail",
}


def _whose(view: Any) -> str:
    if isinstance(view, (LiveCall, ScreenPop)):
        return f"interaction/{view.interaction_id}" if view.interaction_id else ""
    kind = _KINDS.get(type(view))
    return f"{kind}/{view.id}" if kind else ""


def _dialed(viewer: _Sight, view: Any, value: str) -> str:
    """Whom we called; of a call to us it is our own number."""
    return _number(viewer, view, value) if view.direction == "outbound" else value


def _notes(viewer: _Sight, _view: Any, value: Any) -> Any:
    return value if viewer.sees("interaction", "notes") else ()


def _text_without_number(viewer: _Sight, _view: Any, value: Any) -> Any:
    """Reasons quote the number they were found by."""
    return value if viewer.sees("interaction", "number") else {}


def _decision(viewer: _Sight, _view: Any, value: Any) -> dict[str, Any]:
    return facts_as_seen(viewer.viewer, value)


def _own_phones(viewer: _Sight, brief: CustomerBrief, value: Iterable[str]) -> tuple[str, ...]:
    access = viewer.field("customer", "phones")
    if access == "hidden":
        return ()
    return tuple(number_as(access, one, f"customer/{brief.id}/{n}") for n, one in enumerate(value))


def _own_name(viewer: _Sight, brief: CustomerBrief, value: str) -> str:
    return name_as(viewer.field("customer", "phones"), value, f"customer/{brief.id}/0")


def _phone(viewer: _Sight, view: PhoneView, value: str) -> str:
    return number_as(viewer.field("customer", "phones"), value, f"phone/{view.id}")


def _phones(viewer: _Sight, _card: Any, value: tuple[PhoneView, ...]) -> tuple[PhoneView, ...]:
    return () if viewer.field("customer", "phones") == "hidden" else value


def _contact(viewer: _Sight, view: ContactView, value: str) -> str:
    whose = f"contact/{view.id}"
    if view.kind == "email":
        return email_as(viewer.field("customer", "emails"), value, whose)
    if view.kind == "site":
        return value
    return text_as(viewer.field("customer", "messengers"), value, whose)


def _contacts(
    _viewer: _Sight, _card: Any, value: tuple[ContactView, ...]
) -> tuple[ContactView, ...]:
    """Those of which nothing may be seen are as if they were not there."""
    return tuple(one for one in value if one.value)


def _custom(thing: Object) -> _Rule:
    def rule(sight: _Sight, _view: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        found = {}
        for key, value in values.items():
            access = sight.field(thing, f"custom:{key}")
            if key in sight.secret.get(thing, ()):
                access = min(access, sight.field(thing, "sensitive"), key=ACCESSES.index)
            if access == "masked":
                found[key] = text_as("masked", str(value))
            elif access != "hidden":
                found[key] = value
        return found

    return rule


def _switchboard(viewer: _Sight, _view: SwitchboardView, value: str) -> str:
    return number_as(viewer.field("organization", "phones"), value)


def _switchboards(viewer: _Sight, _card: Any, value: tuple[Any, ...]) -> tuple[Any, ...]:
    return () if viewer.field("organization", "phones") == "hidden" else value


def _tax_id(viewer: _Sight, view: OrganizationView, value: str) -> str:
    return text_as(viewer.field("organization", "tax_id"), value, f"tax_id/{view.id}")


def _amount(viewer: _Sight, _view: Any, value: int) -> int:
    hidden = not (viewer.may("account", "read") and viewer.sees("account", "amounts"))
    return 0 if hidden else value


def _accounts(viewer: _Sight, _card: Any, value: tuple[Any, ...]) -> tuple[Any, ...]:
    return value if viewer.may("account", "read") else ()


def _deal_amount(viewer: _Sight, _view: Any, value: int) -> int:
    return value if viewer.sees("deal", "amount") else 0


def _if_seen(thing: Object, name: str, without: Any) -> _Rule:
    return lambda viewer, _view, value: value if viewer.sees(thing, name) else without


_NUMBERS: dict[str, _Rule] = {"number": _number, "number_raw": _number, "dialed": _dialed}
_VIP: dict[str, _Rule] = {
    "vip_level": _if_seen("customer", "vip_level", 0),
    "blocked": _if_seen("customer", "blocked", False),
}
_RULES: dict[type, dict[str, _Rule]] = {
    CustomerBrief: {
        **_VIP,
        "display_name": _own_name,
        "phones": _own_phones,
        "overdue_minor": _amount,
    },
    CustomerCard: {
        **_VIP,
        "block_reason": _if_seen("customer", "blocked", ""),
        "owner": _if_seen("customer", "owner_id", None),
        "remarks": _if_seen("customer", "remarks", ""),
        "addresses": _if_seen("customer", "addresses", ()),
        "contacts": _contacts,
        "custom": _custom("customer"),
        "phones": _phones,
        "open_orders": _accounts,
        "unpaid_invoices": _accounts,
    },
    PhoneView: {"e164": _phone, "raw": _phone},
    ContactView: {"value": _contact},
    OrganizationCard: {
        "custom": _custom("organization"),
        "phones": _switchboards,
        "addresses": _if_seen("organization", "addresses", ()),
    },
    SwitchboardView: {"e164": _switchboard},
    OrganizationView: {"tax_id": _tax_id, "notes": _if_seen("organization", "notes", "")},
    OrderView: {"amount_minor": _amount},
    InvoiceView: {"amount_minor": _amount},
    RecordView: {"amount_minor": _amount, "paid_minor": _amount},
    Figures: dict.fromkeys(("lifetime_minor", "average_minor", "overdue_minor"), _amount),
    Purchases: {"total_minor": _amount},
    Debt: {"open_minor": _amount},
    DealView: {"amount_minor": _deal_amount},
    InteractionView: {**_NUMBERS, "notes": _notes, "explanation": _text_without_number},
    LegView: {"number": _number},
    RoutingView: {"number": _number, "facts": _decision},
    MissedView: {"number": _number},
    CallbackView: {"number": _number},
    VoicemailView: {"number": _number},
    Task: {"number": _number},
    LiveCall: {**_NUMBERS, "number_e164": _number},
    ScreenPop: {**_NUMBERS, "number_display_e164": _number},
    CallRecord: {"caller_number": _number, "dialed": _dialed},
    Leg: {"number": _number},
}
