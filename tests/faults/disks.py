"""A small disk that can be filled: a tmpfs mounted over a folder. Needs root."""

from __future__ import annotations

import subprocess
from pathlib import Path

_CHUNK = b"\0" * 65536


class SmallDisk:
    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        options = f"size={megabytes}m,mode=0755"
        command = ["mount", "-t", "tmpfs", "-o", options, "callcenter-faults", str(folder)]
        subprocess.run(command, check=True)
        self._filler = folder / ".filler"

    def fill(self) -> None:
        """To the last byte: what writes next gets ENOSPC, perhaps in mid-line."""
        with self._filler.open("ab", buffering=0) as filler:
            chunk = _CHUNK
            while chunk:
                try:
                    if filler.write(chunk) < len(chunk):
                        chunk = chunk[: len(chunk) // 2]
                except OSError:
                    chunk = chunk[: len(chunk) // 2]

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        self.free()
        subprocess.run(["umount", "-l", str(self.folder)], check=False)
