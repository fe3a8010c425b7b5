"""Where the bytes of files are kept."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Protocol

from callcenter.errors import Unavailable


class FileStorage(Protocol):
    def keep(self, content: bytes) -> tuple[str, int, str]:
        """(the name it is kept under, size, sha256)."""
        ...

    def keep_stream(self, stream: IO[bytes], *, limit: int) -> tuple[str, int, str]:
        """As `keep`, never with more than a piece of it in memory. Invalid above `limit` bytes."""
        ...

    def fetch(self, stored_as: str) -> bytes:
        """NotFound if it is not there (any more)."""
        ...

    def path(self, stored_as: str) -> Path:
        """Where it lies, for a door to send it. NotFound if it is not there."""
        ...

    def remove(self, stored_as: str) -> None:
        """For good; nothing if it is not there."""
        ...


class NoFiles:
    """Where a part of the product runs that has nothing to do with files."""

    def keep(self, content: bytes) -> tuple[str, int, str]:  # noqa: ARG002
        raise Unavailable("file", "no folder for files was given")

    def keep_stream(self, stream: IO[bytes], *, limit: int) -> tuple[str, int, str]:  # noqa: ARG002
        raise Unavailable("file", "no folder for files was given")

    def fetch(self, stored_as: str) -> bytes:  # noqa: ARG002
        raise Unavailable("file", "no folder for files was given")

    def path(self, stored_as: str) -> Path:  # noqa: ARG002
        raise Unavailable("file", "no folder for files was given")

    def remove(self, stored_as: str) -> None:
        """There is nothing to remove."""
