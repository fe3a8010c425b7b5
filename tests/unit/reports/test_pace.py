"""How many half hours the worker sums up at once."""

from __future__ import annotations

from callcenter.report_work import Pace
from callcenter.services.report_facts import HALVES_AT_ONCE


def test_quiet_months_are_many_at_once_and_busy_ones_few() -> None:
    pace = Pace()
    assert pace.lot == HALVES_AT_ONCE
    for _ in range(10):
        pace.took(0.02)
    assert pace.lot == 480
    pace.took(0.2)
    assert pace.lot == 480
    for _ in range(10):
        pace.took(2.0)
    assert pace.lot == 12
