"""One TCP connection to a manager: panoramisk's protocol with the receiving side replaced.

Events that nobody wants are told by their name's bytes and never parsed. Wanted ones go, still
raw, to `on_event`. Answers to our own actions become panoramisk messages.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from ami.client.actions import GuardedAction
from ami.client.genuine import Genuine
from ami.client.outcome import NotConnectedError
from ami.client.wanted import Wanted
from ami.client.wire import MAX_MESSAGE, Splitter, parse_headers

log = structlog.get_logger(__name__)

BANNER = b"Asterisk Call Manager/"
MAX_BANNER = 256
_EVENT = b"Event: "
_ACTION_ID = b"\r\nActionID: "
_ACTION = re.compile(rb"\r\nActionID: ([^\r\n]*)")


@dataclass(slots=True)
class Totals:
    """Messages over all connections of a link."""

    received: int = 0
    passed_on: int = 0
    faults: int = 0
    oversized: int = 0
    forged: int = 0


class NotAmiError(Exception):
    """What answers there does not speak the manager protocol."""


class GuardedProtocol(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """Mends P2 (guarded dispatch), P5 (nothing kept for later), P8 and P9 (see `wire`), P11."""

    def __init__(
        self, wanted: Wanted, on_event: Callable[[bytes], None], totals: Totals | None = None
    ) -> None:
        loop = asyncio.get_running_loop()
        self.greeting: asyncio.Future[str] = loop.create_future()
        self.lost: asyncio.Future[BaseException | None] = loop.create_future()
        self.responses: dict[str, GuardedAction] = {}
        self.closed = False
        self.version: str | None = None
        self.totals = totals or Totals()
        self.chunks = 0
        self._splitter = Splitter()
        self._genuine = Genuine()
        self._wanted = wanted
        self._on_event = on_event
        self._banner = bytearray()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    # -- receiving ---------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self.chunks += 1
        if self.version is None:
            data = self._greet(data)
        test_for, on_event, pending = self._wanted.test_for, self._on_event, self.responses
        messages = self._splitter.feed(data)
        totals = self.totals
        totals.received += len(messages)
        for raw in self._genuine.only(messages, self._is_answer):
            try:
                if raw[:7] != _EVENT or (pending and _ACTION_ID in raw):
                    self._take_other(raw)
                    continue
                end = raw.find(b"\r", 7)
                test = test_for(raw[7:end] if end > 0 else raw[7:])
                if test is not None and test(raw):
                    totals.passed_on += 1
                    on_event(raw)
            except Exception as error:  # noqa: BLE001  # one message must not cost the link (P2)
                self._note_fault(error)
        if self._splitter.oversized:
            self._note_oversized()
        if self._genuine.forged:
            self._note_forged()

    def _greet(self, data: bytes) -> bytes:
        """Take the banner line off the front of the stream; what follows it is returned."""
        self._banner += data
        line, newline, rest = bytes(self._banner).partition(b"\n")
        if not newline and len(line) <= MAX_BANNER and BANNER.startswith(line[: len(BANNER)]):
            return b""
        if not newline or not line.startswith(BANNER):
            if not self.greeting.done():
                self.greeting.set_exception(NotAmiError(repr(line[:60])))
            self._banner.clear()
            self.transport.abort()
            return b""
        self._banner.clear()
        self.version = line[len(BANNER) :].strip().decode("ascii", "replace")
        if not self.greeting.done():
            self.greeting.set_result(self.version)
        return rest

    def _take_other(self, raw: bytes) -> None:
        """An answer, an event that belongs to an action, or something odd: parse it to know."""
        headers = parse_headers(raw.strip())
        name, action_id = headers.get("Event"), headers.get("ActionID")
        action = self.responses.get(action_id) if isinstance(action_id, str) else None
        if action is not None and ("Event" in headers or "Response" in headers):
            self._answer(action, Message(headers))
        if not isinstance(name, str) or (action is not None and action.listing):
            return
        test = self._wanted.test_for(name.encode())
        if test is not None and test(raw):
            self.totals.passed_on += 1
            self._on_event(raw.strip())

    def _is_answer(self, raw: bytes) -> bool:
        found = _ACTION.search(raw)
        return found is not None and found[1].decode("utf-8", "replace") in self.responses

    def _answer(self, action: GuardedAction, message: Message) -> None:
        if action.add_message(message):
            self.responses.pop(action.id, None)

    def _note_fault(self, error: Exception) -> None:
        self.totals.faults += 1
        if self.totals.faults == 1:
            log.error("ami.event_failed", note="further ones are only counted", exc_info=error)

    def _note_oversized(self) -> None:
        if not self.totals.oversized:
            log.error("ami.message_too_long", limit=MAX_MESSAGE, note="dropped; then only counted")
        self.totals.oversized += self._splitter.oversized
        self._splitter.oversized = 0

    def _note_forged(self) -> None:
        if not self.totals.forged:
            note = "a number with line ends in it was dialled or called from; then only counted"
            log.error("ami.forged_event", note=note)
        self.totals.forged += self._genuine.forged
        self._genuine.forged = 0

    # -- sending -----------------------------------------------------------------------------

    def send(
        self,
        data: GuardedAction,
        as_list: bool = False,  # noqa: ARG002  # panoramisk's signature
    ) -> asyncio.Future[list[Message]]:
        """Write one action. Never kept for another connection (P5)."""
        if self.closed or self.transport.is_closing():
            raise NotConnectedError("the manager link is down; nothing was sent")
        self.responses[data.id] = data
        self.transport.write(str(data).encode("utf-8"))
        future: asyncio.Future[list[Message]] = data.future
        return future

    def forget(self, action: GuardedAction) -> None:
        self.responses.pop(action.id, None)

    # -- end ---------------------------------------------------------------------------------

    def connection_lost(self, exc: BaseException | None) -> None:
        self.close()
        if not self.greeting.done():
            self.greeting.set_exception(exc or ConnectionResetError("closed before its banner"))
        if not self.greeting.cancelled():  # as when the PBX hangs until we give up
            self.greeting.exception()  # seen: whoever waited has it, nobody else needs it
        if not self.lost.done():
            self.lost.set_result(exc)

    def close(self) -> None:
        """End the connection; whatever is unanswered fails now, and is never sent again."""
        self.closed = True
        for action in list(self.responses.values()):
            if not action.future.done():
                action.future.set_exception(NotConnectedError("the link broke before the answer"))
                action.future.exception()  # retrieved, in case nobody awaits it
        self.responses.clear()
        if not self.transport.is_closing():
            self.transport.abort()
