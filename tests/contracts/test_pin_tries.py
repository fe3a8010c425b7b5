"""Several calls that try to be one customer at once, on both databases."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from agi_scripts.self_service import SelfService
from callcenter.queries import alert_figures
from callcenter.queries import users as user_queries
from callcenter.services import identification, pin_guard
from callcenter.store.tables import tasks
from tests.support.pins import MOST, STRANGE, answer, is_halted, keys, spray, wrong_pins


@pytest.fixture
def anna(store, monkeypatch):
    """A customer whose PIN is 2580. Hashing takes long by design; here it takes no time."""
    monkeypatch.setattr(identification, "hash_password", lambda pin: f"h{pin}")
    customer_id, user = store.add_customer("Anna"), store.add_user()
    identification.set_pin(
        customer_id, "2580", user_id=user, unit_of_work=store.unit_of_work, clock=store.clock
    )
    return customer_id


def test_a_lock_holds_for_tries_that_were_under_way_when_it_came(store, anna, monkeypatch):

    def slow(pin, kept):
        if pin == "2580":  # while this one is hashed, others have had all the tries there are
            for call in range(identification.TRIES):
                keys(store, anna, "1111", f"+4860000001{call}")
        return kept == f"h{pin}"

    monkeypatch.setattr(identification, "is_right", slow)
    assert keys(store, anna, "2580") is None


def test_tries_at_once_are_counted_one_by_one(store, anna, monkeypatch):
    calls = 4
    together = Barrier(calls)

    def wrong(_pin, _kept):
        together.wait(20)
        return False

    monkeypatch.setattr(identification, "is_right", wrong)
    with ThreadPoolExecutor(calls) as pool:
        list(pool.map(lambda _: keys(store, anna, "1111"), range(calls)))
    with store.unit_of_work() as uow:
        assert uow.pins.of(anna).failed == calls


def test_a_halt_holds_for_tries_that_were_under_way_when_it_came(store, anna, monkeypatch):
    def slow(pin, kept):
        if pin == "2580":  # while this one is hashed, others have had all the tries there are
            spray(store, MOST)
        return kept == f"h{pin}"

    monkeypatch.setattr(identification, "is_right", slow)
    given = answer(store, anna, "2580", STRANGE)
    assert (given.customer_id, given.halted) == (None, True)


@pytest.fixture
def counting(store):
    """Statements that count tries."""
    found = []

    def look(_connection, _cursor, statement, *_):
        if "identifications" in statement and "count(" in statement:
            found.append(statement)

    event.listen(store.engine, "before_cursor_execute", look)
    yield found
    event.remove(store.engine, "before_cursor_execute", look)


def test_failures_are_counted_by_one_statement_before_asking_and_by_one_at_each_answer(
    store, anna, counting, monkeypatch
):
    monkeypatch.setattr(identification, "is_right", lambda pin, kept: kept == f"h{pin}")
    assert not is_halted(store)
    assert len(counting) == 1
    assert keys(store, anna, "1111") is None
    assert len(counting) == 2
    assert keys(store, anna, "2580") == anna
    assert len(counting) == 3


@pytest.fixture
def admin(store):
    user = store.add_user("adam", "")
    with store.unit_of_work() as uow:
        uow.users.update(user, {"role": "admin", "role_code": "admin"})
        uow.commit()
    return user


def test_few_tries_at_many_customers_from_many_numbers_halt_the_asking(
    store, anna, admin, monkeypatch
):
    monkeypatch.setattr(identification, "is_right", lambda pin, kept: kept == f"h{pin}")
    spray(store, MOST - 1)
    assert keys(store, anna, "2580") == anna
    assert not is_halted(store)
    spray(store, 1)
    assert is_halted(store)
    assert keys(store, anna, "2580", STRANGE) is None, "who is under way is not let in either"
    store.clock.pass_by(3601)
    assert not is_halted(store)
    assert keys(store, anna, "2580") == anna


def test_administrators_are_told_once_of_each_wave(store, admin, monkeypatch):
    monkeypatch.setattr(identification, "is_right", lambda *_: False)
    spray(store, MOST + 3)
    assert is_halted(store)
    assert told(store, admin) == (1, 1)
    with store.engine.connect() as connection:
        figures = alert_figures.counted(connection, ("wrong_pins",), (), store.clock.now())
    assert figures["wrong_pins", "", ""] == MOST + 3
    store.clock.pass_by(3601)
    spray(store, MOST)
    assert told(store, admin) == (2, 2)


def told(store, admin):
    """Lines of the audit, and tasks of the administrator that remind at once."""
    now = store.clock.now()
    with store.engine.connect() as connection:
        lines = user_queries.audit(connection, None, 50).items
        mine = connection.execute(
            select(tasks.c.id).where(tasks.c.assignee_id == admin, tasks.c.remind_at <= now)
        )
        return sum(one.action == pin_guard.HALTED for one in lines), len(mine.all())


def test_a_wave_that_was_met_twice_at_once_is_told_by_whoever_is_turned_away(store, admin):
    """Two tries that each saw one failure too few: the next caller's look tells of it."""
    wrong_pins(store, [f"+4860000{number:04}" for number in range(MOST)])
    assert is_halted(store)
    assert told(store, admin) == (1, 1)


class Voice:
    """A caller who listens and keys in what they have; what they hear."""

    customer_id, attempts, language = None, 0, "en"

    def __init__(self, *keyed):
        self.heard, self.keyed = [], list(keyed)
        self.session = SimpleNamespace(request=Request({"agi_callerid": STRANGE}))

    async def say(self, *prompts, escape=""):
        self.heard += prompts
        return ""

    async def digits(self, _most, _first):
        return self.keyed.pop(0)

    async def guard(self, _seconds):
        pass


class Request(dict):
    caller_hidden = False


class AtOnce:
    async def run(self, work, _seconds):
        return work()


@pytest.fixture
def serve(store):
    runtime = SimpleNamespace(
        settings=SimpleNamespace(pin_failures_per_hour=MOST),
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        bus=store.publisher,
    )
    return SelfService(runtime=runtime, pool=AtOnce(), once=None)


def test_a_caller_hears_that_a_person_will_help_and_is_asked_for_nothing(store, serve):
    wrong_pins(store, [""] * MOST)
    voice = Voice()
    assert asyncio.run(serve(voice, "balance")) is False
    assert voice.heard == ["identification-halted"]


def test_a_caller_whose_wrong_pin_brings_the_halt_is_not_asked_again(store, serve):
    wrong_pins(store, [""] * (MOST - 1))
    voice = Voice("999", "1111")
    assert asyncio.run(serve(voice, "balance")) is False
    asked = ["ask-customer-number", "ask-pin", "identification-failed"]
    assert voice.heard == [*asked, "identification-halted"]


def test_a_caller_who_is_wrong_too_often_is_not_asked_again(store, serve):
    voice = Voice(*["999", "1111"] * 3)
    assert asyncio.run(serve(voice, "balance")) is False
    asked = ["ask-customer-number", "ask-pin", "identification-failed"]
    assert voice.heard == [*asked * 3, "identification-ended"]
