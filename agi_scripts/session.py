"""One AGI session as a script sees it: the request, and pyst2's commands to await."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Protocol, TypeVar

from agi_scripts.replies import Reply
from agi_scripts.request import AgiRequest
from agi_scripts.wire import Vocabulary

T = TypeVar("T")


class Peer(Protocol):
    """The way to Asterisk and back (a connection, or a test's double)."""

    @property
    def hung_up(self) -> bool: ...

    async def converse(self, conversation: Generator[bytes, Reply, T], *, last: bool = False) -> T:
        """Say what it yields, tell it the replies. ConnectionError when the peer is gone.

        `last`: it says one thing, and nothing comes after it.
        """
        ...

    def close(self) -> None: ...


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

    async def set_variables(self, values: Mapping[str, object]) -> None:
        """In their order; one that is refused ends it."""
        await self._peer.converse(self._words.set_variables(values))

    async def finish(self, values: Mapping[str, object]) -> None:
        """Set these and end: Asterisk goes on at once, without asking whether there is more."""
        one = self._words.together(values)
        await self._peer.converse(self._words.set_variables(values), last=bool(one))
        self.end()

    async def note(self, name: str, value: str) -> None:
        """In the ledger: CRM_… and a plain word."""
        await self._run(lambda: self._words.note(name, value))

    async def channel_status(self) -> int:
        """4 rings, 6 is up; raises when the caller is gone."""
        return await self._run(self._words.channel_status)

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

    async def wait_for_digit(self, seconds: float) -> str:
        """The key that was pressed within so long; else ''."""
        return await self._run(lambda: str(self._words.wait_for_digit(round(seconds * 1000))))

    async def record_file(self, filename: str, seconds: int, escape_digits: str = "#") -> None:
        """A wav of what is said after the tone, until a key, or three seconds of silence."""
        await self._run(
            lambda: self._words.record_file(
                filename, "wav", escape_digits, seconds * 1000, beep="beep", silence=3
            )
        )

    async def set_autohangup(self, seconds: int) -> None:
        """The dialplan takes the call back after so long (T), whatever becomes of us; 0: never."""
        await self._run(lambda: self._words.set_autohangup(seconds))

    async def exec_command(self, application: str, *args: object) -> None:
        await self._run(lambda: self._words.exec_command(application, *args))

    def end(self) -> None:
        """Asterisk goes on with the dialplan; what the script still does costs no caller time."""
        self._peer.close()

    async def _run(self, say: Callable[[], T]) -> T:
        return await self._peer.converse(self._words.converse(say))
