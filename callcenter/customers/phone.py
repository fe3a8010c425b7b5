"""Phone numbers as a telephone network means them: normalise once, at write.

Only E.164 equals E.164 (design invariant 6). What cannot be made E.164 is said to be what it is:
withheld, internal (an extension of the PBX), a short or service number, or unusable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote

import phonenumbers

NumberKind = Literal["e164", "withheld", "internal", "short", "unusable"]

# Names that networks and PBXs put where a number should be. +266696687 spells "ANONYMOUS".
_WITHHELD = frozenset(
    {
        "anonymous",
        "unavailable",
        "private",
        "restricted",
        "unknown",
        "withheld",
        "asterisk",
        "<unknown>",
        "nobody",
        "266696687",
        "+266696687",
    }
)
_SIP_URI = re.compile(r"^(?:sips?|tel):", re.IGNORECASE)
_DIALABLE = re.compile(r"^[0-9+#*\s().\-/\u00a0\u2010-\u2015]+$")
_MAX_INPUT = 64


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A parsed number. `e164` is set only when `kind` is "e164"; `extension` is kept apart.

    `digits` is what to show or suggest by when there is no E.164 form.
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
    text = _strip_uri(raw)
    if not text or text.lower() in _WITHHELD:
        return PhoneNumber("withheld", raw)
    if len(text) > _MAX_INPUT:
        return PhoneNumber("unusable", raw)
    number, extension = _split_extension(text)
    if not _DIALABLE.match(number):
        return PhoneNumber("unusable", raw)
    digits = re.sub(r"\D", "", number)
    if not digits:
        return PhoneNumber("unusable", raw)
    if internal_allowed and not number.startswith("+") and _is_internal(digits, plan.internal):
        return PhoneNumber("internal", raw, digits=digits)
    return _parse_network_number(raw, number, extension, digits, plan)


def _parse_network_number(
    raw: str, number: str, extension: str, digits: str, plan: NumberPlan
) -> PhoneNumber:
    dialled = _rewrite(re.sub(r"[^\d+]", "", number), plan.rewrite)
    if not dialled.startswith("+") and _is_short(digits, plan.region):
        return PhoneNumber("short", raw, digits=digits)
    for candidate in _candidates(dialled):
        try:
            parsed = phonenumbers.parse(candidate, plan.region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
            valid = phonenumbers.is_valid_number(parsed)
            if valid or candidate == dialled:
                return PhoneNumber(
                    "e164", raw, e164=e164, extension=extension, digits=digits, valid=valid
                )
    return PhoneNumber("unusable", raw, digits=digits)


def _candidates(dialled: str) -> Iterable[str]:
    """As written; then as an international number whose plus (or 00) was lost on the way."""
    yield dialled
    if dialled.startswith("00"):
        yield "+" + dialled[2:]
    elif not dialled.startswith("+") and len(dialled) >= 11:
        yield "+" + dialled


def _strip_uri(raw: str) -> str:
    text = raw.strip().strip('"').strip()
    match = re.search(r"<([^<>]+)>", text)
    if match and (":" in match.group(1) or "@" in match.group(1)):
        text = match.group(1)
    if _SIP_URI.match(text):
        text = text.split(":", 1)[1]
        text = text.split("@", 1)[0].split(";", 1)[0]
        text = unquote(text)
    elif "@" in text:
        text = unquote(text.split("@", 1)[0])
    return text.strip()


def _split_extension(text: str) -> tuple[str, str]:
    match = re.match(
        r"^(.*?\d)\s*(?:,|;?\s*ext\.?=?|доб\.?|wew\.?|\bw\.?|x)\s*(\d{1,8})$", text, re.I
    )
    return (match.group(1), match.group(2)) if match else (text, "")


def _is_internal(digits: str, patterns: tuple[str, ...]) -> bool:
    return any(re.fullmatch(pattern, digits) for pattern in patterns)


def _is_short(digits: str, region: str) -> bool:
    if len(digits) > 6:
        return False
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return True
    return phonenumbers.is_possible_short_number(parsed) or not phonenumbers.is_valid_number(parsed)


def _rewrite(number: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
        changed, count = re.subn(f"^(?:{pattern})$", replacement, number)
        if count:
            return changed
    return number


def format_for_people(e164: str, home_region: str) -> str:
    """As people dial it: national inside `home_region`, international elsewhere."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    home = phonenumbers.country_code_for_region(home_region)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == home
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, style)
