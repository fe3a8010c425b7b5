"""What all tables share: how constraints are named, and indexes of some of the rows."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def partial(name: str, where: str, *columns: str, sqlite: str = "", unique: bool = False) -> Index:
    """An index of the rows `where` holds for. SQLite uses it only for a condition written alike:
    with the value in the statement (`literal_column("'open'")`), not as a parameter.
    """
    return Index(
        name,
        *columns,
        unique=unique,
        postgresql_where=text(where),
        sqlite_where=text(sqlite or where),
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    told = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({told})", name=column)
