"""The ledger becomes calls in the log, whatever happens to file, process and database meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callcenter.errors import Unavailable
from tests.integration.ledger.conftest import PBX, Readers
from tests.support.ledger import NOON, answered_call, append, line, lost_call, text
from tests.support.waiting import wait_until

Start = Callable[..., Readers]

RESULTS = "select result, talk_seconds from calls order by id"
ASIDE = "select reason, count(*) from ledger_set_aside group by reason order by reason"
PAST = NOON - 10 * 86_400


def calls(first: int, count: int) -> list[list[str]]:
    """Answered calls, one every two minutes."""
    return [answered_call(2 * n, PAST + 120 * n) for n in range(first, first + count)]


def test_calls_of_the_ledger_are_logged_without_any_manager_link(
    start: Start, ledger: Path
) -> None:
    readers = start()
    append(ledger, text(*calls(0, 3)))
    readers.wait_for(RESULTS, [("answered", 10.0)] * 3)
    readers.wait_for("select cause, count(*) from call_repairs group by cause", [("missed", 3)])
    assert readers.rows("select count(*) from calls where settled_at is null") == [(0,)]


def test_what_came_while_nobody_read_is_read_afterwards(start: Start, ledger: Path) -> None:
    append(ledger, text(*calls(0, 1)))
    first = start()
    first.wait_for_calls(1)
    first.stop()
    append(ledger, text(*calls(1, 2)))
    start().wait_for_calls(3)


def test_a_call_cut_in_two_by_our_own_end_is_read_whole(start: Start, ledger: Path) -> None:
    (lines,) = calls(0, 1)
    append(ledger, text(*calls(5, 1), lines[:7]))
    first = start()
    first.wait_for_calls(1)
    wait_until(lambda: first.rows("select read_to from ledger_positions where source = 'file'"))
    first.stop()
    append(ledger, text(lines[7:]))
    second = start()
    second.wait_for(RESULTS, [("answered", 10.0)] * 2)


def test_rotation_under_the_readers_feet_loses_and_doubles_nothing(
    start: Start, ledger: Path
) -> None:
    readers = start()
    append(ledger, text(*calls(12, 1)))
    readers.wait_for_calls(1)
    lines = [one for call in calls(0, 12) for one in call]
    for number, at in enumerate(range(0, len(lines), 20)):
        append(ledger, text(lines[at : at + 13]))
        if number % 2:
            ledger.rename(ledger.with_name(f"callcenter.csv.{number}"))
        append(ledger, text(lines[at + 13 : at + 20]))
    readers.wait_for(RESULTS, [("answered", 10.0)] * 13)
    assert readers.rows(ASIDE) == []


def test_a_first_ledger_that_is_rotated_while_we_are_away_is_read(
    start: Start, ledger: Path
) -> None:
    first = start()
    first.wait_for("select file_id from ledger_positions", [("",)])
    first.stop()
    append(ledger, text(*calls(2, 1)))
    ledger.rename(ledger.with_name("callcenter.csv.1"))
    append(ledger, text(*calls(1, 1)))
    start().wait_for_calls(2)


def test_what_cannot_be_read_is_kept_with_its_place_and_stops_nothing(
    start: Start, ledger: Path
) -> None:
    first, second = calls(0, 2)
    good = text(first)
    stranger = text(lost_call(900, PAST + 60, system="branch-"))
    future = line("CHAN_START", datetime.now(UTC).timestamp() + 7200, "pbx1-1.7").encode() + b"\n"
    append(ledger, good + b"no ledger at all\n" + first[0][:-9].encode() + b"\n")
    append(ledger, stranger + future + text(second))
    readers = start()
    readers.wait_for_calls(2)
    expected = [("another_pbx", 4), ("future", 1), ("not_cel", 1), ("torn", 1)]
    readers.wait_for(ASIDE, expected)
    ((file, position, words),) = readers.rows(
        "select file, position, line from ledger_set_aside where reason = 'not_cel'"
    )
    assert file.startswith(f"{ledger}#")
    assert (position, words) == (len(good), "no ledger at all")
    readers.stop()
    again = start()
    append(ledger, text(*calls(2, 1)))
    again.wait_for_calls(3)
    assert again.rows(ASIDE) == expected


def test_a_database_that_is_away_is_waited_for(start: Start, ledger: Path) -> None:
    readers = start()
    works, away = readers.runtime.unit_of_work, [True]

    def unit_of_work() -> object:
        if away:
            raise Unavailable("database_away", "the database is away")
        return works()

    for reader in readers.readers.values():
        for one in reader._readers:
            one._settler._settler.runtime = _changed(readers, unit_of_work)
    append(ledger, text(*calls(0, 2)))
    wait_until(lambda: readers.writer.away_since is not None)
    assert readers.rows("select count(*) from calls") == [(0,)]
    away.clear()
    readers.wait_for_calls(2)


def _changed(readers: Readers, unit_of_work: Callable[[], object]) -> object:
    from dataclasses import replace

    return replace(readers.runtime, unit_of_work=unit_of_work)  # type: ignore[arg-type]


def test_what_the_pbx_no_longer_has_is_ended(
    start: Start, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ami.ledger.reader.LISTING_SECONDS", 0.0)
    append(ledger, text(calls(0, 1)[0][:7]))
    readers = start()
    wait_until(lambda: readers.rows("select 1 from ledger_positions where source = 'file'"))
    readers.readers[PBX].confirm_alive(frozenset(), readers.runtime.clock.now())
    readers.wait_for("select live, end_seen from calls", [(0, 0)])


# -- what a forwarder has sent ---------------------------------------------------------------------


def send(readers: Readers, file_id: str, offset: int, data: bytes) -> int:
    with readers.runtime.unit_of_work() as uow:
        at = readers.runtime.clock.now()
        expected = uow.ledger.receive(PBX, file_id, "callcenter.csv", offset, data, at)
        uow.commit()
    return expected


def test_what_a_forwarder_sends_is_logged_and_then_dropped(start: Start) -> None:
    readers = start(None)
    data = text(*calls(0, 3))
    cut = len(text(calls(0, 1)[0], calls(1, 1)[0][:5]))
    assert send(readers, "a", 0, data[:cut]) == cut
    readers.wait_for_calls(1)
    assert send(readers, "a", 0, data[:cut]) == cut
    assert send(readers, "a", cut, data[cut:]) == len(data)
    readers.wait_for(RESULTS, [("answered", 10.0)] * 3)
    readers.wait_for("select count(*) from ledger_inbox", [(0,)])
    send(readers, "b", 0, text(*calls(3, 1)))
    readers.wait_for_calls(4)
    readers.wait_for("select count(*) from ledger_inbox", [(0,)])


def test_what_was_sent_and_not_settled_outlives_us(start: Start) -> None:
    first = start(None)
    (lines,) = calls(0, 1)
    data = text(lines)
    cut = len(text(lines[:7]))
    send(first, "a", 0, data[:cut])
    wait_until(lambda: first.rows("select 1 from ledger_positions where source = 'inbox'"))
    first.stop()
    second = start(None)
    send(second, "a", cut, data[cut:])
    second.wait_for(RESULTS, [("answered", 10.0)])
