"""The FastAGI server: which script answers, how many at once, how long. Runs in one event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agi_scripts.connection import Connection
from agi_scripts.metrics import CONNECTIONS, ENDED, FAILED_OPEN, GARBAGE, SESSIONS
from agi_scripts.once import OncePerSpell
from agi_scripts.request import AgiRequest
from agi_scripts.session import AgiSession
from agi_scripts.wire import FAILURE, AGIError, AGIHangup

Answer = Callable[[AgiSession], Awaitable[None]]
BACKLOG: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`sessions` are served in full; those beyond get their script's `when_busy` at once.

    Scripts in which callers spend minutes are counted apart: a full menu holds up no decision.
    """

    sessions: int = 256
    long_sessions: int = 1024
    connections: int = 2048
    head_seconds: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """`seconds` bounds a whole session, so that a peer that stops reading holds nothing.

    A `long` one talks with the caller; beyond the limit the dialplan goes on without it.
    """

    answer: Answer
    seconds: float
    when_busy: Answer | None = None
    long: bool = False


class AgiServer:
    def __init__(
        self, scripts: Mapping[str, Script], once: OncePerSpell, limits: Limits | None = None
    ) -> None:
        self._scripts = scripts
        self._once = once
        self._limits = limits or Limits()
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._none_left = asyncio.Event()
        self.sessions = 0
        self.long_sessions = 0

    @property
    def head_seconds(self) -> float:
        return self._limits.head_seconds

    @property
    def connections(self) -> int:
        return len(self._connections)

    async def serve(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self, loop), sock=listening, backlog=BACKLOG
        )

    async def stop(self, seconds: float) -> None:
        """No new callers; those in a session may end it; then the rest is cut off."""
        if self._server is not None:
            self._server.close()
        tasks = [one.task for one in self._connections if one.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        self._none_left.clear()
        for connection in list(self._connections):
            connection.abort()
        if self._connections:
            await self._none_left.wait()

    # What a connection tells (connection.Owner).

    def opened(self, connection: Connection) -> bool:
        """False beyond the limit: the dialplan sees the end of file and takes the default route."""
        self._connections.add(connection)
        CONNECTIONS.inc()
        if len(self._connections) <= self._limits.connections:
            return True
        self.refused("too-many-connections")
        return False

    def refused(self, reason: str) -> None:
        GARBAGE.labels(reason).inc()
        self._once.report("agi.peer_refused", reason)

    def closed(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            CONNECTIONS.dec()
        if not self._connections:
            self._none_left.set()

    def requested(self, connection: Connection, request: AgiRequest) -> None:
        script = self._scripts.get(request.script)
        if script is None:
            self._unknown_script(connection, request.script)
            return
        session = AgiSession(request, connection, connection.first_byte_at)
        answer = script.answer
        if self._full(script):
            if script.when_busy is not None:
                answer = script.when_busy
            elif script.long:
                self._no_room(connection, request.script)
                return
        work = self._run(connection, session, request.script, script, answer)
        connection.task = asyncio.get_running_loop().create_task(work)

    def _full(self, script: Script) -> bool:
        if script.long:
            return self.long_sessions >= self._limits.long_sessions
        return self.sessions >= self._limits.sessions

    def _no_room(self, connection: Connection, name: str) -> None:
        ENDED.labels(name, "busy").inc()
        FAILED_OPEN.labels("busy").inc()
        self._once.report("agi.script_full", name)
        connection.close(FAILURE)

    def _unknown_script(self, connection: Connection, name: str) -> None:
        ENDED.labels("unknown", "refused").inc()
        known = ", ".join(sorted(self._scripts))
        self._once.report("agi.no_such_script", "script", name=ascii(name[:40]), known=known)
        connection.close(FAILURE)

    def _count(self, script: Script, change: int) -> None:
        SESSIONS.inc(change)
        if script.long:
            self.long_sessions += change
        else:
            self.sessions += change

    async def _run(
        self,
        connection: Connection,
        session: AgiSession,
        name: str,
        script: Script,
        answer: Answer,
    ) -> None:
        self._count(script, 1)
        end = "failed"
        try:
            async with asyncio.timeout(script.seconds):
                await answer(session)
            end = "done"
        except (AGIHangup, ConnectionError):
            end = "hangup"
        except TimeoutError:
            end = "timeout"
            self._once.report("agi.peer_slow", name)
        except AGIError as error:
            self._once.report("agi.command_refused", type(error).__name__, script=name)
        except Exception as error:  # noqa: BLE001  # the one catch-all of this door's loop
            self._once.report("agi.script_failed", type(error).__name__, script=name)
        finally:
            self._count(script, -1)
            ENDED.labels(name, end).inc()
            if end == "timeout":
                connection.abort()
            else:
                connection.close()
