"""The file that remembers this installation's demo passwords, readable by its owner alone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

FILE = "demo-credentials.json"


def read(path: Path) -> dict[str, str]:
    """What it remembers; nothing if it is not there or is not ours."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): word for name, word in found.items() if isinstance(word, str)}


def write(path: Path, words: Mapping[str, str]) -> None:
    """Nobody else may read it at any moment, and it is never there in half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(dict(words), file, indent=2)
    fresh.replace(path)
