"""A disk in memory for what tests throw away: a copied database is a thousand files, made and
removed, which costs a real disk eight times as much.
"""

from __future__ import annotations

import shutil
from pathlib import Path

_PLACE = Path("/dev/shm")
_ENOUGH = 4 << 30


def memory_disk() -> Path | None:
    """Where it is; None where there is none, or a small one, as in many containers."""
    if not _PLACE.is_dir() or shutil.disk_usage(_PLACE).free < _ENOUGH:
        return None
    return _PLACE
