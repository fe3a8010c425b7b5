"""What a customer's records come to."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callcenter.trade.figures import (
    Debt,
    Purchases,
    Visits,
    average_check,
    days_between_visits,
    figures_of,
    overdue_days,
)

DAY = date(2026, 3, 2)
_DAYS = st.dates(date(2000, 1, 1), date(2030, 1, 1))
_CURRENCIES = st.sampled_from(["PLN", "EUR", "RUB"])
_PURCHASES = st.builds(
    Purchases,
    currency=_CURRENCIES,
    count=st.integers(0, 50),
    total_minor=st.integers(0, 10**12),
    first_on=_DAYS,
    last_on=_DAYS,
)
_DEBTS = st.builds(Debt, currency=_CURRENCIES, open_minor=st.integers(1, 10**12), since=_DAYS)


def bought(currency: str, count: int, total: int, last_on: date = DAY) -> Purchases:
    return Purchases(
        currency=currency, count=count, total_minor=total, first_on=DAY, last_on=last_on
    )


def test_different_money_is_not_added() -> None:
    found = figures_of([bought("PLN", 3, 30_000), bought("EUR", 1, 99_000)], [])
    assert (found.currency, found.lifetime_minor, found.orders) == ("PLN", 30_000, 3)
    assert found.average_minor == 10_000


def test_of_two_currencies_with_as_many_purchases_the_later_one_is_the_customers() -> None:
    later = bought("EUR", 1, 5, last_on=DAY + timedelta(days=1))
    assert figures_of([bought("PLN", 1, 9), later], []).currency == "EUR"


def test_who_bought_nothing_has_no_currency_and_no_average() -> None:
    assert figures_of([], []) == figures_of([bought("PLN", 0, 0)], [])
    assert figures_of([], []).average_minor == 0


def test_the_age_of_a_debt_counts_from_the_oldest_in_any_currency() -> None:
    old = Debt(currency="EUR", open_minor=1, since=DAY - timedelta(days=40))
    much = Debt(currency="PLN", open_minor=900, since=DAY - timedelta(days=3))
    found = figures_of([], [old, much])
    assert (found.overdue_minor, found.overdue_currency) == (900, "PLN")
    assert overdue_days(found.overdue_since, DAY) == 40


def test_an_invoice_is_not_overdue_on_its_last_day() -> None:
    assert overdue_days(DAY, DAY) == 0
    assert overdue_days(DAY, DAY + timedelta(days=1)) == 1
    assert overdue_days(None, DAY) == 0


def test_visits_are_carried_over() -> None:
    found = figures_of([], [], Visits(count=4, within_year=2, last_on=DAY))
    assert (found.visits, found.visits_year, found.last_visit_on) == (4, 2, DAY)


def test_how_often_somebody_comes_is_told_from_the_gaps() -> None:
    assert days_between_visits(3, DAY, DAY + timedelta(days=60)) == 30
    assert days_between_visits(1, DAY, DAY) is None


@given(st.integers(0, 10**15), st.integers(1, 10**6))
def test_the_average_is_within_half_a_unit(total: int, count: int) -> None:
    assert abs(average_check(total, count) * 2 * count - 2 * total) <= count


@given(st.lists(_PURCHASES, max_size=5, unique_by=lambda one: one.currency), st.lists(_DEBTS))
def test_figures_do_not_depend_on_the_order_of_records(
    purchases: list[Purchases], debts: list[Debt]
) -> None:
    assert figures_of(purchases, debts) == figures_of(purchases[::-1], debts[::-1])


@given(st.lists(_PURCHASES, max_size=5, unique_by=lambda one: one.currency), st.lists(_DEBTS))
def test_no_figure_exceeds_what_its_own_currency_has(
    purchases: list[Purchases], debts: list[Debt]
) -> None:
    found = figures_of(purchases, debts)
    in_it = [one.total_minor for one in purchases if one.currency == found.currency and one.count]
    assert found.lifetime_minor == sum(in_it)
    assert (found.overdue_minor > 0) == bool(debts)
