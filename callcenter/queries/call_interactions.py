"""From a call to the interaction that it left."""

from __future__ import annotations

from sqlalchemy import Connection, select

from callcenter.store import archive
from callcenter.store.tables import interactions


@archive.steadily
def id_of_call(connection: Connection, call_id: str) -> int | None:
    found = connection.scalar(select(interactions.c.id).where(interactions.c.call_id == call_id))
    return found if found is not None else archive.id_of_call(connection, call_id)
