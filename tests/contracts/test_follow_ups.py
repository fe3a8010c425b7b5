"""What follows from calls never costs a call its rows: on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from callcenter.errors import Conflict, Unavailable
from callcenter.services import callbacks, missed_calls, presence
from tests.contracts.test_presence import Floor, call, floor, leg

__all__ = ["floor"]


class Failing:
    """In the place of a follow-up: fails the given number of times, then does its work."""

    def __init__(self, real: Callable[..., Any], error: Exception, times: int) -> None:
        self._real, self._error, self._left = real, error, times
        self.asked = 0

    def __call__(self, *args: Any) -> Any:
        self.asked += 1
        if self._left:
            self._left -= 1
            raise self._error
        return self._real(*args)


@pytest.mark.parametrize("service", [presence, missed_calls, callbacks])
def test_a_follow_up_that_fails_costs_no_call_its_rows(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, service: Any
) -> None:
    failing = Failing(service.follow_calls, ZeroDivisionError(), times=9)
    monkeypatch.setattr(service, "follow_calls", failing)
    name = service.__name__.rpartition(".")[2]
    before = _left_out(name)
    floor.pass_by(10)
    floor.tell(call(leg("1001", 0, 5)))
    assert len(floor.rows("SELECT id FROM calls")) == 1
    assert len(floor.rows("SELECT id FROM interactions")) == 1
    assert "screen_pop" in {one.kind for one in floor.publisher.messages}
    assert floor.state("1001") == ("ready" if service is presence else "talking")
    assert _left_out(name) == before + 1


def test_a_follow_up_that_fails_in_its_statement_costs_no_call_its_rows(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(uow: Any, *_args: Any) -> Any:
        uow.connection.execute(text("INSERT INTO agent_history (state) VALUES ('idle')"))

    monkeypatch.setattr(missed_calls, "follow_calls", wrong)
    floor.tell(call(leg("1001", 0, 5)))
    assert len(floor.rows("SELECT id FROM interactions")) == 1


def test_what_another_process_wrote_first_is_followed_on_the_second_try(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(presence.follow_calls, Conflict("", "written twice"), times=1)
    monkeypatch.setattr(presence, "follow_calls", failing)
    before = _left_out("presence")
    floor.pass_by(10)
    floor.tell(call(leg("1001", 0, 5)))
    assert floor.state("1001") == "talking"
    assert failing.asked == 2
    assert _left_out("presence") == before


def test_while_the_database_is_away_nothing_is_left_out(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = Failing(presence.follow_calls, Unavailable("", "away"), times=1)
    monkeypatch.setattr(presence, "follow_calls", failing)
    floor.pass_by(10)
    with pytest.raises(Unavailable):
        floor.tell(call(leg("1001", 0, 5)))
    assert floor.rows("SELECT id FROM calls") == []
    floor.tell(call(leg("1001", 0, 5)))
    assert floor.state("1001") == "talking"


def _left_out(name: str) -> float:
    value = REGISTRY.get_sample_value("callcenter_follow_ups_left_out_total", {"follow_up": name})
    return value or 0.0
