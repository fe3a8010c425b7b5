"""What a cell of a report says of contacts as the archive's files can tell it: never less than the
cell counts, so that the files give few rows to be looked at and none is missed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    literal,
    not_,
    or_,
    true,
    tuple_,
)
from sqlalchemy.types import String

from callcenter.queries.archived import groups
from callcenter.queries.reports import details
from callcenter.queries.reports.details import Details
from callcenter.reports.question import Cell, Question
from callcenter.store import report_sums
from callcenter.store.archive import ArchiveView
from callcenter.store.tables import calls, interaction_outcomes, interactions

_FIRST_LOT: Final = 1000
_LARGER: Final = 4
_LARGEST_LOT: Final = 20_000
_MENU: Final = func.json_extract_string(calls.c.record, "$.menu", type_=String)
_NUMBERS: Final = frozenset({"operator", "outcome"})
_BY_CONTACT: Final[Mapping[str, ColumnElement[Any]]] = {
    "result": interactions.c.result,
    "outcome": interaction_outcomes.c.outcome_id,
}


def newest(
    connection: Connection, view: ArchiveView, question: Question, narrowed: ColumnElement[bool]
) -> Iterator[tuple[Details, datetime]]:
    """Contacts of the archive lot by lot, the newest first. With each lot: from when on no visit is
    of a contact that comes in a later lot."""
    row, earlier, lot = interactions.c, details.earlier(question), _FIRST_LOT
    moment = (row.started_at, row.id)
    query = details.archived(question).where(narrowed).order_by(*(one.desc() for one in moment))
    for group in groups(details.archived_parts(view, question), 1):
        more = query
        while rows := view.execute(more.limit(lot), group).all():
            oldest = rows[-1].started_at
            yield details.of_rows(connection, rows, question), oldest + earlier
            if len(rows) < lot:
                break
            more = query.where(tuple_(*moment) < (oldest, rows[-1].id))
            lot = min(lot * _LARGER, _LARGEST_LOT)


def narrowed(question: Question, cell: Cell, count: str) -> ColumnElement[bool]:
    """For `newest`. `count`: the count behind the cell's figure."""
    keys = dict(zip(question.by, cell.key, strict=False))
    alone = _alone(question, keys, count)
    return and_(*_by_contact(question, keys), or_(not_(report_sums.met_no_queue()), and_(*alone)))


def _by_contact(question: Question, keys: Mapping[Any, str]) -> list[ColumnElement[bool]]:
    """What is a contact's own, whether it met a queue or none."""
    filters = question.filters
    found = [_is(by, column, keys[by]) for by, column in _BY_CONTACT.items() if by in keys]
    if filters.results:
        found.append(interactions.c.result.in_(filters.results))
    if filters.outcomes:
        found.append(interaction_outcomes.c.outcome_id.in_(filters.outcomes))
    if pressed := keys.get("menu_path", "").split():
        found.append(_MENU.in_([json.dumps(pressed, separators=(",", ":"))]))
    return found


def _alone(question: Question, keys: Mapping[Any, str], count: str) -> list[ColumnElement[bool]]:
    """Of contacts that met no queue, which no visit tells of."""
    told = report_sums.of_other(interactions, calls.c.trunk)
    operator, filters = told["operator_id"], question.filters
    counts = report_sums.counted(told, literal(0))
    found = [true(), *details.among_dimensions(told, filters)]
    if (name := "abandoned" if count == "short_abandoned" else count) in counts:
        found.append(counts[name])
    if filters.operators is not None:
        found.append(operator.in_(filters.operators))
    columns = {name: told[name] for name in report_sums.DIMENSIONS} | {"operator": operator}
    return found + [_is(by, columns[by], keys[by]) for by in columns if by in keys]


def _is(by: str, column: ColumnElement[Any], value: str) -> ColumnElement[bool]:
    if by in _NUMBERS:
        return column == int(value) if value.isdecimal() else column.is_(None)
    return column == value if value else or_(column == "", column.is_(None))
