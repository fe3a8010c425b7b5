"""Writes the words that customers are found by, for one or for thousands at a time: always the
same number of statements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from callcenter.finding.near import variants
from callcenter.finding.words import kept_words, vocabulary
from callcenter.store.repositories.base import chunks, insert
from callcenter.store.repositories.bulk import add_columns, insert_missing
from callcenter.store.sets import among
from callcenter.store.tables import (
    customer_words,
    customers,
    memberships,
    name_variants,
    name_words,
    organizations,
)

_LOOKED_UP = 5000


def index_customers(connection: Connection, customer_ids: Collection[int]) -> None:
    """Read their names (and their organisations') as they are now, and keep those words alone."""
    for ids in chunks(sorted(set(customer_ids))):
        connection.execute(
            delete(customer_words).where(among(connection, customer_words.c.customer_id, ids))
        )
        add_words(connection, _names(connection, ids))


def add_words(connection: Connection, names: Mapping[int, Iterable[str]]) -> None:
    """For customers that have no words yet: customer → everything they are called."""
    kept = by_word(names)
    learn(connection, kept)
    rows = [{"word": word, "customer_id": one} for word, one in _pairs(kept)]
    insert_missing(connection, customer_words, rows)


def by_word(names: Mapping[int, Iterable[str]]) -> dict[str, list[int]]:
    """Each word, and whom it belongs to."""
    found: dict[str, list[int]] = {}
    for one in sorted(names):
        for word in kept_words(*names[one]):
            found.setdefault(word, []).append(one)
    return found


def add_words_of_new(connection: Connection, kept: Mapping[str, Sequence[int]]) -> None:
    """Of customers that nobody else can know of yet; their words are learnt already."""
    _add_pairs(connection, customer_words, _pairs(kept))


def _pairs(kept: Mapping[str, Sequence[int]]) -> list[tuple[str, int]]:
    """In the order of the index: next to one another, they cost the database half."""
    return [(word, one) for word in sorted(kept) for one in kept[word]]


def learn(connection: Connection, words: Iterable[str]) -> None:
    """Add to the vocabulary what it has not got; in order, so that two writers take turns."""
    offered = sorted(vocabulary(words))
    for part in chunks(offered, _LOOKED_UP):
        known = set(
            connection.scalars(
                select(name_words.c.word).where(among(connection, name_words.c.word, part))
            )
        )
        if new := [word for word in part if word not in known]:
            _add_to_vocabulary(connection, new)


def _add_to_vocabulary(connection: Connection, words: list[str]) -> None:
    added: list[Any] = []
    statement = insert(connection, name_words).on_conflict_do_nothing(index_elements=["word"])
    for part in chunks(words):
        added += connection.execute(
            statement.values([{"word": word} for word in part]).returning(
                name_words.c.id, name_words.c.word
            )
        ).all()
    pairs = sorted((variant, word_id) for word_id, word in added for variant in variants(word))
    _add_pairs(connection, name_variants, pairs)


def _add_pairs(connection: Connection, table: Table, pairs: Sequence[tuple[Any, int]]) -> None:
    """The words or variants of a table whose first two columns are all it has."""
    if pairs:
        names = table.c.keys()
        add_columns(connection, table, dict(zip(names, zip(*pairs, strict=True), strict=True)))


def _names(connection: Connection, ids: Collection[int]) -> dict[int, list[str]]:
    columns = customers.c
    query = (
        select(
            columns.id,
            columns.display_name,
            columns.given_name,
            columns.family_name,
            organizations.c.name,
        )
        .select_from(
            customers.outerjoin(organizations, organizations.c.id == columns.organization_id)
        )
        .where(among(connection, columns.id, ids))
    )
    found = {row[0]: [text or "" for text in row[1:]] for row in connection.execute(query)}
    further = (
        select(memberships.c.customer_id, organizations.c.name)
        .join(organizations, organizations.c.id == memberships.c.organization_id)
        .where(among(connection, memberships.c.customer_id, ids))
    )
    for customer_id, name in connection.execute(further):
        if customer_id in found:
            found[customer_id].append(name)
    return found
