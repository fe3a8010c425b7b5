"""Finds customers by the beginnings of words, as written or by spelling key: each an index range.

The rarest word leads; the others are looked up for each customer who has it, or, where many have
each, their ranges are met. Where nobody is found so, a word may also be another one of the
vocabulary with typing errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Subquery,
    and_,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    union_all,
)

from callcenter.customers.names import prefix_end, words
from callcenter.finding.words import joined_words, key_of
from callcenter.queries.near_words import near_words
from callcenter.store.sets import among
from callcenter.store.tables import customer_words, customers

CANDIDATES = 100
"""So many are ranked; of more than so many with the same words no one is better than another."""
_MOST_WORDS = 6
_RARE = 1_000
"""Of a word that no more have, each of them is looked up."""
_MANY = 15_000
"""So many of a range are counted, and met with others."""
_ALL = 1_000_000

Way = Callable[[Column[str]], ColumnElement[bool]]


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
    counts = _counts(connection, wanted)
    leading, *others = sorted(wanted, key=lambda one: counts[one])
    found: dict[int, None] = {}
    for way in _ways(connection, leading):
        if len(found) < limit:
            for query in _questions(connection, way, counts, (leading, *others), seen):
                ids = [row[0] for row in connection.execute(query.limit(limit))]
                if len(ids) == limit:
                    break
            found.update(dict.fromkeys(ids))
    return list(found)[:limit]


def _questions(
    connection: Connection,
    way: Way,
    counts: Mapping[Wanted, int],
    wanted: Sequence[Wanted],
    seen: Sequence[ColumnElement[bool]],
) -> Iterator[Select[Any]]:
    """Each to be asked only if the one before did not find enough. Of a rare word everyone is
    asked for the others; of common ones the beginnings of their ranges are met with each other,
    which is enough unless people are seldom called so together."""
    others = [_ways(connection, one) for one in wanted[1:]]
    if not others or counts[wanted[0]] <= _RARE:
        yield _having(way, seen, others)
        return
    yield _met(way, others, seen, _MANY)
    if any(count >= _MANY for count in counts.values()):
        _make_room(connection)
        yield _met(way, others, seen, _ALL)


def _make_room(connection: Connection) -> None:
    """A set that a planner believes to be too large for its memory it would go through anew for
    every customer, and not come to an end."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL work_mem = '128MB'"))


def _having(
    way: Way, seen: Sequence[ColumnElement[bool]], others: Sequence[Sequence[Way]]
) -> Select[Any]:
    """In the index's own order, so that the first are had without reading all."""
    table = customer_words.alias("leading")
    return (
        select(table.c.customer_id, table.c.word)
        .where(
            way(table.c.word),
            *(_has(table.c.customer_id, ways) for ways in others),
            _shown(table.c.customer_id, seen),
        )
        .order_by(table.c.word, table.c.customer_id)
    )


def _has(customer_id: ColumnElement[int], ways: Sequence[Way]) -> ColumnElement[bool]:
    """Looked up for each customer: a planner would rather read all who have the word."""
    other = customer_words.alias()
    query = select(other.c.customer_id).where(
        other.c.customer_id == customer_id, or_(*(way(other.c.word) for way in ways))
    )
    return query.limit(1).scalar_subquery().is_not(None)


def _shown(
    customer_id: ColumnElement[int], seen: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool]:
    query = select(customers.c.id).where(
        customers.c.id == customer_id, customers.c.deleted_at.is_(None), *seen
    )
    return query.scalar_subquery().is_not(None)


def _met(
    way: Way,
    others: Sequence[Sequence[Way]],
    seen: Sequence[ColumnElement[bool]],
    most: int,
) -> Select[Any]:
    """Those of the first `most` with the one word who are among the first with the others. What is
    read is the index alone, one range after the other. The fence (OFFSET 0) keeps a planner from
    looking everyone up before it is known whom."""
    leading = _first(way, most)
    both = (
        select(leading.c.customer_id, leading.c.word)
        .where(*(_is_first_of(leading.c.customer_id, ways, most) for ways in others))
        .order_by(leading.c.word, leading.c.customer_id)
        .offset(literal_column("0"))
        .subquery()
    )
    return (
        select(both.c.customer_id, both.c.word)
        .where(_shown(both.c.customer_id, seen))
        .order_by(both.c.word, both.c.customer_id)
    )


def _is_first_of(
    customer_id: ColumnElement[int], ways: Sequence[Way], most: int
) -> ColumnElement[bool]:
    """A set that is made once and looked into. Asked so (IS TRUE), a planner does not take it for
    a join, whose way it would choose by how few it believes to begin so."""
    people = union_all(*(select(_first(one, most).c.customer_id) for one in ways))
    return customer_id.in_(people).is_(true())


def _first(way: Way, most: int) -> Subquery:
    table = customer_words.alias()
    return (
        select(table.c.word, table.c.customer_id)
        .where(way(table.c.word))
        .order_by(table.c.word, table.c.customer_id)
        .limit(most)
        .subquery()
    )


def _counts(connection: Connection, wanted: Sequence[Wanted]) -> dict[Wanted, int]:
    """How many have each, counted no further than matters."""
    if len(wanted) == 1:
        return {wanted[0]: 0}
    counts: list[Any] = []
    for one in wanted:
        ways = [_some(way) for way in _ways(connection, one)]
        counts.append(sum(ways[1:], start=ways[0]))
    row: Row[Any] = connection.execute(select(*counts)).one()
    return dict(zip(wanted, row, strict=True))


def _some(way: Way) -> Any:
    table = customer_words.alias()
    # In the index's order: of a common beginning too, no more is read than is counted.
    some = (
        select(table.c.word)
        .where(way(table.c.word))
        .order_by(table.c.word, table.c.customer_id)
        .limit(_MANY)
    )
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def _ways(connection: Connection, one: Wanted) -> list[Way]:
    """Each a range (or a list) of one index: as written, by key, and by words that may be meant."""
    starts = dict.fromkeys((one.word, one.key))
    ways: list[Way] = [partial(_within, start) for start in starts]
    if one.near:
        ways.append(partial(_is_among, connection, one.near))
    return ways


def _within(start: str, column: Column[str]) -> ColumnElement[bool]:
    return and_(column >= start, column < prefix_end(start))


def _is_among(
    connection: Connection, near: Sequence[str], column: Column[str]
) -> ColumnElement[bool]:
    return among(connection, column, near)
