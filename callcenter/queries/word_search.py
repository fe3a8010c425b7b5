"""Conditions that find customers by the beginnings of words, each an index range."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, select

from callcenter.customers.names import prefix_end, words
from callcenter.store.tables import customer_words, customers


def customer_ids(text: str, limit: int) -> Select[tuple[int]] | None:
    """Ids of at most `limit` customers who have, for each word of the text, one that begins so.

    The longest word leads, because it leaves the fewest; the others are looked up per customer.
    """
    wanted = sorted(words(text), key=len, reverse=True)
    if not wanted:
        return None
    leading = customer_words.alias("leading")
    conditions: Sequence[ColumnElement[bool]] = [
        leading.c.word >= wanted[0],
        leading.c.word < prefix_end(wanted[0]),
        customers.c.deleted_at.is_(None),
    ]
    return (
        select(leading.c.customer_id)
        .select_from(leading.join(customers, customers.c.id == leading.c.customer_id))
        .where(and_(*conditions, *(_has(word) for word in wanted[1:])))
        .order_by(leading.c.word, leading.c.customer_id)
        .limit(limit)
    )


def _has(prefix: str) -> ColumnElement[bool]:
    other = customer_words.alias()
    return exists().where(
        other.c.customer_id == customers.c.id,
        other.c.word >= prefix,
        other.c.word < prefix_end(prefix),
    )
