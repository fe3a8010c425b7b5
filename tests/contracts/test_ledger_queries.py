"""What administrators see of the ledger, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from callcenter.calls.ledger import LedgerPosition, SetAside
from callcenter.calls.repair import Repair, RepairCause
from callcenter.errors import Invalid
from callcenter.queries import ledger
from tests.support.call_records import call_record
from tests.support.store import NOW, Store

BOUNDS = [NOW - timedelta(days=2), NOW - timedelta(days=1), NOW]


def aside(position: int, **changes: Any) -> SetAside:
    plain: dict[str, Any] = {"pbx": "a", "source": "file", "file": "x.csv", "reason": "torn"}
    return SetAside(**{**plain, "line": '"HANG', "at": NOW, "position": position, **changes})


def test_calls_are_counted_by_day_and_by_what_the_ledger_said(store: Store) -> None:
    said: list[tuple[str, float, RepairCause | None, bool]] = [
        ("a/1", 40, None, True),
        ("a/2", 39, None, False),
        ("a/3", 10, "corrected", True),
        ("a/4", 9, "missed", True),
        ("a/5", 8, "unfinished", True),
        ("a/6", 100, None, True),
    ]
    with store.unit_of_work() as uow:
        for call_id, hours, cause, settled in said:
            began = NOW - timedelta(hours=hours)
            uow.calls.save_many([call_record(call_id, pbx="a", started_at=began)], {})
            if settled:
                uow.calls.settled([call_id], NOW)
            if cause is not None:
                one, two = (
                    Repair(call_id=call_id, at=NOW, cause=cause, field=field, before="", after="x")
                    for field in ("result", "dialed")
                )
                uow.repairs.record([one, two])
        uow.commit()
    with store.engine.connect() as connection:
        before, last = ledger.days(connection, BOUNDS)
    assert before == ledger.LedgerDay(confirmed=1, waiting=1)
    assert last == ledger.LedgerDay(corrected=2, found=1)


def test_a_ledger_is_shown_by_its_sources_and_how_far_each_has_come(store: Store) -> None:
    position = LedgerPosition(
        pbx="a", source="file", file_id="f1", path="/x.csv", offset=5, read_to=10, at=NOW
    )
    with store.unit_of_work() as uow:
        uow.ledger.save_position(position)
        uow.ledger.set_aside([aside(1), aside(2), aside(3, pbx="b")])
        assert uow.ledger.receive("b", "f2", "/y.csv", 0, b"x" * 100, NOW) == 100
        uow.commit()
    with store.engine.connect() as connection:
        a, b = ledger.sources(connection)
        assert ledger.received(connection, "b") == b.received
        assert ledger.received(connection, "a") is None
    assert (a.pbx, a.position, a.received, a.set_aside, a.behind) == ("a", position, None, 2, None)
    assert (b.pbx, b.position, b.behind) == ("b", None, 100)


def test_lines_set_aside_are_paged_the_newest_first(store: Store) -> None:
    rows = [aside(n, at=NOW + timedelta(seconds=n // 2)) for n in range(7)]
    with store.unit_of_work() as uow:
        uow.ledger.set_aside(rows)
        uow.commit()
    seen: list[int] = []
    cursor = None
    with store.engine.connect() as connection:
        while True:
            page = ledger.set_aside(connection, "a", cursor, 3)
            seen += [one.position for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert ledger.set_aside(connection, "nobody", None, 3).items == ()
        with pytest.raises(Invalid):
            ledger.set_aside(connection, None, "rubbish", 3)
    assert sorted(seen) == list(range(7))
    assert seen[0] == 6
