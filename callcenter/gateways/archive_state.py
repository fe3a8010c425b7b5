"""Whether a month's files are as they were made: at a glance by their sizes, to the last byte by
their digests, and what readers found out about them since.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

Told = Mapping[str, Mapping[str, object]]
"""What was noted of each file when it was made."""
_Seen = tuple[int, int]
_AWAY: _Seen = (-1, 0)


class FilesState:
    def __init__(self, path: Callable[[str], Path]) -> None:
        self._path = path
        self._harmed: dict[str, list[_Seen]] = {}

    def sound(self, folder: str, told: Told) -> bool:
        seen = self._all_seen(folder, told)
        sizes = [int(str(told[name]["bytes"])) for name in _tables(told)]
        if _AWAY in seen or not seen or [size for size, _ in seen] != sizes:
            return False
        return self._harmed.get(folder) != seen

    def harmed(self, folder: str, told: Told) -> None:
        log.warning("archive.unreadable", folder=folder)
        self._harmed[folder] = self._all_seen(folder, told)

    def intact(self, folder: str, told: Told) -> bool:
        path = self._path(folder)
        try:
            return self.sound(folder, told) and all(
                sha256_of(path / f"{name}.parquet") == told[name]["sha256"]
                for name in _tables(told)
            )
        except OSError:
            return False

    def _all_seen(self, folder: str, told: Told) -> list[_Seen]:
        path = self._path(folder)
        return [_seen(path / f"{name}.parquet") for name in _tables(told)]


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _tables(told: Told) -> list[str]:
    """What else is noted is no table: since when journals are there, and the pages."""
    return sorted(name for name, one in told.items() if "sha256" in one)


def _seen(path: Path) -> _Seen:
    """Size, and when it was written; what may not be read is as good as away."""
    try:
        found = path.stat()
    except OSError:
        return _AWAY
    return (found.st_size, found.st_mtime_ns) if os.access(path, os.R_OK) else _AWAY
