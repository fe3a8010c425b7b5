"""Assessments as they are shown: lists by cursor, one with its card and answers, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    literal_column,
    select,
    tuple_,
)

from callcenter.assessments.assessment import Assessment
from callcenter.assessments.card import ScoreCard
from callcenter.assessments.scoring import Given, Score, score
from callcenter.queries.assessment_scores import ScoreFilters, ScoreGroup, Scores, lines, scores
from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.visibility import assessments_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import assessment_rows
from callcenter.store.assessment_rows import ASSESSMENT
from callcenter.store.sets import among
from callcenter.store.tables import assessments, score_cards, users

__all__ = [
    "AssessmentFilters",
    "AssessmentView",
    "ScoreFilters",
    "ScoreGroup",
    "Scores",
    "Shown",
    "has_any",
    "lines",
    "of_interactions",
    "one",
    "page",
    "scores",
    "to_answer",
]
_OPERATOR, _ASSESSOR, _CLOSER = users.alias("o"), users.alias("a"), users.alias("c")


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentFilters:
    """`state`: one of the life, or 'done' for all that are final. `fatal`: those alone."""

    operator_id: int | None = None
    assessor_id: int | None = None
    queue: str | None = None
    card_id: int | None = None
    interaction_id: int | None = None
    state: str = ""
    fatal: bool = False
    since: datetime | None = None
    until: datetime | None = None
    viewer: Viewer = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentView:
    assessment: Assessment
    card: str
    operator: str
    assessor: str
    closer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One with all that its page needs; `card` in the version that it was made by."""

    view: AssessmentView
    card: ScoreCard
    answers: dict[str, Given]
    score: Score

    @property
    def assessment(self) -> Assessment:
        return self.view.assessment


def page(
    connection: Connection, filters: AssessmentFilters, cursor: str | None, limit: int
) -> Page[AssessmentView]:
    """The latest contacts first; without calibration rounds."""
    limit, row = bounded(limit), assessments.c
    query = _all().where(*_conditions(filters)).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(row.contact_at, row.id) < decode_cursor(cursor, datetime, int))
    query = query.order_by(row.contact_at.desc(), row.id.desc())
    found = tuple(map(_view, connection.execute(query)))
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1].assessment
    return Page(found[:limit], encode_cursor(last.contact_at, last.id))


def one(connection: Connection, assessment_id: int, viewer: Viewer) -> Shown | None:
    """None where the viewer may not read it. Also one's own of a calibration round."""
    query = _all().where(assessments.c.id == assessment_id, *assessments_seen_by(viewer))
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    view = _view(row)
    card = assessment_rows.card_version(connection, view.assessment.card_version_id)
    if card is None:
        return None
    answers = assessment_rows.answers_of(connection, [assessment_id])[assessment_id]
    return Shown(view=view, card=card, answers=answers, score=score(card, answers))


def of_interactions(
    connection: Connection, ids: Sequence[int], viewer: Viewer
) -> dict[int, list[AssessmentView]]:
    """Contact → its assessments that the viewer may read."""
    if not ids:
        return {}
    row = assessments.c
    these = among(connection, row.interaction_id, sorted(set(ids)))
    query = _all().where(these, row.calibration_id.is_(None), *assessments_seen_by(viewer))
    found: dict[int, list[AssessmentView]] = {}
    for view in map(_view, connection.execute(query.order_by(row.id))):
        found.setdefault(view.assessment.interaction_id, []).append(view)
    return found


def has_any(connection: Connection, operator_id: int) -> bool:
    """Whether anything final was said of this operator."""
    row = assessments.c
    query = select(row.id).where(
        row.operator_id == operator_id, row.state != "draft", row.calibration_id.is_(None)
    )
    return connection.scalar(query.limit(1)) is not None


def to_answer(connection: Connection, user_id: int) -> int:
    """How many wait for this operator's word."""
    row = assessments.c
    query = (
        select(func.count())
        .select_from(assessments)
        .where(row.operator_id == user_id, row.state == "final", row.calibration_id.is_(None))
    )
    return connection.scalar(query) or 0


def _all() -> Select[Any]:
    row = assessments.c
    return select(
        *ASSESSMENT,
        score_cards.c.title.label("card_title"),
        _OPERATOR.c.display_name.label("operator_name"),
        _ASSESSOR.c.display_name.label("assessor_name"),
        _CLOSER.c.display_name.label("closer_name"),
    ).select_from(
        assessments.join(score_cards, score_cards.c.id == row.card_id)
        .join(_OPERATOR, _OPERATOR.c.id == row.operator_id)
        .join(_ASSESSOR, _ASSESSOR.c.id == row.assessor_id)
        .outerjoin(_CLOSER, _CLOSER.c.id == row.closed_by)
    )


def _view(row: Any) -> AssessmentView:
    return AssessmentView(
        assessment=assessment_rows.assessment(row),
        card=row.card_title,
        operator=row.operator_name,
        assessor=row.assessor_name,
        closer=row.closer_name or "",
    )


def _conditions(filters: AssessmentFilters) -> list[ColumnElement[bool]]:
    row = assessments.c
    found = [row.calibration_id.is_(None), *assessments_seen_by(filters.viewer)]
    for column, value in (
        (row.operator_id, filters.operator_id),
        (row.assessor_id, filters.assessor_id),
        (row.queue, filters.queue),
        (row.card_id, filters.card_id),
        (row.interaction_id, filters.interaction_id),
    ):
        if value is not None:
            found.append(column == value)
    if filters.since is not None:
        found.append(row.contact_at >= filters.since)
    if filters.until is not None:
        found.append(row.contact_at < filters.until)
    if filters.fatal:
        found.append(row.fatal)
    return found + _of_state(filters.state)


def _of_state(state: str) -> list[ColumnElement[bool]]:
    row = assessments.c
    if state == "done":
        return [row.state != "draft"]
    if state in ("draft", "disputed"):  # named in the statement, for the index of these few
        return [row.state == literal_column(f"'{state}'")]
    return [row.state == state] if state else []
