"""Pages of lists that are short and read whole (users): the same cursors as the long ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from callcenter.queries.paging import Page, decode_cursor, encode_cursor
from web.api.fields import PageQuery

T = TypeVar("T")


def page_of(rows: Sequence[T], key: Callable[[T], int], query: PageQuery) -> Page[T]:
    """By ascending `key`, which must be unique."""
    after = decode_cursor(query.cursor, int)[0] if query.cursor else 0
    rest = sorted((row for row in rows if key(row) > after), key=key)
    items = tuple(rest[: query.limit])
    more = len(rest) > len(items)
    return Page(items, encode_cursor(key(items[-1])) if more else None)
