"""The standing link to one PBX: connects, logs in, watches, and begins again.

Owns the state that /readyz shows, and logs it once per change, however often an attempt fails.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from panoramisk.message import Message

from ami.client.backoff import Backoff
from ami.client.event_queue import EventQueue, Mark
from ami.client.manager import GuardedManager
from ami.client.outcome import (
    STATE_OF_OUTCOME,
    ActionTimeoutError,
    AmiError,
    LinkState,
    LinkStatus,
    LoginOutcome,
    NotConnectedError,
)
from ami.client.protocol import GuardedProtocol, Totals
from ami.client.wanted import Wanted
from callcenter.settings import PbxAddress

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds. A refused log-in is tried more seldom, lest the PBX's own guard bans us."""

    login: float = 10.0
    ping_every: float = 10.0
    pong_within: float = 5.0
    retry_first: float = 0.5
    retry_cap: float = 30.0
    refused_first: float = 15.0
    refused_cap: float = 300.0
    stable_after: float = 10.0


DEFAULT_TIMING = Timing()
_LINES_A_STATE = 3
"""A peer that fails in ever new words is quoted so often, then only counted."""
_SLOW = {LoginOutcome.WRONG_PASSWORD, LoginOutcome.REFUSED}


class AmiLink:
    """`run()` until `close()`. Wanted events and marks go to `queue`, states to `on_status`."""

    def __init__(
        self,
        address: PbxAddress,
        wanted: Wanted,
        queue: EventQueue,
        on_status: Callable[[LinkStatus], None],
        *,
        timing: Timing = DEFAULT_TIMING,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.address = address
        self.queue = queue
        self.attempts = 0
        self.totals = Totals()
        self.version = ""
        self._wanted = wanted
        self._on_status = on_status
        self._timing = timing
        self._retry = Backoff(timing.retry_first, timing.retry_cap, jitter)
        self._slow_retry = Backoff(timing.refused_first, timing.refused_cap, jitter)
        self._manager: GuardedManager | None = None
        self._closing = asyncio.Event()
        self._told: tuple[LinkState, str] | None = None
        self._logged: set[str] = set()

    @property
    def state(self) -> LinkState:
        return self._told[0] if self._told else "down"

    async def run(self) -> None:
        self._tell("connecting", "")
        while not self._closing.is_set():
            outcome, detail = await self._attempt()
            if self._closing.is_set():
                break
            self._tell(STATE_OF_OUTCOME[outcome], detail)
            delay = (self._slow_retry if outcome in _SLOW else self._retry).next()
            await self._pause(delay)

    async def ask(
        self,
        name: str,
        headers: dict[str, Any] | None = None,
        timeout: float = 10.0,
        as_list: bool | None = None,
    ) -> list[Message]:
        """See GuardedManager.ask; NotConnectedError unless the link is logged in."""
        manager = self._manager
        if manager is None or not manager.authenticated:
            raise NotConnectedError(f"{self.address.name}: the manager link is down")
        return await manager.ask(name, headers, timeout, as_list)

    def degrade(self, detail: str) -> None:
        """The link works, but the PBX refuses us something the product cannot do without."""
        self._tell("refused", detail)

    def confirm(self, version: str, remark: str = "") -> None:
        """Logged in and in step with the PBX. `remark` names what we must do without."""
        news = version != self.version and self._told == ("up", remark)
        self.version = version
        self._tell("up", remark)
        if news:
            self._publish()

    def close(self) -> None:
        """End for good, during a back-off too (P14)."""
        self._closing.set()
        if self._manager is not None:
            self._manager.close()

    async def _attempt(self) -> tuple[LoginOutcome, str]:
        self.attempts += 1
        manager = GuardedManager(self.address, self._wanted, self.queue.put, self.totals)
        self._manager = manager
        try:
            outcome, detail = await manager.open(self._timing.login)
            protocol = manager.protocol
            if outcome is not LoginOutcome.ACCEPTED or protocol is None:
                return outcome, detail
            self.queue.mark(Mark.LINK_UP)
            self._tell("up", "")
            return LoginOutcome.LOST, await self._watch(manager, protocol)
        except AmiError as error:
            return LoginOutcome.LOST, str(error)
        except Exception as error:  # any failure is one more attempt, never the end (P14)
            log.exception("ami.attempt_failed", pbx=self.address.name)
            return LoginOutcome.LOST, repr(error)
        finally:
            manager.close()

    async def _watch(self, manager: GuardedManager, protocol: GuardedProtocol) -> str:
        """Ping until the link ends; why it ended."""
        started = asyncio.get_running_loop().time()
        while True:
            done, _ = await asyncio.wait([protocol.lost], timeout=self._timing.ping_every)
            if done:
                self.queue.mark(Mark.LINK_LOST)  # by the PBX or its death; of a Pong nobody knows
                error = protocol.lost.result()
                return f"the PBX closed the link{f' ({error})' if error else ''}"
            if not await self._pong(manager, protocol):
                return f"no Pong in {self._timing.pong_within:g} s"
            if asyncio.get_running_loop().time() - started >= self._timing.stable_after:
                self._retry.reset()
                self._slow_retry.reset()
            self._publish()

    async def _pong(self, manager: GuardedManager, protocol: GuardedProtocol) -> bool:
        """A busy PBX may answer late: while bytes still come, it gets four deadlines."""
        for _ in range(4):
            seen = protocol.chunks
            try:
                await manager.ask("Ping", timeout=self._timing.pong_within)
            except ActionTimeoutError:
                if protocol.chunks == seen:
                    return False
            else:
                return True
        return False

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    def _tell(self, state: LinkState, detail: str) -> None:
        if self._told == (state, detail):
            return
        if self._told is None or self._told[0] != state:
            self._logged.clear()
        self._told = (state, detail)
        if detail not in self._logged and len(self._logged) < _LINES_A_STATE:
            self._logged.add(detail)
            level = log.info if state in ("up", "connecting") else log.error
            level("ami.link", pbx=self.address.name, state=state, detail=detail)
        self._publish()

    def _publish(self) -> None:
        if self._told is None:
            return
        state, detail = self._told
        status = LinkStatus(pbx=self.address.name, state=state, detail=detail, version=self.version)
        self._on_status(status)
