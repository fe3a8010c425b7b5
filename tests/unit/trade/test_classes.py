"""RFM and ABC from bounds, whatever the bounds."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from callcenter.trade.classes import (
    Bounds,
    BoundsBuilder,
    Classes,
    abc_of,
    as_rows,
    classes_of,
    score,
)
from callcenter.trade.figures import Figures
from tests.support.classes import abc_bounds, fifths

_VALUES = st.lists(st.integers(1, 10**9), min_size=1, max_size=60)
DAY = date(2026, 3, 2)


def test_ten_different_customers_make_two_of_each_score() -> None:
    values = [10 * n for n in range(1, 11)]
    assert [score(one, fifths(values)) for one in values] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_crowd_that_bought_once_has_the_lowest_score() -> None:
    values = [1] * 90 + [2] * 6 + [9] * 4
    assert [score(one, fifths(values)) for one in (1, 2, 9)] == [1, 5, 5]


def test_the_first_eighty_percent_of_turnover_are_a() -> None:
    values = [500, 300, 100, 50, 30, 20]
    found = "".join(abc_of(one, abc_bounds(values)) for one in values)
    assert found == "AABBCC"


def test_who_bought_nothing_has_no_class() -> None:
    bounds = {"PLN": Bounds(recency=(1, 2, 3, 4), abc=(10, 5))}
    assert classes_of(Figures(), bounds) == Classes()
    assert abc_of(0, (10, 5)) == ""


def test_there_are_no_classes_before_the_first_night() -> None:
    figures = Figures(currency="PLN", orders=1, lifetime_minor=5, last_order_on=DAY)
    assert classes_of(figures, {}) == Classes()


@given(_VALUES)
def test_scores_rise_with_the_value_and_lie_between_one_and_five(values: list[int]) -> None:
    bounds = fifths(values)
    scores = [score(one, bounds) for one in sorted(values)]
    assert scores == sorted(scores)
    assert set(scores) <= {1, 2, 3, 4, 5}
    for value in values:
        less = sum(other < value for other in values)
        assert less * 5 >= (score(value, bounds) - 1) * len(values)


@given(_VALUES)
def test_a_makes_eighty_percent_and_no_more_of_it_than_needed(values: list[int]) -> None:
    bounds = abc_bounds(values)
    of_a = [one for one in values if abc_of(one, bounds) == "A"]
    assert sum(of_a) * 100 >= 80 * sum(values)
    least = min(of_a)
    assert sum(one for one in of_a if one > least) * 100 < 80 * sum(values)


def test_bounds_survive_being_kept_as_rows() -> None:
    bounds = {
        "PLN": Bounds(recency=(1, 2, 3, 4), frequency=(1, 1, 2, 3), monetary=(5, 6, 7, 8)),
        "EUR": Bounds(abc=(100, 10)),
    }
    builder = BoundsBuilder()
    for row in as_rows(bounds):
        builder.add(*row)
    assert builder.done() == bounds
