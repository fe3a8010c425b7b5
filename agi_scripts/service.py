"""The FastAGI door as a service: one thread with an event loop, a small pool, a recorder."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog
import uvloop

from agi_scripts.lookup import Gathered, LookupPool
from agi_scripts.once import OncePerSpell
from agi_scripts.ping import ping
from agi_scripts.reader import CallerReader
from agi_scripts.recorder import DecisionRecorder
from agi_scripts.route import DEADLINE_SECONDS, RouteScript
from agi_scripts.server import BACKLOG, AgiServer, Limits, Script
from agi_scripts.survey import survey_scripts
from agi_scripts.table import LiveTable
from agi_scripts.voices import Voices
from agi_scripts.waiting_scripts import waiting_scripts
from callcenter.collector import calm_collector
from callcenter.routing.facts import CallerFacts
from callcenter.runtime import Runtime, StartupError
from callcenter.services.route_call import FindCaller, record_decisions

_LOG = structlog.get_logger("agi")
# The decision, and as long again (and a little) for Asterisk to take the answer.
_ROUTE_SECONDS: Final = 2.0
_PING_SECONDS: Final = 2.0
# Apart from what menus and messages read, which may take longer. More threads would gather fewer
# callers into one read.
_DECIDING_THREADS: Final = 3
_START_SECONDS: Final = 10.0


class AgiService:
    name = "agi"

    def __init__(
        self,
        runtime: Runtime,
        *,
        limits: Limits | None = None,
        find_caller: FindCaller | None = None,
    ) -> None:
        self.failed = threading.Event()
        self.failure = ""
        self.port = runtime.settings.agi_bind.port
        self._runtime = runtime
        self._reader = CallerReader(runtime)
        self._deciding = LookupPool(DEADLINE_SECONDS, _DECIDING_THREADS)
        find_callers = partial(_one_by_one, find_caller) if find_caller else self._reader.of
        self._gathered = Gathered(self._deciding, find_callers, _DECIDING_THREADS)
        self._pool = LookupPool(DEADLINE_SECONDS)
        self._recorder = DecisionRecorder(
            partial(record_decisions, unit_of_work=runtime.unit_of_work)
        )
        once = OncePerSpell()
        self._table = LiveTable(runtime, once)
        self._voices = Voices(runtime, once)
        self._server = AgiServer(self._scripts(once), once, limits)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._ended: asyncio.Event | None = None

    def start(self) -> None:
        settings = self._runtime.settings
        listening = _listen(*settings.agi_bind, shared=settings.agi_shared)
        self.port = listening.getsockname()[1]
        self._table.start()
        self._deciding.start()
        self._pool.start()
        self._voices.start()
        self._recorder.start()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="agi")
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self.failed.is_set():
            raise StartupError(f"The AGI server did not start: {self.failure or 'no answer'}.")
        calm_collector()
        _LOG.info("agi.listening", host=self._runtime.settings.agi_bind.host, port=self.port)

    def stop(self, timeout: float) -> None:
        if self._loop is not None and self._thread is not None and self._thread.is_alive():
            ending = self._end(max(timeout - 1.0, 0.0))
            asyncio.run_coroutine_threadsafe(ending, self._loop)
            self._thread.join(timeout)
        self._table.stop(min(timeout, 1.0))
        self._recorder.stop(min(timeout, 2.0))
        self._deciding.close()
        self._pool.close()
        self._voices.close()
        self._reader.close()

    def health(self) -> tuple[bool, str]:
        """(healthy, words for /readyz)."""
        if self.failed.is_set():
            return False, self.failure
        if self._thread is None or not self._thread.is_alive():
            return False, "the AGI server is not running"
        if self._deciding.stuck:
            return False, "look-ups are stuck: callers take the default route"
        return True, f"listening on port {self.port}, {self._server.sessions} sessions"

    def _scripts(self, once: OncePerSpell) -> dict[str, Script]:
        settings = self._runtime.settings
        route = RouteScript(
            plan_for=settings.number_plan_for,
            trunks=settings.trunks,
            look_around=self._table,
            callers=self._gathered,
            record=self._recorder.put,
            clock=self._runtime.clock,
            default_pbx=settings.ami[0].name if len(settings.ami) == 1 else "",
            once=once,
        )
        return {
            "route": Script(answer=route, seconds=_ROUTE_SECONDS, when_busy=route.without_lookup),
            "ping": Script(answer=ping, seconds=_PING_SECONDS),
            **self._voices.scripts(),
            **waiting_scripts(self._runtime, self._voices.prompts, self._pool, once),
            **survey_scripts(self._runtime, self._voices.prompts, self._pool, once),
        }

    def _run(self, listening: socket.socket) -> None:
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(self._serve(listening))
        except Exception as error:  # noqa: BLE001  # told to whoever watches `failed`
            self.failure = f"the AGI server stopped: {error!r}"
            self.failed.set()
            _LOG.exception("agi.died")
        finally:
            listening.close()
            self._ready.set()

    async def _serve(self, listening: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        ended = self._ended = asyncio.Event()
        await self._server.serve(listening)
        self._ready.set()
        await ended.wait()

    async def _end(self, seconds: float) -> None:
        await self._server.stop(seconds)
        if self._ended is not None:
            self._ended.set()


def _one_by_one(find: FindCaller, numbers: Sequence[str]) -> dict[str, CallerFacts]:
    return {number: find(number) for number in numbers}


def _listen(host: str, port: int, *, shared: bool) -> socket.socket:
    """`shared`: the kernel gives each connection to one of the processes that listen so."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server(
            (host, port), family=family, backlog=BACKLOG, reuse_port=shared
        )
    except OSError as error:
        words = (
            f"port {port} on {host} is in use by another program"
            if error.errno == errno.EADDRINUSE
            else f"cannot listen on {host}:{port} ({error.strerror})"
        )
        raise StartupError(
            f"The AGI server: {words}. Set AGI_BIND to a free HOST:PORT of this machine."
        ) from error
    listening.setblocking(False)
    return listening
