"""What a wallboard reads: by the definitions of the reports, from indexes, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from callcenter.queries import boards as board_queries
from callcenter.queries import wallboard as queries
from callcenter.services import boards
from callcenter.store.tables import callback_requests, calls, queue_visits
from callcenter.wallboard.layout import Layout
from tests.support.plans import Plans
from tests.support.store import NOW, Store

_MANY = 3000


def _visit(number: int, seconds_ago: float, how: str, wait: float) -> dict[str, Any]:
    entered = NOW - timedelta(seconds=seconds_ago)
    return {
        "call_id": f"pbx/{number}",
        "number_in_call": 1,
        "half": entered.replace(minute=0, second=0, microsecond=0),
        "queue": "support",
        "direction": "inbound",
        "entered_at": entered,
        "how": how,
        "wait_seconds": wait,
    }


def _fill(store: Store, visits: list[dict[str, Any]]) -> None:
    plain = {"pbx": "pbx", "live": False, "direction": "inbound", "result": "answered"}
    empty = dict.fromkeys(
        ("caller_number", "caller_name", "dialed", "trunk", "route", "queue", "hangup_by"), ""
    )
    zero = {"talk_seconds": 0.0, "hold_seconds": 0.0, "record": {}, "updated_at": NOW}
    with store.unit_of_work() as uow:
        ids = dict.fromkeys(one["call_id"] for one in visits)
        uow.connection.execute(
            insert(calls), [{"id": call_id, **plain, **empty, **zero} for call_id in ids]
        )
        uow.connection.execute(insert(queue_visits), visits)
        uow.commit()


def test_the_service_level_now_is_of_the_last_half_hour_without_short_abandons(
    store: Store,
) -> None:
    with store.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"sl_seconds": 20, "short_abandon_seconds": 5})
        uow.commit()
    _fill(
        store,
        [
            _visit(1, 60, "answered", 20.0),
            _visit(2, 70, "answered", 21.0),
            _visit(3, 80, "abandoned", 30.0),
            _visit(4, 90, "abandoned", 4.0),
            _visit(5, 10, "waiting", 10.0),
            _visit(6, 1801, "answered", 1.0),
        ],
    )
    with store.engine.connect() as connection:
        found = queries.lately(connection, NOW)["support"]
    assert (found.offered, found.answered, found.abandoned) == (5, 2, 2)
    assert (found.level_in, found.level_of) == (1, 3)
    assert (found.lost, found.lost_of) == (1, 3)


@pytest.fixture
def old(store: Store) -> Store:
    """Years of calls and call-backs that are over."""
    _fill(store, [_visit(n, 3600.0 * (n + 1), "answered", 9.0) for n in range(_MANY)])
    closed = {"closed_at": NOW, "state": "done", "next_at": NOW, "place_at": NOW}
    asked = {"queue": "support", "not_before": NOW, "expires_at": NOW, "created_at": NOW}
    with store.unit_of_work() as uow:
        rows = [{"number": f"+48601{n:06}", **closed, **asked} for n in range(_MANY)]
        uow.connection.execute(insert(callback_requests), rows)
        uow.commit()
    with store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    return store


def test_what_a_board_reads_scans_nothing_large(old: Store) -> None:
    with old.engine.connect() as connection:
        plans = Plans(connection)
        queries.board(connection, NOW)
        queries.setup(connection)
        queries.lately(connection, NOW)
        assert queries.callbacks(connection) == {}
        queries.links(connection)
        assert plans.full_scans(("calls", "call_legs", "queue_visits", "callback_requests")) == []


def test_a_board_is_kept_as_told_and_goes_with_its_screens(store: Store) -> None:
    user = store.add_user()
    with store.unit_of_work() as uow:
        uow.users.update(user, {"role": "supervisor", "role_code": "supervisor"})
        uow.commit()
    tools: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    layout = Layout(title="First floor", queues=("sales",), tiles=("ready", "waiting"), sound=True)
    made = boards.save_board(layout, user_id=user, publisher=store.publisher, **tools)
    token = boards.open_wall(made, "By the door", "pl", user_id=user, **tools)
    with store.engine.connect() as connection:
        kept = board_queries.get(connection, made)
        wall = board_queries.wall_of(connection, boards.hash_of(token))
        secrets = connection.scalars(text("select token_hash from wall_tokens")).all()
    assert kept is not None
    assert (kept.title, kept.queues, kept.tiles, kept.sound) == (
        "First floor",
        ("sales",),
        ("ready", "waiting"),
        True,
    )
    assert wall is not None
    assert wall.board_id == made
    assert token not in secrets
    boards.delete_board(made, user_id=user, publisher=store.publisher, **tools)
    with store.engine.connect() as connection:
        assert board_queries.every(connection) == []
        assert board_queries.wall_of(connection, boards.hash_of(token)) is None
