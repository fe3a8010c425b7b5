"""What callers answered: figures (their formulas: `surveys.answering.Figures`), and the answers
behind each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, select, tuple_

from callcenter.queries.paging import Page, bounded, decode_cursor, encode_cursor
from callcenter.queries.views import UserRef
from callcenter.queries.visibility import answers_seen_by
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.store import survey_rows
from callcenter.store.sets import among
from callcenter.store.tables import messages, survey_answers, surveys, users
from callcenter.surveys.answering import Answer, Figures
from callcenter.surveys.survey import LOW, Survey

SATISFIED: Final = 4
_WEEK: Final = timedelta(days=7)
_NOT_SENT: Final = and_(messages.c.state == "failed", survey_answers.c.state != "answered")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFilters:
    """`score`: low, middle or high; `state`: answered, asked (all of them), refused; `said`: only
    those with words of their own."""

    survey_id: int | None = None
    queue: str | None = None
    operator_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    score: str = ""
    state: str = ""
    said: bool = False
    viewer: Viewer = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    answer: Answer
    survey: Survey
    operator: UserRef | None
    problem: str


@dataclass(frozen=True, slots=True)
class Group:
    """`key`: a queue's name, an operator's id, a week's first moment."""

    key: Any
    name: str
    figures: Figures


def all_surveys(connection: Connection) -> tuple[Survey, ...]:
    return survey_rows.every(connection)


def survey(connection: Connection, survey_id: int) -> Survey | None:
    return survey_rows.one(connection, survey_id)


def figures(connection: Connection, filters: AnswerFilters) -> Figures:
    return _figures(connection.execute(_counted().where(*_conditions(filters))).one())


def by_survey(connection: Connection, filters: AnswerFilters) -> dict[int, Figures]:
    row = survey_answers.c
    query = _counted(row.survey_id).where(*_conditions(filters)).group_by(row.survey_id)
    return {one.survey_id: _figures(one) for one in connection.execute(query)}


def by_queue(connection: Connection, filters: AnswerFilters) -> tuple[Group, ...]:
    row = survey_answers.c
    query = _counted(row.queue).where(*_conditions(filters)).group_by(row.queue)
    found = connection.execute(query.order_by(row.queue))
    return tuple(Group(one.queue, one.queue, _figures(one)) for one in found)


def by_operator(connection: Connection, filters: AnswerFilters) -> tuple[Group, ...]:
    row, name = survey_answers.c, users.c.display_name
    query = (
        _counted(row.operator_id, name)
        .outerjoin(users, users.c.id == row.operator_id)
        .where(*_conditions(filters))
        .group_by(row.operator_id, name)
        .order_by(name)
    )
    found = connection.execute(query)
    return tuple(Group(one.operator_id, one.display_name or "", _figures(one)) for one in found)


def by_week(
    connection: Connection, filters: AnswerFilters, weeks: Sequence[datetime]
) -> tuple[Group, ...]:
    """`weeks`: the first moment of each, in the reader's zone, in order."""
    if not weeks:
        return ()
    asked_at = survey_answers.c.asked_at
    ends = (*weeks[1:], weeks[-1] + _WEEK)
    place = case(*((asked_at < end, number) for number, end in enumerate(ends)), else_=-1)
    whole = replace(filters, since=filters.since or weeks[0], until=filters.until or ends[-1])
    query = _counted(place.label("week")).where(*_conditions(whole)).group_by(place)
    found = {one.week: _figures(one) for one in connection.execute(query)}
    return tuple(Group(week, "", found.get(number, Figures())) for number, week in enumerate(weeks))


def page(
    connection: Connection, filters: AnswerFilters, cursor: str | None, limit: int
) -> Page[AnswerView]:
    """The newest first."""
    limit, row = bounded(limit), survey_answers.c
    query = _all().where(*_conditions(filters)).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(row.asked_at, row.id) < decode_cursor(cursor, datetime, int))
    found = _views(connection, query.order_by(row.asked_at.desc(), row.id.desc()))
    if len(found) <= limit:
        return Page(found)
    last = found[limit - 1].answer
    return Page(found[:limit], encode_cursor(last.asked_at, last.id))


def of_interactions(
    connection: Connection, ids: Sequence[int], viewer: Viewer = EVERYTHING
) -> dict[int, AnswerView]:
    """Interaction → what its caller answered, of those the viewer may read."""
    if not ids:
        return {}
    row = survey_answers.c
    these = among(connection, row.interaction_id, sorted(set(ids)))
    found = _views(connection, _all().where(these, *answers_seen_by(viewer, "read")))
    return {
        one.answer.interaction_id: one for one in found if one.answer.interaction_id is not None
    }


def has_links(connection: Connection) -> bool:
    """Whether any survey sends links now; the worker has nothing to do otherwise."""
    return any(one.active and one.link_ways for one in survey_rows.every(connection))


def has_unlinked(connection: Connection, since: datetime) -> bool:
    row = survey_answers.c
    query = select(row.id).where(row.interaction_id.is_(None), row.asked_at > since)
    return connection.scalar(query.limit(1)) is not None


# -- inside ----------------------------------------------------------------------------------------


def _joined() -> Any:
    return survey_answers.outerjoin(messages, messages.c.id == survey_answers.c.message_id)


def _counted(*keys: ColumnElement[Any]) -> Select[Any]:
    row = survey_answers.c
    answered = row.state == "answered"
    lost = (row.state == "refused") | func.coalesce(_NOT_SENT, False)
    return select(
        *keys,
        func.count().label("every"),
        _sum(lost).label("refused"),
        _sum(answered).label("answered"),
        func.count(row.score).label("n"),
        _sum(row.score >= SATISFIED).label("satisfied"),
        _sum(row.score <= LOW).label("low"),
        func.coalesce(func.sum(row.score), 0).label("total"),
    ).select_from(_joined())


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _figures(row: Row[Any]) -> Figures:
    return Figures(
        asked=row.every - row.refused,
        answered=row.answered,
        n=row.n,
        satisfied=row.satisfied,
        low=row.low,
        total=row.total,
        refused=row.refused,
    )


def _conditions(filters: AnswerFilters) -> list[ColumnElement[bool]]:
    row = survey_answers.c
    found = list(answers_seen_by(filters.viewer, "read"))
    if filters.survey_id is not None:
        found.append(row.survey_id == filters.survey_id)
    if filters.queue is not None:
        found.append(row.queue == filters.queue)
    if filters.operator_id is not None:
        found.append(row.operator_id == filters.operator_id)
    if filters.since is not None:
        found.append(row.asked_at >= filters.since)
    if filters.until is not None:
        found.append(row.asked_at < filters.until)
    if filters.said:
        found.append((row.comment != "") | (row.message != ""))
    return found + _of_score(filters.score) + _of_state(filters.state)


def _of_score(score: str) -> list[ColumnElement[bool]]:
    column = survey_answers.c.score
    known: dict[str, list[ColumnElement[bool]]] = {
        "low": [column <= LOW],
        "middle": [column > LOW, column < SATISFIED],
        "high": [column >= SATISFIED],
        "any": [column.is_not(None)],
    }
    return known.get(score, [])


def _of_state(state: str) -> list[ColumnElement[bool]]:
    column = survey_answers.c.state
    lost = (column == "refused") | func.coalesce(_NOT_SENT, False)
    known: dict[str, list[ColumnElement[bool]]] = {
        "answered": [column == "answered"],
        "asked": [~lost],
        "refused": [lost],
    }
    return known.get(state, [])


def _all() -> Select[Any]:
    row = survey_answers.c
    return (
        select(
            *survey_rows.ANSWER,
            users.c.display_name.label("operator_name"),
            messages.c.error.label("gateway_error"),
        )
        .select_from(_joined())
        .outerjoin(users, users.c.id == row.operator_id)
    )


def _views(connection: Connection, query: Select[Any]) -> tuple[AnswerView, ...]:
    rows = connection.execute(query).all()
    if not rows:
        return ()
    kept = {
        one.id: one
        for one in map(
            survey_rows.survey,
            connection.execute(
                select(surveys).where(surveys.c.id.in_({row.survey_id for row in rows}))
            ),
        )
    }
    return tuple(_view(row, kept[row.survey_id]) for row in rows)


def _view(row: Row[Any], kept: Survey) -> AnswerView:
    told = {column.name: row._mapping[column.name] for column in survey_rows.ANSWER}
    return AnswerView(
        answer=Answer(**told),
        survey=kept,
        operator=_ref(row.operator_id, row.operator_name),
        problem=row.problem or row.gateway_error or "",
    )


def _ref(record_id: int | None, name: str | None) -> UserRef | None:
    return UserRef(id=record_id, display_name=name or "") if record_id is not None else None
