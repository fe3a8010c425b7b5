"""What nobody sees is left out of names; what somebody writes their name with stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.customers.visible import lines, one_line

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Anna\u200b Nowak", "Anna Nowak"),
        ("\u202eevil\u202c Anna", "evil Anna"),
        ("\u2066Anna\u2069", "Anna"),
        ("Anna\x00\x1b[31m", "Anna[31m"),
        ("  Anna \t\n Nowak  ", "Anna Nowak"),
        ("محمد العلي", "محمد العلي"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # a joiner that is spelling
        ("क्\u200dष", "क्\u200dष"),
        ("Z\u0307o\u0301łw", "Żółw"),
        ("\u3164\u2800\ufeff", ""),
    ],
)
def test_a_name_is_kept_as_its_owner_writes_it(written: str, kept: str) -> None:
    assert one_line(written) == unicodedata.normalize("NFC", kept)


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert one_line(one_line(text)) == one_line(text)
    assert lines(lines(text)) == lines(text)


@given(TEXTS)
def test_no_line_holds_a_control_or_a_mark_of_direction(text: str) -> None:
    clean = one_line(text)
    assert not any(unicodedata.category(letter) == "Cc" for letter in clean)
    assert not set(clean) & set(
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069\ufeff"
    )


@given(st.text("abcżółćабвг אבג", max_size=60))
def test_letters_of_any_script_stay(text: str) -> None:
    assert one_line(text) == " ".join(text.split())
