"""Score cards, and the people on both sides of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from callcenter.assessments.card import ScoreCard
from callcenter.queries.views import UserRef
from callcenter.store import assessment_rows, rights_rows
from callcenter.store.tables import assessments, users


def all_cards(connection: Connection) -> tuple[ScoreCard, ...]:
    """In the version that counts now; by title."""
    return assessment_rows.every_card(connection)


def card(connection: Connection, card_id: int) -> ScoreCard | None:
    return assessment_rows.one_card(connection, card_id)


def uses(connection: Connection) -> dict[int, int]:
    """Card → assessments made by it."""
    row = assessments.c
    query = (
        select(row.card_id, func.count().label("many"))
        .where(row.calibration_id.is_(None))
        .group_by(row.card_id)
    )
    return {one.card_id: one.many for one in connection.execute(query)}


def operators(connection: Connection) -> list[UserRef]:
    """Who works with callers now; by name."""
    return [_ref(row) for row in connection.execute(_people("operator"))]


def assessors(connection: Connection) -> list[UserRef]:
    """Who may assess; by name."""
    return [
        _ref(row)
        for row in connection.execute(_people("supervisor", "admin"))
        if rights_rows.viewer_of(connection, row.id, row.role, row.role_code).may(
            "quality", "create"
        )
    ]


def _people(*roles: str) -> Select[Any]:
    return (
        select(users.c.id, users.c.display_name, users.c.role, users.c.role_code)
        .where(users.c.role.in_(roles), users.c.active)
        .order_by(users.c.display_name, users.c.id)
    )


def _ref(row: Row[Any]) -> UserRef:
    return UserRef(id=row.id, display_name=row.display_name)
