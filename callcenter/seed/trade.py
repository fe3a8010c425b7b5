"""Orders, invoices and visits of the demo company's customers, relative to the seed's day. Pure."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from callcenter.seed.people import Person
from callcenter.trade.records import Invoice, Order, OrderStatus, Visit

_SEED = 1182
_RATE = {"PLN": 1, "RUB": 20, "GBP": 1}


@dataclass(frozen=True, slots=True)
class Trade:
    orders: tuple[Order, ...]
    invoices: tuple[Invoice, ...]
    visits: tuple[Visit, ...]


def trade(everyone: Sequence[Person], today: date) -> list[Trade]:
    """For each person, in order."""
    dice = random.Random(_SEED)  # noqa: S311 (the same trade every time)
    found = []
    for index, person in enumerate(everyone):
        orders = tuple(_orders(index, person, today, dice))
        invoices = tuple(_invoices(index, person, orders, today))
        found.append(Trade(orders, invoices, tuple(_visits(index, person, today))))
    return found


def _orders(index: int, person: Person, today: date, dice: random.Random) -> Iterator[Order]:
    count = 0 if person.story == "blocked" else 1 + index % 3 if index % 4 else 0
    if person.story in ("vip", "debtor", "shared"):
        count = max(count, 2)
    for place in range(count):
        age = 3 + place * 31 + dice.randrange(0, 20)
        newest: OrderStatus = "open" if age < 12 else "shipped"
        yield Order(
            number=f"{1000 + index * 4 + place}",
            title=dice.choice(person.culture.goods),
            amount_minor=dice.randrange(120, 4800) * 100 * _RATE[person.culture.currency],
            currency=person.culture.currency,
            status=newest if place == 0 else "closed",
            placed_on=today - timedelta(days=age),
        )


def _invoices(
    index: int, person: Person, orders: tuple[Order, ...], today: date
) -> Iterator[Invoice]:
    """Debtors have not paid their older orders; nobody else owes anything overdue."""
    for place, order in enumerate(orders):
        due = order.placed_on + timedelta(days=14)
        overdue = person.story == "debtor" and place > 0
        paid = None if overdue or due >= today else due - timedelta(days=index % 5)
        yield Invoice(
            number=f"FV/{order.placed_on.year}/{order.number}",
            amount_minor=order.amount_minor,
            currency=order.currency,
            issued_on=order.placed_on,
            due_on=due,
            paid_on=paid,
        )


def _visits(index: int, person: Person, today: date) -> Iterator[Visit]:
    """Every third comes to the showroom now and then; VIPs do each month."""
    if person.story == "blocked" or (index % 3 and person.story != "vip"):
        return
    every = 30 if person.story == "vip" else 60 + 7 * (index % 9)
    for place in range(2 + index % 4):
        day = today - timedelta(days=5 + index % 11 + place * every)
        at = datetime.combine(day, time(9 + index % 8, 30), UTC)
        yield Visit(at=at, place=person.city, number="", source="")
