"""Whether news gets here is told by what a process hears of its own saying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from callcenter.ports import Bus
from callcenter.realtime.messages import Message
from web import board_echo
from web.board_echo import Echo

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Moments:
    """Time as it is told, and the bus with what was said on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds, self.said = 100.0, list[Any]()
        monkeypatch.setattr(board_echo.time, "monotonic", lambda: self.seconds)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    def publish(self, messages: Sequence[Message]) -> None:
        self.said += [one.payload for one in messages]


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> Moments:
    return Moments(monkeypatch)


@pytest.fixture
def echo(moments: Moments) -> Echo:
    return Echo(cast("Bus", moments), moments.now)


def test_what_comes_back_says_until_when_all_was_heard(moments: Moments, echo: Echo) -> None:
    echo.ask()
    sent = moments.now()
    moments.seconds += 2
    assert echo.heard(moments.said[0]) == sent
    assert not echo.is_late


def test_one_is_under_way_at_a_time_and_another_is_sent_when_it_is_late(
    moments: Moments, echo: Echo
) -> None:
    echo.ask()
    moments.seconds += board_echo.EVERY
    echo.ask()
    assert len(moments.said) == 1
    moments.seconds += board_echo.LATE
    assert echo.is_late
    echo.ask()
    assert len(moments.said) == 2
    echo.heard(moments.said[1])
    assert not echo.is_late
    assert echo.heard(moments.said[0]) is None  # it came after one that was sent later


def test_what_another_process_says_is_no_echo(moments: Moments, echo: Echo) -> None:
    echo.ask()
    assert echo.heard({"from": "another", "number": 1}) is None


def test_nothing_is_late_while_nobody_watches(moments: Moments, echo: Echo) -> None:
    echo.ask()
    moments.seconds += 2 * board_echo.LATE
    echo.forget()
    assert not echo.is_late
