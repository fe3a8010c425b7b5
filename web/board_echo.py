"""Whether news gets here: what this process says on the bus, it must hear itself.

Each echo goes the way of all news: sender, bus, receiver, mailbox. One that comes back says that
nothing is behind it any more; one that does not come says that this process is deaf, whatever it is
that fails.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from callcenter.ports import Bus
from callcenter.realtime.messages import Audience, Message

ECHO: Final = "board_echo"
"""`message` payload type that reaches no browser."""
EVERY: Final = 1.0
"""Seconds between two echoes, while somebody watches."""
LATE: Final = 4.0
"""Seconds that one may be on its way; then another one is sent."""
MOST: Final = 100
"""That are remembered, however long none comes back."""


class Echo:
    """May be used from any thread."""

    def __init__(self, bus: Bus, now: Callable[[], datetime]) -> None:
        self._bus, self._now = bus, now
        self._name, self._number = uuid.uuid4().hex, 0
        self._lock = threading.Lock()
        self._sent: dict[int, datetime] = {}
        self._asked = self._waiting_since = 0.0

    @property
    def is_late(self) -> bool:
        with self._lock:
            return bool(self._sent) and time.monotonic() - self._waiting_since > LATE

    def ask(self) -> None:
        """Send one if it is time: the next when the last one came, or is late."""
        with self._lock:
            at = time.monotonic()
            if at - self._asked < (LATE if self._sent else EVERY):
                return
            if not self._sent:
                self._waiting_since = at
            self._asked = at
            self._number += 1
            self._sent[self._number] = self._now()
            self._sent.pop(self._number - MOST, None)
            payload = {"type": ECHO, "from": self._name, "number": self._number}
        self._bus.publish([Message(kind="message", audience=Audience(), payload=payload)])

    def heard(self, payload: Mapping[str, Any]) -> datetime | None:
        """When it was sent: what was told before has been heard. None: of another process."""
        if payload.get("from") != self._name:
            return None
        with self._lock:
            number = int(payload["number"])
            sent = self._sent.get(number)
            self._sent = {one: at for one, at in self._sent.items() if one > number}
            self._waiting_since = time.monotonic()
            return sent

    def forget(self) -> None:
        """Nobody watches: nothing is waited for."""
        with self._lock:
            self._sent.clear()
