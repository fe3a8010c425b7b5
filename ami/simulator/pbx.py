"""The simulated PBX as a thing to start and stop, of the same shape as the lab's `LabPbx`."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import uvloop

from ami.lab.ports import free_tcp_port
from ami.simulator.instance import Cast
from ami.simulator.library import FOLDER, Library
from ami.simulator.player import Played, Player
from ami.simulator.server import ManagerServer
from ami.simulator.troupe import Person
from callcenter.pbx.plan import ManagerSecrets, PbxPlan, Ports, new_secret

T = TypeVar("T")
_START_SECONDS = 10.0


def available() -> tuple[bool, str]:
    """Whether there is something to play; if not, why."""
    if any(FOLDER.glob("*/ami.txt")):
        return True, ""
    return False, f"the PBX simulator needs the recordings in {FOLDER}: run it from a checkout"


class SimulatorError(Exception):
    """The simulated PBX did not do what it was told."""


class SimulatedPbx:
    """`with SimulatedPbx(agi=(host, port)) as pbx:` serves AMI until the block ends.

    Everything runs on a thread of its own; the methods may be called from any thread.
    """

    cel_path: Path | None = None
    """There is no ledger: what the CRM misses stays missed."""

    def __init__(
        self,
        work_dir: Path | None = None,  # noqa: ARG002 - the lab's shape; nothing is written
        agi: tuple[str, int] = ("127.0.0.1", 4573),
        plan: PbxPlan | None = None,
        *,
        recordings: Path = FOLDER,
        spread: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        plan = plan or PbxPlan(manager=ManagerSecrets(witness=new_secret()))
        self._agi, self._clock, self._spread = agi, clock, spread
        port = free_tcp_port(plan.manager_bind)
        self._listening: socket.socket | None = _listen(plan.manager_bind, port)
        self.plan = replace(
            plan, ports=replace(Ports(), ami=port), agi_host=agi[0], agi_port=agi[1]
        )
        self.library = Library.read(recordings)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: ManagerServer | None = None
        self._player: Player | None = None
        self._calls: set[asyncio.Task[Any]] = set()

    # -- life

    def start(self) -> None:
        listening = self._listening or _listen(self.plan.manager_bind, self.plan.ports.ami)
        self._listening = None
        loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=_serve, args=(loop,), name="simulator", daemon=True)
        self._thread.start()
        self._loop = loop
        self._server = ManagerServer(self.plan, self._clock)
        self._player = Player(self._server, self.library, self._agi, self._clock)
        self._player.troupe.spread = self._spread
        self._run(self._server.start(listening))

    def stop(self) -> None:
        """End every call in mid-sentence, and the server. Does nothing when it is not running."""
        if self._loop is None or self._thread is None:
            if self._listening is not None:
                self._listening.close()
                self._listening = None
            return
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)
        self._loop = self._thread = self._server = self._player = None

    kill = stop

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # -- what it is

    @property
    def running(self) -> bool:
        return self._loop is not None

    @property
    def ami_url(self) -> str:
        return self.plan.ami_url

    @property
    def server(self) -> ManagerServer:
        """For tests; use it by `call_soon` only."""
        if self._server is None:
            raise SimulatorError("the simulated PBX is not running")
        return self._server

    def channels(self) -> int:
        """How many channels exist now."""
        return self._run(_given(lambda: len(self.server.state.channels)))

    def free_operators(self) -> int:
        """Operators whom no call rings or occupies, and who are not paused."""
        player = self._player
        return 0 if player is None else self._run(_given(player.troupe.free))

    def wait_idle(self, seconds: float = 60.0) -> None:
        """Until every call is over."""
        deadline = time.monotonic() + seconds
        while self._player is not None and self._player.playing:
            if time.monotonic() > deadline:
                raise SimulatorError(f"{self._player.playing} calls still play")
            time.sleep(0.02)

    # -- what it does

    def play(
        self,
        name: str,
        *,
        number: str = "",
        caller: str = "",
        operators: tuple[Person, ...] = (),
        speed: float = 1.0,
    ) -> Future[Played]:
        """Play the recording `name`, its first party outside being `number`, called `caller`.

        The future's result comes when its last channel is gone. A recording of a hidden caller
        stays hidden. Free operators are rung, unless (extension, name) are given.
        """
        recording = self.library[name]
        outsiders = ((number, caller), *recording.outsiders[1:]) if number else ()
        loop, player = self._loop, self._player
        if loop is None or player is None:
            raise SimulatorError("the simulated PBX is not running")
        cast = Cast(outsiders=outsiders, operators=operators)
        return asyncio.run_coroutine_threadsafe(
            self._tracked(player.play(recording, cast, speed)), loop
        )

    def call_soon(self, function: Callable[[], object]) -> None:
        """Run it on the server's thread, for instance `pbx.server.hang_up_on_all`; wait for it."""
        self._run(_given(function))

    def freeze(self, frozen: bool = True) -> None:
        """Keep every connection open and say nothing more: a link that is half open."""
        server = self.server
        self.call_soon(lambda: setattr(server, "frozen", frozen))

    # -- inside

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            coroutine.close()
            raise SimulatorError("the simulated PBX is not running")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_START_SECONDS)

    async def _tracked(self, call: Coroutine[Any, Any, Played]) -> Played:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._calls.add(task)
        try:
            return await call
        finally:
            self._calls.discard(task)

    async def _end(self) -> None:
        for task in list(self._calls):
            task.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        if self._server is not None:
            await self._server.stop()


async def _given(function: Callable[[], T]) -> T:
    return function()


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


def _listen(host: str, port: int) -> socket.socket:
    """Taken at once, so that nobody else gets the port before we serve."""
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise SimulatorError(f"cannot listen on {host}:{port}: {error.strerror}") from error
