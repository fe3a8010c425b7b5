"""Keeps meetings, each with its one interaction."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from callcenter.channels.contact import Contact
from callcenter.channels.figures import Figures
from callcenter.channels.words import indexed
from callcenter.store import contact_rows
from callcenter.store.tables import meetings
from callcenter.store.text import clipped, storable, text_limits

_LIMITS: Final = text_limits(meetings)


class MeetingRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        contact: Contact,
        figures: Figures,
        *,
        title: str,
        place: str,
        minutes: int,
        notes: str,
        user_id: int,
    ) -> int:
        interaction_id = contact_rows.add(self._connection, contact, figures)
        row = {
            "customer_id": contact.customer_id,
            "interaction_id": interaction_id,
            "title": title,
            "place": place,
            "at": contact.started_at,
            "minutes": minutes,
            "notes": storable(notes),
            "user_id": user_id,
            "words": indexed(title, place, notes),
        }
        self._connection.execute(meetings.insert().values(clipped(row, _LIMITS)))
        return interaction_id
