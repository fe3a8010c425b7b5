"""The bus of the embedded product: everything runs in one process.

Each subscriber has a mailbox and a thread of its own, so publishing never waits.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog

from callcenter.ports import PbxCommand
from callcenter.realtime import metrics
from callcenter.realtime.mailbox import Mailbox
from callcenter.realtime.messages import Message

log = structlog.get_logger(__name__)
Item = TypeVar("Item")


class InProcessBus:
    def __init__(self, *, mailbox_size: int = 10_000) -> None:
        self._size = mailbox_size
        self._lock = threading.Lock()
        self._subscribers: list[Mailbox[Message]] = []
        self._servers: list[Mailbox[PbxCommand]] = []

    def publish(self, messages: Sequence[Message]) -> None:
        metrics.PUBLISHED.inc(len(messages))
        with self._lock:  # one order for every subscriber
            for message in messages:
                for mailbox in self._subscribers:
                    mailbox.put(message)

    def command(self, command: PbxCommand) -> None:
        metrics.PUBLISHED.inc()
        with self._lock:
            servers = list(self._servers)
        if not servers:
            metrics.DROPPED.labels("nobody_serves").inc()
            log.warning("bus.command_unserved", action=command.action)
        for mailbox in servers:
            mailbox.put(command)

    def subscribe(
        self, on_message: Callable[[Message], None], on_gap: Callable[[], None]
    ) -> Callable[[], None]:
        mailbox = Mailbox(on_message, on_gap, name="bus-subscriber", size=self._size)
        return self._add(self._subscribers, mailbox)

    def serve_commands(self, handler: Callable[[PbxCommand], None]) -> Callable[[], None]:
        mailbox = Mailbox(handler, _ignore_gap, name="bus-commands", size=self._size)
        return self._add(self._servers, mailbox)

    def check(self) -> tuple[bool, str]:
        return True, "in process"

    def close(self) -> None:
        with self._lock:
            closers = [box.close for box in self._subscribers]
            closers += [box.close for box in self._servers]
            self._subscribers.clear()
            self._servers.clear()
        for close in closers:
            close()

    def _add(self, boxes: list[Mailbox[Item]], mailbox: Mailbox[Item]) -> Callable[[], None]:
        with self._lock:
            boxes.append(mailbox)

        def end() -> None:
            with self._lock:
                if mailbox in boxes:
                    boxes.remove(mailbox)
            mailbox.close()

        return end


def _ignore_gap() -> None:
    """A command that was dropped is counted where it was dropped; there is no state to renew."""
