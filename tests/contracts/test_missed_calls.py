"""The worklist of calls in vain follows the calls, in whatever order they become known: on SQLite
and on PostgreSQL."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from callcenter.calls.record import CallRecord
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Invalid
from callcenter.services import missed_calls
from callcenter.services.call_rows import write_calls
from callcenter.store.tables import missed_calls as table
from tests.support.store import NOW, Store, call, leg

KOWALSKA, HER_MOBILE = "+48221234567", "+48501234567"


class Worklist:
    """A store whose calls the worklist follows."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.store.clock.at = NOW + timedelta(hours=5)

    def write(self, *records: CallRecord, absorbed: Mapping[str, str] | None = None) -> int:
        """How many messages there are to publish."""
        with self.store.unit_of_work() as uow:
            known = {record.id: record for record in records}
            written = write_calls(
                uow, known, absorbed or {}, lambda _: NumberPlan(region="PL"), self.store.clock
            )
            news = missed_calls.follow_calls(uow, written, self.store.clock)
            uow.commit()
        return len(news)

    def rows(self) -> list[dict[str, object]]:
        with self.store.engine.connect() as connection:
            found = connection.execute(select(table).order_by(table.c.id)).mappings()
            return [dict(row) for row in found]

    def open(self) -> list[tuple[object, object]]:
        return [(row["number"], row["times"]) for row in self.rows() if row["closed_at"] is None]

    def one(self) -> dict[str, object]:
        (row,) = self.rows()
        return row

    def act(self) -> dict[str, object]:
        return {
            "unit_of_work": self.store.unit_of_work,
            "publisher": self.store.publisher,
            "clock": self.store.clock,
        }


@pytest.fixture
def worklist(store: Store) -> Worklist:
    store.add_user()
    return Worklist(store)


def lost(
    serial: int, minute: float, number: str = KOWALSKA, result: str = "missed", **changes: object
) -> CallRecord:
    at = NOW + timedelta(minutes=minute)
    values: dict[str, object] = {
        "live": False,
        "result": result,
        "caller_number": number,
        "started_at": at - timedelta(seconds=40),
        "ended_at": at,
        "wait_seconds": 40.0,
        "legs": (leg(f"{serial}.1", "PJSIP/trunk", "caller"),),
    }
    return call(f"{serial}.1", **(values | changes))


def answered(serial: int, minute: float, number: str = KOWALSKA, **changes: object) -> CallRecord:
    at = NOW + timedelta(minutes=minute)
    values: dict[str, object] = {
        "result": "answered",
        "answered_at": at,
        "ended_at": at + timedelta(minutes=2),
        "answered_by": (),
    }
    return lost(serial, minute, number, **(values | changes))


def called(
    serial: int, minute: float, number: str = KOWALSKA, result: str = "answered", **changes: object
) -> CallRecord:
    at = NOW + timedelta(minutes=minute)
    out: dict[str, object] = {
        "direction": "outbound",
        "dialed": number,
        "caller_number": "1001",
        "queues": (),
    }
    if result == "answered":
        return answered(serial, minute, number, **(out | changes))
    return lost(serial, minute, number, result, **(out | {"ended_at": at} | changes))


def test_a_call_in_vain_opens_a_row_and_the_next_extends_it(worklist: Worklist) -> None:
    assert worklist.write(lost(1, 0)) > 0
    worklist.write(lost(2, 10, result="abandoned"))
    row = worklist.one()
    assert (row["number"], row["times"], row["queue"]) == (KOWALSKA, 2, "support")
    assert row["first_at"] == NOW
    assert row["due_at"] == NOW + timedelta(minutes=10 + 60)


def test_the_same_call_written_five_times_counts_once(worklist: Worklist) -> None:
    for _ in range(5):
        worklist.write(lost(1, 0))
    assert worklist.open() == [(KOWALSKA, 1)]
    assert worklist.write(lost(1, 0)) == 0  # and nobody is told anew


@pytest.mark.parametrize("number", ["anonymous", "", "1002"])
def test_withheld_and_internal_numbers_never_wait(worklist: Worklist, number: str) -> None:
    worklist.write(lost(1, 0, number))
    worklist.write(lost(2, 0, number, direction="internal"))
    assert worklist.rows() == []


def test_who_hangs_up_at_once_has_not_waited(worklist: Worklist) -> None:
    worklist.write(lost(1, 0, result="abandoned", wait_seconds=4.0))
    assert worklist.rows() == []


@pytest.mark.parametrize("result", ["voicemail", "blocked", "unknown"])
def test_what_is_no_call_in_vain_opens_nothing(worklist: Worklist, result: str) -> None:
    worklist.write(lost(1, 0, result=result))
    assert worklist.rows() == []


def test_calling_back_closes_it_and_says_how(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.write(called(2, 30))
    row = worklist.one()
    assert (row["closed_how"], row["closed_at"]) == ("reached", NOW + timedelta(minutes=30))


def test_getting_through_closes_it_from_the_answer_on(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.write(answered(2, 5, live=True, ended_at=None))
    assert worklist.one()["closed_how"] == "got_through"


def test_any_number_of_the_customer_will_do(worklist: Worklist) -> None:
    worklist.store.add_customer("Maria Kowalska", KOWALSKA, HER_MOBILE)
    worklist.write(lost(1, 0))
    worklist.write(called(2, 30, HER_MOBILE))
    assert worklist.one()["closed_how"] == "reached"


def test_a_customer_made_after_the_call_has_all_their_numbers_too(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.store.add_customer("Maria Kowalska", KOWALSKA, HER_MOBILE)
    worklist.write(answered(2, 30, HER_MOBILE))
    assert worklist.one()["closed_how"] == "got_through"


def test_a_number_that_several_share_stands_for_itself_alone(worklist: Worklist) -> None:
    worklist.store.add_customer("Maria Kowalska", KOWALSKA, HER_MOBILE)
    worklist.store.add_customer("Jan Kowalski", HER_MOBILE)
    worklist.write(lost(1, 0))
    worklist.write(called(2, 30, HER_MOBILE))
    assert worklist.open() == [(KOWALSKA, 1)]


def test_a_conversation_before_the_call_in_vain_closes_nothing(worklist: Worklist) -> None:
    worklist.write(lost(2, 10))
    worklist.write(called(1, 0))
    assert worklist.open() == [(KOWALSKA, 1)]


def test_an_attempt_is_counted_and_leaves_it_open(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    for _ in range(2):
        worklist.write(called(2, 30, result="busy"))
    row = worklist.one()
    assert (row["attempts"], row["last_attempt_at"]) == (1, NOW + timedelta(minutes=30))
    assert row["closed_at"] is None


def test_a_call_that_turns_out_answered_takes_its_row_away(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.write(answered(1, 0))
    assert worklist.rows() == []


def test_of_two_calls_the_later_turns_out_answered(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.write(lost(2, 10))
    worklist.write(answered(2, 10))
    row = worklist.one()
    assert (row["closed_how"], row["times"]) == ("got_through", 1)


def test_a_conversation_that_proves_to_be_none_opens_the_row_again(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.write(called(2, 30))
    worklist.write(called(2, 30, result="failed"))
    row = worklist.one()
    assert (row["closed_at"], row["attempts"]) == (None, 1)


def test_after_twelve_hours_it_still_stands_there(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.store.clock.pass_by(14 * 3600)
    worklist.write(lost(2, 13 * 60))
    assert worklist.open() == [(KOWALSKA, 2)]


def test_closing_by_hand_lasts_until_the_next_call(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    missed_id = worklist.one()["id"]
    with pytest.raises(Invalid):
        missed_calls.close(missed_id, " ", user_id=1, **worklist.act())  # type: ignore[arg-type]
    missed_calls.close(missed_id, "a wrong number", user_id=1, **worklist.act())  # type: ignore[arg-type]
    worklist.write(lost(1, 0))
    assert worklist.open() == []
    assert worklist.one()["closed_why"] == "a wrong number"
    worklist.write(lost(2, 400))
    assert worklist.open() == [(KOWALSKA, 1)]


def test_two_cannot_claim_it_until_the_first_has_let_ten_minutes_pass(worklist: Worklist) -> None:
    other = worklist.store.add_user("jan", "1002")
    worklist.write(lost(1, 0))
    missed_id = worklist.one()["id"]
    missed_calls.claim(missed_id, user_id=1, **worklist.act())  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="somebody else"):
        missed_calls.claim(missed_id, user_id=other, **worklist.act())  # type: ignore[arg-type]
    worklist.store.clock.pass_by(601)
    missed_calls.claim(missed_id, user_id=other, **worklist.act())  # type: ignore[arg-type]
    assert worklist.one()["claimed_by"] == other


def test_two_halves_that_were_one_call_count_once(worklist: Worklist) -> None:
    worklist.write(lost(1, 0))
    worklist.write(lost(2, 1))
    worklist.write(lost(1, 1), absorbed={"pbx/2.1": "pbx/1.1"})
    assert worklist.open() == [(KOWALSKA, 1)]


def test_the_order_in_which_calls_become_known_changes_nothing(worklist: Worklist) -> None:
    """Each story in every order, with repeats: the same numbers wait, as often."""
    story = [lost(1, 0), called(2, 5, result="busy"), lost(3, 10), called(4, 20), lost(5, 30)]
    short = [lost(6, 0), answered(7, 10)]
    for events in (story, short):
        ends = set()
        for order in itertools.islice(itertools.permutations(events), 0, None, 7):
            number = f"+4822{random.randrange(10**6, 10**7)}"
            for record in (*order, *order[:2]):
                key = f"pbx/{number}-{record.id}"
                theirs = (
                    {"caller_number": number}
                    if record.direction == "inbound"
                    else {"dialed": number}
                )
                worklist.write(replace(record, id=key, uniqueids=(key,), **theirs))
            (row,) = [row for row in worklist.rows() if row["number"] == number][-1:]
            open_now = row["closed_at"] is None
            ends.add((open_now, row["times"] if open_now else 0, row["due_at"]))
        assert len(ends) == 1, ends
