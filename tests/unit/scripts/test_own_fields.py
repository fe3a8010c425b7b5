"""A script may read a company's own fields out by their keys."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from callcenter.fields.definition import Choice, FieldDef, Money
from callcenter.fields.values import as_words
from callcenter.scripts.placeholders import FIELD, Part, fill


def test_a_field_without_a_value_is_a_gap_that_names_it() -> None:
    parts = fill("You may spend {field.limit} until {field.day}.", {f"{FIELD}limit": "5 PLN"})
    assert [part for part in parts if part.kind != "text"] == [
        Part("value", "5 PLN"),
        Part("gap", "field.day"),
    ]


def test_a_value_is_read_out_as_people_say_it() -> None:
    choice = FieldDef(
        id=1,
        object="customer",
        key="plan",
        label="Plan",
        kind="choice",
        choices=(Choice(key="gold", label="Gold"),),
    )
    told = [as_words(choice, one) for one in ("gold", "gone", Decimal("1.5"), date(2026, 3, 31))]
    assert told == ["Gold", "gone", "1.5", "2026-03-31"]
    assert as_words(choice, Money(minor=124050, currency="PLN")) == "1240.50 PLN"
