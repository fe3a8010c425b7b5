"""Keeps surveys, whom they were put to, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from callcenter.ports.surveys import Talked
from callcenter.store import survey_rows
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.survey_rows import ANSWER
from callcenter.store.tables import (
    call_channels,
    calls,
    contact_points,
    customers,
    interactions,
    survey_answers,
    surveys,
)
from callcenter.store.text import clipped, text_limits
from callcenter.surveys.answering import Answer
from callcenter.surveys.survey import Survey

_LIMITS: Final = text_limits(survey_answers)
_LONGEST_CALL: Final = timedelta(hours=6)


class SurveyRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Survey]:
        return survey_rows.every(self._connection)

    def get(self, survey_id: int) -> Survey | None:
        return survey_rows.one(self._connection, survey_id)

    def add(self, survey: Survey) -> int:
        made = surveys.insert().values(survey_rows.columns(survey)).returning(surveys.c.id)
        survey_id = self._connection.scalar(made)
        assert survey_id is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(survey_id)

    def save(self, survey: Survey) -> None:
        values = survey_rows.columns(survey)
        self._connection.execute(update(surveys).where(surveys.c.id == survey.id).values(values))

    def has_answers(self, survey_id: int) -> bool:
        query = select(survey_answers.c.id).where(survey_answers.c.survey_id == survey_id)
        return self._connection.scalar(query.limit(1)) is not None

    def remove(self, survey_id: int) -> None:
        self._connection.execute(delete(surveys).where(surveys.c.id == survey_id))

    def talk_of(self, pbx: str, uniqueid: str) -> Talked | None:
        query = (
            _talks()
            .join(call_channels, call_channels.c.call_id == calls.c.id)
            .where(call_channels.c.uniqueid == uniqueid, call_channels.c.pbx == pbx)
            .order_by(call_channels.c.at.desc())
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return Talked(**row._mapping) if row is not None else None

    def talks(
        self, queues: Sequence[str], since: datetime, until: datetime, limit: int
    ) -> Sequence[Talked]:
        row, asked = interactions.c, survey_answers.c
        known = select(asked.id).where(asked.call_id == row.call_id).exists()
        query = (
            _talks()
            .where(
                among(self._connection, row.queue, sorted(queues)),
                row.started_at > since - _LONGEST_CALL,
                row.started_at < until,
                row.ended_at > since,
                row.ended_at <= until,
                row.result == "answered",
                row.direction == "inbound",
                ~known,
            )
            .order_by(row.ended_at, row.id)
            .limit(limit)
        )
        return [Talked(**found._mapping) for found in self._connection.execute(query)]

    def asked_since(self, customer_id: int | None, number: str, since: datetime) -> bool:
        row = survey_answers.c
        theirs = []
        if customer_id is not None:
            theirs.append(row.customer_id == customer_id)
        if number:
            theirs.append(row.number == number)
        if not theirs:
            return False
        query = select(row.id).where(or_(*theirs), row.asked_at > since, row.state != "refused")
        return self._connection.scalar(query.limit(1)) is not None

    def ask(self, values: Mapping[str, Any]) -> int | None:
        bulk.insert_missing(self._connection, survey_answers, [clipped(dict(values), _LIMITS)])
        row = survey_answers.c
        query = select(row.id).where(
            row.call_id == values["call_id"], row.asked_at == values["asked_at"]
        )
        found: int | None = self._connection.scalar(query)
        return found

    def answer(self, answer_id: int) -> Answer | None:
        return self._one(select(*ANSWER).where(survey_answers.c.id == answer_id))

    def by_call(self, call_id: str) -> Answer | None:
        return self._one(select(*ANSWER).where(survey_answers.c.call_id == call_id))

    def by_token(self, token_digest: str) -> Answer | None:
        theirs = select(*ANSWER).where(survey_answers.c.token_digest == token_digest)
        return self._one(theirs.with_for_update())

    def change(self, answer_id: int, values: Mapping[str, Any]) -> None:
        self._connection.execute(
            update(survey_answers)
            .where(survey_answers.c.id == answer_id)
            .values(clipped(dict(values), _LIMITS))
        )

    def unlinked(self, since: datetime, limit: int) -> Sequence[Answer]:
        row = survey_answers.c
        query = (
            select(*ANSWER)
            .where(row.interaction_id.is_(None), row.asked_at > since)
            .order_by(row.asked_at, row.id)
            .limit(limit)
        )
        return survey_rows.answers(self._connection.execute(query))

    def _one(self, query: Select[Any]) -> Answer | None:
        found = survey_rows.answers(self._connection.execute(query))
        return found[0] if found else None


def _talks() -> Select[Any]:
    row, point = interactions.c, contact_points.c
    email = (
        select(point.value)
        .where(
            point.customer_id == row.customer_id,
            point.kind == "email",
            point.opted_out.is_(False),
            point.invalid.is_(False),
        )
        .order_by(point.id)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        calls.c.id.label("call_id"),
        calls.c.pbx,
        row.id.label("interaction_id"),
        row.customer_id,
        row.operator_id,
        row.number,
        row.queue,
        row.ended_at,
        func.coalesce(customers.c.language, "").label("language"),
        func.coalesce(email, "").label("email"),
    ).select_from(
        interactions.join(calls, calls.c.id == row.call_id).outerjoin(
            customers, customers.c.id == row.customer_id
        )
    )
