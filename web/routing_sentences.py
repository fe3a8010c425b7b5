"""What each condition of a routing rule says, and what its opposite does: pieces of a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

SENTENCES: Final[Mapping[str, tuple[Any, Any]]] = {
    "one": (_l("it is one known customer"), _l("it is not one known customer")),
    "several": (
        _l("several customers may be calling"),
        _l("no more than one customer may be calling"),
    ),
    "all_blocked": (_l("the customer is blocked"), _l("the customer is not blocked")),
    "any_vip": (_l("the customer is a VIP"), _l("the customer is no VIP")),
    "vip_level": (
        _l("the VIP level is at least %(amount)s"),
        _l("the VIP level is below %(amount)s"),
    ),
    "all_debtors": (_l("the customer owes money"), _l("the customer owes nothing")),
    "overdue_days": (
        _l("the customer has owed for at least %(amount)s days"),
        _l("the customer has not owed for %(amount)s days"),
    ),
    "overdue_minor": (
        _l("the customer owes at least %(money)s"),
        _l("the customer owes less than %(money)s"),
    ),
    "lifetime_minor": (
        _l("the customer bought for at least %(money)s %(of)s"),
        _l("the customer bought for less than %(money)s %(of)s"),
    ),
    "abc": (_l("the class is %(values)s"), _l("the class is not %(values)s")),
    "rfm": (_l("the scores reach %(values)s"), _l("the scores do not reach %(values)s")),
    "status": (_l("the status is %(values)s"), _l("the status is not %(values)s")),
    "segment": (_l("the segment is %(values)s"), _l("the segment is not %(values)s")),
    "saved_segment": (
        _l("the customer is in the segment %(values)s"),
        _l("the customer is not in the segment %(values)s"),
    ),
    "tag": (_l("the customer has the tag %(values)s"), _l("the customer has no tag %(values)s")),
    "language": (_l("the language is %(values)s"), _l("the language is not %(values)s")),
    "consent": (
        _l("there is consent to %(values)s"),
        _l("there is no consent to %(values)s"),
    ),
    "consent_refused": (_l("%(values)s was refused"), _l("%(values)s was not refused")),
    "open_deal": (_l("there is an open deal"), _l("there is no open deal")),
    "deal_stage": (
        _l("the open deal is at %(values)s"),
        _l("the open deal is not at %(values)s"),
    ),
    "open_task": (_l("there is an open task"), _l("there is no open task")),
    "owner": (_l("the owner is %(values)s"), _l("the owner is not %(values)s")),
    "last_operator": (
        _l("%(values)s spoke with them last"),
        _l("%(values)s did not speak with them last"),
    ),
    "always": (_l("it is any call"), _l("it is no call")),
    "internal": (_l("an extension calls"), _l("no extension calls")),
    "withheld": (_l("the number is withheld"), _l("the number is shown")),
    "dialed": (_l("the number dialled is %(values)s"), _l("the number dialled is not %(values)s")),
    "trunk": (_l("it comes over %(values)s"), _l("it does not come over %(values)s")),
    "number_prefix": (
        _l("the caller's number begins with %(values)s"),
        _l("the caller's number does not begin with %(values)s"),
    ),
    "call_today": (
        _l("it is call number %(amount)s or later within 24 hours"),
        _l("there were fewer than %(amount)s calls within 24 hours"),
    ),
    "called_within": (
        _l("they called within the last %(amount)s minutes"),
        _l("they did not call within the last %(amount)s minutes"),
    ),
    "last_call_missed": (
        _l("nobody answered their last call"),
        _l("their last call was answered, or there was none"),
    ),
    "last_queue": (
        _l("the last call was for %(values)s"),
        _l("the last call was not for %(values)s"),
    ),
    "from_queue": (_l("%(values)s let the call go"), _l("it was not %(values)s")),
    "queue_result": (_l("because of %(values)s"), _l("not because of %(values)s")),
    "open": (_l("it is within the hours of %(of)s"), _l("it is outside the hours of %(of)s")),
    "holiday": (_l("it is a holiday by %(of)s"), _l("it is not a holiday by %(of)s")),
    "closure": (
        _l("%(of)s is closed for a time"),
        _l("%(of)s is not closed for a time"),
    ),
    "weekday": (_l("it is %(values)s"), _l("it is not %(values)s")),
    "time": (_l("the time is %(values)s"), _l("the time is not %(values)s")),
    "date": (_l("the date is %(values)s"), _l("the date is not %(values)s")),
    "queue_waiting": (
        _l("at least %(amount)s callers wait in %(of)s"),
        _l("fewer than %(amount)s callers wait in %(of)s"),
    ),
    "queue_longest_wait": (
        _l("somebody has waited in %(of)s for at least %(amount)s seconds"),
        _l("nobody has waited in %(of)s for %(amount)s seconds"),
    ),
    "queue_ready": (
        _l("at least %(amount)s operators of %(of)s are ready"),
        _l("fewer than %(amount)s operators of %(of)s are ready"),
    ),
    "service_level": (
        _l("the service level of %(of)s is at least %(amount)s%%"),
        _l("the service level of %(of)s is below %(amount)s%%"),
    ),
    "last_operator_ready": (
        _l("who spoke with them last is ready"),
        _l("who spoke with them last is not ready"),
    ),
    "owner_ready": (_l("their owner is ready"), _l("their owner is not ready")),
}
