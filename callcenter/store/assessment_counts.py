"""How much of quality waits for whom; repository and queries share it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, func, literal_column, select

from callcenter.store.sets import among
from callcenter.store.tables import assessments, calibrations


def counted(connection: Connection, user_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """`quality_mine`: final assessments of oneself without one's word. `quality_asked`: objections
    to what one assessed, and open rounds that one has not finished one's part of."""
    row = assessments.c
    mine = _in_state(connection, "final", row.operator_id, user_ids)
    objections = _in_state(connection, "disputed", row.assessor_id, user_ids)
    rounds = _rounds(connection, user_ids)
    return {
        one: {
            "quality_mine": mine.get(one, 0),
            "quality_asked": objections.get(one, 0) + rounds.get(one, 0),
        }
        for one in user_ids
    }


def _in_state(
    connection: Connection, state: str, whose: Column[int], user_ids: Sequence[int]
) -> dict[int, int]:
    row = assessments.c
    query = (
        select(whose, func.count())
        .where(
            row.state == literal_column(f"'{state}'"),  # as the partial indexes have it
            row.calibration_id.is_(None),
            among(connection, whose, user_ids),
        )
        .group_by(whose)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _rounds(connection: Connection, user_ids: Sequence[int]) -> dict[int, int]:
    """Rounds that are open are few: whom they wait for is worked out here."""
    row = calibrations.c
    query = select(row.id, row.assessor_ids).where(row.closed_at.is_(None))
    asked = {one.id: {*one.assessor_ids} & {*user_ids} for one in connection.execute(query)}
    ids = [round_id for round_id, people in asked.items() if people]
    if not ids:
        return {}
    part = assessments.c
    done = select(part.calibration_id, part.assessor_id).where(
        among(connection, part.calibration_id, ids),
        part.calibration_id.is_not(None),
        part.state != "draft",
    )
    for round_id, user_id in connection.execute(done):
        asked[round_id].discard(user_id)
    return {one: sum(one in people for people in asked.values()) for one in user_ids}
