"""A day told call by call as a PBX tells it: at every moment the wallboard says what a report over
the same time says, and at some of them what was worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from callcenter.calls.events import CallRinging
from callcenter.customers.phone import NumberPlan
from callcenter.queries import centre
from callcenter.queries import wallboard as queries
from callcenter.reports.periods import Period
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.wallboard.board import Board
from tests.support.figures_compared import Row, of_report, of_tile, reported, shown
from tests.support.report_days import Wait, moments, sum_up, told, until
from tests.support.store import Store

WARSAW = "Europe/Warsaw"
SUNDAY = date(2026, 10, 25)  # clocks go back: from 3:00 to 2:00, at 01:00 UTC


def at(clock: str, day: int = 25) -> datetime:
    hour, minute, second = (int(part) for part in clock.split(":"))
    return datetime(2026, 10, day, hour, minute, second, tzinfo=UTC)


#  UTC, of another day             queue  wait  how     what it shows
CALLS = [
    told(1, at("21:50:00", 24), Wait("support", 900, talk=30)),  # of yesterday, answered today
    told(2, at("00:30:00"), Wait("support", 10, talk=60)),  # half past two
    told(3, at("01:30:00"), Wait("support", 25, talk=60)),  # half past two again
    told(4, at("08:29:50"), Wait("support", 30, talk=60)),  # answered in the next half hour
    told(5, at("08:30:00"), Wait("support", 3, "abandoned")),  # a short abandon
    told(6, at("08:31:00"), Wait("support", 50, "abandoned")),  # one after the goal
    told(7, at("08:40:00"), Wait("support", 60, "overflow"), Wait("sales", 25, talk=80, by="1002")),
    told(8, at("09:10:00"), Wait("sales", 15, talk=120), Wait("support", 8, talk=50, by="1002")),
    told(9, at("22:50:00"), Wait("support", 12, talk=1800)),  # speaks past midnight
]


class Centre:
    """A PBX that tells these calls, and a board that hears of them."""

    def __init__(self, store: Store) -> None:
        self.store, self.memory, self.board = store, CallMemory(), Board.empty()
        self.heard = 0

    def tell(self, moment: datetime) -> None:
        """What happened in that moment, in one batch."""
        self.store.clock.at = moment
        now = [until(one, moment) for one in CALLS if moment in moments(one)]
        handle_call_events(
            [CallRinging(call=one, at=moment, endpoint="", uniqueid="") for one in now],
            unit_of_work=self.store.unit_of_work,
            publisher=self.store.publisher,
            clock=self.store.clock,
            plan_for=lambda _: NumberPlan(),
            memory=self.memory,
        )
        for message in self.store.publisher.messages[self.heard :]:
            self.board.fold(message.kind, message.payload)
        self.heard = len(self.store.publisher.messages)

    def tiles(self) -> dict[str, dict[str, Any]]:
        """What a board that is opened now shows: queue → its tile, "" for the sum."""
        return shown(self.store, self.board, WARSAW, ("support", "sales"))

    def report(self, period: Period) -> dict[str, Row]:
        return reported(self.store, period)


@pytest.fixture
def day(store: Store) -> Centre:
    store.add_user("anna", "1001")
    store.add_user("ben", "1002")
    with store.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"sl_seconds": 20, "short_abandon_seconds": 5})
        uow.staffing.save_queue("sales", {"sl_seconds": 30, "short_abandon_seconds": 5})
        uow.commit()
    return Centre(store)


def _play(centre: Centre, to: datetime) -> None:
    for moment in sorted({one for call in CALLS for one in moments(call)}):
        if centre.store.clock.at < moment <= to:
            centre.tell(moment)
    centre.store.clock.at = to


def test_at_every_moment_the_board_says_what_a_report_says(day: Centre) -> None:
    for moment in sorted({one for call in CALLS for one in moments(call)}):
        day.tell(moment)
        shown = day.tiles()
        report = day.report(Period.until_now(moment, WARSAW))
        for queue in ("", "support", "sales"):
            assert of_tile(shown[queue]) == of_report(report.get(queue, {})), (moment, queue)
        both = Period.days(date(2026, 10, 24), date(2026, 10, 26), WARSAW)
        waiting = day.report(both)
        for queue in ("", "support", "sales"):
            expected = waiting.get(queue, {}).get("waiting") or 0
            assert shown[queue]["waiting"] == expected, (moment, queue)
        with day.store.engine.connect() as connection:
            assert queries.board(connection, moment) == day.board


def test_a_day_of_25_hours_is_what_was_worked_out_by_hand(day: Centre) -> None:
    day.store.clock.at = at("21:00:00", 24)
    _play(day, at("22:59:00"))
    by_hand = {
        #          offered, answered, abandoned, level, abandonment, asa
        "support": (8, 5, 2, round(3 / 7, 4), round(1 / 7, 4), 17),
        "sales": (2, 2, 0, 1.0, 0.0, 20),
        "": (10, 7, 2, round(5 / 9, 4), round(1 / 9, 4), 18),
    }
    assert {queue: of_tile(tile) for queue, tile in day.tiles().items()} == by_hand
    sum_up(day.store)
    assert {queue: of_tile(tile) for queue, tile in day.tiles().items()} == by_hand
    whole = day.report(Period.days(SUNDAY, SUNDAY, WARSAW))
    assert {queue: of_report(row) for queue, row in whole.items()} == by_hand
    with day.store.engine.connect() as connection:
        levels = centre.service_levels(connection, at("22:59:00"))
    assert levels == {"support": round(100 * 3 / 7), "sales": 100}


def test_a_call_counts_on_the_day_and_in_the_half_hour_it_came_in(day: Centre) -> None:
    day.store.clock.at = at("21:00:00", 24)
    _play(day, at("21:59:59", 24))
    assert of_tile(day.tiles()["support"]) == (1, 0, 0, None, None, None)  # 23:59, it waits
    _play(day, at("22:05:00", 24))
    assert of_tile(day.tiles()["support"]) == (0, 0, 0, None, None, None)
    _play(day, at("23:20:00"))
    assert of_tile(day.tiles()["support"]) == (0, 0, 0, None, None, None)  # of monday
    sunday = day.report(Period.days(SUNDAY, SUNDAY, WARSAW))
    assert sunday["support"]["answered"] == 5


def test_now_is_of_the_last_half_hour_to_the_second(day: Centre) -> None:
    day.store.clock.at = at("21:00:00", 24)
    _play(day, at("08:45:00"))
    levels = {queue: tile["level_now"] for queue, tile in day.tiles().items()}
    assert levels == {"support": 0.0, "sales": 1.0, "": round(1 / 4, 4)}
    day.store.clock.at = at("09:01:01")  # only the overflow is left of them
    levels = {queue: tile["level_now"] for queue, tile in day.tiles().items()}
    assert levels == {"support": 0.0, "sales": 1.0, "": 0.5}
    day.store.clock.at = at("09:11:01")
    levels = {queue: tile["level_now"] for queue, tile in day.tiles().items()}
    assert levels == {"support": None, "sales": None, "": None}
