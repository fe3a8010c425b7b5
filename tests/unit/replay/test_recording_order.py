"""A recording's signals stand in the order in which they happened."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from ami.recording_order import in_order
from callcenter.calls.signals import BridgeEntered, Signal

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def signals(*seconds: float | None) -> list[Signal]:
    return [
        BridgeEntered(
            uniqueid=str(number),
            bridge="b",
            at=START + timedelta(seconds=s) if s is not None else s,
        )
        for number, s in enumerate(seconds)
    ]


def test_a_file_in_order_is_left_as_it_is() -> None:
    some = signals(0, 1, 1, None, 2, 3)
    assert in_order(some) is some


def test_a_clock_that_was_set_back_reorders_nothing() -> None:
    some = signals(*range(10), *range(5, 60), *range(20))
    assert in_order(some) is some


def test_the_newest_row_first_is_turned_round_with_ties_in_their_order() -> None:
    some = signals(0, 1, 1, 2, 3, 3, 4, 5, 6, 7)
    assert list(in_order(some[::-1])) == some


def test_a_shuffled_file_is_sorted_by_time() -> None:
    some = signals(*range(40))
    mixed = [*some]
    random.Random(7).shuffle(mixed)
    assert list(in_order(mixed)) == some


def test_records_without_times_keep_their_order() -> None:
    some: list[Signal | str] = [*signals(*[None] * 20), "torn"]
    assert in_order(some) is some
