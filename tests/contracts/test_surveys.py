"""Surveys on both databases: who is asked, what is kept, who is told, what the figures say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from callcenter.channels.message import Message
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict
from callcenter.queries import surveys as queries
from callcenter.queries.surveys import AnswerFilters
from callcenter.rights.viewer import built_in
from callcenter.services import survey_answers, survey_links, webhooks
from callcenter.services.conversations import Room
from callcenter.services.survey_answers import Ended, SurveyRoom
from callcenter.services.surveys import SurveyDesk, Unfit
from callcenter.store.tables import audit_log, consents, messages, tasks
from callcenter.store.tables import survey_answers as rows
from callcenter.surveys.answering import Answer
from callcenter.surveys.survey import WAYS, Question, Survey
from tests.support.plans import Plans
from tests.support.store import NOW, Store, call

JAN, MOBILE = "+48221234567", "+48601234567"
SECRET = "s" * 40
DRAFT = Survey(
    key="",
    title="After a call",
    questions=(
        Question(texts={"en": "How was it?"}),
        Question(kind="yesno", texts={"en": "Solved?"}),
    ),
    queues=("support",),
    ways=("keys",),
    active=True,
)


class World:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.anna = store.add_user("anna")
        with store.unit_of_work() as uow:
            uow.users.update(self.anna, {"role": "supervisor"})
            uow.commit()
        self.desk = SurveyDesk(
            unit_of_work=store.unit_of_work, clock=store.clock, ways=frozenset(WAYS)
        )
        self.room = SurveyRoom(
            unit_of_work=store.unit_of_work, publisher=store.publisher, clock=store.clock
        )
        self.outside = Room(
            unit_of_work=store.unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
            key=SECRET,
            plan=NumberPlan(),
            mail_from="desk@example.com",
            sms_from="+48500500500",
        )

    def survey(self, **changes: Any) -> int:
        return self.desk.create(replace(DRAFT, **changes))

    def talk(self, channel: str = "17.1", /, **row: Any) -> int:
        """A call that Anna has answered and hung up."""
        told = {"result": "answered", "answered_at": NOW, "ended_at": NOW, "live": False}
        record = call(channel, **told)
        values = {"operator_id": self.anna, "number": JAN, **row}
        return self.store.save(record, **values)[record.id]

    def ended(self, uniqueid: str = "17.1", queue: str = "support") -> Ended:
        return Ended(pbx="pbx", uniqueid=uniqueid, queue=queue, number=JAN)

    def ask(self, uniqueid: str = "17.1") -> survey_answers.Asked | None:
        return survey_answers.ask_by_keys(self.ended(uniqueid), self.room)

    def answers(self) -> list[Answer]:
        with self.store.unit_of_work() as uow:
            ids = uow.connection.scalars(select(rows.c.id).order_by(rows.c.id)).all()
            return [found for one in ids if (found := uow.surveys.answer(one)) is not None]

    def send(self) -> int:
        since = self.store.clock.now() - timedelta(hours=1)
        return survey_links.send_due(self.outside, "https://desk.example.com", since)

    def texts(self) -> list[Message]:
        with self.store.unit_of_work() as uow:
            ids = uow.connection.scalars(select(messages.c.id).order_by(messages.c.id)).all()
            return [found for one in ids if (found := uow.messages.get(one)) is not None]

    def token(self) -> str:
        return self.texts()[-1].text.partition("/survey/")[2].split()[0]


@pytest.fixture
def world(store: Store) -> World:
    with store.unit_of_work() as uow:
        known = uow.staffing.queues()
    assert "support" in known
    return World(store)


def test_a_caller_is_asked_by_keys_and_their_answers_stand_with_the_contact(world: World) -> None:
    survey_id = world.survey()
    interaction = world.talk()
    asked = world.ask()
    assert asked is not None
    assert asked.survey.id == survey_id
    survey_answers.keep(asked.answer_id, {"0": 4}, world.room)
    survey_answers.keep(asked.answer_id, {"0": 4, "1": 0}, world.room)
    survey_answers.finish(asked.answer_id, world.room)
    (kept,) = world.answers()
    assert (kept.interaction_id, kept.operator_id, kept.queue) == (
        interaction,
        world.anna,
        "support",
    )
    assert (kept.state, kept.score, kept.answers) == ("answered", 4, {"0": 4, "1": 0})


def test_nobody_is_asked_twice_within_the_quiet_days(world: World) -> None:
    world.survey(quiet_days=30)
    world.talk()
    assert world.ask() is not None
    world.talk("18.1")
    assert world.ask("18.1") is None
    world.store.clock.pass_by(31 * 86_400)
    assert world.ask("18.1") is not None


def test_one_call_is_asked_about_once_whoever_is_first(world: World) -> None:
    world.survey(quiet_days=0)
    world.talk()
    assert world.ask() is not None
    assert world.ask() is None


def test_other_queues_and_a_survey_that_is_off_ask_nobody(world: World) -> None:
    world.survey(active=False)
    world.talk()
    assert world.ask() is None


def test_a_call_not_yet_written_finds_its_contact_later(world: World) -> None:
    world.survey()
    assert world.ask() is not None
    assert world.answers()[0].interaction_id is None
    interaction = world.talk()
    assert survey_answers.link_up(world.room) == 1
    (kept,) = world.answers()
    assert (kept.interaction_id, kept.operator_id) == (interaction, world.anna)


def test_a_low_score_is_a_task_and_others_are_told(world: World) -> None:
    webhooks.create_webhook(
        "Reports",
        "https://example.com/hook",
        ["survey.answered"],
        user_id=None,
        unit_of_work=world.store.unit_of_work,
        clock=world.store.clock,
    )
    world.survey(low_task_for=world.anna)
    world.talk()
    asked = world.ask()
    assert asked is not None
    survey_answers.keep(asked.answer_id, {"0": 2}, world.room)
    survey_answers.finish(asked.answer_id, world.room)
    with world.store.engine.connect() as connection:
        task = connection.execute(select(tasks)).one()
        assert (task.title, task.assignee_id) == ("After a call: 2/5", world.anna)
    with world.store.unit_of_work() as uow:
        assert "survey.answered" in uow.outbox.wanted()


def test_a_link_goes_out_once_and_is_answered_once(world: World) -> None:
    world.survey(ways=("sms",), valid_hours=2)
    her = world.store.add_customer("Ewa", MOBILE, language="pl")
    world.talk(number=MOBILE, customer_id=her)
    assert world.send() == 0
    world.store.clock.pass_by(400)
    assert world.send() == 1
    assert world.send() == 0
    (text,) = world.texts()
    assert text.recipients["to"] == (MOBILE,) or list(text.recipients["to"]) == [MOBILE]
    assert text.text.startswith("Dziekujemy")
    token = world.token()
    found = survey_answers.open_link(token, world.room)
    assert found is not None
    survey_answers.answer_link(token, {"0": 5}, "Szybko!", world.room)
    assert (world.answers()[0].score, world.answers()[0].comment) == (5, "Szybko!")
    assert survey_answers.open_link(token, world.room) is None
    with pytest.raises(Conflict):
        survey_answers.answer_link(token, {"0": 1}, "", world.room)


def test_a_link_is_over_after_its_time(world: World) -> None:
    world.survey(ways=("sms",), valid_hours=2)
    world.talk(number=MOBILE)
    world.store.clock.pass_by(400)
    assert world.send() == 1
    token = world.token()
    world.store.clock.pass_by(2 * 3600)
    assert survey_answers.open_link(token, world.room) is None


def test_who_was_asked_by_keys_gets_no_link(world: World) -> None:
    world.survey(ways=("keys", "sms"), quiet_days=0)
    world.talk(number=MOBILE)
    assert world.ask() is not None
    world.store.clock.pass_by(400)
    assert world.send() == 0


@pytest.mark.parametrize(
    ("given", "strict", "sent"),
    [(False, False, 0), (None, False, 1), (None, True, 0), (True, True, 1)],
)
def test_who_refused_is_not_written_to(
    world: World, given: bool | None, strict: bool, sent: int
) -> None:
    world.survey(ways=("sms",), needs_consent=strict)
    her = world.store.add_customer("Ewa", MOBILE)
    if given is not None:
        with world.store.engine.begin() as connection:
            connection.execute(
                consents.insert().values(
                    customer_id=her, channel="sms", given=given, at=NOW, source="x"
                )
            )
    world.talk(number=MOBILE, customer_id=her)
    world.store.clock.pass_by(400)
    assert world.send() == sent


def test_a_land_line_gets_no_text_and_nobody_a_stale_one(world: World) -> None:
    world.survey(ways=("sms",))
    world.talk()
    world.talk("18.1", number=MOBILE)
    world.store.clock.pass_by(3600)
    assert world.send() == 0


def test_changes_are_in_the_audit_and_slips_are_refused(world: World) -> None:
    survey_id = world.survey()
    with pytest.raises(Unfit):
        world.survey(title="Second")
    stored = replace(DRAFT, title="Renamed")
    world.desk.save(survey_id, stored)
    with world.store.engine.connect() as connection:
        actions = connection.scalars(select(audit_log.c.action).order_by(audit_log.c.id)).all()
    assert [one for one in actions if one.startswith("survey")] == [
        "survey_created",
        "survey_changed",
    ]
    world.talk()
    assert world.ask() is not None
    with pytest.raises(Unfit):
        world.desk.save(survey_id, replace(stored, questions=DRAFT.questions[::-1]))
    with pytest.raises(Conflict):
        world.desk.remove(survey_id)


def test_figures_are_of_what_was_asked_and_each_opens_the_answers_behind_it(world: World) -> None:
    survey_id = world.survey(quiet_days=0)
    for place, score in enumerate((5, 4, 2, None)):
        uniqueid = f"{17 + place}.1"
        world.talk(uniqueid)
        asked = world.ask(uniqueid)
        assert asked is not None
        if score is not None:
            survey_answers.keep(asked.answer_id, {"0": score}, world.room)
    with world.store.engine.connect() as connection:
        every = AnswerFilters(survey_id=survey_id)
        found = queries.figures(connection, every)
        assert (found.asked, found.answered, found.n) == (4, 3, 3)
        assert (found.satisfied, found.low) == (2, 1)
        assert found.mean == pytest.approx(11 / 3)
        (queue,) = queries.by_queue(connection, every)
        (person,) = queries.by_operator(connection, every)
        weeks = [NOW - timedelta(days=9), NOW - timedelta(days=2)]
        before, now = queries.by_week(connection, every, weeks)
        assert queue.figures == person.figures == now.figures == found
        assert (person.key, person.name, before.figures.asked) == (world.anna, "Anna", 0)
        low = replace(every, score="low")
        (one,) = queries.page(connection, low, None, 10).items
        assert (one.answer.score, one.operator and one.operator.id) == (2, world.anna)
        first = queries.page(connection, every, None, 3)
        rest = queries.page(connection, every, first.next_cursor, 3)
        assert len(first.items) == 3
        assert len(rest.items) == 1
        of = queries.of_interactions(connection, [one.answer.interaction_id or 0])
        assert list(of) == [one.answer.interaction_id]


def test_what_a_gateway_refused_was_not_asked(world: World) -> None:
    survey_id = world.survey(ways=("sms",))
    world.talk(number=MOBILE)
    world.store.clock.pass_by(400)
    assert world.send() == 1
    (sent,) = world.texts()
    with world.store.unit_of_work() as uow:
        uow.messages.update(sent.id, {"state": "failed", "error": "no credit"})
        uow.commit()
    with world.store.engine.connect() as connection:
        found = queries.figures(connection, AnswerFilters(survey_id=survey_id))
        assert (found.asked, found.refused) == (0, 1)
        (one,) = queries.page(connection, AnswerFilters(state="refused"), None, 5).items
        assert one.problem == "no credit"


def test_an_operator_sees_what_is_said_of_their_own_calls(world: World) -> None:
    world.survey()
    world.talk()
    assert world.ask() is not None
    other = world.store.add_user("piotr", "1002")
    with world.store.engine.connect() as connection:
        for user, seen in ((world.anna, 1), (other, 0)):
            mine = AnswerFilters(viewer=built_in(user, "operator"))
            assert queries.figures(connection, mine).asked == seen


def test_what_is_asked_of_many_answers_has_its_index(world: World) -> None:
    survey_id, anna = world.survey(), world.anna
    told = {"survey_id": survey_id, "way": "keys", "state": "answered", "pbx": "pbx"}
    with world.store.unit_of_work() as uow:
        many = [
            {"call_id": f"pbx/{n}", "number": f"+4860{n:07}", "asked_at": NOW - timedelta(hours=n)}
            | {"token_digest": f"{n:064}", **told}
            for n in range(3000)
        ]
        lookup = Plans(uow.connection)
        queries.of_interactions(uow.connection, [1, 2])
        uow.connection.execute(rows.insert(), many)
        uow.commit()
        uow.connection.execute(text("ANALYZE"))
        uow.commit()
    with world.store.unit_of_work() as uow:
        plans = Plans(uow.connection)
        every = AnswerFilters(survey_id=survey_id)
        queries.page(uow.connection, every, None, 50)
        queries.figures(uow.connection, AnswerFilters(operator_id=anna, since=NOW))
        uow.surveys.asked_since(1, MOBILE, NOW)
        uow.surveys.by_call("pbx/5")
        uow.surveys.by_token("x" * 64)
        assert plans.full_scans(("survey_answers",)) == []
    assert any("interaction_id" in line for line in lookup.lines)
