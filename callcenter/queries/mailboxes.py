"""How far mailboxes were read, for those who watch over the product."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from callcenter.store.tables import mail_positions


def read_at(connection: Connection) -> dict[tuple[str, str], datetime]:
    """(account, folder) → when it was last looked through to its end."""
    columns = mail_positions.c
    query = select(columns.account, columns.folder, columns.at)
    return {(row[0], row[1]): row[2] for row in connection.execute(query)}
