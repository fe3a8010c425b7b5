"""What assessments come to: by operator, queue, card, question, assessor, channel, week and month.

Mean score = Σ scores ÷ number of final assessments with a score; a contact counts when it began.
Drafts and calibration rounds count nowhere, and nobody's week without an assessment is a zero: it
is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, select

from callcenter.queries.visibility import assessments_seen_by
from callcenter.reports.periods import Part, Period
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import assessment_rows
from callcenter.store.tables import (
    assessment_answers,
    assessments,
    score_card_versions,
    score_cards,
    users,
)

By = Literal[
    "all", "operator", "queue", "card", "question", "assessor", "channel", "day", "week", "month"
]
_PARTS: Final[dict[str, Part]] = {"day": "day", "week": "week", "month": "month"}
MOST_ROWS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFilters:
    operator_id: int | None = None
    queue: str | None = None
    card_id: int | None = None
    assessor_id: int | None = None
    viewer: Viewer = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """`n`: final assessments, `scored`: those with a score, `total`: hundredths of a percent
    together. `passed` of `judged`: those whose card says what a pass is."""

    n: int = 0
    scored: int = 0
    total: int = 0
    fatal: int = 0
    passed: int = 0
    judged: int = 0
    disputed: int = 0

    @property
    def mean(self) -> Fraction | None:
        """In percent; None where nothing was scored."""
        return Fraction(self.total, self.scored * 100) if self.scored else None

    @property
    def pass_rate(self) -> Fraction | None:
        return Fraction(self.passed * 100, self.judged) if self.judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreGroup:
    """`key`: an operator's, card's or assessor's id, a queue, a channel, a question's key, or what
    names a part of the period (`start` is when it begins)."""

    key: Any
    name: str
    scores: Scores
    start: datetime | None = None


def scores(
    connection: Connection, period: Period, by: By = "all", filters: ScoreFilters | None = None
) -> tuple[ScoreGroup, ...]:
    """By name; parts of the period in order, those without an assessment as well."""
    asked = filters or ScoreFilters()
    if by in _PARTS:
        return _by_part(connection, period, _PARTS[by], asked)
    if by == "question":
        return _by_question(connection, period, asked)
    return _by_column(connection, period, by, asked)


def lines(
    connection: Connection, period: Period, part: Part, by: By, filters: ScoreFilters
) -> dict[Any, tuple[ScoreGroup, ...]]:
    """A trend for each operator, queue or question: key → groups in order of time."""
    buckets = period.buckets(part)
    if not buckets:
        return {}
    place = _place([one.end for one in buckets])
    key = {"operator": assessments.c.operator_id, "queue": assessments.c.queue}.get(by)
    query = (
        _counted(key.label("key"), place.label("place"))
        if key is not None
        else _answered(assessment_answers.c.question.label("key"), place.label("place"))
    )
    grouped = assessment_answers.c.question if key is None else key
    query = query.where(*_within(period, filters)).group_by(grouped, place).limit(MOST_ROWS)
    found: dict[Any, dict[int, Scores]] = {}
    for row in connection.execute(query):
        found.setdefault(row.key, {})[row.place] = _scores(row)
    return {
        one: tuple(
            ScoreGroup(key=bucket.key, name="", scores=told.get(n, Scores()), start=bucket.start)
            for n, bucket in enumerate(buckets)
        )
        for one, told in found.items()
    }


def _by_part(
    connection: Connection, period: Period, part: Part, filters: ScoreFilters
) -> tuple[ScoreGroup, ...]:
    buckets = period.buckets(part)
    place = _place([one.end for one in buckets])
    query = _counted(place.label("place")).where(*_within(period, filters)).group_by(place)
    found = {row.place: _scores(row) for row in connection.execute(query)}
    return tuple(
        ScoreGroup(key=one.key, name="", scores=found.get(n, Scores()), start=one.start)
        for n, one in enumerate(buckets)
    )


def _by_column(
    connection: Connection, period: Period, by: By, filters: ScoreFilters
) -> tuple[ScoreGroup, ...]:
    row = assessments.c
    conditions = _within(period, filters)
    if by == "all":
        found = connection.execute(_counted().where(*conditions)).one()
        return (ScoreGroup(key="", name="", scores=_scores(found)),)
    if by in ("queue", "channel"):
        column = row.queue if by == "queue" else row.channel
        query = _counted(column.label("key")).where(*conditions).group_by(column).order_by(column)
        return tuple(
            ScoreGroup(key=one.key, name=one.key, scores=_scores(one))
            for one in connection.execute(query.limit(MOST_ROWS))
        )
    key, name = {
        "operator": (row.operator_id, users.c.display_name),
        "assessor": (row.assessor_id, users.c.display_name),
        "card": (row.card_id, score_cards.c.title),
    }[by]
    other = score_cards.c.id if by == "card" else users.c.id
    query = (
        _counted(key.label("key"), name.label("name"))
        .join(other.table, other == key)
        .where(*conditions)
        .group_by(key, name)
        .order_by(name, key)
        .limit(MOST_ROWS)
    )
    return tuple(
        ScoreGroup(key=one.key, name=one.name, scores=_scores(one))
        for one in connection.execute(query)
    )


def _by_question(
    connection: Connection, period: Period, filters: ScoreFilters
) -> tuple[ScoreGroup, ...]:
    """Of one card, in its order. `scored`: how often it applied; `fatal`: how often it was failed
    with nothing earned."""
    card = assessment_rows.one_card(connection, filters.card_id) if filters.card_id else None
    if card is None:
        return ()
    key = assessment_answers.c.question
    query = _answered(key.label("key")).where(*_within(period, filters)).group_by(key)
    found = {row.key: _scores(row) for row in connection.execute(query)}
    return tuple(
        ScoreGroup(key=one.key, name=one.text, scores=found.get(one.key, Scores()))
        for one in card.questions
    )


def _counted(*keys: ColumnElement[Any]) -> Select[Any]:
    row, card = assessments.c, score_card_versions.c
    judged = and_(card.pass_score > 0, row.score.is_not(None))
    return select(
        *keys,
        func.count().label("n"),
        func.count(row.score).label("scored"),
        func.coalesce(func.sum(row.score), 0).label("total"),
        _sum(row.fatal).label("fatal"),
        _sum(and_(judged, row.score >= card.pass_score)).label("passed"),
        _sum(judged).label("judged"),
        _sum(row.state == "disputed").label("disputed"),
    ).select_from(assessments.join(score_card_versions, card.id == row.card_version_id))


def _answered(*keys: ColumnElement[Any]) -> Select[Any]:
    row = assessment_answers.c
    return select(
        *keys,
        func.count().label("n"),
        func.count(row.share).label("scored"),
        func.coalesce(func.sum(row.share), 0).label("total"),
        _sum(row.share == 0).label("fatal"),
    ).select_from(assessments.join(assessment_answers, row.assessment_id == assessments.c.id))


def _within(period: Period, filters: ScoreFilters) -> list[ColumnElement[bool]]:
    row = assessments.c
    found = [
        row.contact_at >= period.start,
        row.contact_at < period.end,
        row.state != "draft",
        row.calibration_id.is_(None),
        *assessments_seen_by(filters.viewer),
    ]
    for column, value in (
        (row.operator_id, filters.operator_id),
        (row.queue, filters.queue),
        (row.card_id, filters.card_id),
        (row.assessor_id, filters.assessor_id),
    ):
        if value is not None:
            found.append(column == value)
    return found


def _place(ends: Sequence[datetime]) -> ColumnElement[Any]:
    row = assessments.c.contact_at
    return case(*((row < end, number) for number, end in enumerate(ends)), else_=-1)


def _scores(row: Row[Any]) -> Scores:
    told = {name: int(value) for name, value in row._mapping.items() if name in Scores.__slots__}
    return replace(Scores(), **told)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
