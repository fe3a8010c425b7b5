"""A filter is the same after it was told as JSON and read again, whatever it asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.errors import Invalid
from callcenter.segments.fields import WITHOUT_VALUE, Field, catalogue
from callcenter.segments.tree import EVERYBODY, HOWS, as_text, parse, parse_text

OWN = (Field("custom:size", "choice", "own", ("s", "m")), Field("custom:score", "number", "own"))
FIELDS = catalogue(OWN)

_ids = st.integers(1, 2**62)
_words = st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and "\0" not in text)
_days = st.dates(date(1970, 1, 1), date(2099, 12, 31)).map(date.isoformat)
_contacts = st.fixed_dictionaries(
    {"count": st.integers(0, 10_000), "days": st.integers(1, 92)},
    optional={
        "direction": st.sampled_from(["inbound", "outbound"]),
        "result": st.sampled_from(["answered", "missed"]),
        "channel": st.sampled_from(["call", "email", "chat"]),
        "queue": _words,
    },
)
_ONE: dict[str, st.SearchStrategy[Any]] = {
    "words": _words,
    "text": _words,
    "number": st.integers(-(10**12), 10**12) | st.floats(-1e6, 1e6),
    "money": st.integers(-(10**12), 10**12),
    "date": _days,
    "moment": _days,
    "contacts": _contacts,
}


def _one_value(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == "choice":
        return st.sampled_from(field.choices) if field.choices else _words
    if field.kind == "ids":
        return _ids | st.just("me") if field.key == "owner" else _ids
    return _ONE[field.kind]


def _value(field: Field, op: str) -> st.SearchStrategy[Any]:
    if op in ("within_days", "days_ago"):
        return st.integers(0, 3660)
    one = _one_value(field)
    if op in ("in", "not_in"):
        return st.lists(one, min_size=1, max_size=4)
    if op == "between":
        return st.lists(one, min_size=2, max_size=2).map(sorted)
    return one


@st.composite
def _conditions(draw: st.DrawFn) -> dict[str, Any]:
    field = draw(st.sampled_from(list(FIELDS.values())))
    op = draw(st.sampled_from(field.asked))
    told = {"field": field.key, "op": op}
    return told if op in WITHOUT_VALUE else {**told, "value": draw(_value(field, op))}


def _groups(parts: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[dict[str, Any]]:
    listed = st.lists(parts, min_size=least, max_size=3)
    return st.builds(lambda how, some: {how: some}, st.sampled_from(HOWS), listed)


_inner = _groups(_conditions(), 0)
FILTERS = _groups(_conditions() | _inner | _groups(_conditions() | _inner, 0), 0)


@given(FILTERS)
def test_a_filter_read_from_its_own_json_is_the_same(told: dict[str, Any]) -> None:
    group = parse(told, FIELDS)
    assert parse(group.as_json(), FIELDS) == group
    assert parse_text(as_text(group), FIELDS) == (group if group else EVERYBODY)


@given(st.recursive(st.none() | st.booleans() | st.text(), st.lists))
def test_whatever_else_is_told_is_refused(told: object) -> None:
    with pytest.raises(Invalid):
        parse(told, FIELDS)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    if text.strip():
        with pytest.raises(Invalid, match=r"\S"):
            parse_text(text, FIELDS)
    else:
        assert parse_text(text, FIELDS) == EVERYBODY
