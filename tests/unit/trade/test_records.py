"""What is accepted as an order, an invoice, a payment or a visit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from callcenter.errors import Invalid
from callcenter.trade.records import Kind, Record, checked

DAY = date(2026, 3, 2)
INVOICE = {"number": "FV/1", "amount_minor": 100, "currency": "pln", "due_on": DAY}


def test_texts_are_trimmed_and_what_is_left_out_is_filled() -> None:
    found = checked("invoice", INVOICE | {"number": "  FV / 1 "}, new=True)
    assert found["number"] == "FV / 1"
    assert found["currency"] == "PLN"
    assert found["source"] == ""


def test_a_change_names_only_what_changes() -> None:
    assert checked("order", {"status": "closed"}, new=False) == {"status": "closed"}


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("invoice", {"amount_minor": -1}, "amount_minor"),
        ("invoice", {"amount_minor": True}, "amount_minor"),
        ("invoice", {"amount_minor": 10**30}, "amount_minor"),
        ("payment", {"amount_minor": 0}, "amount_minor"),
        ("invoice", {"currency": "złoty"}, "currency"),
        ("invoice", {"due_on": date(1, 1, 1)}, "due_on"),
        ("invoice", {"due_on": datetime(2026, 1, 1, tzinfo=UTC)}, "due_on"),
        ("invoice", {"due_on": None}, "due_on"),
        ("invoice", {"number": "x" * 33}, "number"),
        ("invoice", {"number": " "}, "number"),
        ("invoice", {"paid_minor": 5}, "paid_minor"),
        ("order", {"status": "lost"}, "status"),
        ("visit", {"at": datetime(2026, 1, 1)}, "at"),
        ("payment", {"invoice_id": -4}, "invoice_id"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    kind: Kind, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        checked(kind, values, new=False)
    assert refused.value.field == field


@pytest.mark.parametrize("missing", ["number", "amount_minor", "currency", "due_on"])
def test_a_new_invoice_needs_its_facts(missing: str) -> None:
    values = {name: value for name, value in INVOICE.items() if name != missing}
    with pytest.raises(Invalid) as refused:
        checked("invoice", values, new=True)
    assert refused.value.field == missing


def test_an_order_says_by_its_status_that_it_was_cancelled() -> None:
    assert Record(kind="order", id=1, customer_id=1, values={"status": "cancelled"}).cancelled
    assert Record(kind="visit", id=1, customer_id=1, values={"cancelled": True}).cancelled
