"""Which writer takes which kind of rows. A new kind of import is one line here and its fields in
`callcenter/imports/kinds`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from callcenter.imports.rows import Row
from callcenter.ports import UnitOfWork
from callcenter.services.import_people import PeopleWriter
from callcenter.services.import_trade import TradeWriter
from callcenter.services.import_writing import FAILED, Done, Task, Writer

_WRITERS: Final[dict[str, Callable[[str, Task], Writer]]] = {
    "customers": PeopleWriter,
    "organizations": PeopleWriter,
    "invoices": TradeWriter,
    "payments": TradeWriter,
    "orders": TradeWriter,
    "visits": TradeWriter,
}


def writer(kind: str, task: Task) -> Writer:
    return _WRITERS[kind](kind, task)


def write_readable(uow: UnitOfWork, one: Writer, rows: Sequence[Row]) -> list[Done]:
    """Those that could be read are written; one answer for each row, in order."""
    readable = [row for row in rows if not row.problems]
    done = iter(one.write(uow, readable) if readable else ())
    return [Done(FAILED, row.problems) if row.problems else next(done) for row in rows]
