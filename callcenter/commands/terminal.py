"""Names that others typed, made fit for a terminal: nothing in them moves its cursor, recolours it
or turns the order of its letters."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

_SHOWN: Final = "\ufffd"


def harmless(text: str) -> str:
    """With a sign in place of every control character and every mark that turns the writing."""
    return "".join(_SHOWN if _is_control(one) else one for one in text)


def escaped(document: str) -> str:
    """JSON that is the same to a program: such characters only stand inside its strings."""
    return re.sub(r"[^\n\x20-\x7e]", lambda found: _escape(found[0]), document)


def _escape(one: str) -> str:
    return json.dumps(one)[1:-1] if _is_control(one) else one


def _is_control(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")
