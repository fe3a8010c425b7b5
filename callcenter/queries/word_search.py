"""Finds customers by the beginnings of words, as written or by spelling key: each an index range.

The rarest word leads; the others are looked up for each customer who has it. Where nobody is found
so, a word may also be another one of the vocabulary with typing errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    or_,
    select,
)

from callcenter.customers.names import prefix_end, words
from callcenter.finding.words import joined_words, key_of
from callcenter.queries.near_words import near_words
from callcenter.store.sets import among
from callcenter.store.tables import customer_words, customers

CANDIDATES = 100
"""So many are ranked; of more than so many with the same words no one is better than another."""
_MOST_WORDS = 6
_RARE = 10_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A word of what was typed: its beginning as written, its key's, and words it may be."""

    word: str
    key: str
    near: tuple[str, ...] = ()


def wanted_words(text: str) -> tuple[Wanted, ...]:
    """`o'conn` is one word, as it is kept; whatever else stands between letters parts them."""
    parts = [word for part in re.split(r"\s+", text) for word in joined_words(part) or words(part)]
    return tuple(Wanted(one, key_of(one) or one) for one in dict.fromkeys(parts))[:_MOST_WORDS]


def with_near(connection: Connection, wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(one.word, one.key, tuple(near_words(connection, one.key))) for one in wanted
    )


def customer_ids(
    connection: Connection,
    wanted: Sequence[Wanted],
    seen: Sequence[ColumnElement[bool]],
    limit: int = CANDIDATES,
) -> list[int]:
    """Who has all these words, at most `limit`; the shortest words of the leading one first."""
    if not wanted:
        return []
    leading, *others = _rarest_first(connection, wanted)
    found: dict[int, None] = {}
    for way in _ways(connection, leading):
        if len(found) < limit:
            query = _having(connection, way, others, seen).limit(limit)
            found.update(dict.fromkeys(row[0] for row in connection.execute(query)))
    return list(found)[:limit]


def _having(
    connection: Connection,
    way: Callable[[Column[str]], ColumnElement[bool]],
    others: Sequence[Wanted],
    seen: Sequence[ColumnElement[bool]],
) -> Select[Any]:
    """In the index's own order, so that the first are had without reading all."""
    table = customer_words.alias("leading")
    return (
        select(table.c.customer_id, table.c.word)
        .select_from(table.join(customers, customers.c.id == table.c.customer_id))
        .where(
            way(table.c.word),
            customers.c.deleted_at.is_(None),
            *seen,
            *(_has(connection, other) for other in others),
        )
        .order_by(table.c.word, table.c.customer_id)
    )


def _rarest_first(connection: Connection, wanted: Sequence[Wanted]) -> list[Wanted]:
    """By how many have each, counted no further than matters."""
    if len(wanted) == 1:
        return list(wanted)
    counts: list[Any] = []
    for one in wanted:
        ways = [_some(way) for way in _ways(connection, one)]
        counts.append(sum(ways[1:], start=ways[0]))
    row: Row[Any] = connection.execute(select(*counts)).one()
    places = sorted(range(len(wanted)), key=lambda place: row[place])
    return [wanted[place] for place in places]


def _some(way: Callable[[Column[str]], ColumnElement[bool]]) -> Any:
    table = customer_words.alias()
    some = select(table.c.word).where(way(table.c.word)).limit(_RARE)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _has(connection: Connection, one: Wanted) -> ColumnElement[bool]:
    other = customer_words.alias()
    return exists().where(
        other.c.customer_id == customers.c.id, _begins(connection, other.c.word, one)
    )


def _begins(connection: Connection, column: Column[str], one: Wanted) -> ColumnElement[bool]:
    return or_(*(way(column) for way in _ways(connection, one)))


def _ways(
    connection: Connection, one: Wanted
) -> list[Callable[[Column[str]], ColumnElement[bool]]]:
    """Each a range (or a list) of one index: as written, by key, and by words that may be meant."""
    starts = dict.fromkeys((one.word, one.key))
    ways: list[Callable[[Column[str]], ColumnElement[bool]]] = [
        partial(_within, start) for start in starts
    ]
    if one.near:
        ways.append(partial(_is_among, connection, one.near))
    return ways


def _within(start: str, column: Column[str]) -> ColumnElement[bool]:
    return and_(column >= start, column < prefix_end(start))


def _is_among(
    connection: Connection, near: Sequence[str], column: Column[str]
) -> ColumnElement[bool]:
    return among(connection, column, near)
