"""Files that wait to be taken in or fetched: streamed to the disk, never held in memory, and never
larger than they may be."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from callcenter.errors import Invalid, NotFound


def keep(chunks: Iterable[bytes], folder: Path, limit: int) -> tuple[str, int]:
    """(its name in the folder, its size). What is too large leaves nothing behind."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.part"
    size = 0
    try:
        with (folder / name).open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                check_size(size, limit)
                file.write(chunk)
    except BaseException:
        remove(folder, name)
        raise
    return name, size


def check_size(size: int, limit: int) -> None:
    if size > limit:
        raise Invalid("file", f"this file is larger than the {limit // 1024**2} MB it may have")


def path_of(folder: Path, name: str) -> Path:
    path = folder / Path(name).name
    if not name or not path.is_file():
        raise NotFound("file", "there is no file of this any more")
    return path


def remove(folder: Path, name: str) -> None:
    if name:
        with suppress(FileNotFoundError):
            (folder / Path(name).name).unlink()
