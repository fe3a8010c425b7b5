"""Where files given out are written and kept. Each attempt writes in a folder of its own, with all
that the libraries put beside it, and is seen under its name only when it is whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType

from callcenter.imports.job import Export
from callcenter.services.import_files import remove

drop = remove


class Draft:
    """`path`: where to write. Whatever is not kept is gone at the end."""

    def __init__(self, folder: Path, job: Export) -> None:
        self.name = f"{job.id}-{job.turn}.{job.format}"
        self._whole = folder / self.name
        self._folder = folder / f"{job.id}-{job.turn}.part"
        self.path = self._folder / f"file.{job.format}"

    def __enter__(self) -> Draft:
        self._folder.mkdir()
        return self

    def keep(self) -> int:
        """Its size in bytes. On the disk before it has its name: a power cut leaves no half."""
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        self.path.replace(self._whole)
        return size

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def clear(folder: Path, export_id: int) -> None:
    """What attempts that were killed left of a file that is not made yet."""
    for path in folder.glob(f"{export_id}-*"):
        _unlink(path)


def sweep(folder: Path, listed: list[Path], kept: frozenset[str], running: frozenset[int]) -> int:
    """Removes of `listed`, seen before the rest was read, what no file stands behind."""
    lost = [one for one in listed if one.name not in kept and _id_of(one.name) not in running]
    for path in lost:
        _unlink(folder / path.name)
    return len(lost)


def _id_of(name: str) -> int:
    told = name.partition("-")[0]
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0


def _unlink(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
