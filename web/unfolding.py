"""How much of a list that reads itself anew stands on its page: the address says it, so that news,
a reload and the way back read as much as was unfolded."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from callcenter.queries.paging import LARGEST_PAGE
from web.whole_numbers import whole_number

STEP = 50
MOST = LARGEST_PAGE
"""Rows: every piece of news reads all of them again."""


@dataclass(frozen=True, slots=True)
class Part:
    """`cursor`: where the page begins; None, at the beginning."""

    cursor: str | None
    rows: int

    @property
    def more(self) -> dict[str, str]:
        """What the address has of it when one more step is unfolded; {}: that would be too much."""
        if self.rows >= MOST:
            return {}
        begins = {"cursor": self.cursor} if self.cursor else {}
        return {**begins, "shown": str(self.rows + STEP)}


def asked() -> Part:
    shown = request.args.get("shown", type=whole_number) or STEP
    steps = -(-shown // STEP)
    return Part(request.args.get("cursor"), max(STEP, min(steps * STEP, MOST)))


def kept() -> dict[str, str]:
    """The rest of the address: which list it is. Names that `url_for` has for itself are none."""
    return {
        name: value
        for name, value in request.args.items()
        if value and name not in ("cursor", "shown", "endpoint") and not name.startswith("_")
    }
