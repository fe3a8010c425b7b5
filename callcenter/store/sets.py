"""`column is one of these values`, written so that any number of values is one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, any_, literal
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine, UserDefinedType

_SENT_AS_TEXT: Final[Sequence[set[type]]] = (set(), {int}, {str})


def among(
    connection: Connection, column: Column[Any], values: Iterable[Any]
) -> ColumnElement[bool]:
    """PostgreSQL gets one array: hundreds of parameters cost its driver more than the look-up."""
    wanted = list(values)
    if connection.dialect.name != "postgresql":
        return column.in_(wanted)
    if set(map(type, wanted)) in _SENT_AS_TEXT:
        return column == any_(literal(array_text(wanted), _array_of(column.type)))
    return column == any_(literal(wanted, ARRAY(column.type)))


class ArrayText(UserDefinedType[str]):
    """An array that travels as one text: its driver asks of every item what it is."""

    cache_ok = True
    render_bind_cast = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item

    def get_col_spec(self, **_how: Any) -> str:
        return ARRAY(self.item).compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]


@lru_cache(maxsize=256)  # SQLAlchemy looks at every new type for longer than at its values
def _array_of(item: TypeEngine[Any]) -> ArrayText:
    return ArrayText(item)


def array_text(values: Sequence[int] | Sequence[str]) -> str:
    """As PostgreSQL writes an array of numbers or of texts."""
    if not values or isinstance(values[0], int):
        return f"{{{','.join(map(str, values))}}}"
    texts = [str(one) for one in values]
    together = "".join(texts)
    if "\\" in together or '"' in together:
        texts = [one.replace("\\", "\\\\").replace('"', '\\"') for one in texts]
    return '{"' + '","'.join(texts) + '"}'
