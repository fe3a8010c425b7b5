"""What is asked of rows that are about contacts (call-backs, surveys, assessments) and is told by
these contacts alone: their number dialled, trunk, result, outcome, and whose they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, and_, or_, select

from callcenter.queries.reports import belonging, details
from callcenter.reports import knowing
from callcenter.reports.question import Filters, Question
from callcenter.store import archive, report_sums
from callcenter.store.repositories.base import chunks
from callcenter.store.sets import among
from callcenter.store.tables import calls, customers, interaction_outcomes, interactions

_ROW: Final = interactions.c
_TRUNK: Final = interactions.outerjoin(calls, calls.c.id == _ROW.call_id)
_JOINED: Final[FromClause] = _TRUNK.outerjoin(
    interaction_outcomes, interaction_outcomes.c.interaction_id == _ROW.id
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """`contact`: the rows' column with the contact's number; `rows`: their conditions besides.
    `own`: filters that the rows answer by themselves. `presumed`: what is known of a contact that
    no row is linked with yet. `stays`: whether a contact with such a row is never archived."""

    contact: Column[Any]
    rows: list[ColumnElement[bool]]
    own: frozenset[str]
    presumed: Mapping[str, str] = field(default_factory=dict)
    stays: bool = True


def conditions(
    connection: Connection, question: Question, about: About
) -> list[ColumnElement[bool]]:
    """Reads of the archive which of its contacts these are, where some may lie there."""
    filters = _theirs(question.filters, about.own)
    wanted = [knowing.FILTERS[by] for by in knowing.asked(filters)]
    if not wanted:
        return []
    asked = replace(question, filters=filters)
    ways: list[ColumnElement[bool]] = [_in_database(connection, asked, about).exists()]
    if all(about.presumed.get(name) in getattr(filters, name) for name in wanted):
        ways.append(about.contact.is_(None))
    if not about.stays and (found := _in_archive(connection, asked, about)):
        ways.append(among(connection, about.contact, found))
    return [or_(*ways)]


def _theirs(filters: Filters, own: frozenset[str]) -> Filters:
    nothing: dict[str, Any] = {name: None if name == "operators" else () for name in own}
    return replace(filters, **nothing)


def _in_database(connection: Connection, asked: Question, about: About) -> Select[Any]:
    query = select(_ROW.id).select_from(_JOINED).where(_ROW.id == about.contact)
    query = query.where(*_told(asked.filters))
    if not asked.filters.segments:
        return query
    theirs = interactions.alias("theirs").c
    ids = select(about.contact).where(*about.rows).correlate(None)
    whose = select(theirs.customer_id).where(theirs.id.in_(ids)).correlate(None)
    members = belonging.memberships(connection, asked, customers.c.id.in_(whose))
    return query.where(_ROW.customer_id.in_(select(members.c.customer_id)))


def _told(filters: Filters) -> list[ColumnElement[bool]]:
    """As `details` asks of contacts."""
    told = report_sums.of_other(interactions, calls.c.trunk)
    found = details.among_dimensions(told, filters)
    if filters.results:
        found.append(_ROW.result.in_(filters.results))
    if filters.outcomes:
        found.append(interaction_outcomes.c.outcome_id.in_(filters.outcomes))
    return found


def _in_archive(connection: Connection, asked: Question, about: About) -> list[int]:
    view = archive.view(connection)
    if view is None:
        return []
    live = select(_ROW.id).where(_ROW.id == about.contact).exists()
    query = select(about.contact).where(and_(*about.rows), ~live).distinct()
    ids = sorted(connection.scalars(query))
    parts = view.of(ids) if ids else []
    if not parts:
        return []
    found: dict[int, int | None] = {}
    for some in chunks(ids):
        told = select(_ROW.id, _ROW.customer_id).select_from(_JOINED)
        told = told.where(_ROW.id.in_(some), *_told(asked.filters))
        found |= {row.id: row.customer_id for row in view.execute(told, parts)}
    if asked.filters.segments:
        among_these = belonging.these(connection, (one for one in found.values() if one))
        members = belonging.memberships(connection, asked, among_these)
        belong = set(connection.scalars(select(members.c.customer_id)))
        found = {one: customer for one, customer in found.items() if customer in belong}
    return sorted(found)
