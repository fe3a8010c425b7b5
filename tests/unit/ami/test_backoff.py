"""Delays between attempts."""

from __future__ import annotations

from ami.client.backoff import Backoff


def test_delays_double_up_to_the_cap_and_begin_again_after_a_reset() -> None:
    backoff = Backoff(first=1.0, cap=8.0, random=lambda: 1.0)
    assert [backoff.next() for _ in range(6)] == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    backoff.reset()
    assert backoff.next() == 1.0


def test_jitter_takes_away_up_to_a_half() -> None:
    assert Backoff(first=2.0, cap=8.0, random=lambda: 0.0).next() == 1.0


def test_it_never_overflows() -> None:
    backoff = Backoff(first=1.0, cap=30.0, random=lambda: 1.0)
    assert [backoff.next() for _ in range(5_000)][-1] == 30.0
