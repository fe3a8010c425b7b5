"""Where the ledger's bytes come from: a file on this machine, or what a forwarder has sent."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from ami.ledger.forward import Follower, Piece
from ami.ledger.records import Place
from callcenter.calls.ledger import LedgerPosition, LedgerSource
from callcenter.ports import InboxChunk, UnitOfWork

AT_ONCE = 1_000_000
"""Bytes in memory at a time."""
_CHUNKS = 4


class Source(Protocol):
    kind: LedgerSource
    path: str

    @property
    def words(self) -> str:
        """Why nothing can be read; '' while all is well."""
        ...

    @property
    def behind(self) -> int:
        """Bytes that are there and not read yet, as far as known."""
        ...

    @property
    def lost(self) -> int:
        """How often a file went before it was read to its end."""
        ...

    def begin_at(self, position: LedgerPosition | None) -> None: ...

    def read(self) -> Piece | None:
        """The next bytes, None when all are read. Raises what the database raises."""
        ...

    def passed(self, mark: Place) -> None:
        """Everything before it is stored: it need not be kept for us."""
        ...


class FileSource:
    kind: LedgerSource = "file"

    def __init__(self, path: str) -> None:
        self.path = path
        self._follower = Follower(path)

    @property
    def words(self) -> str:
        return self._follower.words

    @property
    def behind(self) -> int:
        return max(0, self._follower.behind)

    @property
    def lost(self) -> int:
        return self._follower.gone + self._follower.cut

    def begin_at(self, position: LedgerPosition | None) -> None:
        if position is not None:
            since = position.at.timestamp()
            self._follower = Follower(self.path, position.file_id, position.offset, since)

    def read(self) -> Piece | None:
        return self._follower.read(AT_ONCE)

    def passed(self, mark: Place) -> None:
        """The file is Asterisk's own; logrotate takes it away."""


class InboxSource:
    """What was sent stays until the calls in it are stored, so reading begins at its beginning."""

    kind: LedgerSource = "inbox"
    path = "inbox"
    words = ""
    behind = 0
    lost = 0

    def __init__(self, pbx: str, unit_of_work: Callable[[], UnitOfWork]) -> None:
        self._pbx = pbx
        self._unit_of_work = unit_of_work
        self._after_id = 0
        self._ready: deque[InboxChunk] = deque()
        self._read: deque[tuple[int, str, int]] = deque()
        """Chunks read and not dropped: id, file, end."""
        self._file_id = ""

    def begin_at(self, position: LedgerPosition | None) -> None:  # noqa: ARG002 - all that is here
        self._after_id, self._file_id = 0, ""
        self._ready.clear()
        self._read.clear()

    def read(self) -> Piece | None:
        if not self._ready:
            with self._unit_of_work() as uow:
                self._ready += uow.ledger.inbox(self._pbx, self._after_id, _CHUNKS)
        if not self._ready:
            return None
        chunk = self._ready.popleft()
        self._after_id = chunk.id
        self._read.append((chunk.id, chunk.file_id, chunk.offset + len(chunk.data)))
        self.path = f"{chunk.path} (sent by the forwarder)"
        return Piece(chunk.file_id, chunk.path, chunk.offset, chunk.data, False)

    def passed(self, mark: Place) -> None:
        """Within the mark's file, what ends before it; and everything of files before that one."""
        files = [file_id for _, file_id, _ in self._read]
        if mark.file_id not in files:
            return
        done = 0
        while self._read and (self._read[0][1] != mark.file_id or self._read[0][2] <= mark.offset):
            done = self._read.popleft()[0]
        if done:
            with self._unit_of_work() as uow:
                uow.ledger.drop_inbox(self._pbx, done)
                uow.commit()
        if not self._read and not self._ready:
            self._after_id = 0  # an empty table may give its ids again
