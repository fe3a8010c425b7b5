"""A company's own fields: values of each kind, as people, files and programs write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.errors import Invalid
from callcenter.fields.definition import (
    FIELD_KINDS,
    Choice,
    FieldDef,
    FieldDraft,
    FieldKind,
    Money,
    clean_field,
    key_of,
)
from callcenter.fields.values import (
    SCALE,
    as_json,
    as_typed,
    check_required,
    from_columns,
    parse,
    to_columns,
)

_CHOICES = (
    Choice(key="gold", label="Gold", labels={"ru": "Золото"}),
    Choice(key="silver", label="Silver"),
)


def field(kind: FieldKind, **more: Any) -> FieldDef:
    currency = "PLN" if kind == "money" else ""
    choices = _CHOICES if kind == "choice" else ()
    return FieldDef(
        id=1,
        object="customer",
        key="it",
        label="It",
        kind=kind,
        currency=currency,
        choices=choices,
        **more,
    )


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("text", "  a \u200b b ", "a b"),
        ("number", "1 240,5", Decimal("1240.5")),
        ("number", "-3", Decimal(-3)),
        ("money", "1 240,50 PLN", Money(minor=124050, currency="PLN")),
        ("money", "1.240,50", Money(minor=124050, currency="PLN")),
        ("money", "1,240.50", Money(minor=124050, currency="PLN")),
        ("money", {"amount_minor": -5, "currency": "PLN"}, Money(minor=-5, currency="PLN")),
        ("date", "2026-03-31", date(2026, 3, 31)),
        ("date", "31.03.2026", date(2026, 3, 31)),
        ("date", "31/3/2026", date(2026, 3, 31)),
        ("date", "2026-03-31T10:00:00Z", date(2026, 3, 31)),
        ("choice", "золото", "gold"),
        ("choice", "SILVER", "silver"),
        ("link", "example.org/a", "https://example.org/a"),
        ("text", "", None),
        ("number", None, None),
    ],
)
def test_a_value_is_read_however_it_is_written(kind: FieldKind, written: Any, value: Any) -> None:
    assert parse(field(kind), written) == value


def test_only_an_american_has_the_month_first() -> None:
    assert parse(field("date"), "3/31/2026", "en_US") == date(2026, 3, 31)
    with pytest.raises(Invalid):
        parse(field("date"), "3/31/2026", "en_GB")


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("text", "x" * 256),
        ("text", ["a"]),
        ("number", "many"),
        ("number", "1e9"),
        ("number", "0.0000001"),
        ("number", "9" * 13),
        ("number", "9" * 5000),
        ("money", "1.005"),
        ("money", {"amount_minor": 1, "currency": "EUR"}),
        ("money", {"amount_minor": 1.5}),
        ("date", "31.02.2026"),
        ("date", "tomorrow"),
        ("choice", "bronze"),
        ("link", "javascript:alert(1)"),
    ],
)
def test_what_is_no_such_value_is_refused_by_the_fields_name(kind: FieldKind, written: Any) -> None:
    with pytest.raises(Invalid) as refused:
        parse(field(kind), written)
    assert refused.value.field == "custom.it"


@given(st.sampled_from(FIELD_KINDS), st.one_of(st.text(max_size=60), st.integers(), st.floats()))
def test_anything_at_all_is_a_value_or_refused(kind: FieldKind, written: Any) -> None:
    try:
        value = parse(field(kind), written)
    except Invalid:
        return
    if value is None:
        return
    for again in (as_typed(value), as_json(value)):
        assert parse(field(kind), again) == value
    assert from_columns(field(kind), to_columns(value)) == value


@given(st.integers(-(10**17), 10**17))
def test_a_number_of_six_places_is_kept_to_the_last(millionths: int) -> None:
    value = Decimal(millionths) / SCALE
    assert parse(field("number"), f"{value:f}") == value


def test_what_is_required_must_be_there() -> None:
    check_required(field("text", required=True), "x")
    with pytest.raises(Invalid):
        check_required(field("text", required=True), None)


def test_a_field_gets_a_key_from_its_name() -> None:
    assert key_of("Date of birth") == "date_of_birth"
    assert key_of("Номер договора") == "nomer_dogovora"
    assert key_of("2nd phone") == "f_2nd_phone"
    assert clean_field(FieldDraft(label="Ж")).key == "zh"
    for bad in (
        FieldDraft(label=""),
        FieldDraft(label="日本"),
        FieldDraft(label="x" * 81),
        FieldDraft(label="Limit", kind="money"),
        FieldDraft(label="Kind", kind="choice"),
        FieldDraft(label="Kind", kind="choice", choices=(Choice(key="a", label="A"),) * 2),
        FieldDraft(label="Ok", key="Not A Key"),
    ):
        with pytest.raises(Invalid):
            clean_field(bad)
