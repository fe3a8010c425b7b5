"""On a real Asterisk: who waits is told so and keeps the place; they may be called back, or leave a
message; whoever waits too long goes where the queue says. With the CRM away, all of it ends well.
"""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from agi_scripts.service import AgiService
from ami.lab.pbx import LabError, LabPbx, lab_plan
from ami.lab.phones import ANSWERS, Behaviour, DeskPhone, FarEnd
from ami.lab.ports import free_tcp_port
from ami.lab.softphones import SoftPhone, outsider
from callcenter import callback_work
from callcenter.calls.record import CallRecord
from callcenter.pbx.plan import default_queues
from callcenter.queries import callback_requests, voicemails
from callcenter.services import operator_state
from callcenter.settings import BindAddress
from tests.pbx.control_desk import ControlDesk, control_desk
from tests.support.databases import SqliteDatabases
from tests.support.lab import require_lab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

SUPPORT, SALES = "+48221000001", "+48221000002"
CALLER, OTHER = "+48600100777", "+48600100888"
EVERYTHING = {
    "announce_position": True,
    "announce_estimate": True,
    "announce_seconds": 15,
    "messages": "wait-message",
    "callback_offered": True,
    "callback_retry_minutes": 1,
    "message_box": True,
}


@dataclass
class Centre:
    """The whole product around one Asterisk; nobody is ready until somebody is made so."""

    desk: ControlDesk
    agi: AgiService

    @property
    def pbx(self) -> LabPbx:
        return self.desk.pbx

    def queue(self, name: str, **values: Any) -> None:
        with self.desk.world.runtime.unit_of_work() as uow:
            uow.staffing.save_queue(name, values)
            uow.commit()

    def state(self, state: str) -> None:
        runtime = self.desk.world.runtime
        operator_state.set_state(
            self.desk.world.users["operator1"],
            state,
            "",
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            publisher=runtime.bus,
        )

    def requests(self, *, closed: bool) -> list[Any]:
        with self.desk.world.runtime.reader() as connection:
            filters = callback_requests.CallbackFilters(closed=closed)
            return list(callback_requests.page(connection, filters, None, 10).items)

    def messages(self, state: str = "open") -> list[Any]:
        with self.desk.world.runtime.reader() as connection:
            filters = voicemails.VoicemailFilters(state=state)
            return list(voicemails.page(connection, filters, None, 10).items)

    def hears(self) -> str:
        """What the first caller's channel does now, in Asterisk's own words."""
        told = self.pbx.console("core show channels concise")
        return told.replace("BackGround!/srv/prompts", "announcement")

    def in_line(self) -> list[str]:
        """Channels, in the order in which Asterisk would serve them."""
        told = self.pbx.console("queue show support").partition("Callers:")[2]
        return re.findall(r"^ +\d+\. (\S+) ", told, re.MULTILINE)

    def rows(self, app: str) -> list[dict[str, str]]:
        started = (row for row in self.pbx.cel_rows() if row["eventtype"] == "APP_START")
        return [row for row in started if row["appname"] == app]

    def entered(self) -> list[str]:
        return [row["appdata"].split(",")[0] for row in self.rows("Queue")]

    def stored(self, number: str) -> CallRecord:
        with self.desk.world.runtime.unit_of_work() as uow:
            found = [one for one in uow.calls.live_records("lab") if one.caller_number == number]
        assert len(found) == 1, found
        return found[0]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    require_lab()
    folder = tmp_path_factory.mktemp("waiting")
    port = free_tcp_port()
    with ExitStack() as stack:
        queues = tuple(replace(one, wait_seconds=12) for one in default_queues()[1:])
        plan = lab_plan(("127.0.0.1", port), crm_name="lab", queues=(default_queues()[0], *queues))
        pbx = stack.enter_context(LabPbx(folder / "pbx", plan=plan))
        desk = stack.enter_context(
            control_desk(
                pbx,
                SqliteDatabases(folder).migrated(folder / "crm.db"),
                folder,
                agi_bind=BindAddress("127.0.0.1", port),
                prompts_dir=pbx.prompts,
                prompts_path=pbx.prompts_inside,
                recordings=(("lab", pbx.recordings),),
            )
        )
        agi = AgiService(desk.world.runtime)
        agi.start()
        stack.callback(agi.stop, 5)
        loops = callback_work.loops(desk.world.runtime)
        for loop in loops:
            loop.start()
            stack.callback(loop.stop, 5)
        yield Centre(desk, agi)


def test_who_waits_is_told_keeps_one_wait_and_is_called_back_in_turn(centre: Centre) -> None:
    centre.queue("support", **EVERYTHING)
    with SoftPhone(outsider(centre.pbx, CALLER)) as person:
        line = person.call(SUPPORT).until_talking()
        wait_until(lambda: "announcement" in centre.hears(), timeout=60)
        wait_until(lambda: centre.entered().count("support") >= 2, timeout=60)
        with SoftPhone(outsider(centre.pbx, OTHER)) as later:
            behind = later.call(SUPPORT).until_talking()
            wait_until(lambda: centre.entered().count("support") >= 4, timeout=60)
            # Who comes back is first again, however new this wait is to the queue itself.
            wait_until(lambda: len(centre.in_line()) == 2)
            assert centre.in_line()[0] == record_channel(centre.stored(CALLER))
            behind.hang_up()
            behind.until_over()
        record = centre.stored(CALLER)
        assert record.queues == ("support",)
        assert record.queued_at is not None
        line.press("1")
        wait_until(lambda: "callback?" in centre.hears())
        while not line.over:  # the first key stops the number, one more may be needed after it
            line.press("1")
            with suppress(LabError):
                line.until_over(3)
    (request,) = centre.requests(closed=False)
    assert (request.number, request.queue, request.state) == (CALLER, "support", "waiting")
    assert request.place_at < request.created_at
    assert centre.requests(closed=False)[0].attempts == 0
    with DeskPhone(centre.pbx, "1001", ANSWERS), FarEnd(centre.pbx, Behaviour(ring=0.5, talk=2)):
        centre.state("ready")
        wait_until(lambda: centre.requests(closed=True), timeout=30)
        centre.state("offline")
        centre.pbx.wait_idle()
    (done,) = centre.requests(closed=True)
    assert (done.state, done.last_result) == ("done", "reached")
    assert done.closer is not None
    assert done.closer.display_name == "Anna Nowak"
    dialled = [row for row in centre.rows("Dial") if CALLER in row["appdata"]]
    assert len(dialled) == 1


def test_who_waits_too_long_may_leave_a_message_that_is_heard(centre: Centre) -> None:
    centre.queue("sales", max_wait_seconds=6, overflow="voicemail", message_due_minutes=30)
    for prompt in ("message-greeting", "message-thanks"):
        centre.agi._voices.prompts.prepare(prompt, "pl")
    with SoftPhone(outsider(centre.pbx, OTHER)) as person:
        line = person.call(SALES).until_talking()
        line.sing()
        wait_until(lambda: "Record" in centre.hears(), timeout=40)
        wait_until(lambda: file_seconds(centre.pbx.recordings) > 3, timeout=20)
        line.hang_up()
        line.until_over()
    heard = [row["extra"] for row in centre.pbx.cel_rows() if row["eventtype"] == "STREAM_BEGIN"]
    assert any("/srv/prompts/pl/" in one for one in heard[-3:]), heard
    wait_until(lambda: centre.messages() and centre.messages()[0].seconds, timeout=30)
    (message,) = centre.messages()
    assert (message.number, message.queue, message.set_aside) == (OTHER, "sales", "")
    assert message.seconds > 2
    assert message.due_at > message.created_at
    assert loudest(centre.pbx.recordings / message.file) > 1000


def test_without_the_crm_everybody_waits_in_one_piece_and_keys_change_nothing(
    centre: Centre,
) -> None:
    centre.agi.stop(5)
    before = len(centre.entered())
    with SoftPhone(outsider(centre.pbx, CALLER)) as person:
        line = person.call(SALES).until_talking()
        wait_until(lambda: len(centre.entered()) > before)
        line.press("1")
        wait_until(lambda: len(centre.entered()) >= before + 2)  # back in the same place
        line.until_over(40)
    assert set(centre.entered()[before:]) == {"sales"}
    ended = [row["extra"] for row in centre.pbx.cel_rows() if row["userdeftype"] == "CRM_OUTCOME"]
    assert ended[-1] == '{"extra":"queue-timeout"}'


def record_channel(record: CallRecord) -> str:
    return next(leg.channel for leg in record.legs if leg.role == "caller")


def file_seconds(folder: Path) -> float:
    """Of the message that is being written: 8,000 samples of two bytes a second."""
    return max((one.stat().st_size / 16_000 for one in folder.glob("*-message-*.wav")), default=0)


def loudest(path: Path) -> int:
    with wave.open(str(path), "rb") as sound:
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
    return max(map(abs, samples))
