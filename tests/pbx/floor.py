"""The three of a call that a supervisor steps into: caller, operator and supervisor.

Each is on a phone with a tone of its own, and what each phone hears is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ami.lab import LabPbx
from ami.lab.hearing import heard
from ami.lab.softphones import Line, SoftPhone, desk_of, outsider
from callcenter.calls.record import CallRecord
from callcenter.realtime.messages import Audience, Message
from callcenter.services import operator_state
from tests.pbx.control_desk import ANNA, ControlDesk, control_desk, new_id
from tests.support.require import lacking
from tests.support.waiting import wait_until
from web.realtime import SESSIONS_CHANGED

DIRECT, SUPPORT = "+48221000101", "+48221000001"
TONES = {"caller": 440, "operator": 700, "supervisor": 1100}
BOSS = "PJSIP/1003"


class Floor:
    """The three of them, each on a phone with a tone of its own."""

    def __init__(self, desk: ControlDesk, phones: dict[str, SoftPhone], folder: Path) -> None:
        self.desk, self.phones, self._folder = desk, phones, folder
        self.lines: dict[str, Line] = {}

    def sings(self, who: str, line: Line) -> Line:
        line.sing(TONES[who])
        line.record(self._folder / f"{who}.wav")
        self.lines[who] = line
        return line

    def until_hears(self, **wanted: str) -> None:
        """Each of those named hears exactly these, in one and the same moment."""
        names = {tone: who for who, tone in TONES.items()}
        now: dict[str, set[str]] = {}

        def right() -> bool:
            for who in wanted:
                tones = heard(self._folder / f"{who}.wav", TONES.values())
                now[who] = {names[tone] for tone in tones}
            return all(now[who] == set(words.split()) for who, words in wanted.items())

        wait_until(right, words=f"wanted {wanted}, they hear {now}")

    def order(self, call: CallRecord, what: str, **form: str) -> Any:
        form = {"id": new_id(), **form}
        return self.desk.browser("supervisor").post(f"/calls/{call.id}/{what}", form)

    def become(self, role: str) -> None:
        """Somebody gives the supervisor this role."""
        world = self.desk.world
        with world.runtime.unit_of_work() as uow:
            uow.users.update(world.users["supervisor"], {"role": role, "role_code": role})
            uow.commit()
        told = {"type": SESSIONS_CHANGED}
        world.runtime.bus.publish([Message(kind="message", audience=Audience(), payload=told)])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.desk.world.runtime.reader() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def stretches(self) -> list[tuple[str, bool, bool]]:
        """(mode, has begun, has ended), in order."""
        told = self.rows("select mode, began_at, ended_at from supervision_sessions order by id")
        return [(mode, began is not None, ended is not None) for mode, began, ended in told]


@pytest.fixture
def floor(lab_pbx: LabPbx, sqlite_url: str, tmp_path: Path) -> Iterator[Floor]:
    if find_spec("pjsua2") is None:
        lacking("pbx", "soft phones need PJSIP", "pip install pjsua2-python")
    with control_desk(lab_pbx, sqlite_url, tmp_path) as desk, ExitStack() as stack:
        give_phone(desk)
        people = {
            "caller": outsider(lab_pbx, ANNA),
            "operator": desk_of(lab_pbx, "1001"),
            "supervisor": desk_of(lab_pbx, "1003"),
        }
        phones = {who: stack.enter_context(SoftPhone(one)) for who, one in people.items()}
        yield Floor(desk, phones, tmp_path)
    hang_up_all(lab_pbx)


def hang_up_all(pbx: LabPbx) -> None:
    for channel in channels_of(pbx).values():
        pbx.console(f"channel request hangup {channel}")
    pbx.wait_idle()


def channels_of(pbx: LabPbx) -> dict[str, str]:
    """Device → channel, of those that speak with somebody or listen."""
    told = pbx.console("core show channels concise").splitlines()
    rows = [line.split("!") for line in told if "!Up!" in line]
    return {row[0].rpartition("-")[0]: row[0] for row in rows}


def give_phone(desk: ControlDesk) -> None:
    """The supervisor has the third desk, and takes calls."""
    with desk.world.runtime.unit_of_work() as uow:
        run = uow.connection.execute  # type: ignore[attr-defined]
        run(text("update users set endpoint = '', extension = '' where username = 'operator3'"))
        query = "update users set endpoint = :phone, extension = '1003' where username = :name"
        run(text(query), {"phone": BOSS, "name": "supervisor"})
        uow.commit()
    runtime = desk.world.runtime
    operator_state.set_state(
        desk.world.users["supervisor"],
        "ready",
        "",
        unit_of_work=runtime.unit_of_work,
        publisher=runtime.bus,
        clock=runtime.clock,
    )
