"""Keeps score cards and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, or_, select, update

from callcenter.assessments.card import ScoreCard, sections_to_json
from callcenter.store import assessment_rows
from callcenter.store.tables import (
    assessments,
    calibrations,
    samples,
    score_card_versions,
    score_cards,
)


class ScoreCardRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[ScoreCard]:
        return assessment_rows.every_card(self._connection)

    def get(self, card_id: int) -> ScoreCard | None:
        return assessment_rows.one_card(self._connection, card_id)

    def hold(self, card_id: int) -> ScoreCard | None:
        row = score_cards.c.id
        self._connection.execute(select(row).where(row == card_id).with_for_update())
        return self.get(card_id)

    def of_version(self, version_id: int) -> ScoreCard | None:
        return assessment_rows.card_version(self._connection, version_id)

    def add(self, card: ScoreCard, user_id: int | None, at: datetime) -> int:
        made = score_cards.insert().values(**_frame(card), number=1, version=1)
        card_id = self._connection.scalar(made.returning(score_cards.c.id))
        assert card_id is not None  # noqa: S101 (RETURNING of one inserted row)
        self._add_version(int(card_id), 1, card, user_id, at)
        return int(card_id)

    def save(self, card: ScoreCard, expected: int) -> bool:
        row = score_cards.c
        query = (
            update(score_cards)
            .where(row.id == card.id, row.version == expected)
            .values(**_frame(card), version=expected + 1)
        )
        return bool(self._connection.execute(query).rowcount)

    def put_questions(self, card: ScoreCard, user_id: int | None, at: datetime) -> None:
        table = score_card_versions
        now = self.get(card.id)
        if now is not None and not self._version_is_used(now.version_id):
            told = {"sections": sections_to_json(card.sections), "pass_score": card.pass_score}
            of_it = update(table).where(table.c.id == now.version_id)
            self._connection.execute(of_it.values(**told, made_by=user_id, made_at=at))
            return
        number = now.number + 1 if now is not None else 1
        self._add_version(card.id, number, card, user_id, at)
        mine = update(score_cards).where(score_cards.c.id == card.id)
        self._connection.execute(mine.values(number=number))

    def is_used(self, card_id: int) -> bool:
        version = score_card_versions.c
        rounds = select(calibrations.c.id).join(
            score_card_versions, version.id == calibrations.c.card_version_id
        )
        return any(
            self._connection.scalar(query.limit(1)) is not None
            for query in (
                select(assessments.c.id).where(assessments.c.card_id == card_id),
                select(samples.c.id).where(samples.c.card_id == card_id),
                rounds.where(version.card_id == card_id),
            )
        )

    def remove(self, card_id: int) -> None:
        for table, column in (
            (score_card_versions, score_card_versions.c.card_id),
            (score_cards, score_cards.c.id),
        ):
            self._connection.execute(delete(table).where(column == card_id))

    def _add_version(
        self, card_id: int, number: int, card: ScoreCard, user_id: int | None, at: datetime
    ) -> None:
        self._connection.execute(
            score_card_versions.insert().values(
                card_id=card_id,
                number=number,
                sections=sections_to_json(card.sections),
                pass_score=card.pass_score,
                made_by=user_id,
                made_at=at,
            )
        )

    def _version_is_used(self, version_id: int) -> bool:
        query = select(score_card_versions.c.id).where(
            score_card_versions.c.id == version_id,
            or_(
                select(assessments.c.id)
                .where(assessments.c.card_version_id == version_id)
                .exists(),
                select(calibrations.c.id)
                .where(calibrations.c.card_version_id == version_id)
                .exists(),
            ),
        )
        return self._connection.scalar(query) is not None


def _frame(card: ScoreCard) -> dict[str, object]:
    return {
        "title": card.title,
        "queues": list(card.queues),
        "channels": list(card.channels),
        "active": card.active,
    }
