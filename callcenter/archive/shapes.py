"""What a file of the archive holds: a table's columns by kind, and whose row it is. Pure.

Rows travel as plain values that JSON can say and that lose nothing: an instant is whole
microseconds since 1970, bytes are base64, a JSON value is its text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["whole", "real", "flag", "text", "instant", "json", "bytes"]
Plain = dict[str, Any]
Bundle = Mapping[str, Sequence[Plain]]
"""Table → the rows of one interaction."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A table in the order of its columns; `key`: those of its primary key."""

    table: str
    columns: tuple[tuple[str, Kind], ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows a bundle's are: what the files are sorted by, and found again by."""

    interaction_id: int
    customer_id: int | None
    started_at: int
    """Microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Packed:
    """One interaction with all that is its own."""

    owner: Owner
    rows: Bundle

    def digest(self) -> str:
        """The same for the same rows, in whatever order they were read. What nobody has is left
        out: a table or column that came later changes nothing."""
        told = {
            table: sorted(
                json.dumps(
                    {name: value for name, value in row.items() if value is not None},
                    sort_keys=True,
                )
                for row in rows
            )
            for table, rows in sorted(self.rows.items())
            if rows
        }
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


OWNER_COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    ("of_interaction", "whole"),
    ("of_customer", "whole"),
    ("of_started", "instant"),
    ("of_digest", "text"),
)


def owned(one: Packed) -> Plain:
    owner = one.owner
    return {
        "of_interaction": owner.interaction_id,
        "of_customer": owner.customer_id,
        "of_started": owner.started_at,
        "of_digest": one.digest(),
    }
