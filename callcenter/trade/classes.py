"""RFM scores and ABC classes: where a customer stands among all. Pure.

*RFM* (recency, frequency, monetary value), by quintiles: A. M. Hughes, "Strategic Database
Marketing" (1994), after the direct-mail practice that J. R. Bult and T. Wansbeek name "RFM" in
"Optimal Selection for Direct Mail" (Marketing Science 14, 1995). All who bought in one currency
are sorted by the last purchase's day, by the number of purchases, and by turnover, and cut into
fifths; 5 is the best fifth. Those who are equal get the same score, the lower one: a score of 5
says that at least four fifths have *less*, whatever the order of rows. Fewer than five customers
are not cut into fifths: they have no score.

*ABC*: H. F. Dickie, "ABC Inventory Analysis Shoots for Dollars, not Pennies" (Factory Management
and Maintenance 109, 1951), after V. Pareto. Customers sorted by turnover, the greatest first: A
are those who make the first 80 % of a currency's turnover, B the next 15 % (up to 95 %), C the
rest. The one who crosses a line belongs above it; equal turnover, equal class.

The whole base gives only *bounds*: a customer's class follows from their own figures and these, so
that it is current the moment a purchase is written. The bounds move once a night.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from callcenter.trade.figures import Figures

Measure = Literal["recency", "frequency", "monetary", "abc"]
Abc = Literal["", "A", "B", "C"]
FIFTHS: Final = 5
A_PERCENT: Final = 80
B_PERCENT: Final = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Of one currency. Four for each score: the value that one, two, three, four fifths of the
    customers do not exceed (days as ordinals). Two for ABC: the least turnover of an A, of a B."""

    recency: tuple[int, ...] = ()
    frequency: tuple[int, ...] = ()
    monetary: tuple[int, ...] = ()
    abc: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """0 and '' for who bought nothing, and as long as nobody has worked out the bounds."""

    rfm_r: int = 0
    rfm_f: int = 0
    rfm_m: int = 0
    abc: Abc = ""


BoundsByCurrency = Mapping[str, Bounds]


def classes_of(figures: Figures, bounds: BoundsByCurrency) -> Classes:
    found = bounds.get(figures.currency)
    last_on = figures.last_order_on
    if found is None or last_on is None or not figures.orders:
        return Classes()
    return Classes(
        rfm_r=score(last_on.toordinal(), found.recency),
        rfm_f=score(figures.orders, found.frequency),
        rfm_m=score(figures.lifetime_minor, found.monetary),
        abc=abc_of(figures.lifetime_minor, found.abc),
    )


def score(value: int, bounds: Sequence[int]) -> int:
    """1 to 5; 0 where there are no bounds."""
    return 1 + sum(bound < value for bound in bounds) if bounds else 0


def abc_of(turnover_minor: int, bounds: Sequence[int]) -> Abc:
    if turnover_minor <= 0 or len(bounds) != 2:
        return ""
    least_a, least_b = bounds
    return "A" if turnover_minor >= least_a else "B" if turnover_minor >= least_b else "C"


@dataclass(slots=True)
class BoundsBuilder:
    """Puts rows (currency, measure, place, bound) together."""

    rows: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)

    def add(self, currency: str, measure: str, place: int, bound: int) -> None:
        self.rows.setdefault((currency, measure), {})[place] = bound

    def done(self) -> BoundsByCurrency:
        currencies = {currency for currency, _ in self.rows}
        return MappingProxyType({one: Bounds(**self._of(one)) for one in currencies})

    def _of(self, currency: str) -> dict[str, tuple[int, ...]]:
        return {
            measure: tuple(places[place] for place in sorted(places))
            for (whose, measure), places in self.rows.items()
            if whose == currency
        }


def as_rows(bounds: BoundsByCurrency) -> Iterable[tuple[str, Measure, int, int]]:
    measures: tuple[Measure, ...] = ("recency", "frequency", "monetary", "abc")
    for currency, of_it in sorted(bounds.items()):
        for measure in measures:
            for place, bound in enumerate(getattr(of_it, measure), 1):
                yield currency, measure, place, bound
