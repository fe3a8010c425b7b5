"""Asks what screens ask, as often as matters, and says how long the slowest took."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, text

from callcenter.customers.phone import NumberPlan
from callcenter.queries import customer_list, customers, finding, segments
from callcenter.rights.viewer import EVERYTHING
from callcenter.segments.columns import SORTS, read_sort
from callcenter.segments.tree import parse


@dataclass(frozen=True, slots=True)
class Took:
    wall: float
    processor: float


PLAN = NumberPlan(region="PL")
FILTERS: dict[str, dict[str, Any]] = {
    "name": {"field": "name", "op": "has_words", "value": "kowal"},
    "status": {"field": "status", "op": "in", "value": ["lead"]},
    "status empty": {"field": "status", "op": "empty"},
    "segment": {"field": "segment", "op": "in", "value": ["large"]},
    "owner": {"field": "owner", "op": "in", "value": [1007]},
    "no owner": {"field": "owner", "op": "empty"},
    "organization": {"field": "organization", "op": "in", "value": [17]},
    "city": {"field": "city", "op": "is", "value": "Kraków"},
    "city begins": {"field": "city", "op": "begins", "value": "Kr"},
    "city rare": {"field": "city", "op": "is", "value": "Radom"},
    "language": {"field": "language", "op": "is_not", "value": "pl"},
    "tag": {"field": "tag", "op": "in", "value": [1003]},
    "not tag": {"field": "tag", "op": "not_in", "value": [1003]},
    "vip": {"field": "vip", "op": "yes"},
    "blocked": {"field": "blocked", "op": "yes"},
    "unconfirmed": {"field": "confirmed", "op": "no"},
    "created": {"field": "created_at", "op": "within_days", "value": 7},
    "changed": {"field": "updated_at", "op": "days_ago", "value": 290},
    "phone": {"field": "phone", "op": "begins", "value": "+4850000"},
    "no phone": {"field": "phone", "op": "empty"},
    "mail": {"field": "email", "op": "begins", "value": "person99"},
    "no mail": {"field": "email", "op": "empty"},
    "consent": {"field": "consent_email", "op": "in", "value": ["given"]},
    "consent refused": {"field": "consent_email", "op": "in", "value": ["refused"]},
    "consent unknown": {"field": "consent_email", "op": "in", "value": ["unknown"]},
    "debtor": {"field": "debtor", "op": "yes"},
    "overdue": {"field": "overdue", "op": "at_least", "value": 900_000},
    "overdue since": {"field": "overdue_since", "op": "days_ago", "value": 600},
    "lifetime": {"field": "lifetime", "op": "at_least", "value": 9_990_000},
    "average": {"field": "average", "op": "at_least", "value": 20_000},
    "orders": {"field": "orders", "op": "at_least", "value": 11},
    "last order": {"field": "last_order_on", "op": "within_days", "value": 3},
    "visits": {"field": "visits_year", "op": "at_least", "value": 3},
    "abc": {"field": "abc", "op": "in", "value": ["A"]},
    "rfm": {"field": "rfm_r", "op": "at_least", "value": 5},
    "not spoken 30 days": {"field": "last_talk_at", "op": "days_ago", "value": 30},
    "spoken in 7 days": {"field": "last_talk_at", "op": "within_days", "value": 7},
    "never spoken": {"field": "last_talk_at", "op": "empty"},
    "three missed this week": {
        "field": "contacts",
        "op": "at_least",
        "value": {"count": 2, "days": 7, "result": "missed"},
    },
    "five calls in a month": {
        "field": "contacts",
        "op": "at_least",
        "value": {"count": 3, "days": 30, "queue": "sales"},
    },
    "two calls in 92 days": {
        "field": "contacts",
        "op": "at_least",
        "value": {"count": 3, "days": 92},
    },
    "no call in 92 days": {"field": "contacts", "op": "at_most", "value": {"count": 0, "days": 92}},
    "last outcome": {"field": "last_outcome", "op": "in", "value": [1004]},
    "open deal": {"field": "open_deal", "op": "yes"},
    "no open deal": {"field": "open_deal", "op": "no"},
    "open task": {"field": "open_task", "op": "yes"},
    "overdue task": {"field": "overdue_task", "op": "yes"},
    "frozen segment": {"field": "in_segment", "op": "in", "value": [1001]},
    "own text": {"field": "custom:contract", "op": "begins", "value": "UM-99"},
    "own number": {"field": "custom:score", "op": "at_least", "value": 991},
    "own date": {"field": "custom:renewal", "op": "within_days", "value": 3},
    "no own text": {"field": "custom:contract", "op": "empty"},
}


class Watch:
    """Milliseconds that something took: on the wall, and of processor time (ours and the server's
    for us), which says what it costs when the machine has other things to do besides."""

    def __init__(self, connection: Connection) -> None:
        backend = connection.scalar(text("select pg_backend_pid()"))
        self._tallies = [Path(f"/proc/{one}/schedstat") for one in ("self", backend)]

    def time(self, work: Callable[[], object]) -> Took:
        spent, start = self._spent(), time.perf_counter()
        work()
        wall = (time.perf_counter() - start) * 1000
        return Took(wall, (self._spent() - spent) / 1e6)

    def _spent(self) -> int:
        return sum(int(tally.read_text("ascii").split()[0]) for tally in self._tallies)


def measured(engine: Engine, searches: int) -> dict[str, Any]:
    with engine.connect() as connection:
        # One process answers: what helpers of the server do would not be counted.
        connection.execute(text("set max_parallel_workers_per_gather = 0"))
        people = int(connection.scalar(text("select max(id) from customers")) or 0)
        watch = Watch(connection)
        return {
            "customers": people,
            "card_ms": _told(_cards(connection, watch, people)),
            "search_ms": _told(_searches(connection, watch, people, searches)),
            "filters_ms": _filters(connection, watch),
            "sorts_ms": _sorts(connection, watch),
        }


def _told(found: Iterator[tuple[str, Took]]) -> dict[str, Any]:
    times = list(found)
    return {"n": len(times)} | {
        name: _percentiles([(what, getattr(took, name)) for what, took in times])
        for name in ("wall", "processor")
    }


def _percentiles(found: list[tuple[str, float]]) -> dict[str, Any]:
    times = sorted(found, key=lambda one: one[1])
    return {
        "p50": round(median(took for _what, took in times), 1),
        "p99": round(times[int(len(times) * 0.99)][1], 1),
        "worst": {what: round(took, 1) for what, took in times[-5:]},
    }


def _cards(connection: Connection, watch: Watch, people: int) -> Iterator[tuple[str, Took]]:
    dice = random.Random(1)
    today = datetime.now(UTC).date()
    for turn in range(220):
        one = dice.randint(1, people)
        took = watch.time(lambda one=one: customers.card(connection, one, today))
        if turn >= 20:
            yield str(one), took


def typed(connection: Connection, people: int, count: int) -> list[str]:
    """What people type, letter by letter: names in both alphabets, with errors, two words, numbers
    from their beginning and from their end, mails and papers."""
    dice = random.Random(3)
    found: list[str] = []
    while len(found) < count:
        row = connection.execute(
            text(
                "select c.display_name, c.family_name, p.e164 from customers c "
                "join phone_numbers p on p.customer_id = c.id where c.id = :id limit 1"
            ),
            {"id": dice.randint(1, people)},
        ).one()
        word = row.family_name
        whole = dice.choice(
            [
                word,
                row.display_name,
                f"{word} {row.display_name.split()[0]}",
                _mistyped(word, dice),
                _mistyped(row.display_name, dice),
                row.e164,
                row.e164[-6:],
                f"person{dice.randint(1, people)}@example.org",
                f"FV/2024/{dice.randint(1, people)}",
            ]
        )
        found += [whole[:length] for length in range(1, len(whole) + 1)]
    return found[:count]


def _mistyped(name: str, dice: random.Random) -> str:
    place = dice.randrange(1, max(2, len(name) - 1))
    swapped = name[: place - 1] + name[place : place + 1] + name[place - 1] + name[place + 1 :]
    return dice.choice(
        [swapped, name[:place] + name[place + 1 :], name[:place] + "e" + name[place:]]
    )


def _searches(
    connection: Connection, watch: Watch, people: int, count: int
) -> Iterator[tuple[str, Took]]:
    today = datetime.now(UTC).date()
    texts = typed(connection, people, count)
    for some in texts[:50]:  # caches of statements and of keys
        finding.find(connection, some, PLAN, 10, today)
    for some in texts:
        yield (
            some,
            watch.time(lambda some=some: finding.find(connection, some, PLAN, 10, today)),
        )


def _filters(connection: Connection, watch: Watch) -> dict[str, Any]:
    return {
        name: _page(connection, watch, {"all": [told]}, "name") for name, told in FILTERS.items()
    }


def _sorts(connection: Connection, watch: Watch) -> dict[str, Any]:
    return {
        f"{sign}{name}": _page(connection, watch, {"all": []}, f"{sign}{name}")
        for name in SORTS
        for sign in ("", "-")
    }


def _page(
    connection: Connection, watch: Watch, told: dict[str, Any], sort: str
) -> dict[str, float]:
    """The slowest of three first pages, after one that fills caches."""
    now = datetime.now(UTC)
    group = parse(told, segments.fields_for(connection, EVERYTHING))

    def asked() -> object:
        context = segments.context_for(connection, EVERYTHING, group, now, now.date())
        return customer_list.listed(context, EVERYTHING, group, read_sort(sort), None, 50)

    asked()
    took = [watch.time(asked) for _ in range(3)]
    return {
        "wall": round(max(one.wall for one in took), 1),
        "processor": round(max(one.processor for one in took), 1),
    }
