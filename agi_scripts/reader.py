"""Callers by number, over connections that are kept open: a caller does not wait for a log-in.

Opening, checking and closing a transaction costs several times the indexed read itself. A
connection that broke meanwhile (the database was started anew) is replaced, once, within the same
look-up.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, suppress

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from callcenter.ports import Clock
from callcenter.queries.routing_facts import LostError, facts_at_once
from callcenter.routing.facts import CallerFacts
from callcenter.runtime import Runtime


class _Warm:
    """One open connection. In autocommit, so that PostgreSQL needs one round trip a read."""

    def __init__(self, reader: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._stack = ExitStack()
        connection = self._stack.enter_context(reader())
        self.connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if connection.dialect.name == "postgresql":
            # The statement takes longer to plan than to run, and its plan is always the same.
            self.connection.exec_driver_sql("SET plan_cache_mode = force_generic_plan")
            self._stack.callback(self._forget)

    def close(self) -> None:
        self._stack.close()

    def _forget(self) -> None:
        """The connection goes back to those that others use."""
        with suppress(DBAPIError):
            self.connection.exec_driver_sql("RESET plan_cache_mode")


class CallerReader:
    """Thread-safe: as many connections as look-ups run at once."""

    def __init__(self, runtime: Runtime) -> None:
        self._reader = runtime.reader
        self._clock: Clock = runtime.clock
        self._idle: queue.LifoQueue[_Warm] = queue.LifoQueue()
        self._closed = False

    def __call__(self, e164: str) -> CallerFacts:
        return self.of([e164])[e164]

    def of(self, e164s: Iterable[str]) -> dict[str, CallerFacts]:
        """Several callers in one read."""
        numbers = list(e164s)
        try:
            warm = self._idle.get_nowait()
        except queue.Empty:
            return self._read(_Warm(self._reader), numbers)
        try:
            return self._read(warm, numbers)
        except LostError:
            return self._read(_Warm(self._reader), numbers)

    def close(self) -> None:
        """Connections that are out are closed when they come back."""
        self._closed = True
        while not self._idle.empty():
            self._idle.get_nowait().close()

    def _read(self, warm: _Warm, numbers: list[str]) -> dict[str, CallerFacts]:
        try:
            facts = facts_at_once(warm.connection, numbers, self._clock.now())
        except BaseException:
            warm.close()
            raise
        if self._closed:
            warm.close()
        else:
            self._idle.put(warm)
        return facts
