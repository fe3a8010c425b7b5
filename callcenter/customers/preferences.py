"""How a person wants to be reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from callcenter.customers.visible import one_line
from callcenter.errors import Invalid

CHANNELS: Final = ("call", "sms", "email", "messenger")
PREFERENCES: Final = ("channel", "call_from", "call_to", "note")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LONGEST_NOTE = 255


def clean_preferences(told: Mapping[str, Any]) -> dict[str, str]:
    """Only what is said: `channel`, `call_from` and `call_to` (HH:MM on their wall), `note`."""
    unknown = sorted(set(told) - set(PREFERENCES))
    if unknown:
        raise Invalid(f"preferences.{unknown[0][:40]}", "is not a preference")
    texts = {name: one_line(str(value or "")) for name, value in told.items()}
    clean = {name: text for name, text in texts.items() if text}
    if clean.get("channel", "call") not in CHANNELS:
        raise Invalid("preferences.channel", f"must be one of: {', '.join(CHANNELS)}")
    for name in ("call_from", "call_to"):
        if name in clean and not _CLOCK.fullmatch(clean[name]):
            raise Invalid(f"preferences.{name}", "must be a time of day, such as 09:30")
    if len(clean.get("note", "")) > _LONGEST_NOTE:
        raise Invalid("preferences.note", f"must have at most {_LONGEST_NOTE} characters")
    return clean
