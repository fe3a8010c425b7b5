"""On a real Asterisk: whoever's operator hangs up first is asked how it was, and answers by keys.
What the call itself was stays as it was; with the CRM away it simply ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from agi_scripts.service import AgiService
from ami.lab.pbx import LabPbx, lab_plan
from ami.lab.phones import Behaviour, DeskPhone
from ami.lab.ports import free_tcp_port
from ami.lab.softphones import SoftPhone, outsider
from callcenter.queries import interactions
from callcenter.services import operator_state
from callcenter.services.surveys import SurveyDesk
from callcenter.settings import BindAddress
from callcenter.surveys.answering import Answer
from callcenter.surveys.survey import Question, Survey
from tests.pbx.control_desk import ControlDesk, control_desk
from tests.support.databases import SqliteDatabases
from tests.support.lab import require_lab
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.pbx, pytest.mark.timeout(180)]

SUPPORT = "+48221000001"


@dataclass
class Centre:
    desk: ControlDesk
    agi: AgiService

    @property
    def pbx(self) -> LabPbx:
        return self.desk.pbx

    def said(self) -> int:
        """How many prompts of the survey were said, to their end or until a key."""
        return sum(
            row["eventtype"] == "STREAM_END" and row["context"] == "crm-survey"
            for row in self.pbx.cel_rows()
        )

    def until_said(self, count: int) -> None:
        wait_until(lambda: self.said() >= count, timeout=20)

    def answer_of(self, number: str) -> Answer | None:
        with self.desk.world.runtime.reader() as connection:
            rows = connection.execute(text("select id from survey_answers")).all()
        with self.desk.world.runtime.unit_of_work() as uow:
            found = [uow.surveys.answer(row.id) for row in rows]
        return next((one for one in found if one is not None and one.number == number), None)

    def contact_of(self, answer: Answer) -> Any:
        assert answer.interaction_id is not None
        with self.desk.world.runtime.reader() as connection:
            return interactions.get(connection, answer.interaction_id)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    require_lab()
    folder = tmp_path_factory.mktemp("survey")
    port = free_tcp_port()
    with ExitStack() as stack:
        plan = lab_plan(("127.0.0.1", port), crm_name="lab")
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
        runtime = desk.world.runtime
        SurveyDesk(
            unit_of_work=runtime.unit_of_work, clock=runtime.clock, ways=frozenset({"keys"})
        ).create(
            Survey(
                key="calls",
                title="After a call",
                questions=(
                    Question(texts={"en": "How satisfied are you?", "pl": "Jak oceniasz?"}),
                    Question(kind="yesno", texts={"en": "Was it solved?"}),
                ),
                queues=("support",),
                active=True,
            )
        )
        agi = AgiService(runtime)
        agi.start()
        stack.callback(agi.stop, 5)
        stack.enter_context(DeskPhone(pbx, "1001", Behaviour(ring=0.2, talk=1.5)))
        operator_state.set_state(
            desk.world.users["operator1"],
            "ready",
            "",
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
            publisher=runtime.bus,
        )
        yield Centre(desk, agi)


def test_a_caller_answers_by_keys_and_the_call_stays_what_it_was(centre: Centre) -> None:
    number = "+48600100771"
    with SoftPhone(outsider(centre.pbx, number)) as person:
        line = person.call(SUPPORT).until_talking()
        centre.until_said(1)
        wait_until(lambda: centre.desk.state() != "talking")  # the operator is done with it
        line.press("4")
        wait_until(lambda: (found := centre.answer_of(number)) is not None and found.score == 4)
        centre.until_said(3)
        line.press("2")
        centre.until_said(5)
        line.press("1")
        line.sing()
        wait_until(lambda: list(centre.pbx.recordings.glob("*-survey-support.wav")), timeout=20)
        line.hang_up()
        line.until_over()
    centre.pbx.wait_idle()
    answer = centre.answer_of(number)
    assert answer is not None
    assert (answer.state, answer.score, answer.answers) == ("answered", 4, {"0": 4, "1": 0})
    assert answer.operator_id == centre.desk.world.users["operator1"]
    assert (centre.pbx.recordings / answer.message).is_file()
    wait_until(lambda: centre.contact_of(answer).ended_at is not None)
    contact = centre.contact_of(answer)
    assert (contact.result, contact.queue) == ("answered", "support")
    assert 1.0 < contact.talk_seconds < 2.5


def test_keys_that_mean_nothing_end_it_and_what_was_said_before_is_kept(centre: Centre) -> None:
    number = "+48600100772"
    with SoftPhone(outsider(centre.pbx, number)) as person:
        before = centre.said()
        line = person.call(SUPPORT).until_talking()
        centre.until_said(before + 1)
        line.press("5")
        wait_until(lambda: (found := centre.answer_of(number)) is not None and found.score == 5)
        centre.until_said(before + 3)
        line.press("9")
        centre.until_said(before + 6)
        line.press("9")
        line.until_over(40)
    answer = centre.answer_of(number)
    assert answer is not None
    assert (answer.state, answer.answers, answer.message) == ("answered", {"0": 5}, "")


def test_without_the_crm_the_call_ends_when_the_operator_hangs_up(centre: Centre) -> None:
    centre.agi.stop(5)
    before = centre.said()
    number = "+48600100773"
    with SoftPhone(outsider(centre.pbx, number)) as person:
        person.call(SUPPORT).until_talking().until_over(40)
    assert centre.said() == before
    assert centre.answer_of(number) is None
