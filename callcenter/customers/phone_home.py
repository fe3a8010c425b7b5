"""Numbers of one's own country, told without the whole of the numbering library where that is
sure to come to the same: most numbers of most files are these, and the library takes ten times as
long for each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_TYPES = (
    "mobile",
    "fixed_line",
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


@dataclass(frozen=True, slots=True)
class _Home:
    """`kinds`: how long numbers of each kind are, and what they look like."""

    plus: str
    general: re.Pattern[str]
    kinds: tuple[tuple[frozenset[int], re.Pattern[str]], ...]


def e164_at_home(dialled: str, region: str) -> str:
    """The one reading of a number that is in use in this country; '' for every other, and for
    countries where a number is dialled in several ways: what those are is the library's to say.

    `dialled` is digits, after a plus if there was one.
    """
    home = _home(region)
    if home is None:
        return ""
    if dialled.startswith("+"):
        if not dialled.startswith(home.plus):
            return ""
        national = dialled[len(home.plus) :]
    else:
        national = dialled
    if national.startswith("0") or not home.general.fullmatch(national):
        return ""
    length = len(national)
    for lengths, pattern in home.kinds:
        if length in lengths and pattern.fullmatch(national):
            return home.plus + national
    return ""


@cache
def _home(region: str) -> _Home | None:
    """Only where one country has the code, and nothing is dialled before its numbers."""
    known: Any = PhoneMetadata.metadata_for_region(region, None)
    if known is None or known.national_prefix_for_parsing or known.leading_digits:
        return None
    if COUNTRY_CODE_TO_REGION_CODE.get(known.country_code) != (region,):
        return None
    if not (known.international_prefix or "").startswith("0"):
        return None
    general = known.general_desc
    kinds = [
        (frozenset(one.possible_length or general.possible_length), one.national_number_pattern)
        for one in (getattr(known, name) for name in _TYPES)
        if one is not None and one.national_number_pattern
    ]
    return _Home(
        f"+{known.country_code}",
        re.compile(general.national_number_pattern),
        tuple((lengths, re.compile(pattern)) for lengths, pattern in kinds),
    )
