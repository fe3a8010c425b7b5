"""How a file of a report speaks: the product's English, or the words of whoever asked for it, kept
with the order because only the doors translate. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

LEFT_OUT: Final = "Not all is shown. Files of the archive cannot be read:"
"""Before names of months."""
TOO_LARGE: Final = "The file is too large for a mail. Open the report here, and make it there:"
ABOUT: Final = "How each number is made"
NOT_FILTERED: Final = "Not for this filter: %(what)s"
NOT_SPLIT: Final = "Not split by: %(what)s"
"""Of a figure that knows nothing of what is asked, instead of any number."""
NOTES: Final = (
    LEFT_OUT,
    "Total",
    "Period before",
    "Goal",
    "Nothing was counted in this time",
    "The first %(shown)d of %(all)d rows. A file has all of them.",
    "There are more rows than a report has. Choose a shorter period, or group by longer times.",
    "Reports",
    "File",
    TOO_LARGE,
    ABOUT,
    NOT_FILTERED,
    NOT_SPLIT,
)
"""What files and mails of reports say besides titles, headings and figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """`texts`: English → its words. `codes`: what rows are known by ("channel call", "queue " for
    none) → its words. `decimal`: the mark in numbers that people read."""

    tag: str = "en"
    texts: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    decimal: str = "."

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Language:
        """As it was kept; English where nothing was."""
        names = ("tag", "texts", "codes", "decimal")
        return cls(**{name: stored[name] for name in names if name in stored}) if stored else cls()

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    def say(self, text: str) -> str:
        return self.texts.get(text, text)

    def code(self, by: str, key: str) -> str:
        """'' for one that has no words."""
        return self.codes.get(f"{by} {key}", "")

    @property
    def separator(self) -> str:
        """Of a CSV file: what a spreadsheet of that language parts columns by when the file is
        opened by a click. Where the comma is in numbers, it cannot be between them."""
        return ";" if self.decimal == "," else ","

    def number(self, text: str) -> str:
        return text.replace(".", self.decimal)


ENGLISH: Final = Language()
