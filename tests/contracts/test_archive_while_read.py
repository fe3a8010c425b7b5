"""Whatever becomes of a month between two statements of somebody who reads, every contact of it is
shown whole, and once. On both databases: PostgreSQL tells each statement what is so at its moment.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from re import Pattern
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert

from callcenter.calls.record import SoundFile
from callcenter.queries import (
    archived,
    calls,
    decisions,
    explanations,
    interactions,
    personal_data,
    recordings,
    timeline,
)
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.timeline import TimelineFilters
from callcenter.rights.viewer import EVERYTHING
from callcenter.services import archive_steps
from callcenter.store.archive_shapes import TABLES
from callcenter.store.tables import routing_decisions
from tests.support.archives import MONTH, OLD, Old, old_calls
from tests.support.store import TODAY, Store

Reader = Callable[[Connection, Old], Any]


def listed(connection: Connection, _old: Old) -> Any:
    return [one.id for one in interactions.page(connection, InteractionFilters(), None, 9).items]


def on_the_card(connection: Connection, old: Old) -> Any:
    asked = TimelineFilters(customer_id=old.maria, kinds=frozenset({"call"}))
    return [one.id for one in timeline.page(connection, asked, None, 9, TODAY).items]


def behind_a_number(connection: Connection, old: Old) -> Any:
    return archived.contacts(connection, sorted(old.ids.values()), TODAY)


class Between:
    """Lets something happen once, right before a connection's n-th statement about the archive's
    months: what moves is asked, a view of them is made, and what moves is asked again."""

    def __init__(self, connection: Connection, number: int, happens: Callable[[], object]) -> None:
        self._left, self._happens = number, happens
        event.listen(connection, "before_cursor_execute", self._before)

    def _before(self, _one: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "archive_months" in statement:
            self._left -= 1
            if self._left == 0:
                self._happens()

    @property
    def over(self) -> bool:
        """Whether there was no such statement."""
        return self._left > 0


def life_of_a_month(old: Old) -> Iterator[Callable[[], object]]:
    """All that becomes of it: moved, one contact written to and so brought back, its files made
    anew without that one, and brought back whole."""
    yield old.ask_move
    while [one.state for one in old.known()] != ["moved"]:
        yield old.step

    def write_to_one() -> None:
        with old.store.unit_of_work() as uow:
            assert uow.archive.bring_back([old.ids["pbx/10.1"]]) == 1
            uow.commit()

    yield write_to_one
    yield old.step
    yield old.ask_restore
    while old.known():
        yield old.step


@pytest.mark.parametrize("read", [listed, on_the_card, behind_a_number])
def test_a_reader_misses_nothing_and_sees_nothing_twice_while_a_month_moves(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Reader
) -> None:
    monkeypatch.setattr(archive_steps, "_LOT", 1)
    old = old_calls(store, tmp_path / "archive", many=1)
    with old.store.engine.connect() as connection:
        whole = read(connection, old)
    for number in (2, 3):
        happened = 0
        for happens in life_of_a_month(old):
            with old.store.engine.connect() as connection:
                between = Between(connection, number, happens)
                assert read(connection, old) == whole, (number, old.known())
            if between.over:  # nobody looks into the archive before there is one
                happens()
            else:
                happened += 1
        assert happened >= 6


CALL = "pbx/10.1"
_MOVES = re.compile(rf"\b({'|'.join((*TABLES, 'archive_months', 'archive_returned'))})\b")


OF_ONE: dict[str, Reader] = {
    "contact": lambda one, old: interactions.get(one, old.ids[CALL], TODAY),
    "explained": lambda one, old: explanations.get(one, old.ids[CALL], TODAY),
    "evidence": lambda one, _: explanations.of_call(one, CALL),
    "journal": lambda one, _: explanations.journal(one, CALL),
    "heard": lambda one, old: recordings.of_interaction(one, old.ids[CALL]),
    "hearable": lambda one, old: recordings.hearable(one, sorted(old.ids.values()), EVERYTHING),
    "record": lambda one, _: calls.get(one, CALL),
    "decided": lambda one, _: decisions.of_call(one, CALL),
}


class Before:
    """Lets something happen once, right before a connection's n-th statement about some tables."""

    def __init__(
        self,
        connection: Connection,
        about: Pattern[str],
        number: int,
        happens: Callable[[], object],
    ) -> None:
        self._about, self.left, self._happens = about, number, happens
        self.statement = ""
        event.listen(connection, "before_cursor_execute", self._before)

    def _before(self, _one: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if self._about.search(statement):
            self.left -= 1
            if self.left == 0:
                self.statement = statement
                self._happens()


class Wanderer:
    """One contact that goes to the archive and comes back, each in one transaction."""

    def __init__(self, old: Old) -> None:
        self.store, self._id = old.store, old.ids[CALL]
        self.away = True

    def goes(self) -> None:
        with self.store.unit_of_work() as uow:
            if self.away:
                assert uow.archive.bring_back([self._id]) == 1
            else:
                uow.archive.take_out(uow.archive.read([self._id], lock=True))
                uow.archive.clear_struck(MONTH, [self._id])
                uow.archive.save(MONTH, datetime.now(UTC), {"stale": False})
            uow.commit()
        self.away = not self.away


def record_and_route(old: Old) -> None:
    decided = {"pbx": "pbx", "uniqueid": "10.1", "number": "", "dialed": "", "route": "queue"}
    decided |= {"rule": "", "facts": {}, "failed_open": False, "micros": 1, "decided_at": OLD}
    with old.store.unit_of_work() as uow:
        record = uow.calls.get(CALL)
        assert record is not None
        caller, callee = record.legs
        sound = SoundFile(file="10.wav", started_at=OLD, stopped_at=OLD)
        spoken = replace(callee, answered_at=OLD, recordings=(sound,))
        made = replace(record, legs=(caller, spoken))
        uow.calls.save_many([made], uow.users.endpoint_map())
        uow.connection.execute(insert(routing_decisions).values(decided))
        uow.commit()


def read_while_it_moves(
    wanderer: Wanderer,
    read: Callable[[Connection], object],
    whole: object,
    about: Pattern[str] = _MOVES,
    numbers: tuple[int, int] = (1, 1),
) -> int:
    """Once for each statement right before which it may come back, or go. How many there are."""
    first, step = numbers
    next_one, ended = {True: first, False: first}, set[bool]()
    while len(ended) < len(next_one):
        away = wanderer.away
        with wanderer.store.engine.connect() as connection:
            before = Before(connection, about, next_one[away], wanderer.goes)
            assert read(connection) == whole, (away, before.statement)
        if before.left > 0:
            ended.add(away)
            wanderer.goes()
        else:
            next_one[away] += step
    return min(one // step for one in next_one.values())


# The other one tells a reader all of one moment; files never change.
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@ON_POSTGRESQL
def test_who_reads_one_contact_gets_all_of_it_whenever_it_goes_or_comes_back(
    store: Store, tmp_path: Path
) -> None:
    old = old_calls(store, tmp_path / "archive", many=1)
    record_and_route(old)
    with old.store.engine.connect() as connection:
        whole = {name: read(connection, old) for name, read in OF_ONE.items()}
    assert all(whole.values())
    old.move()
    wanderer = Wanderer(old)
    for name, read in OF_ONE.items():
        step = 2 if name == "explained" else 1  # what comes in between a contact is asked as well

        def told(connection: Connection, read: Reader = read) -> object:
            return read(connection, old)

        assert read_while_it_moves(wanderer, told, whole[name], numbers=(step, step)) > 2, name


@ON_POSTGRESQL
def test_a_persons_copy_is_whole_and_tells_nothing_twice_whatever_moves_meanwhile(
    store: Store, tmp_path: Path
) -> None:
    old = old_calls(store, tmp_path / "archive", many=1)
    with old.store.engine.connect() as connection:
        whole = personal_data.everything(connection, old.maria)
    assert whole is not None
    old.move()

    def told(connection: Connection) -> object:
        return personal_data.everything(connection, old.maria)

    # What moves is asked, the database read, the archive looked into, what moves asked again.
    where = re.compile(r"\barchive_months\b")
    assert read_while_it_moves(Wanderer(old), told, whole, where, (2, 3)) > 2
