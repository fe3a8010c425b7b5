"""Where the file of a recording may lie: in one folder, under a plain name, nowhere else.

A PBX names its files in events, and whoever writes its dialplan may let callers into those names.
So only the last part of a name counts, it must look like a sound file, and what it leads to must
be a file inside the folder, not somewhere a link points to.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

_NAME = re.compile(r"[\w@+,=~#-][\w@+,=~#. -]{0,200}\.[A-Za-z0-9]{2,5}", re.ASCII)
KINDS = {
    ".wav": "audio/wav",
    ".wav49": "audio/x-wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".gsm": "audio/x-gsm",
    ".ulaw": "audio/basic",
    ".alaw": "audio/x-alaw-basic",
    ".sln": "application/octet-stream",
    ".sln16": "application/octet-stream",
    ".g722": "audio/G722",
}


def plain_name(told: str) -> str | None:
    """The file's own name, or None for one that nobody should open."""
    name = PurePosixPath(told).name
    if not _NAME.fullmatch(name) or PurePosixPath(name).suffix.lower() not in KINDS:
        return None
    return name


def kind_of(name: str) -> str:
    return KINDS.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def places_of(folder: Path, told: str, began: datetime | None) -> tuple[Path, ...]:
    """Where to look, in order: the folder itself, then folders of days (2026/03/02) around it."""
    name = plain_name(told)
    if name is None:
        return ()
    days = [began + timedelta(days=n) for n in (0, -1, 1)] if began is not None else []
    return (folder / name, *(folder / day.strftime("%Y/%m/%d") / name for day in days))


def find(folder: Path, told: str, began: datetime | None) -> Path | None:
    """The file, if it is there and truly inside the folder."""
    root = folder.resolve()
    for place in places_of(folder, told, began):
        real = place.resolve()
        if real.is_relative_to(root) and real.is_file():
            return real
    return None
