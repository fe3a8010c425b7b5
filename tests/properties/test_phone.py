"""Whatever text comes in: no exception, and what is E.164 once stays itself."""

from __future__ import annotations

import re

import phonenumbers
from hypothesis import example, given
from hypothesis import strategies as st

from callcenter.customers.phone import NumberPlan, format_for_people, parse_number

regions = st.sampled_from(["PL", "RU", "GB", "UA", "DE", "IT", "KZ", "US", "XX", ""])
# Text that is nearly a number finds more than text that is nothing like one.
nearly = st.text(alphabet='0123456789+()-. *#,;x@:<>%"wefext=добanoymusip\x00é', max_size=40)
texts = st.one_of(st.text(max_size=80), nearly, st.from_regex(r"\A[+0]{0,3}[0-9]{2,16}\Z"))


@given(texts, regions, st.booleans())
@example("20100000000000", "DE", False)
def test_no_text_raises_and_every_answer_is_of_one_kind(
    raw: str, region: str, internal: bool
) -> None:
    number = parse_number(raw, NumberPlan(region=region), internal_allowed=internal)
    assert number.raw == raw
    assert bool(number.e164) == (number.kind == "e164")
    assert re.fullmatch(r"(\+[1-9][0-9]{3,14})?", number.e164)
    assert re.fullmatch(r"[0-9]*", number.digits)
    assert re.fullmatch(r"[0-9]{0,8}", number.extension)
    format_for_people(number.e164, region)


@given(texts, regions, regions)
def test_e164_means_itself_on_every_trunk(raw: str, region: str, other: str) -> None:
    first = parse_number(raw, NumberPlan(region=region))
    if first.e164:
        again = parse_number(first.e164, NumberPlan(region=other))
        assert (again.e164, again.valid) == (first.e164, first.valid)


@given(st.from_regex(r"\A[0-9]{4,15}\Z"), regions)
def test_without_a_plus_a_foreign_number_is_taken_only_when_it_is_valid(
    digits: str, region: str
) -> None:
    number = parse_number(digits, NumberPlan(region=region))
    if number.e164 and not number.valid:
        home = phonenumbers.country_code_for_region(region)
        assert number.e164.startswith(f"+{home}")
