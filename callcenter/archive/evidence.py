"""What calls were made from is kept for fewer days than calls are, in files as well. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from callcenter.archive.months import Month
from callcenter.archive.shapes import Packed

JOURNAL: Final = "call_journal"
_SINCE: Final = "since"
_EVERY: Final = timedelta(days=7)
"""Files are made anew for it at most so often: no journal in them outlives its time by more."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def is_due(month: Month, before: datetime | None) -> bool:
    """Whether a month's files hold journals that are of before that."""
    told = month.files.get(JOURNAL, {})
    if before is None or not told.get("rows"):
        return False
    begin, end = month.bounds()
    since = max(begin, datetime.fromisoformat(str(told.get(_SINCE, begin.isoformat()))))
    return before - since >= _EVERY or since < end <= before


def without_old(packed: Packed, before: datetime | None) -> Packed:
    if before is None or not packed.rows.get(JOURNAL):
        return packed
    oldest = (before - _EPOCH) // timedelta(microseconds=1)
    kept = [row for row in packed.rows[JOURNAL] if (row["dated_at"] or 0) >= oldest]
    others = {name: rows for name, rows in packed.rows.items() if name != JOURNAL}
    return replace(packed, rows=others | {JOURNAL: kept} if kept else others)


def noted(
    files: Mapping[str, Mapping[str, object]], before: datetime | None
) -> dict[str, dict[str, object]]:
    """What is told of a month's files, and since when they have journals."""
    found = {name: dict(one) for name, one in files.items()}
    if before is not None:
        found.setdefault(JOURNAL, {})[_SINCE] = before.isoformat()
    return found
