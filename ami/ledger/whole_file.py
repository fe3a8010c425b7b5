"""An old ledger file, read from beginning to end and settled at once (`callcenter ledger read`)."""

from __future__ import annotations

import gzip
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ami.ledger.fold import LedgerFolder
from ami.ledger.forward import HEAD, Piece, identity
from ami.ledger.intake import LedgerIntake
from ami.ledger.names import PATIENCE_SECONDS, SystemNames
from ami.ledger.settling import Settler
from ami.ledger.sources import AT_ONCE
from callcenter.calls.ledger import LedgerBatch
from callcenter.calls.topology import Topology
from callcenter.runtime import Runtime
from callcenter.services.call_identity import CallMemory


class UnreadableFileError(ValueError):
    """It holds no line of a ledger."""


@dataclass(slots=True)
class Told:
    """What came of it."""

    lines: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unfinished: int = 0

    def words(self) -> Iterator[str]:
        yield f"{self.lines} lines, {self.calls.total()} calls"
        yield f"  as they were told before: {self.calls['confirmed']}"
        for cause in sorted(set(self.calls) - {"confirmed"}):
            yield f"  {cause}: {self.calls[cause]}"
        for reason, count in sorted(self.refused.items()):
            yield f"lines set aside, {reason}: {count}"
        if self.unfinished:
            yield f"calls without an end in this file, left out: {self.unfinished}"


def read_whole_file(runtime: Runtime, pbx: str, path: Path) -> Told:
    """Where the reading of the PBX's own ledger has come to stays as it is."""
    settings = runtime.settings
    topology = Topology(trunks=settings.trunks, internal_numbers=settings.internal_numbers)
    with runtime.unit_of_work() as uow:
        names = SystemNames(pbx, uow.pbx_links.names(pbx))
    intake = LedgerIntake(pbx, "file", str(path), LedgerFolder(pbx, topology), names)
    settler = Settler(runtime, topology, CallMemory())
    told = Told()

    def settle(batches: Iterator[LedgerBatch]) -> None:
        for batch in batches:
            told.calls += settler.settle(replace(batch, position=None))

    for piece in pieces(path):
        now = time.monotonic()
        intake.take_in(piece, now, runtime.clock.now())
        settle(intake.batches(now, runtime.clock.now()))
    now = time.monotonic()
    intake.finish(now, runtime.clock.now())
    intake.tick(now + PATIENCE_SECONDS, runtime.clock.now())
    settle(intake.last_batches(runtime.clock.now()))
    if intake.lines and intake.lines == intake.refused["not_cel"]:
        raise UnreadableFileError("no line of it is one of our ledger (see cel_custom.conf)")
    told.lines, told.refused = intake.lines, intake.refused
    told.unfinished = intake.folder.open_calls
    return told


def pieces(path: Path) -> Iterator[Piece]:
    """The file's bytes, unpacked, a moderate number at a time."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        file_id = identity(file.read(HEAD)) or "short"
        file.seek(0)
        offset = 0
        while data := file.read(AT_ONCE):
            yield Piece(file_id, str(path), offset, data, False)
            offset += len(data)
