"""Rows of surveys and answers as the values they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from callcenter.store.tables import survey_answers, surveys
from callcenter.surveys.answering import Answer
from callcenter.surveys.survey import Survey, questions_from_json, questions_to_json

ANSWER: Final = tuple(survey_answers.c[one.name] for one in fields(Answer))
_NAMES: Final = tuple(one.name for one in fields(Survey))


def every(connection: Connection) -> tuple[Survey, ...]:
    query = select(surveys).order_by(surveys.c.title, surveys.c.id)
    return tuple(survey(row) for row in connection.execute(query))


def one(connection: Connection, survey_id: int) -> Survey | None:
    row = connection.execute(select(surveys).where(surveys.c.id == survey_id)).one_or_none()
    return survey(row) if row is not None else None


def survey(row: Row[Any]) -> Survey:
    told = {name: row._mapping[name] for name in _NAMES}
    told["questions"] = questions_from_json(row.questions)
    return Survey(**told | {"queues": tuple(row.queues), "ways": tuple(row.ways)})


def columns(kept: Survey) -> dict[str, Any]:
    told = {name: getattr(kept, name) for name in _NAMES if name != "id"}
    lists = {"queues": list(kept.queues), "ways": list(kept.ways)}
    return told | lists | {"questions": questions_to_json(kept.questions)}


def answers(rows: Iterable[Row[Any]]) -> tuple[Answer, ...]:
    return tuple(Answer(**row._mapping) for row in rows)
