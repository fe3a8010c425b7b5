"""The bounds of RFM and ABC by their definitions, one customer after the other: what the database
works out for a million must come to the same."""

from __future__ import annotations

from collections.abc import Sequence


def fifths(values: Sequence[int]) -> tuple[int, ...]:
    ordered = sorted(values)
    return tuple(
        next(
            value
            for value in ordered
            if sum(other <= value for other in ordered) * 5 >= len(ordered) * place
        )
        for place in range(1, 5)
    )


def abc_bounds(values: Sequence[int]) -> tuple[int, ...]:
    bounds = []
    for percent in (80, 95):
        inside = [
            value
            for value in values
            if sum(other for other in values if other > value) * 100 < sum(values) * percent
        ]
        bounds.append(min(inside))
    return tuple(bounds)
