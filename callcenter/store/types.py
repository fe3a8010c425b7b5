"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware datetimes in, aware UTC out. A naive datetime is a mistake of the caller.

    SQLite has no zone: there it is written as fixed-width naive UTC, which sorts as text.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value.isoformat()}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite gives out row ids only for a column declared exactly INTEGER.
Id = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")
Money = BigInteger().with_variant(Integer(), "sqlite")


def code_text(length: int) -> TypeEngine[str]:
    """Text compared byte by byte, so that a prefix is an index range whatever the locale."""
    return String(length).with_variant(postgresql.VARCHAR(length, collation="C"), "postgresql")
