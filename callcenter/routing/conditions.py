"""What conditions there are, and what each of them reads from the facts of a call. Pure.

A line that several share is what the dearest of them is worth; it is overdue only as far as all of
them are, since nobody pays for whoever shares their phone. What is not known neither holds nor
fails: such a condition does not hold, nor does its opposite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from callcenter.routing.facts import CallFacts, CustomerFacts, Operator, QueueNow
from callcenter.routing.findings import Finding
from callcenter.routing.rules import Condition

Asks = Literal["flag", "at_least", "at_most", "values", "reaches", "between"]
Of = Literal["", "queue", "calendar", "currency", "zone"]
About = Literal["customer", "call", "time", "centre"]
Reading = bool | int | frozenset[str] | None
Read = Callable[[CallFacts, str], Reading]


class BrokenError(Exception):
    """The condition cannot be looked at. `why` is one of a few fixed words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Kind:
    """`choices` names the list its values are chosen from; '' for free text."""

    name: str
    about: About
    asks: Asks
    read: Read
    of: Of = ""
    choices: str = ""


def kind_of(condition: Condition) -> Kind:
    kind = KINDS.get(condition.kind)
    if kind is None:
        raise BrokenError("unknown-condition")
    return kind


def look_at(facts: CallFacts, condition: Condition) -> tuple[bool, Finding]:
    """Whether it holds, and what was found. BrokenError when it cannot be looked at."""
    kind = kind_of(condition)
    reading = kind.read(facts, condition.of)
    return holds(kind, condition, reading), _finding(facts, kind, condition, reading)


def holds(kind: Kind, condition: Condition, reading: Reading) -> bool:
    if reading is None:
        return False
    return COMPARE[kind.asks](reading, condition) is not condition.negated


def _finding(facts: CallFacts, kind: Kind, condition: Condition, reading: Reading) -> Finding:
    params: dict[str, Any] = {
        "found": sorted(reading) if isinstance(reading, frozenset) else reading
    }
    if kind.asks in ("at_least", "at_most"):
        params["asked"] = condition.amount
    elif kind.asks != "flag":
        params["asked"] = list(condition.values)
    if condition.of:
        params["of"] = condition.of
    if condition.negated:
        params["negated"] = True
    params |= counted(facts, kind)
    return Finding(kind.name, params)


def counted(facts: CallFacts, kind: Kind) -> tuple[tuple[str, int], ...]:
    """Of how many customers it holds, where that is told."""
    count = _COUNTED.get(kind.name)
    if count is None:
        return ()
    customers = ("customers", len(facts.customers))
    return ("count", count(facts)), customers, ("shared", facts.shared)


# What is asked of a reading. An amount of nothing is never reached: it would be everybody's.


def _flag(reading: Any, _condition: Condition) -> bool:
    return bool(reading)


def _at_least(reading: Any, condition: Condition) -> bool:
    return bool(reading >= condition.amount > 0)


def _at_most(reading: Any, condition: Condition) -> bool:
    return bool(reading <= condition.amount)


def _values(reading: Any, condition: Condition) -> bool:
    return not reading.isdisjoint(condition.values)


def _reaches(reading: Any, condition: Condition) -> bool:
    """Each value is digits, each the least that the reading's must reach."""
    return any(_all_reach(one, least) for one in reading for least in condition.values)


def _all_reach(scores: str, least: str) -> bool:
    if len(scores) != len(least):
        return False
    return all(has >= asked for has, asked in zip(scores, least, strict=True))


def _between(reading: Any, condition: Condition) -> bool:
    return any(_inside(str(one), span) for one in reading for span in condition.values)


def _inside(clock: str, span: str) -> bool:
    """`22:00-06:00` goes over midnight; the end itself is outside."""
    start, end = read_span(span)
    return start <= clock < end if start <= end else clock >= start or clock < end


@lru_cache(1024)
def read_span(span: str) -> tuple[str, str]:
    start, dash, end = span.partition("-")
    if not dash or not is_clock(start) or not is_clock(end):
        raise BrokenError("bad-time")
    return start, end


def is_clock(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    return bool(
        len(text) == len("00:00")
        and colon
        and (hours + minutes).isdecimal()
        and (hours + minutes).isascii()
        and int(hours) <= 24
        and int(minutes) < 60
    )


COMPARE: Final[Mapping[Asks, Callable[[Any, Condition], bool]]] = {
    "flag": _flag,
    "at_least": _at_least,
    "at_most": _at_most,
    "values": _values,
    "reaches": _reaches,
    "between": _between,
}

# Readings: the customers.


def _all_blocked(facts: CallFacts, _of: str) -> bool:
    """At a number that others answer too, one who is blocked keeps nobody else out."""
    return bool(facts.customers) and not facts.unblocked and not facts.shared


def _any_vip(facts: CallFacts, _of: str) -> bool:
    return any(one.vip_level > 0 for one in facts.unblocked)


def _all_debtors(facts: CallFacts, _of: str) -> bool:
    them = facts.unblocked
    return bool(them) and not facts.shared and all(one.is_debtor for one in them)


def _several(facts: CallFacts, _of: str) -> bool:
    return len(facts.customers) > 1 or facts.shared


def _lifetime(facts: CallFacts, currency: str) -> int:
    """Only money of the currency that is asked for is compared."""
    return max(
        (one.lifetime_minor for one in facts.unblocked if one.currency == currency), default=0
    )


def _least(figure: Callable[[CustomerFacts], int]) -> Read:
    return lambda facts, _of: min((figure(one) for one in facts.unblocked), default=0)


def _texts(text: Callable[[CustomerFacts], str]) -> Read:
    return lambda facts, _of: frozenset(text(one) for one in facts.unblocked) - {""}


def _people(who: Callable[[CustomerFacts], Operator | None]) -> Read:
    def read(facts: CallFacts, _of: str) -> frozenset[str]:
        return frozenset(str(one.user_id) for it in facts.unblocked if (one := who(it)))

    return read


def _last_spoken(facts: CallFacts, _of: str) -> frozenset[str]:
    return frozenset(str(one.user_id) for one in last_operators(facts))


def last_operators(facts: CallFacts) -> tuple[Operator, ...]:
    """Who spoke last with whom this must be, or else with this number."""
    only = facts.only_customer
    if only is not None and only.last_operator is not None:
        return (only.last_operator,)
    return (facts.history.last_operator,) if facts.history.last_operator else ()


def _ids(ids: Callable[[CustomerFacts], frozenset[int]]) -> Read:
    return lambda facts, _of: frozenset(str(it) for one in facts.unblocked for it in ids(one))


def _consented(given: bool) -> Read:
    def read(facts: CallFacts, _of: str) -> frozenset[str]:
        return frozenset(
            channel
            for one in facts.unblocked
            for channel, said in one.consents.items()
            if said is given
        )

    return read


# Readings: the call.


def _prefixes(facts: CallFacts, _of: str) -> frozenset[str]:
    """Every beginning of the number, so that "begins with" is "is one of these"."""
    number = facts.caller.e164
    return frozenset(number[:length] for length in range(2, len(number) + 1))


def _one_text(text: Callable[[CallFacts], str]) -> Read:
    return lambda facts, _of: frozenset((text(facts),)) - {""}


def _missed_before(facts: CallFacts, _of: str) -> bool:
    return facts.history.seconds_since is not None and not facts.history.answered


def _minutes_since(facts: CallFacts, _of: str) -> int | None:
    seconds = facts.history.seconds_since
    # Whoever never called did not call within any time: that is known, not unknown.
    return _NEVER if seconds is None else seconds // 60


_NEVER: Final = 10**9

# Readings: the time.


def _hours(facts: CallFacts, calendar: str) -> tuple[bool, str]:
    known = facts.hours.get(calendar)
    if known is None:
        raise BrokenError("unknown-calendar")
    return known


def _why_closed(why: str) -> Read:
    def read(facts: CallFacts, calendar: str) -> bool:
        return _hours(facts, calendar)[1] == why

    return read


def _is_open(facts: CallFacts, calendar: str) -> bool:
    return _hours(facts, calendar)[0]


@lru_cache(64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (OSError, ValueError, KeyError) as error:
        raise BrokenError("unknown-zone") from error


def _local(form: str) -> Read:
    def read(facts: CallFacts, zone: str) -> frozenset[str]:
        return frozenset((facts.at.astimezone(_zone(zone)).strftime(form),))

    return read


def _dates(facts: CallFacts, zone: str) -> frozenset[str]:
    day = facts.at.astimezone(_zone(zone))
    return frozenset((day.strftime("%Y-%m-%d"), day.strftime("%m-%d")))


# Readings: the centre.


def _of_queue(figure: Callable[[QueueNow], int | None]) -> Read:
    def read(facts: CallFacts, queue: str) -> int | None:
        if facts.centre is None:
            return None
        return figure(facts.centre.queues.get(queue, _EMPTY_QUEUE))

    return read


_EMPTY_QUEUE: Final = QueueNow()


def _ready(who: Callable[[CallFacts], tuple[Operator, ...]]) -> Read:
    def read(facts: CallFacts, _of: str) -> bool | None:
        if facts.centre is None:
            return None
        wanted = {one.user_id for one in who(facts)}
        return any(one.user_id in wanted for one in facts.centre.ready)

    return read


def owners(facts: CallFacts) -> tuple[Operator, ...]:
    """Whose customer this must be; of the open deal first, then of the card."""
    only = facts.only_customer
    if only is None:
        return ()
    return tuple(one for one in (only.deal_owner, only.owner) if one is not None)[:1]


_COUNTED: Final[Mapping[str, Callable[[CallFacts], int]]] = {
    "all_blocked": lambda facts: len(facts.customers) - len(facts.unblocked),
    "any_vip": lambda facts: sum(one.vip_level > 0 for one in facts.unblocked),
    "all_debtors": lambda facts: sum(one.is_debtor for one in facts.unblocked),
    "several": lambda facts: len(facts.customers),
    "one": lambda facts: len(facts.customers),
    "always": lambda facts: len(facts.customers),
}

KINDS: Final[Mapping[str, Kind]] = {
    one.name: one
    for one in (
        Kind("one", "customer", "flag", lambda facts, _of: facts.only_customer is not None),
        Kind("several", "customer", "flag", _several),
        Kind("all_blocked", "customer", "flag", _all_blocked),
        Kind("any_vip", "customer", "flag", _any_vip),
        Kind(
            "vip_level",
            "customer",
            "at_least",
            lambda facts, _of: max((one.vip_level for one in facts.unblocked), default=0),
        ),
        Kind("all_debtors", "customer", "flag", _all_debtors),
        Kind("overdue_days", "customer", "at_least", _least(lambda one: one.overdue_days)),
        Kind("overdue_minor", "customer", "at_least", _least(lambda one: one.overdue_minor)),
        Kind("lifetime_minor", "customer", "at_least", _lifetime, "currency"),
        Kind("abc", "customer", "values", _texts(lambda one: one.abc), choices="abc"),
        Kind("rfm", "customer", "reaches", _texts(lambda one: one.rfm)),
        Kind("status", "customer", "values", _texts(lambda one: one.status), choices="status"),
        Kind("segment", "customer", "values", _texts(lambda one: one.segment), choices="segment"),
        Kind(
            "saved_segment",
            "customer",
            "values",
            _ids(lambda one: one.segments),
            choices="saved_segment",
        ),
        Kind("tag", "customer", "values", _ids(lambda one: one.tags), choices="tag"),
        Kind(
            "language", "customer", "values", _texts(lambda one: one.language), choices="language"
        ),
        Kind("consent", "customer", "values", _consented(given=True), choices="channel"),
        Kind("consent_refused", "customer", "values", _consented(given=False), choices="channel"),
        Kind(
            "open_deal",
            "customer",
            "flag",
            lambda facts, _of: any(one.open_deal is not None for one in facts.unblocked),
        ),
        Kind(
            "deal_stage", "customer", "values", _texts(lambda one: one.deal_stage), choices="stage"
        ),
        Kind(
            "open_task",
            "customer",
            "flag",
            lambda facts, _of: any(one.open_task is not None for one in facts.unblocked),
        ),
        Kind("owner", "customer", "values", _people(lambda one: one.owner), choices="operator"),
        Kind("last_operator", "customer", "values", _last_spoken, choices="operator"),
        Kind("always", "call", "flag", lambda _facts, _of: True),
        Kind("internal", "call", "flag", lambda facts, _of: facts.caller.kind == "internal"),
        Kind("withheld", "call", "flag", lambda facts, _of: facts.caller.kind == "withheld"),
        Kind("dialed", "call", "values", _one_text(lambda facts: facts.dialed), choices="dialed"),
        Kind("trunk", "call", "values", _one_text(lambda facts: facts.trunk), choices="trunk"),
        Kind("number_prefix", "call", "values", _prefixes),
        Kind("call_today", "call", "at_least", lambda facts, _of: facts.history.calls_today + 1),
        Kind("called_within", "call", "at_most", _minutes_since),
        Kind("last_call_missed", "call", "flag", _missed_before),
        Kind(
            "last_queue",
            "call",
            "values",
            _one_text(lambda facts: facts.history.queue),
            choices="queue",
        ),
        Kind(
            "from_queue",
            "call",
            "values",
            _one_text(lambda facts: facts.from_queue),
            choices="queue",
        ),
        Kind(
            "queue_result",
            "call",
            "values",
            _one_text(lambda facts: facts.queue_result),
            choices="queue_result",
        ),
        Kind("open", "time", "flag", _is_open, "calendar"),
        Kind("holiday", "time", "flag", _why_closed("holiday"), "calendar"),
        Kind("closure", "time", "flag", _why_closed("closure"), "calendar"),
        Kind("weekday", "time", "values", _local("%u"), "zone", "weekday"),
        Kind("time", "time", "between", _local("%H:%M"), "zone"),
        Kind("date", "time", "values", _dates, "zone"),
        Kind("queue_waiting", "centre", "at_least", _of_queue(lambda one: one.waiting), "queue"),
        Kind(
            "queue_longest_wait",
            "centre",
            "at_least",
            _of_queue(lambda one: one.longest_wait),
            "queue",
        ),
        Kind("queue_ready", "centre", "at_least", _of_queue(lambda one: one.ready), "queue"),
        Kind(
            "service_level",
            "centre",
            "at_least",
            _of_queue(lambda one: one.service_level),
            "queue",
        ),
        Kind("last_operator_ready", "centre", "flag", _ready(last_operators)),
        Kind("owner_ready", "centre", "flag", _ready(owners)),
    )
}
