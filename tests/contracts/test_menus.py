"""Menus, prompts, PINs and self-service, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Invalid
from callcenter.menus.menu import Menu, menu_from_json
from callcenter.queries import menus as queries
from callcenter.queries import self_service as own
from callcenter.services import housekeeping, identification, self_service
from callcenter.services.menus import MenuDesk, MenuRefused, first_menu
from callcenter.services.tasks import Desk
from callcenter.speech.prompts import Prompt, SoundFile
from callcenter.store.tables import external_ids, identifications, invoices, orders
from tests.support.store import NOW, Recorder, StandingClock


@pytest.fixture
def clock():
    return StandingClock()


def test_a_draft_is_heard_by_nobody_and_publishing_is_one_step(store, clock):
    desk = MenuDesk(store.unit_of_work, clock)
    desk.create("main", "Main")
    with pytest.raises(Conflict):
        desk.create("main", "Again")
    with store.engine.connect() as connection:
        before = queries.menus_stamp(connection)
        assert queries.live_menus(connection) == {}
    assert desk.publish("main") == 1
    desk.edit("main", lambda menu: Menu(rooms=(), otherwise=menu.otherwise))
    with pytest.raises(MenuRefused):
        desk.publish("main")
    with store.engine.connect() as connection:
        assert queries.live_menus(connection) == {"main": first_menu("support")}
        assert queries.menus_stamp(connection) != before
    desk.take_up("main", 1)
    assert desk.publish("main") == 2
    with store.unit_of_work() as uow:
        stored = uow.menus.get("main")
        assert [one.state for one in uow.menus.versions(stored.id)] == ["live", "past"]
        assert menu_from_json(stored.live.definition) == first_menu("support")
    desk.remove("main")
    desk.create("main", "Anew")


def test_prompts_keep_texts_and_sounds_apart(store, clock):
    file = SoundFile(source="uploaded", stored_as="own/" + "0" * 32, seconds=1.5)
    user = store.add_user()
    with store.unit_of_work() as uow:
        uow.prompts.save(Prompt(key="welcome", title="W", texts={"pl": "Cześć"}), NOW)
        uow.prompts.set_file("welcome", "pl", file, "f" * 64, user_id=user, at=NOW)
        uow.prompts.save(Prompt(key="welcome", texts={"en": "Hello"}), NOW)
        uow.prompts.ask_recording("welcome", "en", "12345678", user_id=user, at=NOW)
        uow.commit()
    with store.unit_of_work() as uow:
        kept = uow.prompts.all()["welcome"]
        assert (kept.texts, kept.files) == ({"en": "Hello"}, {"pl": file})
        asked = uow.prompts.asked_recording("12345678", NOW)
        assert (asked.prompt_key, asked.locale, asked.user_id) == ("welcome", "en", user)
        assert uow.prompts.asked_recording("12345678", NOW + timedelta(seconds=1)) is None
        uow.prompts.end_recording(asked.id, "kept")
        assert uow.prompts.asked_recording("12345678", NOW) is None
        uow.prompts.remove("welcome")
        assert uow.prompts.all() == {}


class Caller:
    """Who calls from a number and keys things in."""

    def __init__(self, store, clock, number="+48600000001"):
        self.store, self.clock, self.number = store, clock, number

    def keys(self, customer_number, pin):
        return identification.identify(
            customer_number,
            pin,
            caller=self.number,
            unit_of_work=self.store.unit_of_work,
            clock=self.clock,
            publisher=self.store.publisher,
        ).customer_id


@pytest.fixture
def quick(monkeypatch):
    """Hashing takes long by design; what is tried here is the counting."""
    monkeypatch.setattr(identification, "hash_password", lambda pin: f"h{pin}")
    monkeypatch.setattr(identification, "is_right", lambda pin, kept: kept == f"h{pin}")


@pytest.mark.usefixtures("quick")
def test_only_number_and_pin_together_identify(store, clock):
    anna = store.add_customer("Anna")
    caller = Caller(store, clock)
    assert caller.keys(str(anna), "2580") is None  # no PIN is set
    identification.set_pin(
        anna, "2580", user_id=store.add_user(), unit_of_work=store.unit_of_work, clock=clock
    )
    assert caller.keys(str(anna), "2580") == anna
    assert [caller.keys(*keyed) for keyed in (("999", "2580"), (str(anna), "1"), ("", ""))] == [
        None
    ] * 3
    with store.unit_of_work() as uow:
        uow.connection.execute(
            external_ids.insert().values(object="customers", external_id="7001", object_id=anna)
        )
        uow.commit()
    assert caller.keys("7001", "2580") == anna
    assert caller.keys(str(anna), "2580") is None  # the company's own number is the number


def test_tries_are_forgotten_as_time_passes_whether_anybody_calls_or_not(store, clock, monkeypatch):
    monkeypatch.setattr(housekeeping, "_BATCH", 2)
    with store.unit_of_work() as uow:
        for days in (1, 29, 31, 32, 400):
            uow.pins.note("", None, ok=False, at=NOW - timedelta(days=days))
        uow.commit()
    assert housekeeping.prune_identifications(store.unit_of_work, clock) == 3
    assert housekeeping.prune_identifications(store.unit_of_work, clock) == 0
    with store.unit_of_work() as uow:
        left = uow.connection.scalars(select(identifications.c.at).order_by(identifications.c.at))
        assert left.all() == [NOW - timedelta(days=days) for days in (29, 1)]


@pytest.mark.usefixtures("quick")
def test_wrong_pins_lock_a_customer_for_a_while_and_a_number_for_an_hour(store, clock):
    anna = store.add_customer("Anna")
    user = store.add_user()
    identification.set_pin(anna, "2580", user_id=user, unit_of_work=store.unit_of_work, clock=clock)
    caller = Caller(store, clock)
    for _ in range(identification.TRIES):
        assert caller.keys(str(anna), "1111") is None
    assert caller.keys(str(anna), "2580") is None  # locked, and the answer does not tell
    clock.pass_by(identification.LOCK.total_seconds() + 1)
    assert caller.keys(str(anna), "2580") == anna
    for _ in range(identification.FROM_NUMBER):
        caller.keys("123456", "1111")
    assert caller.keys(str(anna), "2580") is None
    assert Caller(store, clock, "+48600000002").keys(str(anna), "2580") == anna


@pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "0000", "1234", "١٢٣٤"])
def test_a_pin_is_digits_and_not_too_easy(store, clock, pin):
    with pytest.raises(Invalid):
        identification.set_pin(1, pin, user_id=1, unit_of_work=store.unit_of_work, clock=clock)


def test_what_a_customer_hears_and_does_leaves_its_trace(store, clock):
    anna = store.add_customer("Anna")
    today = NOW.date()
    with store.unit_of_work() as uow:
        for number, minor, paid, cancelled in (
            ("1", 1000, 200, False),
            ("2", 500, 0, False),
            ("3", 9000, 0, True),
        ):
            uow.connection.execute(
                invoices.insert().values(
                    customer_id=anna,
                    number=number,
                    amount_minor=minor,
                    paid_minor=paid,
                    currency="PLN",
                    due_on=today + timedelta(days=int(number)),
                    cancelled=cancelled,
                )
            )
        uow.connection.execute(
            orders.insert().values(
                customer_id=anna,
                number="A7",
                title="",
                amount_minor=1,
                currency="PLN",
                status="shipped",
                placed_on=today,
            )
        )
        uow.commit()
    with store.engine.connect() as connection:
        (owed,) = own.owed(connection, anna)
        assert (owed.minor, owed.currency, owed.due_on) == (1300, "PLN", today + timedelta(days=1))
        assert own.last_order(connection, anna).status == "shipped"
        assert own.next_appointment(connection, anna, NOW) is None
    desk = Desk(store.unit_of_work, Recorder(), clock, NumberPlan(region="PL"))
    day = today + timedelta(days=5)
    task = self_service.promise(anna, day, "13.00 PLN", queue="debtors", language="en", desk=desk)
    self_service.opt_out(anna, language="en", desk=desk)
    with store.unit_of_work() as uow:
        kept = uow.tasks.get(task)
        assert (kept.customer_id, kept.queue, kept.due_at.date()) == (
            anna,
            "debtors",
            day + timedelta(days=1),
        )
    with pytest.raises(Invalid):
        self_service.promise(anna, today, "13.00 PLN", queue="debtors", language="en", desk=desk)


def test_tasks_of_callers_are_told_in_the_language_of_whom_they_are_for(store, clock):
    anna, ewa = store.add_customer("Anna"), store.add_user("ewa")
    desk = Desk(store.unit_of_work, Recorder(), clock, NumberPlan(region="PL"))
    with store.unit_of_work() as uow:
        uow.users.update(ewa, {"locale": "pl", "time_zone": "Europe/Warsaw"})
        uow.commit()
    at = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    asked = self_service.ask_other_time(anna, at, ewa, desk=desk)
    day = NOW.date() + timedelta(days=5)
    promised = self_service.promise(
        anna, day, "13.00 PLN", queue="debtors", language="ru", desk=desk
    )
    with store.unit_of_work() as uow:
        first, second = uow.tasks.get(asked), uow.tasks.get(promised)
    assert first.title == "Prośba przez telefon: inny termin wizyty"
    assert first.details == "Wizyta jest umówiona na 01.12.2026 10:30."
    told = f"Обещание по телефону: оплатить 13.00 PLN до {day:%d.%m.%Y}"
    assert second.title == told


@pytest.mark.parametrize(
    ("keyed", "day"),
    [
        ("0305", None),
        ("2711", date(2026, 11, 27)),
        ("2211", None),
        ("0101", date(2027, 1, 1)),
        ("3211", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_day_is_keyed_by_its_digits(keyed, day):
    assert self_service.day_of(keyed, date(2026, 11, 22)) == day
