"""The process of the screens on a wall: as many sockets as there are viewers, read by one loop.

All who watch a board hear the same text, so each frame is taken apart once: what is measured is the
server, not fifty readings of the same words in one process. How late this process itself came to
look is noted beside.
"""

from __future__ import annotations

import json
import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any, Final

import websocket

_NAMESPACE: Final = "/wallboard"
_EVENT: Final = f"42{_NAMESPACE},"
_LOOK: Final = 0.05
_LATE_FROM: Final = 0.01


@dataclass(slots=True)
class Seen:
    """`arrived`: for each screen, call id → when it stood among those who wait; `told`: when the
    server said so (wall clock, seconds). `fastest`: the least seconds between two changes of one
    tile, by the server's clock. `late`: what this process itself was late, each time."""

    arrived: list[dict[str, float]]
    told: dict[str, float] = field(default_factory=dict)
    late: list[float] = field(default_factory=list)
    frames: int = 0
    bytes_: int = 0
    fastest: float = float("inf")


def watch(address: str, tokens: Sequence[str], screens: int, pipe: Connection) -> None:
    """Until something comes through the pipe."""
    seen = Seen([{} for _ in range(screens)])
    reader = _Reader(seen)
    selector = selectors.DefaultSelector()
    for at in range(screens):
        opened = _open(address, tokens[at % len(tokens)])
        selector.register(opened.sock, selectors.EVENT_READ, (at, opened))
    pipe.send("open")
    while not pipe.poll():
        ready = selector.select(_LOOK)
        looked = time.time()
        for key, _events in ready:
            at, opened = key.data
            reader.take(at, opened, str(opened.recv()))
        if ready and (late := time.time() - looked) > _LATE_FROM:
            seen.late.append(late)
    pipe.recv()
    for key in list(selector.get_map().values()):
        key.data[1].close()
    pipe.send(seen)


def _open(address: str, token: str) -> websocket.WebSocket:
    """Engine.IO 4 over a plain WebSocket: the namespace is joined with the screen's token."""
    url = address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
    opened = websocket.create_connection(url, timeout=30, origin=address)
    opened.recv()
    opened.send(f"40{_NAMESPACE},{json.dumps({'token': token})}")
    return opened


class _Reader:
    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._last: tuple[str, list[str]] = ("", [])
        self._changed: dict[str, float] = {}

    def take(self, at: int, opened: websocket.WebSocket, text: str) -> None:
        if text == "2":
            opened.send("3")
        if not text.startswith(_EVENT):
            return
        now, seen = time.time(), self._seen
        seen.frames += 1
        seen.bytes_ += len(text)
        for call_id in self._waiting(text):
            seen.arrived[at].setdefault(call_id, now)

    def _waiting(self, text: str) -> list[str]:
        """Calls that stand among those who wait, in this frame."""
        if text != self._last[0]:
            self._last = text, self._taken_apart(json.loads(text[len(_EVENT) :])[1])
        return self._last[1]

    def _taken_apart(self, frame: dict[str, Any]) -> list[str]:
        told = datetime.fromisoformat(frame["told_at"]).timestamp()
        calls: list[str] = []
        for name, tile in frame["tiles"].items():
            if not frame["whole"]:
                self._note(name, told)
            if name.startswith("queue:") and tile:
                calls += [one["call"] for one in tile["callers"]]
        for call_id in calls:
            self._seen.told.setdefault(call_id, told)
        return calls

    def _note(self, name: str, told: float) -> None:
        if (before := self._changed.get(name)) is not None and told > before:
            self._seen.fastest = min(self._seen.fastest, told - before)
        self._changed[name] = told
