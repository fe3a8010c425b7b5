"""A TCP proxy between two parts, which goes bad as networks do: cut, half-open, slow, refusing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any


class Proxy:
    """Listens on `port`, forwards to `target`. All methods may be called from any thread."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.delay = 0.0
        """Seconds that every piece of data waits, each way."""
        self._refusing = False
        self._open: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._gate: asyncio.Event
        self._ended: asyncio.Event
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._thread.start()
        self._ready.wait()

    # -- faults

    def cut(self) -> None:
        """Reset every connection. New ones are welcome."""
        self._call(self._reset_all)

    def refuse(self) -> None:
        """Reset every connection, and each new one at once."""
        self._refusing = True
        self.cut()

    def freeze(self) -> None:
        """Half-open: connections stay, nothing passes. New ones are accepted and hear nothing."""
        self._call(self._gate.clear)

    def heal(self) -> None:
        self._refusing, self.delay = False, 0.0
        self._call(self._gate.set)

    def close(self) -> None:
        self._call(self._ended.set)
        self._thread.join(10)

    # -- the loop's thread

    def _run(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        self._gate = asyncio.Event()
        self._gate.set()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**18)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ended.wait()
        # Closed with a connection half made, asyncio's server would leave that one open for ever.
        self._loop.remove_reader(server.sockets[0].fileno())
        self._gate.set()
        while len(asyncio.all_tasks()) > 1:  # connections being made are tasks too
            self._reset_all()
            await asyncio.sleep(0.01)
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._held(writer):
            if self._refusing:
                _reset(writer)
                return
            try:
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
            except OSError:
                _reset(writer)
                return
            async with self._held(far_writer):
                await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    @contextlib.asynccontextmanager
    async def _held(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        """Known as open until it is closed indeed: what waits in it may never be read."""
        self._open.add(writer)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._open.discard(writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._gate.wait()
                writer.write(data)
                await writer.drain()
        await self._gate.wait()
        with contextlib.suppress(OSError):
            writer.close()

    def _reset_all(self) -> None:
        for writer in tuple(self._open):
            _reset(writer)

    def _call(self, what: Callable[..., Any]) -> None:
        self._loop.call_soon_threadsafe(what)


def _reset(writer: asyncio.StreamWriter) -> None:
    """RST instead of a polite end."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
