"""A customer's figures and records on the card."""

from __future__ import annotations

from datetime import timedelta

import pytest

from callcenter.services import figures
from tests.support.web import MARKUP, Browser, World


@pytest.fixture
def maria(world: World) -> int:
    figures.catch_up(unit_of_work=world.runtime.unit_of_work, clock=world.runtime.clock)
    figures.work_out_classes(unit_of_work=world.runtime.unit_of_work)
    return world.customers["Maria Kowalska"]


def test_figures_are_told_with_what_they_mean(operator: Browser, maria: int) -> None:
    text = operator.text(f"/customers/{maria}/figures")
    for shown in ("Overdue", "1,240.00", "for 12 days", "9,900.00", "1 purchase", "ABC class"):
        assert shown in text
    assert "month-bar" in text


def test_who_bought_nothing_is_told_how_figures_come(operator: Browser, world: World) -> None:
    stranger = world.customers[MARKUP]
    text = operator.text(f"/customers/{stranger}/figures")
    assert "Nothing bought, owed or visited yet" in text


def test_a_payment_by_hand_makes_the_debt_smaller(supervisor: Browser, maria: int) -> None:
    listed = supervisor.text(f"/customers/{maria}/accounts?pay=1")
    assert 'value="1240.00"' in listed
    paid = {"invoice_id": "1", "amount_minor": "1 000,00", "currency": "PLN"}
    day = {"paid_on": "2026-03-01", "method": "<b>cash</b>"}
    answer = supervisor.post(f"/customers/{maria}/accounts/payment", paid | day)
    assert answer.headers["HX-Trigger"] == "records-changed"
    assert "240.00" in answer.text
    assert "240.00" in supervisor.text(f"/customers/{maria}/figures")
    payments = supervisor.text(f"/customers/{maria}/accounts?kind=payment")
    assert "&lt;b&gt;cash&lt;/b&gt;" in payments


def test_a_record_is_cancelled_after_being_asked(supervisor: Browser, maria: int) -> None:
    assert "cannot be undone" in supervisor.text(f"/customers/{maria}/accounts?kind=order&sure=1")
    answer = supervisor.post("/accounts/order/1/cancel", {})
    assert "Cancelled" in answer.text


def test_what_was_typed_stays_with_words_beside_it(supervisor: Browser, maria: int) -> None:
    sent = {"number": "FV/9", "amount_minor": "12", "currency": "złoty", "due_on": "2026-05-01"}
    answer = supervisor.post(f"/customers/{maria}/accounts/invoice", sent)
    assert answer.status_code == 422
    assert 'value="FV/9"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_visits_are_added_by_the_clock_on_the_wall(
    supervisor: Browser, world: World, maria: int
) -> None:
    at = (world.runtime.clock.now() - timedelta(days=2)).strftime("%Y-%m-%dT10:00")
    answer = supervisor.post(f"/customers/{maria}/accounts/visit", {"at": at, "place": "Showroom"})
    assert "Showroom" in answer.text
    assert "1 in a year" in supervisor.text(f"/customers/{maria}/figures")


def test_nothing_is_there_for_who_does_not_exist(operator: Browser) -> None:
    for path in ("/customers/9999/accounts", "/customers/1/accounts?kind=card"):
        assert operator.get(path).status_code == 404


def test_operators_look_and_do_not_write(operator: Browser, maria: int) -> None:
    assert "FV/551" in operator.text(f"/customers/{maria}/accounts")
    assert operator.post(f"/customers/{maria}/accounts/visit", {"at": ""}).status_code == 403
