"""Statements compiled once for all databases of a run: each test has an engine of its own, which
compiled every statement of its pages anew.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.util import LRUCache

from callcenter.store import engine as engines

# Of all pages and services together, on both databases; an engine's own has 500.
_KEPT = 5_000


class _Compiled(MutableMapping[Any, Any]):
    """What SQLAlchemy keeps for one engine, of all engines that differ in their address alone.

    It asks by dialect, an object of each engine, and by statement: here a dialect is what it
    speaks with which server, so SQLite and PostgreSQL never see each other's.
    """

    def __init__(self) -> None:
        self._kept: LRUCache[Any, Any] = LRUCache(_KEPT)

    def get(self, key: Any, default: Any = None) -> Any:
        return self._kept.get(_shared(key), default)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[_shared(key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        self._kept[_shared(key)] = value

    def __delitem__(self, key: Any) -> None:
        del self._kept[_shared(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


def _shared(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect: Dialect = key[0]
    return (type(dialect), dialect.server_version_info, *key[1:])


def share_compiled_statements() -> None:
    """Of all engines that the product makes in this process from now on."""
    make, compiled = engines.create, _Compiled()

    def sharing(url: str, **more: Any) -> Engine:
        engine = make(url, **more)
        engine._compiled_cache = compiled
        return engine

    engines.create = sharing
