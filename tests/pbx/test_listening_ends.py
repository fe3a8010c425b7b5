"""Who listens to a call without any sound gets out of it. None of these phones ever sends any."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ami.lab import LabPbx
from ami.lab.phones import Behaviour, DeskPhone
from tests.pbx.control_desk import ControlDesk, control_desk
from tests.pbx.floor import BOSS, Floor, channels_of, give_phone, hang_up_all
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

FIRST, NETWORK = "PJSIP/1001", "PJSIP/trunk"
SOON = Behaviour(ring=0.3)
LISTENS = 6.0
"""Seconds after which the supervisor's phone is put down: by then they listen."""


@pytest.fixture
def silence(lab_pbx: LabPbx, sqlite_url: str, tmp_path: Path) -> Iterator[ControlDesk]:
    with control_desk(lab_pbx, sqlite_url, tmp_path) as desk:
        give_phone(desk)
        with DeskPhone(lab_pbx, "1001", SOON):
            desk.anna_calls(talk=120)
            yield desk
    hang_up_all(lab_pbx)


def listens(floor: Floor) -> None:
    call = floor.desk.talking()
    floor.desk.done(floor.order(call, "step-in", mode="listen"))
    wait_until(lambda: floor.stretches()[-1] == ("listen", True, False))


def until_out(floor: Floor) -> None:
    wait_until(lambda: set(channels_of(floor.desk.pbx)) == {FIRST, NETWORK})
    wait_until(lambda: not any(ended is False for _, _, ended in floor.stretches()))


def goes_on_as_one_call(floor: Floor) -> None:
    (record,) = floor.desk.everything()
    assert [(leg.endpoint, leg.role, leg.ended_at is None) for leg in record.legs] == [
        (NETWORK, "caller", True),
        (FIRST, "callee", True),
        (BOSS, "spy", False),
    ]
    assert floor.rows("select count(*) from calls") == [(1,)]


def test_end_ends_the_listening_at_once(silence: ControlDesk, tmp_path: Path) -> None:
    floor = Floor(silence, {}, tmp_path)
    with DeskPhone(silence.pbx, "1003", SOON):
        listens(floor)
        silence.done(floor.order(silence.talking(), "step-out"))
        until_out(floor)
        goes_on_as_one_call(floor)


def test_who_may_listen_no_more_is_put_out(silence: ControlDesk, tmp_path: Path) -> None:
    floor = Floor(silence, {}, tmp_path)
    with DeskPhone(silence.pbx, "1003", SOON):
        listens(floor)
        floor.become("operator")
        until_out(floor)


def test_who_puts_the_phone_down_listens_no_more(silence: ControlDesk, tmp_path: Path) -> None:
    floor = Floor(silence, {}, tmp_path)
    with DeskPhone(silence.pbx, "1003", Behaviour(ring=0.3, talk=LISTENS)):
        listens(floor)
        until_out(floor)
        goes_on_as_one_call(floor)
