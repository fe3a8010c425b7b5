"""One record of a file, before anybody says what its cells mean; and how large one may be."""

from __future__ import annotations

import csv
from dataclasses import dataclass

MOST_CELLS = 500
MOST_IN_CELL = 100_000
csv.field_size_limit(MOST_IN_CELL)


class Unreadable(ValueError):  # noqa: N818 (says what a file is)
    """This file cannot be read as what it seems to be. The message is for people."""


@dataclass(frozen=True, slots=True)
class Record:
    """`number` counts from 1, the header included; `problem` says why it could not be read."""

    number: int
    line: int
    cells: tuple[str, ...]
    problem: str = ""
