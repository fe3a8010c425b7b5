"""What a customer's purchases, debts and visits come to. Pure.

A *purchase* is an order that was not cancelled. A company whose shop sends no orders, only
invoices, has those as purchases: where a customer has no order in a currency, their invoices in it
that were not cancelled stand for orders, dated by issue (by due date where that is unknown).

Different currencies are never added. A customer's figures are in *their* currency: the one of most
purchases, the latest of these where two are equal. What was bought in others is shown beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

YEAR_DAYS = 365
"""A year's visits are those of the last 365 days, so that each day asks the same length of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """All of a customer's in one currency."""

    currency: str
    count: int
    total_minor: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """Overdue invoices in one currency: what is still open of them, and the oldest due date."""

    currency: str
    open_minor: int
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    count: int = 0
    within_year: int = 0
    last_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The fields of `customer_figures` that follow from records alone."""

    currency: str = ""
    lifetime_minor: int = 0
    orders: int = 0
    average_minor: int = 0
    first_order_on: date | None = None
    last_order_on: date | None = None
    visits: int = 0
    visits_year: int = 0
    last_visit_on: date | None = None
    overdue_minor: int = 0
    overdue_currency: str = ""
    overdue_since: date | None = None


def figures_of(
    purchases: Iterable[Purchases], debts: Iterable[Debt], visits: Visits = Visits()
) -> Figures:
    """One customer's figures.

    Lifetime value: the sum of purchases in their currency (turnover to this day, no forecast).
    Overdue amount: in the currency in which most is overdue; its age counts from the oldest due
    date over all currencies, since a debt is old whatever money it is in.
    """
    bought, owed = main_purchases(purchases), tuple(debts)
    most = max(owed, key=lambda debt: (debt.open_minor, debt.currency), default=None)
    return Figures(
        currency=bought.currency if bought else "",
        lifetime_minor=bought.total_minor if bought else 0,
        orders=bought.count if bought else 0,
        average_minor=average_check(bought.total_minor, bought.count) if bought else 0,
        first_order_on=bought.first_on if bought else None,
        last_order_on=bought.last_on if bought else None,
        visits=visits.count,
        visits_year=visits.within_year,
        last_visit_on=visits.last_on,
        overdue_minor=most.open_minor if most else 0,
        overdue_currency=most.currency if most else "",
        overdue_since=min((debt.since for debt in owed), default=None),
    )


def main_purchases(purchases: Iterable[Purchases]) -> Purchases | None:
    """Those in the customer's own currency; None for who bought nothing."""
    bought = [one for one in purchases if one.count]
    return max(bought, key=lambda one: (one.count, one.last_on, one.currency), default=None)


def average_check(total_minor: int, count: int) -> int:
    """Total by number of purchases, rounded half up to the minor unit; 0 for no purchase."""
    return (2 * total_minor + count) // (2 * count) if count else 0


def overdue_days(since: date | None, today: date) -> int:
    """How old the oldest debt is: 1 on the day after it was due, 0 for no debt."""
    return max(0, (today - since).days) if since else 0


def days_between_visits(count: int, first_on: date | None, last_on: date | None) -> int | None:
    """How often they come: days from the first visit to the last by the gaps between; None for
    fewer than two visits. Rounded half up."""
    if count < 2 or first_on is None or last_on is None:
        return None
    gaps = count - 1
    return (2 * (last_on - first_on).days + gaps) // (2 * gaps)
