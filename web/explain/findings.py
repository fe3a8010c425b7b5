"""What was found of each condition, in words: codes and values are routing's, words are ours.

A code without words of its own is told as it is: a trace with a foreign word beats none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from callcenter.queries.decisions import RouteNames
from web.outcome_words import STAGES
from web.presentation import LANGUAGES, duration, international, money, number_in_words

_Finding = Mapping[str, Any]
_FLAGS: Final[Mapping[str, tuple[Any, Any]]] = {
    "internal": (_l("the caller is one of our phones"), _l("the caller is none of our phones")),
    "withheld": (_l("the number is hidden"), _l("the number is shown")),
    "open_deal": (_l("there is an open deal"), _l("there is no open deal")),
    "open_task": (_l("there is an open task"), _l("there is no open task")),
    "last_call_missed": (
        _l("nobody answered the last call"),
        _l("the last call was no missed one"),
    ),
    "last_operator_ready": (
        _l("whom they spoke with last is ready"),
        _l("whom they spoke with last is not ready"),
    ),
    "owner_ready": (_l("the owner is ready"), _l("the owner is not ready")),
    "open": (_l("“%(of)s” is open"), _l("“%(of)s” is closed")),
    "holiday": (_l("a public holiday of “%(of)s”"), _l("no public holiday of “%(of)s”")),
    "closure": (_l("“%(of)s” is closed for a time"), _l("“%(of)s” is not closed for a time")),
}
_COUNTS: Final[Mapping[str, Any]] = {
    "all_blocked": _l("%(count)s of %(customers)s customers with this number blocked"),
    "any_vip": _l("%(count)s of %(customers)s customers with this number VIP"),
    "all_debtors": _l("%(count)s of %(customers)s customers with this number owe money"),
}
_WHAT: Final[Mapping[str, Any]] = {
    "vip_level": _l("VIP level"),
    "overdue_days": _l("days overdue"),
    "overdue_minor": _l("overdue amount"),
    "lifetime_minor": _l("turnover"),
    "abc": _l("ABC class"),
    "rfm": _l("RFM scores"),
    "status": _l("status"),
    "segment": _l("segment"),
    "saved_segment": _l("saved segment"),
    "tag": _l("tag"),
    "language": _l("language"),
    "consent": _l("consent given"),
    "consent_refused": _l("consent refused"),
    "deal_stage": _l("stage of the deal"),
    "owner": _l("owner"),
    "last_operator": _l("spoke with last"),
    "dialed": _l("dialled number"),
    "trunk": _l("trunk"),
    "number_prefix": _l("number begins with"),
    "call_today": _l("calls today, with this one"),
    "called_within": _l("minutes since the last call"),
    "last_queue": _l("queue of the last call"),
    "from_queue": _l("came from the queue"),
    "queue_result": _l("the queue let it go"),
    "weekday": _l("weekday"),
    "time": _l("time"),
    "date": _l("date"),
    "queue_waiting": _l("waiting in %(of)s"),
    "queue_longest_wait": _l("longest wait in %(of)s"),
    "queue_ready": _l("ready in %(of)s"),
    "service_level": _l("service level of %(of)s, per cent"),
}
_BROKEN: Final[Mapping[str, Any]] = {
    "unknown-calendar": _l("its calendar is not there any more"),
    "unknown-condition": _l("it has a condition that this version does not know"),
    "bad-time": _l("it has a time that cannot be read"),
    "unknown-zone": _l("it has a time zone that is not known"),
}
LET_GO: Final[Mapping[str, Any]] = {
    "TIMEOUT": _l("waited too long"),
    "FULL": _l("the queue was full"),
    "JOINEMPTY": _l("nobody worked in it"),
    "LEAVEEMPTY": _l("everybody left it"),
    "JOINUNAVAIL": _l("nobody could be reached"),
    "LEAVEUNAVAIL": _l("nobody could be reached any more"),
    "CONTINUE": _l("the caller asked for something else"),
}
_AT_MOST: Final = frozenset({"called_within"})
_AT_LEAST: Final = frozenset({
    "vip_level", "overdue_days", "overdue_minor", "lifetime_minor", "rfm", "call_today",
    "queue_waiting", "queue_longest_wait", "queue_ready", "service_level",
})  # fmt: skip


def finding_words(finding: _Finding, names: RouteNames) -> str:
    """“overdue amount: 120.00 (asked: at least 500.00)”. What was found is told as it was, whether
    it or its opposite was asked for."""
    code, params = str(finding.get("code", "")), finding.get("params") or {}
    if code in _SPECIAL:
        return _SPECIAL[code](params, names)
    if code in _COUNTS:
        return str(_COUNTS[code]) % _numbers(params)
    if params.get("found") is None:
        return str(_("%(what)s: not known", what=_what(code, params, names)))
    if code in _FLAGS:
        yes, no = _FLAGS[code]
        return str(yes if params["found"] else no) % {"of": _of(params, names)}
    what, found = _what(code, params, names), _value(code, params, params["found"], names)
    if "asked" not in params:
        return f"{what}: {found}"
    asked = _asked(code, params, names)
    return str(_("%(what)s: %(found)s (asked: %(asked)s)", what=what, found=found, asked=asked))


def _asked(code: str, params: Mapping[str, Any], names: RouteNames) -> str:
    asked = _value(code, params, params["asked"], names)
    if code in _AT_LEAST:
        asked = str(_("at least %(value)s", value=asked))
    elif code in _AT_MOST:
        asked = str(_("at most %(value)s", value=asked))
    return str(_("not %(value)s", value=asked)) if params.get("negated") else asked


def _what(code: str, params: Mapping[str, Any], names: RouteNames) -> str:
    text = str(_WHAT.get(code) or code.replace("_", " "))
    return text % {"of": _of(params, names)} if "%(of)s" in text else text


def _of(params: Mapping[str, Any], names: RouteNames) -> str:
    key = str(params.get("of", ""))
    return names.calendars.get(key) or names.queues.get(key) or key


def _value(code: str, params: Mapping[str, Any], value: Any, names: RouteNames) -> str:
    if isinstance(value, (list, tuple)):
        if code == "number_prefix" and value is params.get("found"):
            # Every beginning of one number: the longest is the number.
            value = [max(map(str, value), key=len)] if value else []
        return ", ".join(_one(code, one, names) for one in value) or str(_("none"))
    if code in ("overdue_minor", "lifetime_minor") and isinstance(value, int):
        currency = params.get("of")
        return money(value, str(currency)) if currency else f"{value / 100:,.2f}"
    if code == "queue_longest_wait" and isinstance(value, (int, float)):
        return duration(value)
    return str(value)


def _one(code: str, value: Any, names: RouteNames) -> str:
    text = str(value)
    if code == "dialed":
        return number_in_words(text)
    if code == "number_prefix":  # beside a prefix a number is compared from its country on
        return international(text)
    by_id: Mapping[int, str] = {
        "tag": names.tags,
        "saved_segment": names.segments,
        "owner": names.people,
        "last_operator": names.people,
    }.get(code, {})
    if by_id and text.isdecimal():
        return by_id.get(int(text), f"#{text}")
    if code in names.choices:
        chosen = names.choices[code].choice(text)
        return chosen.title(str(get_locale())) if chosen is not None else text
    words: Mapping[str, Any] = _WORDS.get(code, {})
    if code in ("last_queue", "from_queue"):
        words = names.queues
    return str(words.get(text) or text)


_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "language": LANGUAGES,
    "deal_stage": STAGES,
    "queue_result": LET_GO,
    "weekday": {
        "1": _l("Monday"), "2": _l("Tuesday"), "3": _l("Wednesday"), "4": _l("Thursday"),
        "5": _l("Friday"), "6": _l("Saturday"), "7": _l("Sunday"),
    },
}  # fmt: skip


def _numbers(params: Mapping[str, Any]) -> dict[str, Any]:
    return {"count": params.get("count", 0), "customers": params.get("customers", 0)}


def _customers(params: Mapping[str, Any], _names: RouteNames) -> str:
    text = _("customers with this number: %(number)s", number=params.get("customers", 0))
    shared = _(", and others may answer there") if params.get("shared") else ""
    return f"{text}{shared}"


def _any_of(params: Mapping[str, Any], names: RouteNames) -> str:
    parts = [finding_words(one, names) for one in params.get("of", ())]
    told = _("none of: %(parts)s") if params.get("negated") else _("one of: %(parts)s")
    return str(told) % {"parts": "; ".join(parts)}


def _broken(params: Mapping[str, Any], _names: RouteNames) -> str:
    why = _BROKEN.get(str(params.get("why")), _l("it cannot be looked at"))
    return str(_("skipped: %(why)s", why=why))


def _fixed(text: Any) -> Callable[[Mapping[str, Any], RouteNames], str]:
    return lambda _params, _names: str(text)


_SPECIAL: Final[Mapping[str, Callable[[Mapping[str, Any], RouteNames], str]]] = {
    **dict.fromkeys(("one", "several", "always"), _customers),
    "any-of": _any_of,
    "broken": _broken,
    "hidden": _fixed(_l("by facts that you may not see")),
    "no-conditions": _fixed(_l("it fits every call")),
    "no-rules": _fixed(_l("there are no rules")),
    "no-rule": _fixed(_l("no rule fits")),
    "failed-open": _fixed(_l("no decision was made in time")),
}
