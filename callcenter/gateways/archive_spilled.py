"""Where statements over the archive put what does not fit into memory: a folder for each process,
so that what a killed one has left can be told from what another one uses."""

from __future__ import annotations

import os
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER: Final = ".spill"
_FORGOTTEN_SECONDS: Final = 86_400.0
"""What another host left: nobody can see whether its process is alive."""


def mine(folder: Path) -> Path:
    """This process's own."""
    return folder / f"{socket.gethostname()}-{os.getpid()}"


def drop_mine(folder: Path) -> None:
    """Once nothing is open any more that could use it."""
    with suppress(OSError):  # not empty: somebody else in this process uses it
        mine(folder).rmdir()


def clear(folder: Path) -> None:
    """What processes have left that are no more."""
    if folder.is_dir():
        for one in folder.iterdir():
            if one != mine(folder) and _is_left(one):
                _remove(one)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_left(path: Path) -> bool:
    host, _, process = path.name.rpartition("-")
    if path.is_dir() and host == socket.gethostname() and process.isdigit():
        return Path("/proc/self").exists() and not Path(f"/proc/{process}").exists()
    try:
        return time.time() - path.stat().st_mtime > _FORGOTTEN_SECONDS
    except FileNotFoundError:
        return False
