"""Recordings of the real PBX, read as the product reads them.

`tests/scenarios/recordings/<sentence>/` holds `ami.txt` (the raw manager stream), `cel.csv`,
`cdr.csv` and `scenario.json` with what truly happened. `recordings_16/` holds the same scenarios,
played on Asterisk 16.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ami.ledger.restarts import with_restarts
from ami.replay import read_signals
from callcenter.calls.signals import Signal

FOLDER = Path(__file__).parent / "recordings"
FOLDER_16 = Path(__file__).parent / "recordings_16"


@dataclass(frozen=True)
class Recording:
    name: str
    folder: Path
    truth: dict[str, Any]

    @property
    def signals(self) -> list[Signal]:
        return _signals(self.folder / "ami.txt")

    @property
    def ledger(self) -> list[Signal]:
        return list(with_restarts(_signals(self.folder / "cel.csv")))

    @property
    def expected_calls(self) -> int:
        return len(self.truth["calls"])


@cache
def _signals(path: Path) -> list[Signal]:
    return [item for item in read_signals(path) if isinstance(item, Signal)]


@cache
def recordings() -> list[Recording]:
    """Every recording in the repository, by name: those of Asterisk 22, then those of 16."""
    return [*_in(FOLDER), *_in(FOLDER_16, " on Asterisk 16")]


def _in(folder: Path, suffix: str = "") -> list[Recording]:
    return [
        Recording(one.name + suffix, one, json.loads((one / "scenario.json").read_text()))
        for one in sorted(folder.glob("*"))
        if (one / "scenario.json").exists()
    ]
