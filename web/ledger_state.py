"""How each PBX's ledger stands, for the administrators' page and for /readyz: read, behind, stuck,
or not there at all. What only the process that reads it knows is in its metrics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from callcenter.queries.ledger import LedgerView
from callcenter.settings import Settings

Standing = Literal["current", "behind", "stuck", "waiting", "unreadable"]
PATIENCE = timedelta(minutes=2)
"""A reader saves its place every few seconds while there is anything to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerState:
    """`behind`: bytes there and not read, None where only the reader's machine knows.

    waiting: configured, and not read yet; unreadable: configured, and its file cannot be opened
    here.
    """

    pbx: str
    view: LedgerView | None
    path: str
    behind: int | None
    standing: Standing

    @property
    def ok(self) -> bool:
        return self.standing not in ("stuck", "unreadable")


def states(settings: Settings, views: Sequence[LedgerView], now: datetime) -> list[LedgerState]:
    """Every ledger that is configured, read or received. A PBX without any is not among them."""
    found = [_state(settings, view, now) for view in views]
    read = {view.pbx for view in views if view.position and view.position.source == "file"}
    for pbx in settings.pbx_names:
        path = settings.ledger_file(pbx)
        if path is not None and pbx not in read:
            found.append(_configured(pbx, path, now))
    return sorted(found, key=lambda one: one.pbx)


def _configured(pbx: str, path: Path, now: datetime) -> LedgerState:
    standing: Standing = "waiting"
    behind = None
    try:
        about = path.stat()
    except FileNotFoundError:
        pass  # Asterisk makes it with the first call
    except OSError:
        standing = "unreadable"
    else:
        behind = about.st_size
        written = datetime.fromtimestamp(about.st_mtime, UTC)
        standing = "stuck" if behind and now - written > PATIENCE else "waiting"
    return LedgerState(pbx=pbx, view=None, path=str(path), behind=behind, standing=standing)


def _state(settings: Settings, view: LedgerView, now: datetime) -> LedgerState:
    position, received = view.position, view.received
    if position is not None and position.source == "file":
        path = settings.ledger_file(view.pbx) or Path(position.path)
        behind, last = _behind_on_disk(path, position.read_to), position.at
    else:
        path = Path(received.path if received is not None else "")
        behind = view.behind
        times = [one.at for one in (position,) if one] + [r.last_at for r in (received,) if r]
        last = max(times, default=now)
    late = now - last > PATIENCE
    standing: Standing = "current" if not behind else "stuck" if late else "behind"
    return LedgerState(pbx=view.pbx, view=view, path=str(path), behind=behind, standing=standing)


def _behind_on_disk(path: Path, read_to: int) -> int | None:
    """None where this process cannot look; a file shorter than what was read is a new one."""
    try:
        size = path.stat().st_size
    except OSError:
        return None
    return size - read_to if size >= read_to else size
