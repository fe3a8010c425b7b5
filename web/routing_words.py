"""Routing rules in words: a rule as a sentence, what a condition asks, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from callcenter.queries.routing_choices import Choices
from callcenter.routing.actions import (
    Action,
    Announce,
    Block,
    OfferCallback,
    Outside,
    Preferred,
    ToMenu,
    ToQueue,
    Voicemail,
    kind_of,
)
from callcenter.routing.checks import Problem
from callcenter.routing.conditions import KINDS
from callcenter.routing.rules import AnyOf, Condition, Rule, Term
from callcenter.routing.versions import Difference
from web.explain.words import RULES
from web.outcome_words import STAGES
from web.presentation import LANGUAGES, international, number_in_words
from web.routing_sentences import SENTENCES

ABOUT: Final[Mapping[str, Any]] = {
    "customer": _l("The customer"),
    "call": _l("The call"),
    "time": _l("The time"),
    "centre": _l("The call centre now"),
}
KIND_WORDS: Final[Mapping[str, Any]] = {
    "one": _l("One known customer"),
    "several": _l("Several may be calling"),
    "all_blocked": _l("Blocked"),
    "any_vip": _l("VIP"),
    "vip_level": _l("VIP level"),
    "all_debtors": _l("Owes money"),
    "overdue_days": _l("Owes for so many days"),
    "overdue_minor": _l("Owes so much"),
    "lifetime_minor": _l("Bought for so much"),
    "abc": _l("Class by turnover (ABC)"),
    "rfm": _l("Scores of recency, frequency, money"),
    "status": _l("Status"),
    "segment": _l("Segment of the card"),
    "saved_segment": _l("Frozen segment"),
    "tag": _l("Tag"),
    "language": _l("Language"),
    "consent": _l("Consent given"),
    "consent_refused": _l("Consent refused"),
    "open_deal": _l("Open deal"),
    "deal_stage": _l("Stage of the open deal"),
    "open_task": _l("Open task or call-back"),
    "owner": _l("Owner of the card"),
    "last_operator": _l("Spoke last with"),
    "always": _l("Every call"),
    "internal": _l("From an extension"),
    "withheld": _l("Number withheld"),
    "dialed": _l("Dialled number"),
    "trunk": _l("Trunk"),
    "number_prefix": _l("Caller's number begins with"),
    "call_today": _l("Which call within 24 hours"),
    "called_within": _l("Called before, minutes ago"),
    "last_call_missed": _l("Nobody answered the last call"),
    "last_queue": _l("Queue of the last call"),
    "from_queue": _l("Queue that let the call go"),
    "queue_result": _l("Why the queue let it go"),
    "open": _l("Within the hours"),
    "holiday": _l("Public holiday"),
    "closure": _l("Closed for a time"),
    "weekday": _l("Day of the week"),
    "time": _l("Time of day"),
    "date": _l("Date"),
    "queue_waiting": _l("Callers waiting"),
    "queue_longest_wait": _l("Longest wait, seconds"),
    "queue_ready": _l("Ready operators"),
    "service_level": _l("Service level, per cent"),
    "last_operator_ready": _l("Who spoke last is ready"),
    "owner_ready": _l("The owner is ready"),
}
# (it holds, it does not hold)
DO_WORDS: Final[Mapping[str, Any]] = {
    "queue": _l("Into a queue"),
    "preferred": _l("To their own operator first, then into a queue"),
    "menu": _l("Into a voice menu"),
    "announce": _l("Play an announcement"),
    "voicemail": _l("To a voice mailbox"),
    "callback": _l("Offer a call-back"),
    "outside": _l("To a number outside"),
    "block": _l("Do not connect"),
    "dialed": _l("Where the dialled number leads"),
}
WHO_WORDS: Final[Mapping[str, Any]] = {
    "last": _l("who spoke with them last"),
    "owner": _l("the owner of the deal or card"),
    "skill": _l("everybody ready with the queue's skill"),
    "anyone": _l("everybody ready"),
}
_LISTS: Final[Mapping[str, Any]] = {
    "queue": _l("queue"),
    "calendar": _l("calendar of hours"),
    "menu": _l("voice menu"),
    "prompt": _l("announcement"),
    "box": _l("mailbox"),
    "tag": _l("tag"),
    "saved_segment": _l("frozen segment"),
    "operator": _l("operator"),
    "status": _l("status"),
    "segment": _l("segment"),
    "dialed": _l("number of ours"),
    "zone": _l("time zone"),
}
_PROBLEMS: Final[Mapping[str, Any]] = {
    "name": _l("The short name is small letters, digits and hyphens, as “debtor-holiday”."),
    "name_twice": _l("Another rule is called “%(name)s” too: reports could not tell them apart."),
    "unknown_condition": _l("“%(kind)s” is no condition of this version."),
    "group_empty": _l("This group asks for nothing."),
    "amount": _l("Write a number above zero."),
    "values": _l("Choose at least one."),
    "value_form": _l("“%(value)s” cannot be read here."),
    "of": _l("Choose which one is meant."),
    "unknown_value": _l("There is no %(list)s “%(value)s”."),
    "target": _l("Choose where the call goes: %(list)s."),
    "priority": _l("The priority is between -99 and 99."),
    "max_wait": _l("The longest wait is between 0 and 14,400 seconds."),
    "no_rings": _l("Say whom to ring first."),
    "ring_seconds": _l("Rings last from %(least)s to %(most)s seconds."),
    "rings_twice": _l("The same people are rung twice."),
    "number_form": _l("Write the number with its country: +48221234567."),
    "number_own": _l("%(number)s is a number of ours: the call would come back here."),
    "number_unreachable": _l("The telephone system may not call %(number)s."),
    "contradiction": _l(
        "No call can meet this and condition %(first)s: the rule would never be used."
    ),
    "shadowed": _l("Never used: every such call meets “%(other)s” above it."),
    "did_twice": _l("Never used: “%(other)s” above it takes %(numbers)s already."),
    "only_overflow": _l("Only a call that a queue let go knows this: move the rule there."),
    "too_many": _l("At most %(most)s rules."),
}
_DIFFERENCES: Final[Mapping[str, Any]] = {
    "added": _l("New"),
    "removed": _l("Removed"),
    "changed": _l("Changed"),
    "moved": _l("Moved"),
}
_WEEKDAYS: Final = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
_CHANNELS: Final[Mapping[str, Any]] = {
    "call": _l("calls"),
    "sms": _l("short messages"),
    "email": _l("e-mail"),
    "messenger": _l("messengers"),
    "post": _l("letters"),
}
_QUEUE_RESULTS: Final[Mapping[str, Any]] = {
    "TIMEOUT": _l("waited too long"),
    "FULL": _l("the queue was full"),
    "JOINEMPTY": _l("nobody was there"),
    "LEAVEEMPTY": _l("everybody left"),
    "JOINUNAVAIL": _l("nobody was free to come"),
    "LEAVEUNAVAIL": _l("nobody could come any more"),
}


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def title_of(rule: Rule) -> str:
    """What people call it; the first rules have words of the product's own."""
    return rule.title or str(RULES.get(rule.name, rule.name))


def value_words(name: str, value: str, choices: Choices) -> str:
    if name == "weekday" and value in "1234567":
        return str(_WEEKDAYS[int(value) - 1])
    known: Mapping[str, Any] = {
        "language": LANGUAGES,
        "channel": _CHANNELS,
        "stage": STAGES,
        "queue_result": _QUEUE_RESULTS,
    }.get(name, {})
    told = choices.get(name, {}).get(value) or known.get(value)
    return str(told or (number_in_words(value) if name == "dialed" else value))


def condition_words(one: Condition, choices: Choices) -> str:
    kind = KINDS.get(one.kind)
    if kind is None:
        return one.kind
    values = [value_words(kind.choices, value, choices) for value in one.values]
    if one.kind == "number_prefix":
        values = [international(value) for value in values]
    return str(SENTENCES[one.kind][one.negated]) % {
        "amount": one.amount or "…",
        "money": f"{one.amount / 100:,.2f}" if one.amount else "…",
        "values": either(values) or "…",
        "of": value_words(kind.of, one.of, choices) or "…",
    }


def either(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s", first=", ".join(words[:-1]), last=words[-1])


def term_words(term: Term, choices: Choices) -> str:
    if isinstance(term, Condition):
        return condition_words(term, choices)
    inner = either([condition_words(one, choices) for one in term.conditions])
    return _("none of this holds: %(inner)s", inner=inner) if term.negated else inner


def action_words(action: Action, choices: Choices) -> str:
    if isinstance(action, ToQueue):
        return _join(_into(action.queue, choices), _priority(action.priority), _wait(action))
    if isinstance(action, Preferred):
        rings = ", ".join(
            _("%(who)s (%(seconds)s s)", who=WHO_WORDS[ring.who], seconds=ring.seconds)
            for ring in action.rings
        )
        return _join(_("ring %(rings)s", rings=rings or "…"), _into(action.queue, choices))
    if isinstance(action, Announce):
        told = _("play “%(prompt)s”", prompt=value_words("prompt", action.prompt, choices) or "…")
        then = action_words(action.then, choices) if action.then else _("hang up")
        return _("%(first)s, then %(then)s", first=told, then=then)
    return _simple(action, choices)


def _simple(action: Action, choices: Choices) -> str:
    if isinstance(action, ToMenu):
        return _("menu %(name)s", name=value_words("menu", action.menu, choices) or "…")
    if isinstance(action, Voicemail):
        return _("voice mailbox of %(name)s", name=value_words("box", action.box, choices) or "…")
    if isinstance(action, Outside):
        return _("call %(number)s", number=number_in_words(action.number) or "…")
    if isinstance(action, OfferCallback):
        name = value_words("queue", action.queue, choices) or "…"
        return _("offer a call-back by %(name)s", name=name)
    if isinstance(action, Block):
        return _("do not connect")
    return _("where the dialled number leads")


def _into(queue: str, choices: Choices) -> str:
    return _("queue %(name)s", name=value_words("queue", queue, choices) or "…")


def _priority(added: int) -> str:
    return _("priority %(added)s", added=f"{added:+d}") if added else ""


def _wait(action: ToQueue) -> str:
    if not action.max_wait:
        return ""
    return _("for %(seconds)s seconds at most", seconds=action.max_wait)


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def problem_words(problem: Problem) -> str:
    params = dict(problem.params)
    if "list" in params:
        params["list"] = str(_LISTS.get(params["list"], params["list"]))
    if "name" in params:
        params["other"] = params.get("title") or str(RULES.get(params["name"], params["name"]))
    if "numbers" in params:
        params["numbers"] = ", ".join(map(number_in_words, params["numbers"]))
    if "number" in params:
        params["number"] = number_in_words(params["number"])
    text = str(_PROBLEMS.get(problem.code, problem.code))
    return text % params if params else text


def difference_words(one: Difference) -> str:
    return str(_DIFFERENCES[one.how])


def do_of(action: Action) -> str:
    return kind_of(action)


def is_group(term: Term) -> bool:
    return isinstance(term, AnyOf)
