"""Titles as short names."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.finding.latin import slug


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Old debts", "old-debts"),
        ("Долги: звонить завтра!", "dolgi-zvonit-zavtra"),
        ("Ёлки и Йога", "elki-i-yoga"),
        ("Їжак, ґанок", "izhak-ganok"),
        ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
        ("Straße № 5", "strasse-no-5"),
        ("日本", ""),
        ("", ""),
    ],
)
def test_a_title_is_written_plainly(title: str, name: str) -> None:
    assert slug(title) == name
    assert slug(unicodedata.normalize("NFD", title)) == name


@given(st.text(max_size=80))
def test_whatever_is_typed_a_short_name_is_plain_and_short(title: str) -> None:
    name = slug(title, 12)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", name)
    assert len(name) <= 12
    assert slug(name, 12) == name
