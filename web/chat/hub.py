"""Wakes visitors' requests that wait for news of their chat.

One subscription to the bus for each process, begun with the first who waits. What wakes is a hint:
whoever is woken reads the database; whoever is not reads it when their time is up.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from callcenter.ports import Bus
from callcenter.realtime.messages import Message

MOST_WAITING: Final = 500
MOST_OF_ADDRESS: Final = 30
TYPING_LASTS: Final = 6.0


class ChatHub:
    def __init__(self, bus: Bus) -> None:
        self._bus, self._lock = bus, threading.Lock()
        self._ears: dict[int, set[threading.Event]] = defaultdict(set)
        self._addresses: dict[str, int] = defaultdict(int)
        self._typing: dict[int, float] = {}
        self._subscribed = False

    @contextmanager
    def ear(self, conversation_id: int, address: str) -> Iterator[threading.Event | None]:
        """Set when something happens in the chat; None where too many wait already."""
        event = self._listen(conversation_id, address)
        try:
            yield event
        finally:
            if event is not None:
                self._leave(conversation_id, address, event)

    def is_typing(self, conversation_id: int) -> bool:
        """One of ours writes there."""
        return time.monotonic() < self._typing.get(conversation_id, 0.0)

    def hear(self, message: Message) -> None:
        payload = message.payload
        if payload.get("type") == "conversation":
            told = payload.get("conversation") or {}
            self._typing.pop(int(told.get("id") or 0), None)
            self._wake(int(told.get("id") or 0))
        elif payload.get("type") == "chat_typing" and payload.get("who") == "operator":
            self._began_typing(int(payload["id"]))

    def wake_all(self) -> None:
        """The bus may have lost something: everybody looks for themselves."""
        with self._lock:
            events = [one for ears in self._ears.values() for one in ears]
        for event in events:
            event.set()

    def _listen(self, conversation_id: int, address: str) -> threading.Event | None:
        with self._lock:
            if not self._subscribed:
                self._subscribed = True
                self._bus.subscribe(self.hear, self.wake_all)
            full = sum(self._addresses.values()) >= MOST_WAITING
            if full or self._addresses[address] >= MOST_OF_ADDRESS:
                return None
            event = threading.Event()
            self._ears[conversation_id].add(event)
            self._addresses[address] += 1
            return event

    def _leave(self, conversation_id: int, address: str, event: threading.Event) -> None:
        with self._lock:
            self._ears[conversation_id].discard(event)
            if not self._ears[conversation_id]:
                del self._ears[conversation_id]
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def _wake(self, conversation_id: int) -> None:
        with self._lock:
            events = list(self._ears.get(conversation_id, ()))
        for event in events:
            event.set()

    def _began_typing(self, conversation_id: int) -> None:
        now = time.monotonic()
        with self._lock:
            self._typing = {one: until for one, until in self._typing.items() if until > now}
            self._typing[conversation_id] = now + TYPING_LASTS
        self._wake(conversation_id)
