"""Rows of score cards, assessments, answers and rounds as the values they stand for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, select

from callcenter.assessments.assessment import Assessment, Round
from callcenter.assessments.card import ScoreCard, sections_from_json
from callcenter.assessments.scoring import Given
from callcenter.store.sets import among
from callcenter.store.tables import (
    assessment_answers,
    assessments,
    calibrations,
    score_card_versions,
    score_cards,
)

ASSESSMENT: Final = tuple(assessments.c[one.name] for one in fields(Assessment))
ANSWER: Final = tuple(assessment_answers.c[one.name] for one in fields(Given))


def cards() -> Select[Any]:
    """In the version that counts now."""
    now = and_(
        score_card_versions.c.card_id == score_cards.c.id,
        score_card_versions.c.number == score_cards.c.number,
    )
    return _card_columns().select_from(score_cards.join(score_card_versions, now))


def versions() -> Select[Any]:
    return _card_columns().select_from(
        score_cards.join(score_card_versions, score_card_versions.c.card_id == score_cards.c.id)
    )


def every_card(connection: Connection) -> tuple[ScoreCard, ...]:
    found = connection.execute(cards().order_by(score_cards.c.title, score_cards.c.id))
    return tuple(map(card, found))


def one_card(connection: Connection, card_id: int) -> ScoreCard | None:
    row = connection.execute(cards().where(score_cards.c.id == card_id)).one_or_none()
    return card(row) if row is not None else None


def card_version(connection: Connection, version_id: int) -> ScoreCard | None:
    query = versions().where(score_card_versions.c.id == version_id)
    row = connection.execute(query).one_or_none()
    return card(row) if row is not None else None


def card(row: Row[Any]) -> ScoreCard:
    return ScoreCard(
        id=row.id,
        version_id=row.version_id,
        number=row.number,
        version=row.version,
        title=row.title,
        sections=sections_from_json(row.sections),
        queues=tuple(row.queues),
        channels=tuple(row.channels),
        pass_score=row.pass_score,
        active=row.active,
    )


def assessment(row: Row[Any]) -> Assessment:
    return Assessment(**{column.name: row._mapping[column.name] for column in ASSESSMENT})


def answers_of(connection: Connection, ids: list[int]) -> dict[int, dict[str, Given]]:
    table = assessment_answers.c
    query = select(table.assessment_id, *ANSWER).where(among(connection, table.assessment_id, ids))
    found: dict[int, dict[str, Given]] = {one: {} for one in ids}
    for row in connection.execute(query):
        told = {column.name: row._mapping[column.name] for column in ANSWER}
        found[row.assessment_id][row.question] = Given(**told)
    return found


def calibration(row: Row[Any]) -> Round:
    told = {one.name: row._mapping[one.name] for one in fields(Round)}
    return Round(**told | {"assessor_ids": tuple(row.assessor_ids)})


def calibration_columns() -> tuple[Any, ...]:
    return tuple(calibrations.c[one.name] for one in fields(Round))


def _card_columns() -> Select[Any]:
    return select(
        score_cards.c.id,
        score_cards.c.title,
        score_cards.c.queues,
        score_cards.c.channels,
        score_cards.c.active,
        score_cards.c.version,
        score_card_versions.c.id.label("version_id"),
        score_card_versions.c.number,
        score_card_versions.c.sections,
        score_card_versions.c.pass_score,
    )
