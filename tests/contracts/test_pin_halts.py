"""Somebody guesses callers' PINs: who is still asked, and how the halt is seen and lifted; on both
databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select

from callcenter.errors import Forbidden
from callcenter.menus.guessing import PROOF_HOLDS
from callcenter.queries import pin_guard as queries
from callcenter.queries import users as user_queries
from callcenter.services import identification, pin_guard
from callcenter.store.tables import tasks
from tests.support.overlap import overlap
from tests.support.pins import (
    MOST,
    OWN,
    STRANGE,
    give_pin,
    is_halted,
    keys,
    lift,
    quick,
    wrong_pins,
)

PIN = "2580"


@pytest.fixture(autouse=True)
def hashing_takes_no_time(monkeypatch):
    quick(monkeypatch)


@pytest.fixture
def user(store):
    return store.add_user()


@pytest.fixture
def admin(store):
    admin = store.add_user("adam", "")
    with store.unit_of_work() as uow:
        uow.users.update(admin, {"role": "admin", "role_code": "admin"})
        uow.commit()
    return admin


@pytest.fixture
def anna(store, user):
    """A customer who has called from her own number and given her PIN."""
    anna = store.add_customer("Anna", OWN)
    give_pin(store, anna, PIN, user)
    assert keys(store, anna, PIN) == anna
    return anna


def guess(store, tries=MOST):
    """From numbers that nobody knows, until strangers are not asked any more."""
    wrong_pins(store, [f"+4890000{number:04}" for number in range(tries)])


def test_a_number_that_proved_itself_is_asked_while_strangers_are_not(store, anna):
    guess(store)
    assert is_halted(store, STRANGE)
    assert keys(store, anna, PIN, STRANGE) is None
    assert not is_halted(store, OWN)
    assert keys(store, anna, PIN) == anna
    assert not is_halted(store, OWN)


def test_one_wrong_pin_of_its_customer_makes_a_number_a_stranger(store, anna):
    guess(store)
    assert keys(store, anna, "1111") is None
    assert is_halted(store, OWN)
    assert keys(store, anna, PIN) is None


def test_several_calls_at_once_from_a_forged_number_are_one_guess(store, anna, monkeypatch):
    guess(store)

    def slow(pin, kept):
        if pin == PIN:  # while this one is hashed, another one was wrong
            keys(store, anna, "1111")
        return kept == f"h{pin}"

    monkeypatch.setattr(identification, "is_right", slow)
    assert keys(store, anna, PIN) is None


def test_a_number_on_a_card_is_no_proof(store, anna, user):
    maria = store.add_customer("Maria", STRANGE)
    give_pin(store, maria, PIN, user)
    guess(store)
    assert is_halted(store, STRANGE)
    assert keys(store, maria, PIN, STRANGE) is None


def test_numbers_that_somebody_proved_by_their_own_pin_are_no_guesses_at_others(store, anna, user):
    thief = store.add_customer("Thief")
    give_pin(store, thief, "7412", user)
    assert keys(store, thief, "7412", STRANGE) == thief
    guess(store)
    assert not is_halted(store, STRANGE)
    assert keys(store, anna, PIN, STRANGE) is None, "even the right one"
    with store.unit_of_work() as uow:
        assert uow.pins.of(anna).failed == 0, "nor does it lock her out"


def test_who_forges_a_number_without_its_customer_number_takes_no_proof_away(store, anna, user):
    maria = store.add_customer("Maria")
    give_pin(store, maria, "7412", user)
    guess(store)
    for customer in (maria, 999):
        assert keys(store, customer, "7412") is None
    assert not is_halted(store, OWN)
    assert keys(store, anna, PIN) == anna


def test_a_proof_ends_with_its_pin_and_with_a_month(store, anna, user):
    store.clock.pass_by(PROOF_HOLDS.total_seconds() - 1)
    guess(store)
    assert not is_halted(store, OWN)
    store.clock.pass_by(1)
    assert is_halted(store, OWN)
    store.clock.pass_by(7200)
    assert keys(store, anna, PIN) == anna
    guess(store)
    assert not is_halted(store, OWN)
    store.clock.pass_by(1)
    give_pin(store, anna, "9631", user)
    assert is_halted(store, OWN)


def test_who_hides_their_number_proves_nothing_for_others_who_do(store, anna):
    assert keys(store, anna, PIN, "") == anna
    guess(store)
    assert is_halted(store, "")
    assert keys(store, anna, PIN, "") is None


def test_guesses_from_forged_numbers_have_a_limit_of_their_own(store, anna, user):
    """Half of the other: of customers, so that one account alone does not use it up."""
    known = []
    for number in range(MOST // 2):
        customer = store.add_customer(f"C{number}")
        give_pin(store, customer, "7412", user)
        for own in (f"+4861000000{number}", f"+4862000000{number}"):
            assert keys(store, customer, "7412", own) == customer
            known.append((customer, own))
    guess(store)
    for customer, own in known[:-2]:
        assert keys(store, customer, "1111", own) is None
        assert not is_halted(store, OWN), "each customer counts once"
    assert keys(store, known[-1][0], "1111", known[-1][1]) is None
    assert is_halted(store, OWN)
    assert keys(store, anna, PIN) is None


def seen(store):
    with store.engine.connect() as connection:
        return queries.halt(connection, MOST, store.clock.now())


def test_a_halt_says_since_when_how_many_from_how_many_numbers_and_until_when(store, admin):
    began = store.clock.now()
    guess(store, MOST - 1)
    assert seen(store) is None
    store.clock.pass_by(600)
    wrong_pins(store, ["", ""])
    assert is_halted(store)
    found = seen(store)
    assert found.since == began + timedelta(seconds=600)
    # An hour after the first five, two are left.
    assert found.until == began + timedelta(hours=1)
    assert (found.failures, found.numbers, found.hidden) == (MOST + 1, MOST - 1, 2)
    assert until_seconds() == found.until.timestamp()
    store.clock.at = found.until - timedelta(seconds=1)
    assert is_halted(store)
    assert seen(store).since == found.since
    store.clock.at = found.until
    assert not is_halted(store)
    assert seen(store) is None
    assert until_seconds() == 0


def until_seconds():
    return REGISTRY.get_sample_value("callcenter_identifications_halted_until_seconds")


def lines(store):
    with store.engine.connect() as connection:
        done = reversed(user_queries.audit(connection, None, 50).items)
    ours = (pin_guard.HALTED, pin_guard.LIFTED)
    return [(one.action, one.user_id, one.detail) for one in done if one.action in ours]


def test_a_halt_that_is_lifted_counts_anew_and_comes_again(store, anna, admin):
    guess(store)
    assert is_halted(store)
    store.clock.pass_by(60)
    assert lift(store, admin).failures == MOST
    assert seen(store) is None
    assert not is_halted(store, STRANGE)
    assert keys(store, anna, PIN, STRANGE) == anna
    store.clock.pass_by(60)
    guess(store, MOST - 1)
    assert not is_halted(store)
    guess(store, 1)
    assert is_halted(store)
    assert is_halted(store)
    told = {"failures": MOST, "limit": MOST, "hidden": 0}
    assert lines(store) == [
        (pin_guard.HALTED, None, told | {"numbers": MOST, "minutes": 60}),
        (pin_guard.LIFTED, admin, told | {"numbers": MOST}),
        (pin_guard.HALTED, None, told | {"numbers": MOST - 1, "minutes": 60}),
    ]


def tasks_of(store, user_id):
    with store.engine.connect() as connection:
        mine = select(func.count()).where(tasks.c.assignee_id == user_id)
        return connection.scalar(mine)


def test_two_callers_at_the_same_moment_make_one_task_and_one_line(store, admin):
    guess(store, MOST - 1)

    def fails(unit_of_work):
        return identification.identify(
            "1999",
            "1111",
            caller=STRANGE,
            unit_of_work=unit_of_work,
            clock=store.clock,
            publisher=store.publisher,
            most_failures=MOST,
        )

    first, second = overlap(store, fails, fails)
    assert (first.halted, second.halted) == (True, True)
    assert [action for action, *_ in lines(store)] == [pin_guard.HALTED]
    assert tasks_of(store, admin) == 1


def test_who_comes_as_a_halt_is_lifted_tells_nobody_of_it(store, admin):
    with store.unit_of_work() as uow:
        for number in range(MOST):
            uow.pins.note(f"+4870000{number:04}", None, ok=False, at=store.clock.now())
        uow.commit()
    store.clock.pass_by(60)

    def lifts(unit_of_work):
        return pin_guard.lift(
            user_id=admin, most=MOST, unit_of_work=unit_of_work, clock=store.clock
        )

    def calls(unit_of_work):
        return pin_guard.halted(
            most=MOST, unit_of_work=unit_of_work, clock=store.clock, publisher=store.publisher
        )

    overlap(store, lifts, calls)
    assert [action for action, *_ in lines(store)] == [pin_guard.LIFTED]
    assert tasks_of(store, admin) == 0


def test_a_lifting_leaves_locks_of_customers_and_limits_of_numbers(store, anna, admin):
    wrong_pins(store, [STRANGE] * identification.FROM_NUMBER)
    with store.unit_of_work() as uow:
        uow.pins.failed(anna, 5, store.clock.now() + timedelta(minutes=15))
        uow.commit()
    store.clock.pass_by(60)
    assert lift(store, admin) is not None
    assert keys(store, anna, PIN) is None
    store.clock.pass_by(900)
    assert keys(store, anna, PIN, STRANGE) is None
    assert keys(store, anna, PIN, "+48700000002") == anna


def test_only_who_may_change_settings_lifts_and_nothing_is_lifted_twice(store, user, admin):
    guess(store)
    store.clock.pass_by(60)
    with pytest.raises(Forbidden):
        lift(store, user)
    assert is_halted(store)
    assert lift(store, None) is not None, "from a terminal"
    assert lift(store, admin) is None
    assert [action for action, *_ in lines(store)] == [pin_guard.HALTED, pin_guard.LIFTED]
