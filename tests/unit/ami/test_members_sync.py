"""The mirror of a PBX's members: compared in time, and never against half of what there is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from ami import members_sync
from ami.members_sync import MembersSync, Wanted
from callcenter.agents.membership import Worker
from callcenter.agents.status import AgentStatus

Step = Callable[[], None]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SUPPORT = {"Event": "QueueParams", "Queue": "support"}


class OnePbx:
    """Answers with the members that it has; remembers what it was told."""

    state = "up"

    def __init__(self, *members: str) -> None:
        self.members = dict.fromkeys(members, "0")
        self.looks = 0
        self.told: list[tuple[str, str]] = []
        self.on_action: Step = lambda: None

    async def ask(
        self, name: str, headers: dict[str, Any] | None = None, timeout: float = 10.0
    ) -> list[Any]:
        await asyncio.sleep(0)
        if name == "QueueStatus":
            self.looks += 1
            return [SUPPORT, *(self._told_of(one) for one in self.members)]
        assert headers is not None
        self.told.append((name, headers["Interface"]))
        self.members[headers["Interface"]] = "1"
        self.on_action()
        return [{}]

    def _told_of(self, interface: str) -> dict[str, str]:
        paused = self.members[interface]
        return {
            "Event": "QueueMember",
            "Queue": "support",
            "Location": interface,
            "Membership": "dynamic",
            "Paused": paused,
            "PausedReason": "offline" if paused == "1" else "",
        }


def play(sync: MembersSync, act: Callable[[], Any]) -> None:
    async def run() -> None:
        running = asyncio.ensure_future(sync.run())
        try:
            async with asyncio.timeout(10):
                await act()
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    asyncio.run(run())


async def until(true: Callable[[], object]) -> None:
    while not true():
        await asyncio.sleep(0.002)


def test_the_comparison_comes_in_time_where_states_change_all_the_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(members_sync, "COMPARE_EVERY", 0.05)
    pbx = OnePbx()

    def read() -> Wanted:
        sync.look()  # something has changed again before this comparison is over
        return Wanted(workers=[], skills={})

    sync = MembersSync(pbx, "pbx1", read)

    async def busy() -> None:
        sync.look()
        await until(lambda: pbx.looks >= 3)

    play(sync, busy)


def test_a_log_in_while_changes_go_out_adds_nobody_who_is_there() -> None:
    gone = AgentStatus(user_id=1, state="offline", reason="", since=NOON)
    workers = [
        Worker(
            user_id=n,
            name=f"{n}",
            desk=f"PJSIP/{n}",
            browser=f"PJSIP/web{n}",
            status=gone,
            levels={},
        )
        for n in (1001, 1002)
    ]
    pbx = OnePbx("PJSIP/1001", "PJSIP/1002")
    sync = MembersSync(pbx, "pbx1", lambda: Wanted(workers=workers, skills={}))
    pbx.on_action = lambda: sync.look(anew=True)

    async def twice() -> None:
        sync.look(anew=True)
        await until(lambda: pbx.looks >= 2 and len(pbx.told) >= 2)

    play(sync, twice)
    assert pbx.told == [("QueuePause", "PJSIP/1001"), ("QueuePause", "PJSIP/1002")]
