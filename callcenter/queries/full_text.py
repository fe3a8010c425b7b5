"""Texts that hold words which begin so: an index of tokens on PostgreSQL, FTS5 on SQLite. The words
are folded on both sides by `channels.words`; the databases compare letters and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, column, func, literal_column, select, table

from callcenter.channels.words import asked
from callcenter.store.tables import meetings, messages, notes

SEARCHED: tuple[Table, ...] = (notes, messages, meetings)


def holds(connection: Connection, source: Table, text: str) -> ColumnElement[bool] | None:
    """Rows of notes, messages or meetings; None: nothing was asked."""
    words = asked(text)
    if not words:
        return None
    if connection.dialect.name == "sqlite":
        index: Any = table(f"{source.name}_fts", column("rowid"))
        query = " ".join(f'"{word}"*' for word in words)
        matches = literal_column(f"{source.name}_fts").op("MATCH")(query)
        return source.c.id.in_(select(index.c.rowid).where(matches))
    config: ColumnElement[Any] = literal_column("'simple'::regconfig")
    query = " & ".join(f"'{word}':*" for word in words)
    return func.to_tsvector(config, source.c.words).op("@@")(func.to_tsquery(config, query))
