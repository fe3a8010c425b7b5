"""What conditions read from the facts of a call: customers, the call, the time, the centre. Pure.

A line that several share is what the dearest of them is worth; it is overdue only as far as all of
them are, since nobody pays for whoever shares their phone. None: it is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from callcenter.routing.asking import BrokenError
from callcenter.routing.facts import CallFacts, CustomerFacts, Operator, QueueNow

Reading = bool | int | frozenset[str] | None
Read = Callable[[CallFacts, str], Reading]

# Readings: the customers.


def all_blocked(facts: CallFacts, _of: str) -> bool:
    """At a number that others answer too, one who is blocked keeps nobody else out."""
    return bool(facts.customers) and not facts.unblocked and not facts.shared


def any_vip(facts: CallFacts, _of: str) -> bool:
    return any(one.vip_level > 0 for one in facts.unblocked)


def all_debtors(facts: CallFacts, _of: str) -> bool:
    them = facts.unblocked
    return bool(them) and not facts.shared and all(one.is_debtor for one in them)


def several(facts: CallFacts, _of: str) -> bool:
    return len(facts.customers) > 1 or facts.shared


def lifetime(facts: CallFacts, currency: str) -> int:
    """Only money of the currency that is asked for is compared."""
    return max(
        (one.lifetime_minor for one in facts.unblocked if one.currency == currency), default=0
    )


def least(figure: Callable[[CustomerFacts], int]) -> Read:
    return lambda facts, _of: min((figure(one) for one in facts.unblocked), default=0)


def texts(text: Callable[[CustomerFacts], str]) -> Read:
    return lambda facts, _of: frozenset(text(one) for one in facts.unblocked) - {""}


def people(who: Callable[[CustomerFacts], Operator | None]) -> Read:
    def read(facts: CallFacts, _of: str) -> frozenset[str]:
        return frozenset(str(one.user_id) for it in facts.unblocked if (one := who(it)))

    return read


def last_spoken(facts: CallFacts, _of: str) -> frozenset[str]:
    return frozenset(str(one.user_id) for one in last_operators(facts))


def last_operators(facts: CallFacts) -> tuple[Operator, ...]:
    """Who spoke last with whom this must be, or else with this number."""
    only = facts.only_customer
    if only is not None and only.last_operator is not None:
        return (only.last_operator,)
    return (facts.history.last_operator,) if facts.history.last_operator else ()


def ids(marks: Callable[[CustomerFacts], frozenset[int]]) -> Read:
    return lambda facts, _of: frozenset(str(it) for one in facts.unblocked for it in marks(one))


def consented(given: bool) -> Read:
    def read(facts: CallFacts, _of: str) -> frozenset[str]:
        return frozenset(
            channel
            for one in facts.unblocked
            for channel, said in one.consents.items()
            if said is given
        )

    return read


# Readings: the call.


def prefixes(facts: CallFacts, _of: str) -> frozenset[str]:
    """Every beginning of the number, so that "begins with" is "is one of these"."""
    number = facts.caller.e164
    return frozenset(number[:length] for length in range(2, len(number) + 1))


def one_text(text: Callable[[CallFacts], str]) -> Read:
    return lambda facts, _of: frozenset((text(facts),)) - {""}


def missed_before(facts: CallFacts, _of: str) -> bool:
    return facts.history.seconds_since is not None and not facts.history.answered


def minutes_since(facts: CallFacts, _of: str) -> int | None:
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


def why_closed(why: str) -> Read:
    def read(facts: CallFacts, calendar: str) -> bool:
        return _hours(facts, calendar)[1] == why

    return read


def is_open(facts: CallFacts, calendar: str) -> bool:
    return _hours(facts, calendar)[0]


@lru_cache(64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (OSError, ValueError, KeyError) as error:
        raise BrokenError("unknown-zone") from error


def local(form: str) -> Read:
    def read(facts: CallFacts, zone: str) -> frozenset[str]:
        return frozenset((facts.at.astimezone(_zone(zone)).strftime(form),))

    return read


def dates(facts: CallFacts, zone: str) -> frozenset[str]:
    day = facts.at.astimezone(_zone(zone))
    return frozenset((day.strftime("%Y-%m-%d"), day.strftime("%m-%d")))


# Readings: the centre.


def of_queue(figure: Callable[[QueueNow], int | None]) -> Read:
    def read(facts: CallFacts, queue: str) -> int | None:
        if facts.centre is None:
            return None
        return figure(facts.centre.queues.get(queue, _EMPTY_QUEUE))

    return read


_EMPTY_QUEUE: Final = QueueNow()


def ready(who: Callable[[CallFacts], tuple[Operator, ...]]) -> Read:
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
