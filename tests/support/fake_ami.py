"""A small manager on loopback that behaves, or misbehaves, as a test tells it. Asyncio, in-loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Self

from ami.lab.ports import free_tcp_port
from callcenter.settings import PbxAddress

Action = dict[str, str]
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

BANNER = b"Asterisk Call Manager/11.0.0\r\n"


def message(**headers: str) -> bytes:
    """`_` in a name stands for `-`."""
    lines = [f"{key.replace('_', '-')}: {value}\r\n" for key, value in headers.items()]
    return ("".join(lines) + "\r\n").encode()


class FakeAmi:
    """Answers Login, Ping and lists. `silent`: actions it never answers. `answers`: own answers."""

    def __init__(self, *, secret: str = "good", serve: Serve | None = None) -> None:
        self.secret = secret
        self.silent: set[str] = set()
        self.answers: dict[str, Callable[[Action], bytes]] = {}
        self.actions: list[Action] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.connections = 0
        self.after_login = b""
        self._serve = serve or self._behave
        self._server: asyncio.Server | None = None
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def listen(self, port: int | None = None) -> None:
        """Also after `close`, on the port it had."""
        self.port = port or free_tcp_port()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.drop()
        await asyncio.sleep(0)

    @property
    def address(self) -> PbxAddress:
        return PbxAddress("pbx1", "127.0.0.1", self.port, "callcenter", "good")

    def send(self, data: bytes) -> None:
        self.writers[-1].write(data)

    def drop(self) -> None:
        """Cut every connection at once."""
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    def asked(self, name: str) -> list[Action]:
        return [action for action in self.actions if action.get("Action") == name]

    async def wait_for(self, name: str, count: int = 1) -> None:
        async with asyncio.timeout(10):
            while len(self.asked(name)) < count:
                self._arrived.clear()
                await self._arrived.wait()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _behave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        while True:
            raw = await reader.readuntil(b"\r\n\r\n")
            lines = raw.decode().strip().split("\r\n")
            action = dict(line.split(": ", 1) for line in lines)
            self.actions.append(action)
            self._arrived.set()
            if action["Action"] not in self.silent:
                writer.write(self._answer(action))

    def _answer(self, action: Action) -> bytes:
        name, action_id = action["Action"], action["ActionID"]
        if name in self.answers:
            return self.answers[name](action)
        if name == "Login":
            if action["Secret"] != self.secret:
                words = "Authentication failed"
                return message(Response="Error", ActionID=action_id, Message=words)
            answer = message(
                Response="Success", ActionID=action_id, Message="Authentication accepted"
            )
            return answer + self.after_login
        if name == "CoreSettings":
            return message(
                Response="Success", ActionID=action_id, AsteriskVersion="22.10.1~dfsg+~cs6"
            )
        if name in ("CoreShowChannels", "BridgeList", "QueueStatus", "ParkedCalls"):
            return listing(action, f"{name}Complete")
        return message(Response="Success", ActionID=action_id, Ping="Pong")


def listing(action: Action, complete: str, *items: dict[str, str]) -> bytes:
    """An EventList answer with these items."""
    action_id = action["ActionID"]
    start = message(
        Response="Success", ActionID=action_id, EventList="start", Message="will follow"
    )
    middle = b"".join(message(**{**item, "ActionID": action_id}) for item in items)
    return start + middle + message(Event=complete, ActionID=action_id, EventList="Complete")
