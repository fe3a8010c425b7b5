"""The script `waiting`: what a caller hears who comes into a queue or waits in it.

It plays nothing itself: it names the files and is gone within the deadline, so that nobody's wait
hangs on us (`asterisk_conf/dialplan/queues.conf.j2` plays them).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from sqlalchemy import Connection

from agi_scripts import variables
from agi_scripts.lookup import LookupPool
from agi_scripts.once import OncePerSpell
from agi_scripts.prompts import Book, spoken_language
from agi_scripts.session import AgiSession
from callcenter.agents.staffing import QueueSettings
from callcenter.ports import Clock
from callcenter.queries import waiting as queries
from callcenter.queries.waiting import Line
from callcenter.services import waiting as service
from callcenter.services.waiting import Situation, Told
from callcenter.waiting.announcing import KEYS, Said
from callcenter.waiting.estimate import Flow

_SECONDS: Final = 0.8
_FRESH: Final = 1.0
_FLOW_FRESH: Final = 5.0
_SOON: Final = 5
"""Seconds after which who was told nothing is told it: it was being spoken for the first time."""
_LONGEST_SAY: Final = 1500
_FORGOTTEN: Final = 7200.0
Reader = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Caller:
    """One request of a caller. `number` is E.164, '' where it is withheld."""

    queue: str
    pbx: str
    uniqueid: str
    round: int
    since: float
    place: float
    priority: int
    number: str
    locale: str


@dataclass(frozen=True, slots=True)
class _Seat:
    queue: str
    priority: int
    place: float
    at: float


@dataclass(slots=True)
class WaitingRoom:
    """Thread-safe enough: what it remembers is replaced whole. Who came here tells their priority
    and place, which no other knows; of whom this process never heard, the database tells since
    when they wait.
    """

    reader: Reader
    clock: Clock
    _settings: tuple[float, dict[str, QueueSettings]] = (float("-inf"), {})
    _lines: dict[str, tuple[float, Line]] = field(default_factory=dict)
    _flows: dict[str, tuple[float, Flow]] = field(default_factory=dict)
    _seats: dict[tuple[str, str], _Seat] = field(default_factory=dict)

    def tell(self, caller: Caller) -> Told:
        with self.reader() as connection:
            queue = self._queue(connection, caller.queue)
            if queue is None:
                return Told()
            manner = service.manner_of(queue)
            credit = self._credit(connection, caller)
            if manner.silent and not credit:
                return service.quiet(queue)
            situation = self._situation(connection, queue, caller, credit)
        waited = max(0.0, self.clock.now().timestamp() - caller.since)
        return service.tell(
            queue, situation, round_=caller.round, waited=waited, locale=caller.locale
        )

    def _queue(self, connection: Connection, name: str) -> QueueSettings | None:
        read_at, known = self._settings
        if time.monotonic() - read_at > _FRESH:
            known = queries.settings(connection)
            self._settings = (time.monotonic(), known)
        return known.get(name)

    def _credit(self, connection: Connection, caller: Caller) -> int:
        if caller.round or not caller.number:
            return 0
        return queries.second_try(connection, caller.number, caller.queue, self.clock.now())

    def _situation(
        self, connection: Connection, queue: QueueSettings, caller: Caller, credit: int
    ) -> Situation:
        line = self._line(connection, queue)
        place = caller.place - credit
        self._note(caller, place)
        return Situation(
            ahead=self._ahead(caller, place, line),
            free=line.free,
            flow=self._flow(connection, queue, line),
            credit=credit,
        )

    def _line(self, connection: Connection, queue: QueueSettings) -> Line:
        read_at, line = self._lines.get(queue.name, (float("-inf"), None))
        if line is None or time.monotonic() - read_at > _FRESH:
            line = queries.line(connection, queue, self.clock.now())
            self._lines[queue.name] = (time.monotonic(), line)
        return line

    def _flow(self, connection: Connection, queue: QueueSettings, line: Line) -> Flow:
        read_at, flow = self._flows.get(queue.name, (float("-inf"), None))
        if flow is None or time.monotonic() - read_at > _FLOW_FRESH:
            flow = queries.flow(connection, queue, self.clock.now(), line)
            self._flows[queue.name] = (time.monotonic(), flow)
        return flow

    def _note(self, caller: Caller, place: float) -> None:
        now = time.monotonic()
        if len(self._seats) > 1000:
            kept = {key: one for key, one in self._seats.items() if now - one.at < _FORGOTTEN}
            self._seats = kept
        seat = _Seat(caller.queue, caller.priority, place, now)
        self._seats[caller.pbx, caller.uniqueid] = seat

    def _ahead(self, caller: Caller, place: float, line: Line) -> int:
        """As Asterisk orders them: by priority, then by when they came."""
        mine = (-caller.priority, place)
        others = (one for one in line.waiting if caller.uniqueid not in one.uniqueids)
        seats = (
            next((s for u in one.uniqueids if (s := self._seats.get((one.pbx, u)))), None)
            or _Seat(caller.queue, 0, one.since, 0.0)
            for one in others
        )
        return sum((-seat.priority, seat.place) < mine for seat in seats)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingScript:
    room: WaitingRoom
    book: Book
    pool: LookupPool
    once: OncePerSpell
    number_of: Callable[[AgiSession], str]
    prepare: Callable[[str], None]
    """Has all that is said here spoken in a language; gives back at once."""
    default_pbx: str = ""

    async def __call__(self, session: AgiSession) -> None:
        caller = self._caller(session)
        try:
            told = await self.pool.run(partial(self.room.tell, caller), _SECONDS)
        except Exception as error:  # noqa: BLE001  # whatever is wrong here, they wait on
            self.once.report("agi.waits_in_silence", type(error).__name__)
            session.end()
            return
        if told.announcement.said:
            self.prepare(caller.locale)
        making = asyncio.ensure_future(files_of(self.book, told.announcement.said, caller.locale))
        await asyncio.wait({making}, timeout=_SECONDS)
        files = making.result() if making.done() else None
        await session.set_variables(self._answer(told, files))
        session.end()
        await making  # what is being made for the first time is there for the next announcement

    def _answer(self, told: Told, files: str | None) -> dict[str, object]:
        again_in = told.again_in if files is not None else _SOON
        offered = "".join(KEYS[one] for one in told.announcement.offered)
        every: dict[str, object] = {
            variables.CRM_CREDIT: told.credit or "",
            variables.CRM_WAIT_MOST: told.most or "",
            variables.CRM_OVERFLOW: told.overflow,
            variables.CRM_OFFER: offered,
            variables.CRM_WAIT: again_in or "",
            variables.CRM_SAY: files or "",
        }
        return {name: value for name, value in every.items() if value != ""}

    def _caller(self, session: AgiSession) -> Caller:
        query = session.request.query
        return Caller(
            queue=query.get("queue", "")[:80],
            pbx=query.get("pbx", self.default_pbx)[:80],
            uniqueid=session.request.get("agi_uniqueid")[:80],
            round=_whole(query.get("round", "")),
            since=float(_whole(query.get("since", ""))),
            place=float(_whole(query.get("place", ""))),
            priority=_whole(query.get("priority", "")[:3]),
            number=self.number_of(session),
            locale=spoken_language(session.request.get("agi_language")),
        )


async def files_of(book: Book, said: Iterable[Said], locale: str) -> str:
    """For Background() and Playback(): file&file. What has no sound is left out, what is too long
    for one command is not said at all."""
    found: list[str] = []
    for one in said:
        if one.prompt:
            found.append(await book.of_prompt(one.prompt, locale))
        else:
            found += await book.of_words(one.words, locale)
    text = "&".join(filter(None, found))
    return text if len(text) <= _LONGEST_SAY else ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else 0
