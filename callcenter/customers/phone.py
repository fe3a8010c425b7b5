"""Phone numbers as a telephone network means them: normalise once, at write.

Only E.164 equals E.164. What cannot be made E.164 is said to be what it is:
withheld, internal (an extension of the PBX), a short or service number, or unusable. A reading is
taken only if it is the one reading: a number that could be somebody else's in another country is
`unusable`, and its digits serve for suggestions alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, Literal

import phonenumbers
from phonenumbers import NumberParseException, ValidationResult

from callcenter.customers import phone_text
from callcenter.customers.phone_home import e164_at_home

_LONGEST_E164 = len("+") + 15  # ITU-T E.164, 6.1
NumberKind = Literal["e164", "withheld", "internal", "short", "unusable"]

# Where a trunk prefix that is abolished is still written: a Polish 0501…, a Ukrainian 8 050….
_ABOLISHED_PREFIXES = {"PL": (r"0(\d{9})", r"+48\1"), "UA": (r"8(0\d{9})", r"+38\1")}
_LONGEST_SHORT = 6
_SHORTEST_INTERNATIONAL = 11
_CACHED = 16_384


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A parsed number. `e164` is set only when `kind` is "e164"; `extension` is kept apart.

    `digits` is what to show or suggest by when there is no E.164 form. `valid` says whether the
    number is in a range known to be in use; new ranges are not known at once.
    """

    kind: NumberKind
    raw: str
    e164: str = ""
    extension: str = ""
    digits: str = ""
    valid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPlan:
    """How a trunk (or the office) writes numbers.

    `region` is an ISO 3166 country in upper case, e.g. PL. `internal` are patterns (regular
    expressions, matched in full) of the PBX's own extensions. `rewrite` are (pattern, replacement)
    pairs tried in order before parsing, the first match wins: a German `49…` without plus or a
    trunk that sends `810…` is a property of the trunk, not something to guess.
    """

    region: str = "PL"
    internal: tuple[str, ...] = (r"[1-9]\d{1,4}",)
    rewrite: tuple[tuple[str, str], ...] = field(default=())


def parse_number(raw: str, plan: NumberPlan, *, internal_allowed: bool = True) -> PhoneNumber:
    """Turn whatever a network, a person or a file wrote into a `PhoneNumber`. Never raises."""
    if len(raw) > phone_text.LONGEST * 4:
        return PhoneNumber("unusable", raw)
    return _parse(raw, plan, internal_allowed)


@lru_cache(maxsize=_CACHED)  # the same callers call again, and parsing is the dear part
def _parse(raw: str, plan: NumberPlan, internal_allowed: bool) -> PhoneNumber:
    if phone_text.is_plain(raw):
        return _classify(raw, raw, "", plan, internal_allowed=internal_allowed)
    text = phone_text.user_part(raw)
    if phone_text.is_withheld(text):
        return PhoneNumber("withheld", raw)
    number, extension = phone_text.split_extension(text)
    if len(text) > phone_text.LONGEST or not phone_text.is_dialable(number):
        return PhoneNumber("unusable", raw)
    return _classify(raw, number, extension, plan, internal_allowed=internal_allowed)


def _classify(
    raw: str, number: str, extension: str, plan: NumberPlan, *, internal_allowed: bool
) -> PhoneNumber:
    """What the digits are: emergency first, then ours, then the network's."""
    dialled = phone_text.compact(number)
    digits = dialled.removeprefix("+")
    if number[0] in "*#" or _is_emergency(dialled, plan.region):
        return PhoneNumber("short", raw, digits=digits)
    if internal_allowed and any(re.fullmatch(one, dialled) for one in plan.internal):
        return PhoneNumber("internal", raw, digits=digits)
    dialled = _rewrite(dialled, plan.rewrite)
    if _is_short(dialled, plan.region):
        return PhoneNumber("short", raw, digits=digits)
    e164, valid = e164_at_home(dialled, plan.region), True
    if not e164:
        found, valid = _only_reading(dialled, plan.region)
        e164 = _e164(found) if found is not None else ""
    if not 0 < len(e164) <= _LONGEST_E164:  # the library knows German numbers of 16 digits
        return PhoneNumber("unusable", raw, digits=digits)
    return PhoneNumber("e164", raw, e164=e164, extension=extension, digits=digits, valid=valid)


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _only_reading(dialled: str, region: str) -> tuple[phonenumbers.PhoneNumber | None, bool]:
    """The number meant, if only one can be meant, and whether it is known to be in use."""
    as_written = _read(dialled, region)
    if as_written is not None and phonenumbers.is_valid_number(as_written):
        return as_written, True
    for candidate in _other_spellings(dialled, region, readable=as_written is not None):
        reading = _read(candidate, region)
        if reading is not None and phonenumbers.is_valid_number(reading):
            return reading, True
    if as_written is None or dialled.startswith("+"):
        return as_written, False
    # Not known to be in use, but as long as a mobile number here: a range that is new to us. Only
    # at home, and not with a prefix that this country dials in another way (0048… in Russia).
    is_home = as_written.country_code == phonenumbers.country_code_for_region(region)
    national = phonenumbers.national_significant_number(as_written)
    usual = is_home and len(national) == _usual_length(region)
    return (as_written if usual and not national.startswith("0") else None), False


@cache
def _usual_length(region: str) -> int:
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    return len(phonenumbers.national_significant_number(example)) if example else 0


def _other_spellings(dialled: str, region: str, *, readable: bool) -> Iterator[str]:
    """What else may have been meant; guesses about a plus only where there is no reading as is."""
    pattern, replacement = _ABOLISHED_PREFIXES.get(region, ("", ""))
    if pattern and re.fullmatch(pattern, dialled):
        yield re.sub(pattern, replacement, dialled)
    if dialled.startswith("00"):
        yield f"+{dialled[2:]}"
    elif dialled.startswith("+") and not readable:
        yield dialled[1:]  # +8 916 …: a plus before a national number
    elif len(dialled) >= _SHORTEST_INTERNATIONAL and not readable:
        yield f"+{dialled}"


def _read(candidate: str, region: str) -> phonenumbers.PhoneNumber | None:
    """The number, if its country has numbers of this length."""
    try:
        number = phonenumbers.parse(candidate, region)
    except NumberParseException:
        return None
    possible = phonenumbers.is_possible_number_with_reason(number)
    return number if possible == ValidationResult.IS_POSSIBLE else None


def _is_emergency(dialled: str, region: str) -> bool:
    """112 is never an extension, whatever the plan's patterns say."""
    return len(dialled) <= _LONGEST_SHORT and phonenumbers.is_emergency_number(dialled, region)


def _is_short(dialled: str, region: str) -> bool:
    """Too short to belong to a subscriber: an information line, a code, a rest of a number."""
    if len(dialled) > _LONGEST_SHORT or dialled.startswith("+"):
        return False
    reading = _read(dialled, region)
    return reading is None or not phonenumbers.is_valid_number(reading)


def _rewrite(number: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        changed, count = re.subn(f"^(?:{pattern})$", replacement, number)
        if count:
            return changed
    return number


def is_mobile(e164: str) -> bool:
    """Whether a short message may reach it: a mobile phone, as far as its number tells."""
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return False
    kinds = phonenumbers.PhoneNumberType
    return kind in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)


_SATELLITES: Final = frozenset({870, 881, 882, 883})


def is_costly(e164: str) -> bool:
    """Whether whoever calls it pays for more than the call: premium services, shared costs, numbers
    that follow a person, satellites."""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return True
    kinds = phonenumbers.PhoneNumberType
    costly = (kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.PERSONAL_NUMBER)
    return phonenumbers.number_type(parsed) in costly or parsed.country_code in _SATELLITES


def national_digits(e164: str) -> str:
    """The number without its country: what it has in common however it is written."""
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(e164, None))
    except NumberParseException:
        return ""


def format_for_people(e164: str, home_region: str) -> str:
    """As people dial it: national inside `home_region`, international elsewhere."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except NumberParseException:
        return e164
    home = phonenumbers.country_code_for_region(home_region)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, style)


def prefix_for_people(prefix: str) -> str:
    """How numbers begin, with the gaps that people leave: +4822 is +48 22. What does not begin with
    a country stays as it is."""
    if not re.fullmatch(r"\+[0-9]+", prefix):
        return prefix
    typed, shown = phonenumbers.AsYouTypeFormatter("ZZ"), ""
    for letter in prefix:
        shown = typed.input_digit(letter)
    return shown.strip()
