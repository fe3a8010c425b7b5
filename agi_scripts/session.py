"""One AGI session as a script sees it: the request, and pyst2's commands to await."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from agi_scripts.request import AgiRequest
from agi_scripts.wire import Reply, Vocabulary

T = TypeVar("T")


class Peer(Protocol):
    """The way to Asterisk and back (a connection, or a test's double)."""

    @property
    def hung_up(self) -> bool: ...

    async def exchange(self, line: bytes) -> Reply:
        """Send one command, await its reply. ConnectionError when the peer is gone."""
        ...


class AgiSession:
    """Commands in pyst2's words. Any of them may raise pyst2's AGIError or ConnectionError."""

    __slots__ = ("_peer", "_words", "first_byte_at", "request")

    def __init__(self, request: AgiRequest, peer: Peer, first_byte_at: float) -> None:
        self.request = request
        self.first_byte_at = first_byte_at
        self._peer = peer
        self._words = Vocabulary(request.env)

    @property
    def hung_up(self) -> bool:
        """Asterisk has said that the caller is gone."""
        return self._peer.hung_up

    async def set_variable(self, name: str, value: object) -> None:
        await self._run(lambda: self._words.set_variable(name, value))

    async def get_variable(self, name: str) -> str:
        return await self._run(lambda: self._words.get_variable(name))

    async def verbose(self, message: str, level: int = 1) -> None:
        await self._run(lambda: self._words.verbose(message, level))

    async def answer(self) -> None:
        await self._run(self._words.answer)

    async def hangup(self) -> None:
        await self._run(self._words.hangup)

    async def stream_file(self, filename: str, escape_digits: str = "") -> str:
        """The digit that ended it, if one did."""
        return await self._run(lambda: str(self._words.stream_file(filename, escape_digits)))

    async def exec_command(self, application: str, *args: object) -> None:
        await self._run(lambda: self._words.exec_command(application, *args))

    async def _run(self, say: Callable[[], T]) -> T:
        conversation = self._words.converse(say)
        try:
            line = next(conversation)
            while True:
                line = conversation.send(await self._peer.exchange(line))
        except StopIteration as done:
            result: T = done.value
            return result
