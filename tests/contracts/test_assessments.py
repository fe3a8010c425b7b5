"""Assessments on both databases: who may, what is kept, what it comes to, what is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from callcenter.assessments.sampling import Rules
from callcenter.assessments.scoring import Given
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound, ProductError
from callcenter.queries import assessments as queries
from callcenter.queries import calibrations, samples
from callcenter.queries.assessments import AssessmentFilters, ScoreFilters
from callcenter.reports.periods import Period
from callcenter.rights.viewer import Viewer, built_in
from callcenter.services.assessments import AssessmentDesk, may_see
from callcenter.services.calibrations import CalibrationDesk
from callcenter.services.samples import SampleDesk
from callcenter.services.score_cards import CardDesk, Unfit
from callcenter.store.tables import audit_log, interactions, sample_items
from tests.support.plans import Plans
from tests.support.score_card import CARD, GREETING
from tests.support.store import NOW, TODAY, Store, call

WARSAW = ZoneInfo("Europe/Warsaw")
PERIOD = Period.days(TODAY - timedelta(days=20), TODAY, "Europe/Warsaw")


class World:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.ola, self.olek = store.add_user("ola", "1001"), store.add_user("olek", "1002")
        self.sue, self.sam = store.add_user("sue", ""), store.add_user("sam", "")
        with store.unit_of_work() as uow:
            for one in (self.sue, self.sam):
                uow.users.update(one, {"role": "supervisor"})
            uow.commit()
        self.card = self.cards(self.sue).create(CARD)

    def desk(self, user_id: int) -> AssessmentDesk:
        return AssessmentDesk(**self._parts(user_id))

    def cards(self, user_id: int) -> CardDesk:
        return CardDesk(**self._parts(user_id))

    def sampler(self, user_id: int) -> SampleDesk:
        return SampleDesk(**self._parts(user_id))

    def rounds(self, user_id: int) -> CalibrationDesk:
        return CalibrationDesk(**self._parts(user_id))

    def _parts(self, user_id: int) -> dict[str, Any]:
        return {
            "unit_of_work": self.store.unit_of_work,
            "clock": self.store.clock,
            "user_id": user_id,
        }

    def viewer(self, user_id: int) -> Viewer:
        with self.store.unit_of_work() as uow:
            found = uow.rights.viewer(user_id)
        assert found is not None
        return found

    def talk(self, number: str = "17.1", operator: int | None = None, **row: Any) -> int:
        told = {"result": "answered", "answered_at": NOW, "ended_at": NOW, "live": False}
        values = {"operator_id": operator or self.ola, "talk_seconds": 90.0, **row}
        record = call(number, **told)
        return self.store.save(record, **values)[record.id]

    def judge(self, assessment_id: int, desk: AssessmentDesk, **told: int | None) -> int:
        """The version after the last answer."""
        version = 1
        for key, value in told.items():
            given = Given(question=key, value=value, not_applicable=value is None)
            version = desk.answer(assessment_id, given, version).version
        return version

    def final(self, interaction: int, **told: int | None) -> int:
        desk = self.desk(self.sue)
        made = desk.begin(interaction, self.card)
        given = told or {"greeting": 0, "identity": 1, "listened": 4}
        desk.finish(made, self.judge(made, desk, **given))
        return made

    def shown(self, assessment_id: int, user_id: int) -> queries.Shown | None:
        with self.store.engine.connect() as connection:
            return queries.one(connection, assessment_id, self.viewer(user_id))

    def existing(self, assessment_id: int) -> queries.Shown:
        found = self.shown(assessment_id, self.sam)
        assert found is not None
        return found

    def noted(self, kind: str) -> list[str]:
        query = select(audit_log.c.action).where(audit_log.c.object_type == kind)
        with self.store.engine.connect() as connection:
            return list(connection.scalars(query.order_by(audit_log.c.id)))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def test_what_is_typed_is_kept_and_the_score_is_told_at_once(world: World) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    saved = desk.answer(
        made,
        Given(question="listened", value=4, comment=" Well done ", recording=1, at_seconds=12.34),
        1,
    )
    assert (saved.version, saved.score.points) == (2, 8000)
    shown = world.existing(made)
    assert shown.answers["listened"].comment == "Well done"
    assert shown.answers["listened"].at_seconds == 12.3
    assert shown.assessment.score == 8000
    assert desk.comment(made, "All in all fine", 2) == 3


def test_two_windows_do_not_overwrite_each_other(world: World) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    desk.answer(made, Given(question="greeting", value=1), 1)
    with pytest.raises(Conflict):
        desk.answer(made, Given(question="greeting", value=0), 1)
    assert world.existing(made).answers["greeting"].value == 1


@pytest.mark.parametrize(
    "given",
    [
        Given(question="nothing", value=1),
        Given(question="greeting", value=2),
        Given(question="listened", value=-1),
    ],
)
def test_an_answer_that_the_card_does_not_know_is_refused(world: World, given: Given) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    with pytest.raises(Invalid):
        desk.answer(made, given, 1)


def test_a_place_that_is_none_is_left_out(world: World) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    desk.answer(made, Given(question="greeting", value=1, recording=1, at_seconds=float("inf")), 1)
    assert world.existing(made).answers["greeting"].recording is None


def test_only_what_is_answered_whole_becomes_final(world: World) -> None:
    desk = world.desk(world.sue)
    made = desk.begin(world.talk(), world.card)
    version = world.judge(made, desk, greeting=1, identity=1)
    with pytest.raises(Invalid) as refused:
        desk.finish(made, version)
    assert refused.value.field == "listened"


def test_the_operator_reads_what_is_final_and_answers_once(world: World) -> None:
    desk, ola = world.desk(world.sue), world.desk(world.ola)
    made = desk.begin(world.talk(), world.card)
    assert world.shown(made, world.ola) is None
    version = world.judge(made, desk, greeting=0, identity=1, listened=4)
    desk.finish(made, version)
    shown = world.shown(made, world.ola)
    assert shown is not None
    assert (shown.assessment.state, shown.assessment.score) == ("final", 7667)
    with pytest.raises(Invalid):
        ola.respond(made, agrees=False, words=" ", version=version + 1)
    ola.respond(made, agrees=False, words="I did greet", version=version + 1)
    with pytest.raises(Conflict):
        ola.respond(made, agrees=True, words="", version=version + 2)
    assert world.existing(made).assessment.reply == "I did greet"


def test_after_an_objection_the_answers_are_put_right_and_the_score_follows(world: World) -> None:
    made = world.final(world.talk())
    world.desk(world.ola).respond(made, agrees=False, words="I did greet", version=5)
    sam = world.desk(world.sam)
    assert sam.answer(made, Given(question="greeting", value=1), 6).score.points == 9333
    with pytest.raises(Invalid):
        sam.close(made, "", 7)
    sam.close(made, "You are right", 7)
    shown = world.existing(made)
    assert (shown.assessment.state, shown.assessment.score) == ("closed", 9333)
    assert shown.view.closer == "Sam"
    assert world.noted("assessment") == [
        "assessment_begun",
        "assessment_finished",
        "assessment_disputed",
        "assessment_corrected",
        "assessment_closed",
    ]


def test_what_is_final_is_changed_by_nobody(world: World) -> None:
    made = world.final(world.talk())
    for one in (world.sue, world.sam):
        with pytest.raises(Conflict):
            world.desk(one).answer(made, Given(question="greeting", value=1), 5)
    with pytest.raises(Conflict):
        world.desk(world.sue).discard(made)


def test_an_operator_changes_nothing_of_their_own_assessment(world: World) -> None:
    made = world.final(world.talk())
    ola = world.desk(world.ola)
    tries = (
        lambda: ola.answer(made, Given(question="greeting", value=1), 5),
        lambda: ola.comment(made, "x", 5),
        lambda: ola.finish(made, 5),
        lambda: ola.close(made, "fine", 5),
        lambda: ola.discard(made),
        lambda: ola.begin(world.talk("18.1", world.olek), world.card),
    )
    for attempt in tries:
        with pytest.raises(ProductError):
            attempt()
    ola.respond(made, agrees=False, words="No", version=5)
    with pytest.raises(Forbidden):
        ola.answer(made, Given(question="greeting", value=1), 6)
    assert world.existing(made).assessment.score == 7667


def test_what_a_colleague_was_assessed_does_not_exist(world: World) -> None:
    made = world.final(world.talk())
    assert world.shown(made, world.olek) is None
    with pytest.raises(NotFound):
        world.desk(world.olek).respond(made, agrees=True, words="", version=5)
    with world.store.engine.connect() as connection:
        theirs = AssessmentFilters(viewer=world.viewer(world.olek))
        assert queries.page(connection, theirs, None, 10).items == ()
        whole = queries.scores(
            connection, PERIOD, "operator", ScoreFilters(viewer=world.viewer(world.olek))
        )
        assert whole == ()


def test_nobody_assesses_their_own_contact_nor_decides_on_themselves(world: World) -> None:
    with pytest.raises(Forbidden):
        world.desk(world.sue).begin(world.talk(operator=world.sue), world.card)
    made = world.desk(world.sam).begin(world.talk(operator=world.sue), world.card)
    assert world.shown(made, world.sue) is None
    with pytest.raises(NotFound):
        world.desk(world.sue).discard(made)
    version = world.judge(made, world.desk(world.sam), greeting=1, identity=1, listened=1)
    world.desk(world.sam).finish(made, version)
    world.desk(world.sue).respond(made, agrees=False, words="No", version=version + 1)
    with pytest.raises(Forbidden):
        world.desk(world.sue).close(made, "Full score", version + 2)


def test_python_and_sql_agree_on_who_sees_what(world: World) -> None:
    draft = world.desk(world.sue).begin(world.talk(), world.card)
    done = world.final(world.talk("18.1", world.olek))
    with world.store.unit_of_work() as uow:
        rows = {one: uow.assessments.get(one) for one in (draft, done)}
    for user in (world.ola, world.olek, world.sue, world.sam):
        for made, row in rows.items():
            assert row is not None
            seen = world.shown(made, user) is not None
            assert seen == may_see(world.viewer(user), row), (user, made)


def test_one_contact_is_assessed_once_by_a_card(world: World) -> None:
    talk = world.talk()
    made = world.desk(world.sue).begin(talk, world.card)
    assert world.desk(world.sue).begin(talk, world.card) == made
    with pytest.raises(Conflict):
        world.desk(world.sam).begin(talk, world.card)
    world.desk(world.sue).discard(made)
    assert world.desk(world.sam).begin(talk, world.card)


def test_a_contact_that_nobody_held_is_not_assessed(world: World) -> None:
    missed = world.store.save(call("19.1", result="missed", live=False, ended_at=NOW))["pbx/19.1"]
    with pytest.raises(Invalid):
        world.desk(world.sue).begin(missed, world.card)


def test_an_assessment_keeps_the_version_that_it_was_made_by(world: World) -> None:
    made = world.final(world.talk())
    card = world.existing(made).card
    changed = replace(card, sections=(replace(card.sections[0], questions=(GREETING,)),))
    world.cards(world.sue).save(world.card, changed, card.version)
    assert len(world.existing(made).card.questions) == 3
    with world.store.unit_of_work() as uow:
        now = uow.score_cards.get(world.card)
        assert now is not None
        assert (now.number, now.version, len(now.questions)) == (2, 2, 1)
        uow.rollback()
    world.cards(world.sue).save(world.card, replace(now, title="Other"), now.version)
    with world.store.unit_of_work() as uow:
        last = uow.score_cards.get(world.card)
        assert last is not None
        assert (last.number, last.title) == (2, "Other")
    with pytest.raises(Conflict):
        world.cards(world.sue).save(world.card, now, now.version)


def test_a_card_that_nobody_was_assessed_by_is_changed_in_place_and_taken_away(
    world: World,
) -> None:
    cards = world.cards(world.sue)
    cards.save(world.card, replace(CARD, pass_score=8000), 1)
    with world.store.unit_of_work() as uow:
        found = uow.score_cards.get(world.card)
    assert found is not None
    assert (found.number, found.pass_score) == (1, 8000)
    cards.remove(world.card)
    assert world.noted("score_card") == [
        "score_card_created",
        "score_card_changed",
        "score_card_deleted",
    ]


def test_a_card_in_use_is_not_taken_away_and_an_unfit_one_is_not_kept(world: World) -> None:
    world.final(world.talk())
    with pytest.raises(Conflict):
        world.cards(world.sue).remove(world.card)
    with pytest.raises(Unfit) as refused:
        world.cards(world.sue).create(replace(CARD, sections=()))
    assert "title_taken" in {one.code for one in refused.value.problems}
    with pytest.raises(Forbidden):
        world.cards(world.ola).create(replace(CARD, title="Mine"))


def test_figures_count_what_is_final_and_are_exact(world: World) -> None:
    world.final(world.talk("17.1"))
    world.final(world.talk("18.1"), greeting=1, identity=1, listened=5)
    world.final(world.talk("19.1", world.olek), greeting=1, identity=0, listened=5)
    world.desk(world.sue).begin(world.talk("20.1", world.olek), world.card)
    with world.store.engine.connect() as connection:
        (whole,) = queries.scores(connection, PERIOD)
        assert (whole.scores.n, whole.scores.fatal) == (3, 1)
        assert whole.scores.mean == Fraction(7667 + 10000, 300)
        people = queries.scores(connection, PERIOD, "operator")
        assert [(one.name, one.scores.mean) for one in people] == [
            ("Ola", Fraction(17667, 200)),
            ("Olek", Fraction(0)),
        ]
        asked = queries.scores(connection, PERIOD, "question", ScoreFilters(card_id=world.card))
        assert [(one.key, one.scores.mean) for one in asked] == [
            ("greeting", Fraction(200, 3)),
            ("identity", Fraction(200, 3)),
            ("listened", Fraction(280, 3)),
        ]
        weeks = queries.scores(connection, PERIOD, "week")
        assert [one.scores.n for one in weeks] == [0, 0, 0, 3]
        lines = queries.lines(connection, PERIOD, "week", "operator", ScoreFilters())
        assert lines[world.olek][3].scores.fatal == 1
        per_question = queries.lines(connection, PERIOD, "week", "question", ScoreFilters())
        assert per_question["greeting"][3].scores.scored == 3
        for by in ("queue", "card", "assessor", "channel", "day", "month"):
            assert sum(one.scores.n for one in queries.scores(connection, PERIOD, by)) == 3


def test_lists_go_on_where_they_stopped(world: World) -> None:
    made = [world.final(world.talk(f"{n}.1")) for n in range(20, 25)]
    filters = AssessmentFilters(viewer=world.viewer(world.sam), state="done")
    with world.store.engine.connect() as connection:
        first = queries.page(connection, filters, None, 3)
        rest = queries.page(connection, filters, first.next_cursor, 3)
    ids = [one.assessment.id for one in (*first.items, *rest.items)]
    assert sorted(ids) == sorted(made)
    assert rest.next_cursor is None


def test_a_sample_is_drawn_once_and_told_again(world: World) -> None:
    for n in range(20, 28):
        world.talk(f"{n}.1", world.ola if n % 2 else world.olek)
    world.talk("40.1", talk_seconds=5.0)
    sample, drawn = world.sampler(world.sue).draw(
        world.card, TODAY, WARSAW, Rules(per_operator=2), seed="abc"
    )
    assert sorted(one.operator_id for one in drawn.items) == [world.ola] * 2 + [world.olek] * 2
    with pytest.raises(Conflict):
        world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    _, more = world.sampler(world.sam).draw(world.card, TODAY, WARSAW, Rules(per_operator=3))
    assert len(more.items) == 2
    assert not {one.interaction_id for one in more.items} & {
        one.interaction_id for one in drawn.items
    }
    with world.store.engine.connect() as connection:
        told = samples.lately(connection)
        assert [one.seed for one in told][-1] == "abc"
        assert told[-1].id == sample
        assert samples.waiting(connection, world.viewer(world.sue)) == 6
        assert samples.waiting(connection, world.viewer(world.ola)) == 0


def test_what_is_drawn_is_taken_when_it_is_assessed_and_replaced_when_set_aside(
    world: World,
) -> None:
    for n in range(20, 25):
        world.talk(f"{n}.1")
    world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    with world.store.engine.connect() as connection:
        first, second = samples.worklist(connection, world.viewer(world.sue), None, 10).items
    made = world.desk(world.sue).begin(first.interaction_id, world.card)
    with pytest.raises(Invalid):
        world.sampler(world.sue).set_aside(second.id, " ")
    world.sampler(world.sue).set_aside(second.id, "Nothing to hear")
    with world.store.engine.connect() as connection:
        assert samples.waiting(connection, world.viewer(world.sue)) == 0
    _, more = world.sampler(world.sue).draw(world.card, TODAY, WARSAW, Rules(per_operator=2))
    (other,) = more.items
    assert other.interaction_id not in (first.interaction_id, second.interaction_id)
    world.desk(world.sue).discard(made)
    with world.store.engine.connect() as connection:
        states = sorted(connection.scalars(select(sample_items.c.state)))
    assert states == ["aside", "open", "open"]


def test_a_week_to_come_or_long_gone_is_not_drawn_from(world: World) -> None:
    for day in (TODAY + timedelta(days=14), TODAY - timedelta(days=300)):
        with pytest.raises(Invalid) as refused:
            world.sampler(world.sue).draw(world.card, day, WARSAW, Rules())
        assert refused.value.field == "week"


def test_a_round_is_blind_until_it_is_closed(world: World) -> None:
    rounds = world.rounds(world.sue)
    made = rounds.begin(world.talk(), world.card, "March", [world.sue, world.sam])
    hers = rounds.take_part(made)
    his = world.rounds(world.sam).take_part(made)
    assert world.shown(hers, world.sam) is None
    assert world.shown(his, world.sue) is None
    for who, one, listened in ((world.sue, hers, 5), (world.sam, his, 3)):
        desk = world.desk(who)
        desk.finish(one, world.judge(one, desk, greeting=1, identity=1, listened=listened))
    with world.store.engine.connect() as connection:
        blind = calibrations.one(connection, made, world.viewer(world.sue))
        assert blind is not None
        assert (blind.agreement, blind.answers, blind.finished) == (None, None, 2)
    rounds.close(made)
    with world.store.engine.connect() as connection:
        seen = calibrations.one(connection, made, world.viewer(world.sam))
        assert seen is not None
        assert seen.agreement is not None
        assert seen.agreement.spread == Fraction(2, 15)
        assert calibrations.one(connection, made, world.viewer(world.ola)) is None
        assert len(calibrations.page(connection, world.viewer(world.sam), None, 5).items) == 1
        (whole,) = queries.scores(connection, PERIOD)
        assert whole.scores.n == 0


def test_nobody_writes_in_a_closed_round_nor_takes_part_in_their_own(world: World) -> None:
    rounds, talk = world.rounds(world.sue), world.talk()
    with pytest.raises(Invalid):
        rounds.begin(talk, world.card, "x", [world.sue])
    with pytest.raises(Invalid):
        rounds.begin(talk, world.card, "x", [world.sue, world.ola])
    made = rounds.begin(talk, world.card, "x", [world.sue, world.sam])
    hers = rounds.take_part(made)
    rounds.close(made)
    with pytest.raises(Conflict):
        world.desk(world.sue).answer(hers, Given(question="greeting", value=1), 1)
    with pytest.raises(Conflict):
        world.rounds(world.sam).take_part(made)
    with pytest.raises(Forbidden):
        world.rounds(world.ola).take_part(made)


def test_what_was_said_of_a_contact_outlives_it(world: World) -> None:
    """An old contact moves to the archive; its score stays."""
    made = world.final(world.talk())
    with world.store.engine.begin() as connection:
        connection.execute(interactions.delete())
    assert world.existing(made).assessment.score == 7667


def test_lists_and_figures_are_answered_from_indexes(world: World) -> None:
    large = ("assessments", "assessment_answers", "sample_items")
    with world.store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
        plans = Plans(connection)
        viewer = world.viewer(world.ola)
        for filters in (
            AssessmentFilters(viewer=viewer, operator_id=world.ola),
            AssessmentFilters(state="disputed"),
            AssessmentFilters(queue="sales"),
            AssessmentFilters(assessor_id=world.sue),
        ):
            queries.page(connection, filters, None, 20)
        queries.of_interactions(connection, [1, 2], viewer)
        queries.to_answer(connection, world.ola)
        queries.scores(connection, PERIOD, "operator")
        queries.scores(connection, PERIOD, "question", ScoreFilters(card_id=world.card))
        samples.worklist(connection, built_in(world.sue, "supervisor"), None, 20)
        calibrations.page(connection, built_in(world.sue, "supervisor"), None, 20)
        assert plans.full_scans(large) == []
