"""Writes the interactions of conversations and meetings; each of their repositories uses it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, update

from callcenter.channels.contact import Contact
from callcenter.channels.figures import Figures
from callcenter.store import report_marks
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import now
from callcenter.store.tables import interaction_candidates, interactions
from callcenter.store.text import clipped, storable_json, text_limits

_LIMITS: Final = text_limits(interactions)


def add(connection: Connection, contact: Contact, figures: Figures) -> int:
    moment = now()
    values = {
        "channel": contact.channel,
        "direction": contact.direction,
        "number": contact.number,
        "number_raw": contact.number_raw,
        "number_kind": contact.number_kind,
        "dialed": contact.dialed,
        "queue": contact.queue,
        "subject": contact.subject,
        "customer_id": contact.customer_id,
        "match": contact.match,
        "operator_id": contact.operator_id,
        "started_at": contact.started_at,
        "hold_seconds": 0.0,
        "explanation": storable_json(dict(contact.explanation)),
        "created_at": moment,
        "updated_at": moment,
        **told(figures),
    }
    added = connection.scalar(
        interactions.insert().values(clipped(values, _LIMITS)).returning(interactions.c.id)
    )
    interaction_id = int(added or 0)
    report_marks.mark(connection, "contacts", [contact.started_at])
    rows = [{"interaction_id": interaction_id, "customer_id": one} for one in contact.candidate_ids]
    bulk.insert_missing(connection, interaction_candidates, rows)
    return interaction_id


def change(connection: Connection, interaction_id: int, values: dict[str, Any]) -> None:
    row = clipped({**values, "updated_at": now()}, _LIMITS)
    mine = interactions.c.id == interaction_id
    started = connection.scalar(
        update(interactions).where(mine).values(row).returning(interactions.c.started_at)
    )
    if started is not None:
        report_marks.mark(connection, "contacts", [started])


def told(figures: Figures) -> dict[str, Any]:
    return {
        "result": figures.result,
        "answered_at": figures.answered_at,
        "ended_at": figures.ended_at,
        "wait_seconds": figures.wait_seconds,
        "talk_seconds": figures.talk_seconds,
        "handle_seconds": figures.handle_seconds,
    }
