"""Two transactions that overlap, always in the same way: the first has written and waits before its
commit, while the second begins, and goes on as far as it can.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import text

from callcenter.errors import ProductError
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.store import Store
from tests.support.waiting import wait_until

UowFactory = Callable[[], SqlUnitOfWork]
_WAITS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def overlap(
    store: Store, first: Callable[[UowFactory], Any], second: Callable[[UowFactory], Any]
) -> list[Any]:
    """What each returned, or what it was refused with."""
    reached, go_on = threading.Event(), threading.Event()

    class Held(SqlUnitOfWork):
        def commit(self) -> None:
            reached.set()
            assert go_on.wait(20)
            super().commit()

    with ThreadPoolExecutor(2) as pool:
        earlier = pool.submit(first, lambda: Held(store.engine))
        wait_until(lambda: reached.is_set() or earlier.done())
        later = pool.submit(second, store.unit_of_work)
        wait_until(lambda: later.done() or _somebody_waits(store))
        go_on.set()
        return [_outcome(one) for one in (earlier, later)]


def _outcome(one: Future[Any]) -> Any:
    try:
        return one.result()
    except ProductError as refused:
        return refused


def _somebody_waits(store: Store) -> bool:
    """SQLite has one writer at a time: the second stands at its BEGIN."""
    if store.engine.dialect.name == "sqlite":
        return True
    with store.engine.connect() as connection:
        return bool(connection.scalar(_WAITS))
