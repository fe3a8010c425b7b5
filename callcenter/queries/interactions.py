"""The list of logged contacts, a customer's timeline, and one contact with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select, tuple_

from callcenter.customers.customer import in_order
from callcenter.queries import archived, interaction_rows, word_search
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import InteractionView, LegView, RoutingView, UserRef
from callcenter.queries.visibility import customers_seen_by, interactions_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import archive, customer_rows, merged
from callcenter.store.tables import (
    call_channels,
    call_legs,
    calls,
    interaction_candidates,
    interaction_outcomes,
    interactions,
    outcomes,
    routing_decisions,
    users,
)

_MOST_NAMED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractionFilters:
    """None asks nothing. `phone` is E.164; `result` one or any of several; `since` is included,
    `until` is not; `text` is words of the customer's or the organisation's name."""

    phone: str | None = None
    customer_id: int | None = None
    operator_id: int | None = None
    result: str | tuple[str, ...] | None = None
    direction: str | None = None
    channel: str | None = None
    queue: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    corrected: bool | None = None
    """True: only those of whose calls the PBX's ledger has mended something."""
    outcome_id: int | None = None
    """An outcome, or a group: then any of the outcomes under it."""


def page(
    connection: Connection,
    filters: InteractionFilters,
    cursor: str | None,
    limit: int,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> Page[InteractionView]:
    """The newest first, from where `cursor` ended."""
    limit = bounded(limit)
    after = decode_cursor(cursor, datetime, int) if cursor else None
    live = interaction_rows.newest_first().where(
        *_conditions(connection, filters, viewer), *interactions_seen_by(viewer)
    )
    old = archived.Asked(
        conditions=lambda: _conditions(connection, filters, viewer, archived_too=True),
        viewer=viewer,
        since=filters.since,
        until=filters.until,
        of_one=filters.customer_id is not None,
        walk=_walk(connection, filters),
    )
    found = archived.newest(connection, live, old, after, limit + 1, today or _today())
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1]
    return Page(found[:limit], encode_cursor(last.started_at, last.id))


def _walk(connection: Connection, filters: InteractionFilters) -> archived.Walked:
    if filters.customer_id is not None:
        return archived.of_customer(connection, filters.customer_id)
    return archived.of_number(filters.phone) if filters.phone else None


def timeline(
    connection: Connection,
    customer_id: int,
    cursor: str | None,
    limit: int,
    today: date | None = None,
    *,
    viewer: Viewer = EVERYTHING,
) -> Page[InteractionView]:
    """What happened with one customer."""
    filters = InteractionFilters(customer_id=customer_id)
    return page(connection, filters, cursor, limit, today, viewer=viewer)


@archive.steadily
def get(
    connection: Connection, interaction_id: int, today: date | None = None
) -> InteractionView | None:
    """With who took part, who it may have been, and why it went where it went."""
    today = today or _today()
    query = interaction_rows.newest_first().where(interactions.c.id == interaction_id)
    found = interaction_rows.views(connection, query, today)
    source: Any = connection
    if not found:
        source = archive.source_of(connection, [interaction_id])
        if source is None:
            return None
        rows = source.execute(query).all()
        found = interaction_rows.of_rows(connection, rows, today, source)
    if not found:
        return None
    (view,) = found
    ids = source.scalars(
        select(interaction_candidates.c.customer_id).where(
            interaction_candidates.c.interaction_id == interaction_id
        )
    ).all()
    explanation = source.scalar(
        select(interactions.c.explanation).where(interactions.c.id == interaction_id)
    )
    return replace(
        view,
        candidates=in_order(customer_rows.briefs(connection, ids, today).values()),
        legs=_legs(source, view.call_id) if view.call_id else (),
        explanation=explanation or {},
        decision=_decision(connection, source, view.call_id) if view.call_id else None,
        settled_at=settled_at(source, view.call_id) if view.call_id else None,
    )


def _today() -> date:
    return datetime.now(UTC).date()


def settled_at(connection: Any, call_id: str) -> datetime | None:
    """When the ledger had its say on a call. Of a connection, or the archive's view."""
    found: datetime | None = connection.scalar(
        select(calls.c.settled_at).where(calls.c.id == call_id)
    )
    return found


def _conditions(
    connection: Connection,
    filters: InteractionFilters,
    viewer: Viewer,
    *,
    archived_too: bool = False,
) -> list[ColumnElement[bool]]:
    """`archived_too`: as the archive is asked, whose rows have the customers of their time."""
    columns = interactions.c
    conditions: list[ColumnElement[bool]] = []
    if filters.customer_id is not None:
        theirs = [filters.customer_id]
        if archived_too:
            theirs += merged.absorbed(connection, filters.customer_id)
        conditions.append(columns.customer_id.in_(theirs))
    equal = (
        (columns.number, filters.phone),
        (columns.operator_id, filters.operator_id),
        (columns.direction, filters.direction),
        (columns.channel, filters.channel),
        (columns.queue, filters.queue),
    )
    conditions += [column == value for column, value in equal if value is not None]
    if filters.result is not None:
        results = (filters.result,) if isinstance(filters.result, str) else filters.result
        conditions.append(columns.result.in_(results))
    if filters.since is not None:
        conditions.append(columns.started_at >= filters.since)
    if filters.until is not None:
        conditions.append(columns.started_at < filters.until)
    if filters.corrected is not None:
        conditions.append(columns.repairs > 0 if filters.corrected else columns.repairs == 0)
    if filters.outcome_id is not None:
        under: Any = _tree(filters.outcome_id)
        if archived_too:  # where the tree itself is not
            under = list(connection.scalars(under))
        given = interaction_outcomes.c
        ended_so = select(given.interaction_id).where(given.outcome_id.in_(under))
        conditions.append(columns.id.in_(ended_so))
    if filters.text:
        conditions.append(_about(connection, filters.text, viewer, archived_too=archived_too))
    return conditions


def _tree(outcome_id: int) -> Select[Any]:
    """An outcome, and those that stand under it."""
    tree = select(outcomes.c.id).where(outcomes.c.id == outcome_id).cte(recursive=True)
    under = select(outcomes.c.id).join_from(outcomes, tree, outcomes.c.parent_id == tree.c.id)
    return select(tree.union(under).c.id)


def _about(
    connection: Connection, text: str, viewer: Viewer, *, archived_too: bool
) -> ColumnElement[bool]:
    """Of customers whose names have these words; a text without words asks for the number as is."""
    wanted = word_search.wanted_words(text)
    seen = customers_seen_by(viewer)
    ids = word_search.customer_ids(connection, wanted, seen, _MOST_NAMED)
    by_number = interactions.c.number_raw == text.strip()
    if archived_too:
        ids = [*ids, *(other for one in ids for other in merged.absorbed(connection, one))]
    return or_(interactions.c.customer_id.in_(ids), by_number) if ids else by_number


def _legs(connection: Any, call_id: str) -> tuple[LegView, ...]:
    shown = {field.name for field in fields(LegView)}
    columns = (column for column in call_legs.columns if column.name in shown)
    query = (
        select(*columns, call_legs.c.user_id, users.c.display_name)
        .select_from(call_legs.outerjoin(users, users.c.id == call_legs.c.user_id))
        .where(call_legs.c.call_id == call_id)
        .order_by(call_legs.c.ringing_at, call_legs.c.uniqueid)
    )
    legs = []
    for row in connection.execute(query):
        values = dict(row._mapping)
        user_id, name = values.pop("user_id"), values.pop("display_name")
        user = UserRef(id=user_id, display_name=name) if name is not None else None
        legs.append(LegView(**values, user=user))
    return tuple(legs)


def _decision(connection: Connection, source: Any, call_id: str) -> RoutingView | None:
    """The last one made for any channel of the call."""
    channels = select(call_channels.c.uniqueid, call_channels.c.pbx).where(
        call_channels.c.call_id == call_id
    )
    table = routing_decisions.c
    if source is not connection:
        channels = [tuple(row) for row in source.execute(channels)]  # type: ignore[assignment]
    columns = (c for c in routing_decisions.columns if c.name not in ("id", "pbx", "uniqueid"))
    row = connection.execute(
        select(*columns)
        .where(tuple_(table.uniqueid, table.pbx).in_(channels))
        .order_by(table.id.desc())
        .limit(1)
    ).one_or_none()
    return RoutingView(**row._mapping) if row is not None else None
