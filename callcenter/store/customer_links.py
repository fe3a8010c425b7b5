"""Everything that points at a customer, found from the tables themselves, so that a table which
comes later cannot be forgotten when two cards become one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Connection, UniqueConstraint, select, tuple_, update

from callcenter.store.repositories.base import chunks
from callcenter.store.tables import customers, metadata

OF_THE_CARD: Final = frozenset(
    {"phone_numbers", "contact_points", "addresses", "memberships", "customer_tags"}
)
"""Part of the card itself: the card that stays gets its own, joined from both."""

WORKED_OUT: Final = frozenset(
    {"customer_words", "duplicate_keys", "customer_figures", "customer_name_words"}
)
"""Made anew from the rest."""

ABOUT_CARDS: Final = frozenset(
    {"duplicate_pairs", "merges", "customers", "bulk_targets", "caller_pins"}
)
"""Say something of cards as cards: which ones were alike, joined, or changed together, and by which
PIN a card opens: nobody becomes somebody else by theirs."""

_SMALL: Final = 200
Moved = dict[str, list[list[Any]]]


@cache
def links() -> tuple[Column[Any], ...]:
    """The columns whose rows go over to the card that stays."""
    return tuple(column for column in every_link() if column.table.name not in _LEFT)


_LEFT: Final = OF_THE_CARD | WORKED_OUT | ABOUT_CARDS


def every_link() -> tuple[Column[Any], ...]:
    found = (
        key.parent
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is customers.c.id
    )
    return tuple(sorted(found, key=str))


def move(connection: Connection, from_id: int, to_id: int) -> Moved:
    """Every row goes over, but for those the other card has already. Column → keys of the rows."""
    found = {str(link): _move(connection, link, from_id, to_id) for link in links()}
    return {name: keys for name, keys in found.items() if keys}


def move_back(connection: Connection, moved: Moved, from_id: int, to_id: int) -> None:
    """Those rows that still are where `move` brought them."""
    columns = {str(link): link for link in links()}
    for name, keys in moved.items():
        if name in columns:
            _set(connection, columns[name], keys, from_id, to_id)


def used(connection: Connection, customer_ids: Sequence[int]) -> set[int]:
    """Those that something points at which is no part of their own card."""
    found: set[int] = set()
    for some in chunks(list(customer_ids)):
        for link in links():
            found |= set(connection.scalars(select(link).where(link.in_(some)).distinct()))
    return found


def _move(connection: Connection, link: Column[Any], from_id: int, to_id: int) -> list[list[Any]]:
    key = _key(link)
    rows = connection.execute(select(link, *key).where(link == from_id).order_by(*key)).all()
    keys = [list(row[1:]) for row in rows]
    for rest in _only_once(link):
        twice = _twice(connection, link, rest, from_id, to_id)
        keys = [one for one in keys if tuple(one) not in twice]
    _set(connection, link, keys, from_id, to_id)
    return keys


def _twice(
    connection: Connection, link: Column[Any], rest: Sequence[Column[Any]], *ids: int
) -> set[tuple[Any, ...]]:
    """Rows that can be there only once stay behind where the other card has one."""
    from_id, to_id = ids
    key = _key(link)
    query = select(link, *rest).where(link == to_id)
    there = {tuple(row[1:]) for row in connection.execute(query)}
    if not there:
        return set()
    theirs = connection.execute(select(link, *key, *rest).where(link == from_id))
    split = 1 + len(key)
    return {tuple(row[1:split]) for row in theirs if tuple(row[split:]) in there}


def _set(
    connection: Connection, link: Column[Any], keys: Sequence[list[Any]], from_id: int, to_id: int
) -> None:
    columns = _key(link)
    change = update(link.table).where(link == from_id).values({link.name: to_id})
    for some in chunks(keys, _SMALL):
        if not columns:  # the customer alone is the key
            connection.execute(change)
        elif len(columns) == 1:
            connection.execute(change.where(columns[0].in_([one[0] for one in some])))
        else:
            theirs = tuple_(*columns).in_([tuple(one) for one in some])
            connection.execute(change.where(theirs))


def _key(link: Column[Any]) -> list[Column[Any]]:
    """What tells a row of its table from the customer's others."""
    return [column for column in link.table.primary_key.columns if column is not link]


@cache
def _only_once(link: Column[Any]) -> tuple[tuple[Column[Any], ...], ...]:
    """For each rule that a customer has such a row only once: the other columns of the rule."""
    table = link.table
    rules = [list(table.primary_key.columns)]
    rules += [
        list(rule.columns) for rule in table.constraints if isinstance(rule, UniqueConstraint)
    ]
    rules += [list(index.columns) for index in table.indexes if index.unique]
    return tuple(
        tuple(column for column in rule if column is not link) for rule in rules if link in rule
    )
