"""Threads, marks, templates, segments, addresses and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.channels import threads
from callcenter.channels.addresses import is_address, match_address
from callcenter.channels.message import RETRIES, next_try
from callcenter.channels.sms import segments
from callcenter.channels.template import ReplyTemplate, checked, filled, offered
from callcenter.channels.words import asked, indexed
from callcenter.errors import Invalid
from tests.support.store import NOW

KEY = "a key"


@given(st.integers(1, 10**14), st.text(max_size=60))
def test_a_mark_of_ours_is_read_back_from_any_subject(number: int, around: str) -> None:
    assert threads.marked(f"{around} {threads.mark(number, KEY)} {around}", KEY) == number


@given(st.integers(1, 10**6), st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=6, max_size=6))
def test_a_mark_that_somebody_made_up_names_nothing(number: int, sign: str) -> None:
    told = f"[#{number}-{sign}]"
    assert threads.marked(told, KEY) == (number if told == threads.mark(number, KEY) else None)


@given(st.text(max_size=200))
def test_a_bare_subject_stays_bare(text: str) -> None:
    bare = threads.bare_subject(text)
    assert threads.bare_subject(bare) == bare
    assert threads.bare_subject(threads.answer_subject(bare, 7, KEY)) == bare


@pytest.mark.parametrize("subject", ["Re: Offer", "RE[2]: Fwd: Offer", "Odp: Offer", "Отв: Offer"])
def test_answers_and_forwards_have_the_subject_they_began_with(subject: str) -> None:
    assert threads.bare_subject(f"{subject} {threads.mark(3, KEY)}") == "Offer"


@given(st.lists(st.text("abc123@.<> ", max_size=20), max_size=120))
def test_ids_are_taken_from_any_header_bounded(parts: list[str]) -> None:
    found = threads.ids_in(" ".join(parts))
    assert len(found) <= 50
    assert all(one.startswith("<") and one.endswith(">") for one in found)


def test_an_id_too_long_for_a_column_is_told_by_its_hash_and_the_root_is_kept() -> None:
    long = "<" + "x" * 600 + "@y>"
    (key,) = threads.ids_in(long)
    assert len(key) <= threads.LONGEST_ID
    many = " ".join(f"<{number}@x>" for number in range(200))
    assert threads.ids_in(many)[0] == "<0@x>"
    assert threads.named(("<2@x>",), ("<0@x>", "<1@x>")) == ("<2@x>", "<1@x>", "<0@x>")


@pytest.mark.parametrize(
    ("text", "encoding", "count", "room"),
    [
        ("", "GSM-7", 1, 160),
        ("a" * 160, "GSM-7", 1, 0),
        ("a" * 161, "GSM-7", 2, 145),
        ("€" * 80, "GSM-7", 1, 0),
        ("a" * 152 + "€" + "b" * 10, "GSM-7", 2, 141),
        ("ż" * 70, "UCS-2", 1, 0),
        ("ż" * 71, "UCS-2", 2, 63),
        ("😀" * 36, "UCS-2", 2, 61),
    ],
)
def test_segments_are_counted_as_networks_do(
    text: str, encoding: str, count: int, room: int
) -> None:
    found = segments(text)
    assert (found.encoding, found.count, found.room) == (encoding, count, room)


@given(st.text(max_size=400))
def test_a_longer_text_never_takes_fewer_segments(text: str) -> None:
    assert segments(text).count <= segments(text + "a").count


def test_templates_are_filled_with_text_and_nothing_else() -> None:
    values = {"customer.name": "{operator.name}", "operator.name": "Anna"}
    assert filled("Dear {customer.name}, {operator.name} {queue.title}!", values) == (
        "Dear {operator.name}, Anna !"
    )
    with pytest.raises(Invalid, match="not known"):
        checked(ReplyTemplate(title="x", text="{customer.secret}"))
    with pytest.raises(Invalid):
        checked(ReplyTemplate(title=" ", text="x"))
    only = ReplyTemplate(title="x", text="y", channel="sms", queue="sales")
    assert offered(only, "sms", "sales")
    assert not offered(only, "email", "sales")


def test_tries_grow_rarer_and_end() -> None:
    moments = [next_try(number, NOW) for number in range(1, len(RETRIES) + 2)]
    assert moments[-1] is None
    assert moments[:-1] == sorted(one for one in moments if one)


def test_addresses_are_told_from_what_only_looks_like_one() -> None:
    assert is_address("maria@example.org")
    for text in ("maria", "a b@c.d", "x@y\nBcc: z@w", "<x@y>", "a@" + "b" * 300):
        assert not is_address(text)
    assert [match_address(ids) for ids in ((), (1,), (1, 2))] == ["none", "one", "several"]


@given(st.text(max_size=300))
def test_what_is_indexed_is_found(text: str) -> None:
    stored = indexed(text).split(" ")
    for word in asked(text):
        assert any(one.startswith(word) for one in stored)
