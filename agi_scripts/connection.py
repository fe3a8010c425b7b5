"""One FastAGI connection: bytes in, commands out, limits and time-outs on both.

Owns the socket and nothing of what is said. A connection costs no task until a whole request has
come, so that port scans and health checks are nearly free; a timer ends what is slow.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from typing import Any, Final, Protocol, TypeVar, cast

from agi_scripts.lines import GarbageError, LineBuffer
from agi_scripts.replies import Reply, ReplyReader
from agi_scripts.request import AgiRequest, HeadReader

T = TypeVar("T")
MAX_REPLY_BYTES: Final = 262144


class Owner(Protocol):
    """What the server does with a connection. Called from the loop's thread."""

    @property
    def head_seconds(self) -> float: ...

    def opened(self, connection: Connection) -> bool: ...

    def requested(self, connection: Connection, request: AgiRequest) -> None: ...

    def refused(self, reason: str) -> None: ...

    def closed(self, connection: Connection) -> None: ...


class Connection(asyncio.Protocol):
    def __init__(self, owner: Owner, loop: asyncio.AbstractEventLoop) -> None:
        self._owner = owner
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._head: HeadReader | None = HeadReader()
        self._lines = LineBuffer(MAX_REPLY_BYTES)
        self._replies = ReplyReader()
        self._conversation: Generator[bytes, Reply, Any] | None = None
        self._outcome: asyncio.Future[Any] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.first_byte_at = 0.0
        self.task: asyncio.Task[None] | None = None

    @property
    def hung_up(self) -> bool:
        return self._replies.hung_up

    # Called by the loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own class
        if not self._owner.opened(self):
            self.abort()
            return
        self._timer = self._loop.call_later(self._owner.head_seconds, self._head_is_late)

    def data_received(self, data: bytes) -> None:
        try:
            if self._head is None:
                self._take_replies(data)
            else:
                self._take_head(self._head, data)
        except GarbageError as garbage:
            self._refuse(garbage.reason)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's name
        self._transport = None
        self._stop_timer()
        self._fail(ConnectionResetError("Asterisk closed the connection"))
        self._owner.closed(self)

    # Called by the session and the server.

    async def converse(self, conversation: Generator[bytes, Reply, T], *, last: bool = False) -> T:
        """Say what it yields, tell it the replies, return what it returns.

        Driven from `data_received`, so that the next command leaves in the same turn of the loop.
        After the `last` thing to say our side of the connection is ended: Asterisk finds the end of
        file behind it, and does not wait for us to hear its reply. (It reads one command at a time:
        a second one behind the first, in the same packet, would lie in its buffer for ever.)
        """
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("Asterisk closed the connection")
        outcome: asyncio.Future[T] = self._loop.create_future()
        self._conversation, self._outcome = conversation, outcome
        try:
            self._transport.write(next(conversation))
            if last:
                self._transport.write_eof()
            return await outcome
        except StopIteration as done:
            return cast("T", done.value)
        finally:
            self._conversation = self._outcome = None

    def close(self, last_words: bytes = b"") -> None:
        """Lets what is written go out; Asterisk goes on with the dialplan."""
        self._stop_timer()
        if self._transport is not None:
            if last_words:
                self._transport.write(last_words)
            self._transport.close()

    def abort(self) -> None:
        self._stop_timer()
        if self._transport is not None:
            self._transport.abort()

    # Inside.

    def _take_head(self, head: HeadReader, data: bytes) -> None:
        if not self.first_byte_at:
            self.first_byte_at = self._loop.time()
        request = head.feed(data)
        if request is None:
            return
        self._head = None
        self._stop_timer()
        if head.early:  # HANGUP, from a caller who was gone before we answered
            self._take_replies(head.early)
        self._owner.requested(self, request)

    def _take_replies(self, data: bytes) -> None:
        told = False
        for line in self._lines.feed(data):
            reply = self._reply(line)
            if reply is None:
                continue
            if told:  # it was under way before its command was
                raise GarbageError("unasked")
            self._tell(reply)
            told = True

    def _tell(self, reply: Reply) -> None:
        if self._conversation is None or self._outcome is None or self._transport is None:
            raise GarbageError("unasked")
        try:
            self._transport.write(self._conversation.send(reply))
        except StopIteration as done:
            self._settle(self._outcome.set_result, done.value)
        except Exception as error:  # noqa: BLE001  # it belongs to the script that awaits
            self._settle(self._outcome.set_exception, error)

    def _settle(self, settle: Callable[[Any], None], outcome: object) -> None:
        self._conversation = None
        if self._outcome is not None and not self._outcome.done():
            settle(outcome)

    def _reply(self, line: bytes) -> Reply | None:
        try:
            return self._replies.feed(line)
        except ValueError as error:
            raise GarbageError("not-a-reply") from error

    def _head_is_late(self) -> None:
        self._refuse("slow-head" if self.first_byte_at else "silent")

    def _refuse(self, reason: str) -> None:
        self._owner.refused(reason)
        self._fail(ConnectionResetError("the peer does not speak AGI"))
        self.abort()

    def _fail(self, error: Exception) -> None:
        if self._outcome is not None:
            self._settle(self._outcome.set_exception, error)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
