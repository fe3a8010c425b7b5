"""The facts a decision was made from, in words: who called, when, how it was in the centre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _

from callcenter.queries.decisions import RouteNames
from web.explain.words import NUMBER_KINDS
from web.hours_words import why_code_words
from web.presentation import LANGUAGES, duration, money, phone


@dataclass(frozen=True, slots=True)
class Fact:
    what: str
    value: str
    customer_id: int | None = None


def facts_told(facts: Mapping[str, Any], names: RouteNames) -> list[Fact]:
    return [
        *_call(facts),
        *_customers(facts.get("customers") or (), names),
        *_history(facts.get("history"), names),
        *_hours(facts.get("hours") or {}, names),
        *_centre(facts.get("centre"), names),
    ]


def _call(facts: Mapping[str, Any]) -> Iterable[Fact]:
    caller = facts.get("caller") or {}
    kind = str(NUMBER_KINDS.get(facts.get("number_kind", ""), ""))
    number = phone(caller.get("e164") or "") or caller.get("extension") or ""
    if kind or number:
        yield Fact(str(_("Caller")), " · ".join(one for one in (number, kind) if one))
    for name, word in (("dialed", _("Dialled")), ("trunk", _("Trunk"))):
        if facts.get(name):
            yield Fact(str(word), phone(facts[name]) if name == "dialed" else str(facts[name]))
    at = _moment(facts.get("at"))
    if at:
        yield Fact(str(_("When")), at)


def _customers(found: Iterable[Mapping[str, Any]], names: RouteNames) -> Iterable[Fact]:
    for one in found:
        parts = []
        if one.get("vip_level"):
            parts.append(str(_("VIP %(level)s", level=one["vip_level"])))
        if one.get("blocked"):
            parts.append(str(_("Blocked")))
        if one.get("overdue_minor"):
            parts.append(_owes(one))
        for name, word in (("owner", _("owner")), ("last_operator", _("spoke with last"))):
            if one.get(name):
                parts.append(f"{word}: {names.people.get(one[name][0], one[name][1])}")
        if one.get("language"):
            parts.append(LANGUAGES.get(one["language"], one["language"]))
        parts += [names.tags.get(tag, f"#{tag}") for tag in one.get("tags", ())]
        if one.get("shared"):
            parts.append(str(_("others may answer there")))
        customer_id = one.get("id")
        told = ", ".join(parts) or str(_("nothing out of the ordinary"))
        yield Fact(str(_("Customer %(id)s", id=customer_id)), told, customer_id)


def _owes(one: Mapping[str, Any]) -> str:
    currency = one.get("currency")
    minor = one["overdue_minor"]
    amount = money(minor, currency) if currency else f"{minor / 100:,.2f}"
    days = one.get("overdue_days", 0)
    return str(
        ngettext(
            "owes %(amount)s for %(num)d day",
            "owes %(amount)s for %(num)d days",
            days,
            amount=amount,
        )
    )


def _history(history: Mapping[str, Any] | None, names: RouteNames) -> Iterable[Fact]:
    if not history:
        return
    calls, since = history.get("calls_today", 0), history.get("seconds_since")
    if since is None:
        yield Fact(str(_("Called before")), str(_("no call before this one")))
        return
    told = [
        str(_("%(time)s before this call", time=duration(since))),
        str(_("answered") if history.get("answered") else _("not answered")),
    ]
    if history.get("queue"):
        told.append(names.queues.get(history["queue"], history["queue"]))
    today = ngettext("%(num)d call in a day", "%(num)d calls in a day", calls)
    yield Fact(str(_("Called before")), f"{', '.join(told)}; {today}")


def _hours(hours: Mapping[str, Any], names: RouteNames) -> Iterable[Fact]:
    for key, (is_open, why) in hours.items():
        state = _("open") if is_open else _("closed")
        yield Fact(names.calendars.get(key) or key, f"{state}: {why_code_words(why)}")


def _centre(centre: Mapping[str, Any] | None, names: RouteNames) -> Iterable[Fact]:
    if not centre:
        return
    for name, queue in (centre.get("queues") or {}).items():
        level = queue.get("service_level")
        told = _(
            "%(waiting)s waiting, longest %(wait)s, %(ready)s ready",
            waiting=queue.get("waiting", 0),
            wait=duration(queue.get("longest_wait", 0)),
            ready=queue.get("ready", 0),
        )
        reached = str(_("service level"))
        more = f", {reached} {level} %" if level is not None else ""
        yield Fact(names.queues.get(name) or name, f"{told}{more}")


def _moment(text: Any) -> str:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return "" if at.year < 2000 else str(format_datetime(at, "EEEE, d MMM y, HH:mm:ss"))
