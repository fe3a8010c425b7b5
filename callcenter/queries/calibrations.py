"""Calibration rounds: who has finished, and, once a round is closed, what everybody answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from callcenter.assessments.assessment import Round
from callcenter.assessments.calibration import Agreement, compare
from callcenter.assessments.card import ScoreCard
from callcenter.assessments.scoring import Given
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.rights.viewer import Viewer
from callcenter.store import assessment_rows
from callcenter.store.sets import among
from callcenter.store.tables import assessments, calibrations, interactions, users


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessor:
    user_id: int
    name: str
    finished: bool
    assessment_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """`agreement` and `answers` (assessor → theirs) only of a closed round."""

    round: Round
    card: ScoreCard
    operator_id: int | None
    assessors: tuple[Assessor, ...]
    agreement: Agreement | None = None
    answers: dict[int, dict[str, Given]] | None = None

    @property
    def finished(self) -> int:
        return sum(one.finished for one in self.assessors)


def page(connection: Connection, viewer: Viewer, cursor: str | None, limit: int) -> Page[RoundView]:
    """The latest first: those one takes part in, and all for who leads quality."""
    limit, row = bounded(limit), calibrations.c
    query = select(calibrations, interactions.c.operator_id).outerjoin(
        interactions, interactions.c.id == row.interaction_id
    )
    if cursor:
        query = query.where(row.id < decode_cursor(cursor, int)[0])
    seen = connection.execute(query.order_by(row.id.desc()).limit(limit + 1)).all()
    told = [one for one in seen[:limit] if _sees(viewer, one)]
    views = _views(connection, told)
    following = encode_cursor(seen[limit - 1].id) if len(seen) > limit else None
    return Page(tuple(views), following)


def waiting_for(connection: Connection, viewer: Viewer) -> tuple[RoundView, ...]:
    """Open rounds in which the viewer has not finished yet; the oldest first."""
    query = (
        select(calibrations, interactions.c.operator_id)
        .outerjoin(interactions, interactions.c.id == calibrations.c.interaction_id)
        .where(calibrations.c.closed_at.is_(None))
        .order_by(calibrations.c.id)
    )
    mine = [row for row in connection.execute(query) if viewer.user_id in row.assessor_ids]
    views = _views(connection, [row for row in mine if _sees(viewer, row)])
    return tuple(
        view
        for view in views
        if not any(part.finished for part in view.assessors if part.user_id == viewer.user_id)
    )


def one(connection: Connection, round_id: int, viewer: Viewer) -> RoundView | None:
    query = (
        select(calibrations, interactions.c.operator_id)
        .outerjoin(interactions, interactions.c.id == calibrations.c.interaction_id)
        .where(calibrations.c.id == round_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None or not _sees(viewer, row):
        return None
    (view,) = _views(connection, [row])
    return view if view.round.is_open else _compared(connection, view)


def _sees(viewer: Viewer, row: Any) -> bool:
    """Whose contact it is does not; who leads quality only those of whom they may read."""
    if row.operator_id == viewer.user_id:
        return False
    if viewer.user_id in row.assessor_ids and viewer.may("quality", "create"):
        return True
    leads = viewer.may("quality", "change")
    return leads and viewer.reaches("quality", "read", (row.operator_id,))


def _views(connection: Connection, rows: Sequence[Any]) -> list[RoundView]:
    ids = sorted({who for row in rows for who in row.assessor_ids})
    people = select(users.c.id, users.c.display_name).where(among(connection, users.c.id, ids))
    names = {row.id: row.display_name for row in connection.execute(people)}
    done = _progress(connection, [row.id for row in rows])
    versions = {
        version: assessment_rows.card_version(connection, version)
        for version in {row.card_version_id for row in rows}
    }
    found = []
    for row in rows:
        card = versions[row.card_version_id]
        if card is None:
            continue
        told = done.get(row.id, {})
        assessors = tuple(
            Assessor(
                user_id=who,
                name=names.get(who, ""),
                finished=told.get(who, (0, "draft"))[1] != "draft",
                assessment_id=told[who][0] if who in told else None,
            )
            for who in row.assessor_ids
        )
        made = assessment_rows.calibration(row)
        view = RoundView(round=made, card=card, operator_id=row.operator_id, assessors=assessors)
        found.append(view)
    return found


def _progress(
    connection: Connection, round_ids: Sequence[int]
) -> dict[int, dict[int, tuple[int, str]]]:
    row = assessments.c
    query = select(row.calibration_id, row.assessor_id, row.id, row.state).where(
        row.calibration_id.is_not(None), among(connection, row.calibration_id, round_ids)
    )
    found: dict[int, dict[int, tuple[int, str]]] = {}
    for one_of in connection.execute(query):
        theirs = found.setdefault(one_of.calibration_id, {})
        theirs[one_of.assessor_id] = (one_of.id, one_of.state)
    return found


def _compared(connection: Connection, view: RoundView) -> RoundView:
    """By what was finished; drafts of a closed round say nothing."""
    done = {one.assessment_id: one.user_id for one in view.assessors if one.finished}
    ids = [one for one in done if one is not None]
    answers = assessment_rows.answers_of(connection, ids)
    theirs = {done[assessment_id]: told for assessment_id, told in answers.items()}
    return RoundView(
        round=view.round,
        card=view.card,
        operator_id=view.operator_id,
        assessors=view.assessors,
        agreement=compare(view.card, theirs),
        answers=theirs,
    )
