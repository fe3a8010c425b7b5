"""The bytes of files, in a folder of the product's own.

A name on the disk is made here and says nothing of the file: what somebody calls a file is a column
of the database and never a path. A file is written beside its place and then moved, so that a crash
leaves no half one.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from callcenter.errors import Invalid, NotFound, Unavailable

_PIECE: Final = 256 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{32}")


class FileStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, content: bytes) -> tuple[str, int, str]:
        return self.keep_stream(io.BytesIO(content), limit=len(content))

    def keep_stream(self, stream: IO[bytes], *, limit: int) -> tuple[str, int, str]:
        name = secrets.token_hex(16)
        place = self._place(name)
        beside = place.with_suffix(".part")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            size, digest = _copy(stream, beside, limit)
            beside.replace(place)
        except OSError as error:
            raise Unavailable("file", f"the file cannot be kept: {error.strerror}") from error
        finally:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        return name, size, digest

    def fetch(self, stored_as: str) -> bytes:
        return self.path(stored_as).read_bytes()

    def path(self, stored_as: str) -> Path:
        place = self._place(stored_as)
        if not place.is_file():
            raise NotFound("file", "the file is not there any more")
        return place

    def remove(self, stored_as: str) -> None:
        try:
            self._place(stored_as).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable("file", f"the file cannot be removed: {error.strerror}") from error

    def _place(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound("file", "there is no such file")
        return self._folder / name[:2] / name


def _copy(stream: IO[bytes], to: Path, limit: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise Invalid("file", f"must have at most {limit // (1024 * 1024)} MB")
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return size, digest.hexdigest()
