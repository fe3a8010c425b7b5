"""What a file or a printed report says of months of the archive that could not be read for it."""

from __future__ import annotations

from callcenter.queries import left_out
from callcenter.reporting.language import ENGLISH, LEFT_OUT, Language


def words(language: Language = ENGLISH) -> str:
    """'' where nothing was left out."""
    months = left_out.months()
    return f"{language.say(LEFT_OUT)} {', '.join(months)}" if months else ""
