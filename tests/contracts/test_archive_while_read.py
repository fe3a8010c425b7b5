"""Whatever becomes of a month between two statements of somebody who reads, every contact of it is
shown, and once. On both databases: PostgreSQL tells each statement what is so at its moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from callcenter.queries import archived, interactions, timeline
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.timeline import TimelineFilters
from callcenter.services import archive_steps
from tests.support.archives import Old, old_calls
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
