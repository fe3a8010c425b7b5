"""Keeps assessments with their answers, what was drawn for them, and calibration rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from callcenter.assessments.assessment import Assessment, Round
from callcenter.assessments.sampling import Contact, Drawn, Item, Rules, rules_to_json
from callcenter.assessments.scoring import Given
from callcenter.ports.assessments import Assessable, SampleMade, StoredItem
from callcenter.store import assessment_counts, assessment_rows
from callcenter.store.assessment_rows import ASSESSMENT
from callcenter.store.repositories import bulk
from callcenter.store.sets import among
from callcenter.store.tables import (
    assessment_answers,
    assessments,
    calibrations,
    interactions,
    sample_items,
    samples,
    users,
)
from callcenter.store.text import clipped, text_limits

_ANSWER: Final = tuple(one.name for one in fields(Given))
_KEPT: Final = (*(name for name in _ANSWER if name != "question"), "share")
_LIMITS: Final = text_limits(assessments)
_ANSWER_LIMITS: Final = text_limits(assessment_answers)


class AssessmentRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contact(self, interaction_id: int) -> Assessable | None:
        row = interactions.c
        query = select(
            row.operator_id, row.channel, row.queue, row.started_at, _was_held().label("done")
        ).where(row.id == interaction_id)
        found = self._connection.execute(query).one_or_none()
        if found is None:
            return None
        return Assessable(
            interaction_id=interaction_id,
            operator_id=found.operator_id,
            channel=found.channel,
            queue=found.queue,
            at=found.started_at,
            done=bool(found.done),
        )

    def add(self, assessment: Assessment) -> int | None:
        told = {column.name: getattr(assessment, column.name) for column in ASSESSMENT}
        del told["id"]
        bulk.insert_missing(self._connection, assessments, [clipped(told, _LIMITS)])
        row = assessments.c
        query = select(row.id).where(
            row.interaction_id == assessment.interaction_id,
            row.card_id == assessment.card_id,
            row.assessor_id == assessment.assessor_id,
            row.created_at == assessment.created_at,
            row.calibration_id == assessment.calibration_id
            if assessment.calibration_id is not None
            else row.calibration_id.is_(None),
        )
        found: int | None = self._connection.scalar(query)
        return found

    def get(self, assessment_id: int) -> Assessment | None:
        return self._one(assessments.c.id == assessment_id)

    def of_contact(self, interaction_id: int, card_id: int) -> Assessment | None:
        row = assessments.c
        return self._one(
            and_(
                row.interaction_id == interaction_id,
                row.card_id == card_id,
                row.calibration_id.is_(None),
            )
        )

    def change(self, assessment_id: int, version: int, values: Mapping[str, Any]) -> bool:
        row = assessments.c
        query = (
            update(assessments)
            .where(row.id == assessment_id, row.version == version)
            .values(**clipped(dict(values), _LIMITS), version=version + 1)
        )
        return bool(self._connection.execute(query).rowcount)

    def remove(self, assessment_id: int) -> None:
        for column in (assessment_answers.c.assessment_id, assessments.c.id):
            self._connection.execute(delete(column.table).where(column == assessment_id))

    def answers(self, assessment_id: int) -> dict[str, Given]:
        return assessment_rows.answers_of(self._connection, [assessment_id])[assessment_id]

    def put_answer(self, assessment_id: int, given: Given, share: int | None) -> None:
        told = {name: getattr(given, name) for name in _ANSWER} | {"share": share}
        bulk.upsert(
            self._connection,
            assessment_answers,
            [{"assessment_id": assessment_id, **clipped(told, _ANSWER_LIMITS)}],
            keys=("assessment_id", "question"),
            changes=_KEPT,
        )

    def waiting(self, user_ids: Sequence[int]) -> dict[int, dict[str, int]]:
        return assessment_counts.counted(self._connection, user_ids)

    def operators(self) -> Sequence[int]:
        query = select(users.c.id).where(users.c.role == "operator", users.c.active)
        return list(self._connection.scalars(query.order_by(users.c.id)))

    def contacts(
        self,
        card_id: int,
        since: datetime,
        until: datetime,
        *,
        rules: Rules,
        operator_ids: Sequence[int],
        limit: int,
    ) -> Sequence[Contact]:
        row = interactions.c
        query = (
            select(
                row.id.label("interaction_id"),
                row.operator_id,
                row.channel,
                row.direction,
                row.queue,
                row.started_at.label("at"),
                row.talk_seconds,
                _is_known(card_id).label("assessed"),
            )
            .where(
                row.started_at >= since,
                row.started_at < until,
                among(self._connection, row.operator_id, operator_ids),
                row.channel.in_(rules.channels),
                _was_held(),
            )
            .limit(limit)
        )
        if rules.queues:
            query = query.where(row.queue.in_(rules.queues))
        if rules.direction:
            query = query.where(row.direction == rules.direction)
        found = self._connection.execute(query)
        return [Contact(**{**one._mapping, "assessed": bool(one.assessed)}) for one in found]

    def drawn(self, card_id: int, week: date) -> dict[int, int]:
        item = sample_items.c
        query = (
            select(item.operator_id, func.count().label("many"))
            .join(samples, samples.c.id == item.sample_id)
            .where(samples.c.card_id == card_id, samples.c.week == week, item.state != "aside")
            .group_by(item.operator_id)
        )
        return {row.operator_id: row.many for row in self._connection.execute(query)}

    def add_sample(self, made: SampleMade, drawn: Drawn) -> int:
        outcome = [
            {"operator": one, "fitting": many, "short": drawn.short.get(one, 0)}
            for one, many in sorted(drawn.fitting.items())
        ]
        values = {one.name: getattr(made, one.name) for one in fields(SampleMade)}
        values |= {"rules": rules_to_json(made.rules), "outcome": outcome}
        query = samples.insert().values(values).returning(samples.c.id)
        sample_id = self._connection.scalar(query)
        assert sample_id is not None  # noqa: S101 (RETURNING of one inserted row)
        rows = [
            {name: getattr(one, name) for name in Item.__slots__} | {"sample_id": sample_id}
            for one in drawn.items
        ]
        if rows:
            self._connection.execute(sample_items.insert(), rows)
        return int(sample_id)

    def item(self, item_id: int) -> StoredItem | None:
        item = sample_items.c
        query = (
            select(sample_items, samples.c.card_id)
            .join(samples, samples.c.id == item.sample_id)
            .where(item.id == item_id)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        told = Item(**{name: row._mapping[name] for name in Item.__slots__})
        return StoredItem(
            id=row.id, sample_id=row.sample_id, card_id=row.card_id, item=told, state=row.state
        )

    def take_item(self, interaction_id: int, card_id: int) -> int | None:
        item = sample_items.c
        query = (
            select(item.id)
            .join(samples, samples.c.id == item.sample_id)
            .where(
                item.interaction_id == interaction_id,
                item.state == "open",
                samples.c.card_id == card_id,
            )
            .limit(1)
        )
        found: int | None = self._connection.scalar(query)
        if found is not None:
            self.set_item(found, "taken")
        return found

    def set_item(self, item_id: int, state: str, reason: str = "") -> None:
        mine = update(sample_items).where(sample_items.c.id == item_id)
        self._connection.execute(mine.values(state=state, reason=reason[:255]))

    def add_round(self, made: Round) -> int:
        told = {one.name: getattr(made, one.name) for one in fields(Round) if one.name != "id"}
        told["assessor_ids"] = list(made.assessor_ids)
        query = calibrations.insert().values(told).returning(calibrations.c.id)
        round_id = self._connection.scalar(query)
        assert round_id is not None  # noqa: S101 (RETURNING of one inserted row)
        return int(round_id)

    def round(self, round_id: int) -> Round | None:
        query = select(calibrations).where(calibrations.c.id == round_id).with_for_update()
        row = self._connection.execute(query).one_or_none()
        return assessment_rows.calibration(row) if row is not None else None

    def of_round(self, round_id: int, assessor_id: int) -> Assessment | None:
        row = assessments.c
        return self._one(and_(row.calibration_id == round_id, row.assessor_id == assessor_id))

    def close_round(self, round_id: int, at: datetime) -> None:
        mine = update(calibrations).where(calibrations.c.id == round_id)
        self._connection.execute(mine.values(closed_at=at))

    def _one(self, condition: ColumnElement[bool]) -> Assessment | None:
        query = select(*ASSESSMENT).where(condition).with_for_update()
        row = self._connection.execute(query).one_or_none()
        return assessment_rows.assessment(row) if row is not None else None


def _was_held() -> ColumnElement[bool]:
    """Somebody of ours spoke with them, or the conversation in writing came to its end."""
    row = interactions.c
    return or_(
        and_(row.channel == "call", row.result == "answered", row.ended_at.is_not(None)),
        and_(row.channel != "call", row.ended_at.is_not(None)),
    )


def _is_known(card_id: int) -> ColumnElement[bool]:
    """Assessed by this card, or drawn for it."""
    row, item = assessments.c, sample_items.c
    done = select(row.id).where(
        row.interaction_id == interactions.c.id,
        row.card_id == card_id,
        row.calibration_id.is_(None),
    )
    waiting = (
        select(item.id)
        .join(samples, samples.c.id == item.sample_id)
        .where(item.interaction_id == interactions.c.id, samples.c.card_id == card_id)
    )
    return or_(done.exists(), waiting.exists())
