"""Keeps one PBX's queue members as they should be: who is in which queue, how far back, paused why.

Nothing is sent because something happened; what should be is compared with what is, and only the
differences go out. So commands that were lost while the PBX was away, a PBX that was restarted and
a member that somebody changed by hand are all made good by the next comparison.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

import structlog

from ami import metrics
from ami.client.outcome import ActionFailedError, AmiError
from ami.members import Event, Key, action_of, applied, members_of, queues_of
from callcenter.agents.membership import Change, Member, Worker, changes

log = structlog.get_logger(__name__)

_ACTION_SECONDS: Final = 5.0
COMPARE_EVERY: Final = 60.0
RETRY_AFTER: Final = 5.0
GATHER: Final = 0.2
"""Changes that come together are looked at once; the queue's own wrapuptime covers the moment."""


class Asker(Protocol):
    @property
    def state(self) -> str: ...

    async def ask(
        self, name: str, headers: dict[str, Any] | None = None, timeout: float = 10.0
    ) -> list[Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the product wants. `skills`: queue → the skill that it asks for."""

    workers: Sequence[Worker]
    skills: Mapping[str, str]


class MembersSync:
    """`look()` after whatever may have changed what should be; `look(anew=True)` where the PBX may
    have changed too. `read` gets what should be; it may block.
    """

    def __init__(self, link: Asker, pbx: str, read: Callable[[], Wanted]) -> None:
        self._link = link
        self._pbx = pbx
        self._read = read
        self._actual: dict[Key, Member] = {}
        self._anew = True
        self._queues: frozenset[str] = frozenset()
        self._wake = asyncio.Event()

    def look(self, *, anew: bool = False) -> None:
        """On the loop's thread."""
        self._anew |= anew
        self._wake.set()

    async def run(self) -> None:
        now = asyncio.get_running_loop().time
        compare_at = now() + COMPARE_EVERY
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout_at(compare_at):
                    await self._wake.wait()
            if self._wake.is_set():
                await asyncio.sleep(GATHER)
            self._wake.clear()
            if now() >= compare_at:  # also where something changes all the time
                self._anew = True
            compares = self._anew
            if not await self._try():
                compare_at = now() + RETRY_AFTER
            elif compares:
                compare_at = now() + COMPARE_EVERY

    async def _try(self) -> bool:
        """The task's one catch-all: a mirror that fails must not end the link. False: try again."""
        try:
            return await self._once()
        except AmiError as error:
            log.info("ami.members_unreached", pbx=self._pbx, why=str(error))
        except Exception:
            log.exception("ami.members_failed", pbx=self._pbx)
        self._anew = True
        return False

    async def _once(self) -> bool:
        if self._link.state != "up":
            self._anew = True
            return True  # the next log-in compares
        compared = self._anew
        if compared:
            await self._take_stock()
        wanted = await asyncio.to_thread(self._read)
        due = self._due(wanted)
        if compared and due:
            metrics.MEMBER_DRIFT.labels(self._pbx).inc(len(due))
            log.info("ami.members_drifted", pbx=self._pbx, changes=len(due))
        ok = await self._carry_out(due)
        # Whoever was added paused gets the reason in a second step.
        return ok and await self._carry_out(self._due(wanted))

    async def _take_stock(self) -> None:
        self._anew = False  # what is told from here on may have missed this answer
        answer = await self._link.ask("QueueStatus", timeout=30.0)
        items: list[Event] = [dict(message.items()) for message in answer]
        self._actual, self._queues = members_of(items), queues_of(items)

    def _due(self, wanted: Wanted) -> list[Change]:
        skills = {queue: wanted.skills.get(queue, queue) for queue in self._queues}
        return changes(wanted.workers, skills, self._actual.values())

    async def _carry_out(self, due: Sequence[Change]) -> bool:
        ok = True
        for change in due:
            action, headers = action_of(change)
            try:
                await self._link.ask(action, dict(headers), timeout=_ACTION_SECONDS)
            except ActionFailedError as error:
                ok = False
                self._refused(change, error)
                continue
            metrics.MEMBER_CHANGES.labels(self._pbx, change.action, "done").inc()
            self._actual = applied(self._actual, change)
        self._anew |= not ok
        return ok

    def _refused(self, change: Change, error: ActionFailedError) -> None:
        metrics.MEMBER_CHANGES.labels(self._pbx, change.action, "refused").inc()
        right = ": give the manager user write=agent" if error.denied else ""
        log.error(
            "ami.member_refused",
            pbx=self._pbx,
            action=change.action,
            queue=change.queue,
            interface=change.interface,
            why=f"{error.message}{right}",
        )
