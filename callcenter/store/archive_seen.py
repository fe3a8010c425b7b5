"""Which archived contacts a viewer's scope reaches: the rule of `store.visibility`, over rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from callcenter.rights.objects import Action
from callcenter.rights.viewer import Viewer
from callcenter.store import archive
from callcenter.store.archive import Source
from callcenter.store.sets import among
from callcenter.store.tables import call_legs, customers, interactions


def seen(
    view: Source, rows: Sequence[Row[Any]], viewer: Viewer, action: Action = "read"
) -> list[Row[Any]]:
    """Those within a viewer's scope, by the rule of `store.visibility.interactions_seen_by`."""
    ids = viewer.user_ids("interaction", action)
    if ids is None or not rows:
        return list(rows)
    owned = _owned(view.connection, [row.customer_id for row in rows if row.customer_id], ids)
    calls = [row.call_id for row in rows if row.call_id]
    legs = select(call_legs.c.call_id).where(
        call_legs.c.call_id.in_(calls), call_legs.c.user_id.in_(sorted(ids))
    )
    rung = set(view.scalars(legs)) if ids else set()
    return [
        row
        for row in rows
        if ids
        and (
            row.operator_id in ids
            or (row.operator_id is None and row.customer_id is None)
            or row.customer_id in owned
            or row.call_id in rung
        )
    ]


def _owned(connection: Connection, customer_ids: Sequence[int], ids: Any) -> set[int]:
    query = select(customers.c.id).where(
        among(connection, customers.c.id, sorted(set(customer_ids))),
        customers.c.owner_id.is_(None) | customers.c.owner_id.in_(sorted(ids)),
    )
    return set(connection.scalars(query))


def seen_ids(
    connection: Connection, viewer: Viewer, interaction_ids: Sequence[int], action: Action = "read"
) -> frozenset[int]:
    """Those of the interactions that are in the archive and within the viewer's scope."""
    view = archive.source_of(connection, interaction_ids)
    if view is None:
        return frozenset()
    columns = interactions.c
    query = select(columns.id, columns.call_id, columns.operator_id, columns.customer_id).where(
        columns.id.in_(list(interaction_ids))
    )
    rows = view.execute(query).all()
    return frozenset(row.id for row in seen(view, rows, viewer, action))
