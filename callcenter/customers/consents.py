"""What a person allowed or forbade us, for each way of reaching them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

ConsentChannel = Literal["call", "sms", "email", "messenger", "post"]
CONSENT_CHANNELS: Final[tuple[ConsentChannel, ...]] = get_args(ConsentChannel)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentDraft:
    """`source` says how we know: a form, a call, a contract. `at` of None is now."""

    channel: ConsentChannel
    given: bool
    source: str = ""
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    id: int
    customer_id: int
    channel: str
    given: bool
    source: str
    at: datetime
    note: str = ""
    user_id: int | None = None
    user_name: str = ""


def current(consents: Iterable[Consent]) -> dict[str, Consent]:
    """Channel → what holds now: what was said last, not what was written down last."""
    found: dict[str, Consent] = {}
    for one in sorted(consents, key=lambda one: (one.at, one.id)):
        found[one.channel] = one
    return found
