"""The manager server of the simulated PBX: its clients, the event stream, faults on demand."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from ami.simulator.answers import Answers, wire
from ami.simulator.desk import Desk, Headers, Message
from ami.simulator.recording import is_kept
from ami.simulator.session import Session
from ami.simulator.state import OF_INTEREST, LiveState
from ami.simulator.template import parse
from callcenter.pbx.plan import PbxPlan

LISTENER, WITNESS = "callcenter", "witness"


class ManagerServer:
    """All methods belong to the loop's thread. `frozen` plays a link that is half open."""

    def __init__(self, plan: PbxPlan, clock: Callable[[], float]) -> None:
        self.state = LiveState()
        self.desk = Desk(plan, clock())
        self.frozen = False
        self.watch: Callable[[str, bytes], None] = lambda _event, _raw: None
        """Called with each event that the listener gets, just before it is sent."""
        self._clock = clock
        self._plan = plan
        self._answers = Answers(self.state, self.desk, clock, self._broadcast)
        self.sessions: set[Session] = set()
        self._server: asyncio.Server | None = None

    async def start(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Session(self), sock=listening)

    async def stop(self) -> None:
        """As Asterisk does when it ends politely."""
        self._broadcast({"Event": "Shutdown", "Privilege": "system,all", "Shutdown": "Cleanly"})
        await asyncio.sleep(0)
        self.hang_up_on_all()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    # -- the event stream

    @property
    def wants_all(self) -> bool:
        """Somebody listens who sees what the listener's filter holds back."""
        return any(one.user == WITNESS and one.wants_events for one in self.sessions)

    def emit(self, event: str, raw: bytes, at: float, *, kept: bool) -> None:
        """One event that happened `at`; `kept`: the listener's filter lets it through."""
        if event in OF_INTEREST:
            text = raw.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
            self.state.apply(parse(text), at)
        if kept:
            self.watch(event, raw)
        for session in self.sessions:
            if session.wants_events and (kept or session.user == WITNESS):
                session.write(raw)

    def _broadcast(self, message: Message) -> None:
        self.emit(message["Event"], wire(message), self._clock(), kept=is_kept(message))

    # -- faults on demand

    def hang_up_on_all(self) -> None:
        for session in list(self.sessions):
            session.drop()

    def babble(self, data: bytes) -> None:
        """Bytes that are no message, to everybody."""
        for session in self.sessions:
            session.write(data)

    # -- what a session asks

    def secret_of(self, user: str) -> str | None:
        known = {LISTENER: self._plan.manager.listener, WITNESS: self._plan.manager.witness}
        return known.get(user) or None

    def answer(self, action: Headers) -> list[Message]:
        return self._answers.answer(action)

    def greeting(self) -> Message:
        uptime = str(int(self._clock() - self.desk.started))
        return {
            "Event": "FullyBooted",
            "Privilege": "system,all",
            "Uptime": uptime,
            "LastReload": uptime,
            "Status": "Fully Booted",
        }

    def opened(self, session: Session) -> None:
        self.sessions.add(session)

    def closed(self, session: Session) -> None:
        self.sessions.discard(session)
