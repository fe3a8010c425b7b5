"""Finds cards that share something, in small bites; keeps which ones may be one person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    and_,
    delete,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)

from callcenter.customers.names import sort_key
from callcenter.duplicates.keys import BLOCK_LIMITS, name_keys
from callcenter.duplicates.likeness import Likened
from callcenter.duplicates.pair import Pair, PairState, Search
from callcenter.store import likened_rows
from callcenter.store.repositories import bulk
from callcenter.store.repositories.base import chunks, insert
from callcenter.store.sets import among
from callcenter.store.tables import (
    customers,
    duplicate_keys,
    duplicate_pairs,
    duplicate_searches,
    organizations,
    phone_numbers,
)
from callcenter.store.tables.contacts import contact_points

_THE_SEARCH: Final = 1
_MOST_OF_ONE: Final = 20
"""A number of more people than that is a switchboard that nobody marked."""
_OPEN: Final = duplicate_pairs.c.state == literal_column("'open'")


@dataclass(frozen=True, slots=True)
class Groups:
    position: str
    groups: tuple[tuple[int, ...], ...]


class DuplicateRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- what cards are compared by --------------------------------------------------------------

    def index(self, customer_ids: Sequence[int]) -> None:
        for ids in chunks(sorted(set(customer_ids))):
            self._index(self.likened(ids), ids)

    def _index(self, cards: Mapping[int, Likened], ids: Sequence[int]) -> None:
        wanted = {
            (key, one.id)
            for one in cards.values()
            for key in name_keys(one.name, sorted(one.organization_ids), one.city)
        }
        theirs = among(self._connection, duplicate_keys.c.customer_id, ids)
        stored = {
            tuple(row) for row in self._connection.execute(select(duplicate_keys).where(theirs))
        }
        for some in chunks(sorted(stored - wanted), 200):
            gone = tuple_(duplicate_keys.c.key, duplicate_keys.c.customer_id).in_(list(some))
            self._connection.execute(delete(duplicate_keys).where(gone))
        new = [{"key": key, "customer_id": one} for key, one in sorted(wanted - stored)]
        bulk.insert_missing(self._connection, duplicate_keys, new)

    def reindex_after(self, position: str, limit: int) -> tuple[str, int]:
        query = select(customers.c.id).where(customers.c.id > int(position or 0))
        ids = list(self._connection.scalars(query.order_by(customers.c.id).limit(limit)))
        self.index(ids)
        return (str(ids[-1]) if len(ids) == limit else "", len(ids))

    def likened(self, customer_ids: Sequence[int]) -> dict[int, Likened]:
        return likened_rows.likened(self._connection, customer_ids)

    def organizations_named(self, name: str) -> list[int]:
        query = select(organizations.c.id).where(organizations.c.sort_name == sort_key(name))
        return list(self._connection.scalars(query.order_by(organizations.c.id).limit(3)))

    # -- who shares something --------------------------------------------------------------------

    def near(self, card: Likened, keys: Sequence[str], limit: int) -> list[int]:
        run = self._connection.scalars
        phones, points = phone_numbers.c, contact_points.c
        found: dict[int, None] = {}
        if card.phones:
            same = and_(phones.e164.in_(sorted(card.phones)), phones.shared == false())
            found |= dict.fromkeys(run(select(phones.customer_id).where(same).limit(limit)))
        if card.points:
            pairs = [
                and_(points.kind == kind, points.value_key == value)
                for kind, value in sorted(card.points)
            ]
            query = select(points.customer_id).where(or_(*pairs)).limit(limit)
            found |= dict.fromkeys(run(query))
        for key in keys:
            table = duplicate_keys.c
            query = select(table.customer_id).where(table.key == key)
            most = BLOCK_LIMITS[key[0]]
            sharing = list(run(query.limit(most + 1)))
            found |= dict.fromkeys(sharing if len(sharing) <= most else ())
        found.pop(card.id, None)
        return list(found)[:limit]

    def blocks(self, step: str, position: str, limit: int) -> Groups:
        if step == "phones":
            return self._shared(phone_numbers.c.e164, position, limit, _MOST_OF_ONE)
        if step == "points":
            return self._shared(contact_points.c.value_key, position, limit, _MOST_OF_ONE)
        return self._shared(duplicate_keys.c.key, position, limit, max(BLOCK_LIMITS.values()))

    def _shared(self, column: Column[Any], position: str, limit: int, most: int) -> Groups:
        """The next values that several cards have, and whose they are."""
        owner = column.table.c.customer_id
        several = (
            select(column)
            .where(column > position)
            .group_by(column)
            .having(func.count() > 1)
            .order_by(column)
            .limit(limit)
        )
        values = list(self._connection.scalars(several))
        query = select(column, owner).where(among(self._connection, column, values))
        if "shared" in column.table.c:
            query = query.where(column.table.c.shared == false())
        groups: dict[str, set[int]] = {}
        for value, customer_id in self._connection.execute(query):
            groups.setdefault(value, set()).add(customer_id)
        found = tuple(
            tuple(sorted(ids))
            for value, ids in sorted(groups.items())
            if 1 < len(ids) <= _most_of(column, value, most)
        )
        return Groups(values[-1] if len(values) == limit else "", found)

    # -- pairs -----------------------------------------------------------------------------------

    def store(self, pairs: Sequence[Pair], at: datetime) -> int:
        if not pairs:
            return 0
        known = self._known([(pair.a_id, pair.b_id) for pair in pairs])
        statement = insert(self._connection, duplicate_pairs)
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["a_id", "b_id"],
            set_={"score": new.score, "reasons": new.reasons},
            where=_OPEN,
        )
        rows = [asdict(pair) | {"reasons": list(pair.reasons), "found_at": at} for pair in pairs]
        self._connection.execute(statement, rows)
        return len(pairs) - known

    def _known(self, pairs: Sequence[tuple[int, int]]) -> int:
        known = 0
        for some in chunks(pairs, 200):
            theirs = tuple_(duplicate_pairs.c.a_id, duplicate_pairs.c.b_id).in_(list(some))
            query = select(func.count()).select_from(duplicate_pairs).where(theirs)
            known += int(self._connection.scalar(query) or 0)
        return known

    def forget_open(self, pairs: Sequence[tuple[int, int]]) -> None:
        for some in chunks(list(pairs), 200):
            theirs = tuple_(duplicate_pairs.c.a_id, duplicate_pairs.c.b_id).in_(list(some))
            self._connection.execute(delete(duplicate_pairs).where(_OPEN, theirs))

    def open_after(self, position: str, limit: int) -> list[Pair]:
        table = duplicate_pairs.c
        a_id, b_id = (int(part) for part in (position or "0:0").split(":"))
        query = (
            select(table.a_id, table.b_id, table.score, table.reasons)
            .where(_OPEN, tuple_(table.a_id, table.b_id) > (a_id, b_id))
            .order_by(table.a_id, table.b_id)
            .limit(limit)
        )
        return [
            Pair(a_id=row.a_id, b_id=row.b_id, score=row.score, reasons=tuple(row.reasons))
            for row in self._connection.execute(query)
        ]

    def decide(
        self, a_id: int, b_id: int, state: PairState, *, user_id: int | None, at: datetime
    ) -> None:
        decided = state != "open"
        values: dict[str, Any] = {
            "state": state,
            "decided_by": user_id if decided else None,
            "decided_at": at if decided else None,
        }
        pair = {"a_id": a_id, "b_id": b_id, "score": 0, "reasons": [], "found_at": at}
        statement = insert(self._connection, duplicate_pairs).values(**pair, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["a_id", "b_id"], set_=values)
        )

    def state_of(self, a_id: int, b_id: int) -> PairState | None:
        table = duplicate_pairs.c
        query = select(table.state).where(table.a_id == a_id, table.b_id == b_id)
        found: PairState | None = self._connection.scalar(query)
        return found

    # -- the search over the whole base ----------------------------------------------------------

    def search(self) -> Search | None:
        query = select(duplicate_searches).where(duplicate_searches.c.id == _THE_SEARCH)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        values = dict(row._mapping)
        del values["id"]
        return Search(**values)

    def save_search(self, search: Search) -> None:
        values = asdict(search)
        statement = insert(self._connection, duplicate_searches).values(id=_THE_SEARCH, **values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["id"], set_=values)
        )


def _most_of(column: Column[Any], value: str, most: int) -> int:
    return BLOCK_LIMITS[value[0]] if column.table is duplicate_keys else most
