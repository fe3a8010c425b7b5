"""What a wallboard that is opened now shows, and what a report says of the same time, in the same
words."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final, cast

from callcenter.queries import reports
from callcenter.queries import wallboard as queries
from callcenter.reports.periods import Period
from callcenter.reports.question import Filters, Question
from callcenter.runtime import Runtime
from callcenter.wallboard.board import Board
from callcenter.wallboard.figures import figures
from callcenter.wallboard.tiles import Shown, tiles
from tests.support.store import Store
from web.board_counts import BoardCounts

COUNTS: Final = ("offered", "answered", "abandoned")
_SHARES: Final = ("service_level", "abandonment", "asa")
Row = dict[str, float | None]


def shown(store: Store, board: Board, zone: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Queue → its tile, "" for the sum. `board`: as it was folded from the news so far."""
    runtime = cast("Runtime", SimpleNamespace(reader=store.engine.connect, clock=store.clock))
    now = store.clock.at
    counts = BoardCounts(runtime, lambda _: ())
    counts.refresh([zone])
    with store.engine.connect() as connection:
        setup = queries.setup(connection)
    found = tiles(figures(board, setup, now), counts.of(zone), setup, Shown())
    return {"": found["sum"], **{name: found[f"queue:{name}"] for name in names}}


def reported(store: Store, period: Period, queues: tuple[str, ...] = ()) -> dict[str, Row]:
    """Queue → its row of calls, "" for the sum. `queues`: of these alone."""
    filters = Filters(channels=("call",), queues=queues)
    kpis = (*COUNTS, *_SHARES, "waiting")
    question = Question(kpis=kpis, period=period, by=("queue",), filters=filters)
    with store.engine.connect() as connection:
        found = reports.answer(connection, question)
    return {"": dict(found.totals), **{row.key[0]: dict(row.values) for row in found.rows}}


def of_tile(tile: dict[str, Any]) -> tuple[object, ...]:
    shares = (tile["level_today"], tile["abandonment"], tile["asa"])
    return (*(tile[name] for name in COUNTS), *shares)


def of_report(row: Row) -> tuple[object, ...]:
    """As a tile rounds it."""
    level, lost, asa = (row.get(name) for name in _SHARES)
    return (
        *(row.get(name) or 0 for name in COUNTS),
        level if level is None else round(level, 4),
        lost if lost is None else round(lost, 4),
        asa if asa is None else round(asa),
    )
