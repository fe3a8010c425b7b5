"""Visitors: what is believed of what they say, and who can go on with a chat."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from callcenter.chats import visitor
from callcenter.errors import Invalid

SECRET = "a secret of tests"


def test_a_token_is_good_for_its_widget_and_our_key_alone() -> None:
    token = visitor.new_token(SECRET, "shop")
    assert visitor.is_token(token, SECRET, "shop")
    assert not visitor.is_token(token, SECRET, "blog")
    assert not visitor.is_token(token, "another secret", "shop")
    assert token not in visitor.visitor_key(token, "shop")


@given(some.text(max_size=120))
def test_nobody_guesses_a_token(text: str) -> None:
    assert not visitor.is_token(text, SECRET, "shop")


@given(some.dictionaries(some.sampled_from(["name", "page", "locale", "x"]), some.text()))
def test_whatever_is_said_becomes_short_plain_lines(told: dict[str, str]) -> None:
    facts = visitor.facts_of(told)
    assert set(facts) <= {"name", "page", "locale"}
    assert all(value and len(value) <= 300 and "\n" not in value for value in facts.values())


@pytest.mark.parametrize("told", [{"email": "nobody"}, {"phone": "call me"}])
def test_what_cannot_reach_anybody_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        visitor.facts_of(told)


def test_values_that_are_no_text_are_left_out() -> None:
    assert visitor.facts_of({"name": ["a"], "email": {"b": 1}, "phone": 5, "page": None}) == {}


def test_a_page_that_is_none_is_forgotten() -> None:
    assert visitor.facts_of({"page": "javascript:alert(1)"}) == {}
    assert visitor.facts_of({"page": "https://shop.example/a"})["page"]


@given(some.text(max_size=50))
def test_a_text_is_never_empty_and_carries_no_controls(text: str) -> None:
    try:
        clean = visitor.message_text(text)
    except Invalid:
        return
    assert clean
    assert "\x00" not in clean
    assert "\x1b" not in clean


def test_a_text_too_long_and_an_odd_client_id_are_refused() -> None:
    with pytest.raises(Invalid):
        visitor.message_text("x" * (visitor.LONGEST_TEXT + 1))
    with pytest.raises(Invalid):
        visitor.message_id("0" * 64, "a:b:c:d:e")


def test_a_visitor_is_called_by_what_they_said_else_by_a_word_of_their_own() -> None:
    assert visitor.name_of({"name": "Maria", "email": "m@example.org"}, "ab12cd") == "Maria"
    assert visitor.name_of({"phone": "+48 22 123"}, "ab12cd") == "+48 22 123"
    assert visitor.name_of({}, "ab12cd") == "#ab12"
