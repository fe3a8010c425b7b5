"""An operator's state on a real Asterisk's queues: who is a member, how far back, paused why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ami.lab import LabPbx
from ami.lab.phones import Call, DeskPhone, call_in
from callcenter.accounts.user import UserDraft
from callcenter.services import operator_state, staffing
from callcenter.settings import PbxAddress
from callcenter.settings_forms import parse_ami_urls
from tests.integration.ami.conftest import Door
from tests.support.lab import MakeLab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(300)]

OpenDoor = Callable[..., Door]


class Staff:
    """Operators of a running door, and what the PBX says of them."""

    def __init__(self, door: Door, asterisk: LabPbx) -> None:
        self.door, self.asterisk = door, asterisk
        self.users: dict[str, int] = {}
        with door.runtime.unit_of_work() as uow:
            for number in ("1001", "1002", "1003"):
                draft = UserDraft(
                    username=f"op{number}",
                    display_name=f"Operator {number}",
                    endpoint=f"PJSIP/{number}",
                    extension=number,
                )
                self.users[number] = uow.users.add(draft, "-", door.runtime.clock.now())
            uow.commit()

    @property
    def _tools(self) -> dict:
        runtime = self.door.runtime
        return {
            "unit_of_work": runtime.unit_of_work,
            "publisher": runtime.bus,
            "clock": runtime.clock,
        }

    def choose(self, number: str, state: str, reason: str = "") -> None:
        operator_state.set_state(self.users[number], state, reason, **self._tools)

    def use(self, number: str, device: str) -> None:
        operator_state.set_device(self.users[number], device, **self._tools)

    def done(self, number: str) -> None:
        operator_state.end_wrap_up(self.users[number], **self._tools)

    def skill(self, number: str, skill: str, level: int) -> None:
        staffing.set_skill(self.users[number], skill, level, by=self.users["1001"], **self._tools)

    def queue(self, name: str, **values: object) -> None:
        staffing.save_queue(name, values, user_id=self.users["1001"], **self._tools)

    def state(self, number: str) -> str:
        rows = self.door.rows(f"select state from agents where user_id = {self.users[number]}")
        return rows[0][0] if rows else ""

    def line(self, interface: str, queue: str = "support") -> str:
        """The member's line of `queue show`; '' when it is none."""
        lines = self.asterisk.console(f"queue show {queue}").splitlines()
        return next((one.strip() for one in lines if f"{interface}" in one), "")

    def hang_up(self, begins: str) -> None:
        """The phone puts the receiver down."""
        rows = self.asterisk.console("core show channels concise").splitlines()
        (channel,) = {row.split("!")[0] for row in rows if row.startswith(begins)}
        self.asterisk.console(f"channel request hangup {channel}")

    def wait(self, interface: str, words: str, queue: str = "support") -> None:
        wait_until(
            lambda: words in self.line(interface, queue),
            words=f"{interface} in {queue}: {self.line(interface, queue)!r} lacks {words!r}",
        )

    def wait_gone(self, interface: str, queue: str = "support") -> None:
        wait_until(lambda: not self.line(interface, queue), words=self.line(interface, queue))

    def wait_free(self, interface: str, queue: str = "support") -> None:
        wait_until(lambda: "paused" not in self.line(interface, queue) != "")


def address_of(asterisk: LabPbx) -> PbxAddress:
    (address,) = parse_ami_urls("AMI_URL", asterisk.ami_url)
    return replace(address, name="lab")


@pytest.fixture
def asterisk(make_lab: MakeLab) -> LabPbx:
    return make_lab()


@pytest.fixture
def staff(asterisk: LabPbx, open_door: OpenDoor) -> Staff:
    door = open_door(address_of(asterisk))
    door.wait_up()
    return Staff(door, asterisk)


def test_a_pause_and_its_reason_stand_on_the_pbx_and_go_with_ready(staff: Staff) -> None:
    staff.choose("1001", "ready")
    staff.choose("1001", "paused", "lunch")
    staff.wait("PJSIP/1001", "paused:lunch")
    assert "paused" not in staff.line("PJSIP/1002")
    staff.choose("1001", "ready")
    staff.wait_free("PJSIP/1001")


def test_skills_make_members_with_penalties_and_log_out_takes_them_out(staff: Staff) -> None:
    staff.choose("1001", "ready")
    staff.choose("1002", "ready")
    staff.skill("1001", "debtors", 9)
    staff.skill("1002", "debtors", 4)
    staff.wait("PJSIP/1001", "dynamic", "debtors")
    staff.wait("PJSIP/1002", "with penalty 5", "debtors")
    staff.wait("PJSIP/1003", "paused:no skill", "debtors")
    staff.skill("1002", "debtors", 8)
    staff.wait("PJSIP/1002", "with penalty 1", "debtors")
    staff.choose("1002", "offline")
    staff.wait_gone("PJSIP/1002", "debtors")
    staff.wait("PJSIP/1002", "paused:offline", "support")


def test_the_browser_takes_the_place_of_the_desk_phone_and_gives_it_back(staff: Staff) -> None:
    staff.choose("1001", "ready")
    staff.use("1001", "browser")
    staff.wait("PJSIP/web1001", "dynamic")
    staff.wait("PJSIP/1001", "paused:other device")
    staff.choose("1001", "paused", "break")
    staff.wait("PJSIP/web1001", "paused:break")
    staff.choose("1001", "ready")
    staff.use("1001", "desk")
    staff.wait_gone("PJSIP/web1001")
    staff.wait_free("PJSIP/1001")


def test_what_was_chosen_while_the_pbx_was_away_is_made_good(staff: Staff) -> None:
    staff.choose("1001", "ready")
    staff.choose("1002", "paused", "training")
    staff.wait("PJSIP/1002", "paused:training")
    staff.asterisk.kill()
    wait_until(lambda: staff.door.link_states()[0][0] != "up")
    staff.choose("1001", "paused", "meeting")
    staff.asterisk.start()
    wait_until(lambda: staff.door.link_states()[0][0] == "up", timeout=60)
    staff.wait("PJSIP/1001", "paused:meeting")
    staff.wait("PJSIP/1002", "paused:training")


def test_a_call_goes_into_wrap_up_on_the_pbx_and_comes_back_when_done(staff: Staff) -> None:
    staff.queue("support", wrap_up="until_done")
    for number in ("1002", "1003"):
        staff.choose(number, "offline")
    staff.choose("1001", "ready")
    staff.wait("PJSIP/1003", "paused:offline")
    with DeskPhone(staff.asterisk, "1001"):
        call = Call(number="+48601000111", to="+48221000001")
        caller = call_in(staff.asterisk, [call], talk=600)
        wait_until(lambda: staff.state("1001") == "talking")
        staff.asterisk.console("channel request hangup all")
        wait_until(lambda: staff.state("1001") == "wrap_up")
        staff.wait("PJSIP/1001", "paused:wrap_up")
        staff.done("1001")
        staff.wait_free("PJSIP/1001")
        caller.stop()
    told = staff.door.rows("select state from agent_history order by began_at, id")
    mine = [state for (state,) in told if state != "offline"]
    assert mine == ["ready", "ringing", "talking", "wrap_up", "ready"]


def test_a_timed_wrap_up_outlives_the_death_of_the_door(staff: Staff, open_door: OpenDoor) -> None:
    staff.queue("support", wrap_up="timed", wrap_up_seconds=3)
    for number in ("1002", "1003"):
        staff.choose(number, "offline")
    staff.choose("1001", "ready")
    staff.wait("PJSIP/1003", "paused:offline")
    with DeskPhone(staff.asterisk, "1001"):
        caller = call_in(staff.asterisk, [Call(number="+48601000111", to="+48221000001")], talk=600)
        wait_until(lambda: staff.state("1001") == "talking")
        staff.asterisk.console("channel request hangup all")
        wait_until(lambda: staff.state("1001") == "wrap_up")
        staff.wait("PJSIP/1001", "paused:wrap_up")
        staff.door.service.stop(10)
        caller.stop()
    again = open_door(address_of(staff.asterisk))
    again.wait_up()
    wait_until(lambda: staff.state("1001") == "ready")
    staff.wait_free("PJSIP/1001")


def test_no_caller_slips_in_between_a_hang_up_and_wrap_up(staff: Staff) -> None:
    """The queue itself leaves the phone alone until our pause is there (wrapuptime)."""
    staff.queue("support", wrap_up="until_done")
    for number in ("1002", "1003"):
        staff.choose(number, "offline")
    staff.choose("1001", "ready")
    staff.wait("PJSIP/1003", "paused:offline")
    with DeskPhone(staff.asterisk, "1001"):
        for turn in range(3):
            first = call_in(
                staff.asterisk, [Call(number=f"+4860100{turn}11", to="+48221000001")], talk=600
            )
            wait_until(lambda: staff.state("1001") == "talking", timeout=20)
            second = call_in(
                staff.asterisk, [Call(number=f"+4860100{turn}22", to="+48221000001")], talk=600
            )
            wait_until(lambda: "has 1 calls" in staff.asterisk.console("queue show support"))
            staff.hang_up("PJSIP/1001-")
            wait_until(lambda: staff.state("1001") == "wrap_up")
            staff.wait("PJSIP/1001", "paused:wrap_up")
            assert "has 1 calls" in staff.asterisk.console("queue show support")
            staff.asterisk.console("channel request hangup all")
            first.stop()
            second.stop()
            wait_until(lambda: "has 0 calls" in staff.asterisk.console("queue show support"))
            staff.done("1001")
            wait_until(lambda: staff.state("1001") == "ready")
    told = staff.door.rows("select state from agent_history order by began_at, id")
    assert [state for (state,) in told].count("ringing") == 3
