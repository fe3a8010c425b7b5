"""The folder that Asterisk reads: looked into, backed up, written file by file, put back.

Only files of the names that we render are touched. Each is replaced in one step, and keeps the
group and mode that it had, so that Asterisk can still read it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from callcenter.pbx.files import replace_file
from callcenter.pbx.render import SECRET_FILES

BACKUPS = ".callcenter-backups"
_KEPT_BACKUPS = 20
_SECRET_MODE, _PLAIN_MODE = 0o640, 0o644


class FolderError(Exception):
    """The folder cannot be read or written; the message says which and why."""


class ConfigFolder:
    def __init__(self, path: Path) -> None:
        self.path = path

    def texts(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the files that are there."""
        found: dict[str, str] = {}
        for name in names:
            try:
                found[name] = (self.path / name).read_text("utf-8", "surrogateescape")
            except FileNotFoundError:
                continue
            except OSError as error:
                raise FolderError(f"{self.path / name}: {error.strerror}") from error
        return found

    def others(self, names: Iterable[str]) -> list[str]:
        """Configuration files in the folder that are not ours: they stay as they are."""
        ours = set(names)
        with _in_words(self.path):
            return sorted(
                one.name
                for one in self.path.iterdir()
                if one.suffix == ".conf" and one.name not in ours
            )

    def check_writable(self) -> None:
        if not self.path.is_dir():
            raise FolderError(f"{self.path} is not a folder that can be seen from here")
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise FolderError(f"{self.path} cannot be written by the user that the CRM runs as")

    def back_up(self, names: Iterable[str], at: datetime) -> str:
        """The name of a folder with copies of what is there of these."""
        name = f"{at:%Y%m%d-%H%M%S}"
        target = self.path / BACKUPS / name
        with _in_words(target):
            target.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / BACKUPS).chmod(0o700)
            for one in names:
                if (self.path / one).exists():
                    shutil.copy2(self.path / one, target / one)
            self._drop_old_backups()
        return name

    def write(self, texts: Mapping[str, str]) -> None:
        for name, text in texts.items():
            with _in_words(self.path / name):
                self._write(name, text)

    def put_back(self, names: Iterable[str], backup: str) -> None:
        """As it was: what was not there then goes."""
        source = self.path / BACKUPS / backup
        for name in names:
            with _in_words(self.path / name):
                if (source / name).exists():
                    self._write(name, (source / name).read_text("utf-8", "surrogateescape"))
                else:
                    (self.path / name).unlink(missing_ok=True)

    def _write(self, name: str, text: str) -> None:
        path = self.path / name
        like = path if path.exists() else self.path
        group = like.stat().st_gid
        mode = path.stat().st_mode & 0o777 if path.exists() else _mode_of(name)
        if name in SECRET_FILES:
            mode &= ~0o007
        replace_file(path, text, mode, group)

    def _drop_old_backups(self) -> None:
        kept = sorted(one for one in (self.path / BACKUPS).iterdir() if one.is_dir())
        for old in kept[:-_KEPT_BACKUPS]:
            shutil.rmtree(old, ignore_errors=True)


def _mode_of(name: str) -> int:
    return _SECRET_MODE if name in SECRET_FILES else _PLAIN_MODE


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FolderError(f"{path}: {error.strerror or error}") from error
