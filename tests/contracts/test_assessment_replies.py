"""Who sees an assessment, who answers it and who closes it, on both databases."""

from __future__ import annotations

import pytest

from callcenter.assessments.scoring import Given
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound, ProductError
from callcenter.queries import assessments as queries
from callcenter.queries import user_waiting
from callcenter.queries.assessments import AssessmentFilters, ScoreFilters
from callcenter.services.assessment_steps import may_see
from tests.support.quality import PERIOD, QualityWorld
from tests.support.store import NOW, Store


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


def test_the_operator_reads_what_is_final_and_answers_once(world: QualityWorld) -> None:
    desk, ola = world.desk(world.sue), world.replies(world.ola)
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


def test_after_an_objection_the_answers_are_put_right_and_the_score_follows(
    world: QualityWorld,
) -> None:
    made = world.final(world.talk())
    world.replies(world.ola).respond(made, agrees=False, words="I did greet", version=5)
    sam = world.desk(world.sam)
    assert sam.answer(made, Given(question="greeting", value=1), 6).score.points == 9333
    with pytest.raises(Invalid):
        world.replies(world.sam).close(made, "", 7)
    world.replies(world.sam).close(made, "You are right", 7)
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


def test_what_is_final_is_changed_by_nobody(world: QualityWorld) -> None:
    made = world.final(world.talk())
    for one in (world.sue, world.sam):
        with pytest.raises(Conflict):
            world.desk(one).answer(made, Given(question="greeting", value=1), 5)
    with pytest.raises(Conflict):
        world.desk(world.sue).discard(made)


def test_an_operator_changes_nothing_of_their_own_assessment(world: QualityWorld) -> None:
    made = world.final(world.talk())
    ola = world.desk(world.ola)
    tries = (
        lambda: ola.answer(made, Given(question="greeting", value=1), 5),
        lambda: ola.comment(made, "x", 5),
        lambda: ola.finish(made, 5),
        lambda: world.replies(world.ola).close(made, "fine", 5),
        lambda: ola.discard(made),
        lambda: ola.begin(world.talk("18.1", world.olek), world.card),
    )
    for attempt in tries:
        with pytest.raises(ProductError):
            attempt()
    world.replies(world.ola).respond(made, agrees=False, words="No", version=5)
    with pytest.raises(Forbidden):
        ola.answer(made, Given(question="greeting", value=1), 6)
    assert world.existing(made).assessment.score == 7667


def test_what_a_colleague_was_assessed_does_not_exist(world: QualityWorld) -> None:
    made = world.final(world.talk())
    assert world.shown(made, world.olek) is None
    with pytest.raises(NotFound):
        world.replies(world.olek).respond(made, agrees=True, words="", version=5)
    with world.store.engine.connect() as connection:
        theirs = AssessmentFilters(viewer=world.viewer(world.olek))
        assert queries.page(connection, theirs, None, 10).items == ()
        whole = queries.scores(
            connection, PERIOD, "operator", ScoreFilters(viewer=world.viewer(world.olek))
        )
        assert whole == ()


def test_nobody_assesses_their_own_contact_nor_decides_on_themselves(world: QualityWorld) -> None:
    with pytest.raises(Forbidden):
        world.desk(world.sue).begin(world.talk(operator=world.sue), world.card)
    made = world.desk(world.sam).begin(world.talk(operator=world.sue), world.card)
    assert world.shown(made, world.sue) is None
    with pytest.raises(NotFound):
        world.desk(world.sue).discard(made)
    version = world.judge(made, world.desk(world.sam), greeting=1, identity=1, listened=1)
    world.desk(world.sam).finish(made, version)
    world.replies(world.sue).respond(made, agrees=False, words="No", version=version + 1)
    with pytest.raises(Forbidden):
        world.replies(world.sue).close(made, "Full score", version + 2)


def test_python_and_sql_agree_on_who_sees_what(world: QualityWorld) -> None:
    draft = world.desk(world.sue).begin(world.talk(), world.card)
    done = world.final(world.talk("18.1", world.olek))
    with world.store.unit_of_work() as uow:
        rows = {one: uow.assessments.get(one) for one in (draft, done)}
    for user in (world.ola, world.olek, world.sue, world.sam):
        for made, row in rows.items():
            assert row is not None
            seen = world.shown(made, user) is not None
            assert seen == may_see(world.viewer(user), row), (user, made)


def test_the_operator_is_told_of_what_is_final_and_the_assessor_of_an_objection(
    world: QualityWorld,
) -> None:
    made = world.final(world.talk())
    assert world.heard(world.ola) == [
        {
            "counts": {"quality_mine": 1, "quality_asked": 0},
            "reminder": None,
            "quality": {"told": "assessed", "id": made},
        }
    ]
    world.replies(world.ola).respond(made, agrees=False, words="I did greet", version=5)
    assert world.heard(world.ola)[-1]["counts"]["quality_mine"] == 0
    (told,) = world.heard(world.sue)
    assert told["quality"] == {"told": "objected", "id": made}
    assert told["counts"]["quality_asked"] == 1
    world.replies(world.sam).close(made, "You are right", 6)
    assert world.heard(world.sue)[-1]["counts"]["quality_asked"] == 0
    assert world.heard(world.olek) == []


def test_a_screen_that_connects_counts_what_the_news_counted(world: QualityWorld) -> None:
    world.final(world.talk())
    told = world.heard(world.ola)[-1]["counts"]
    with world.store.engine.connect() as connection:
        counts = user_waiting.of_user(connection, world.ola, NOW).counts
    assert told.items() <= counts.items()


def test_what_was_made_final_by_mistake_is_reopened_until_the_operator_has_answered(
    world: QualityWorld,
) -> None:
    made = world.final(world.talk())
    for other in (world.ola, world.olek):
        with pytest.raises(ProductError):
            world.replies(other).reopen(made, 5)
    with pytest.raises(Conflict):
        world.replies(world.sam).reopen(made, 4)
    world.replies(world.sam).reopen(made, 5)
    draft = world.existing(made).assessment
    assert (draft.state, draft.finished_at, draft.assessor_id) == ("draft", None, world.sue)
    assert (draft.score, draft.fatal) == (None, False)
    assert world.shown(made, world.ola) is None
    assert world.heard(world.ola)[-1]["counts"]["quality_mine"] == 0
    assert "quality" not in world.heard(world.ola)[-1]
    with pytest.raises(NotFound):
        world.replies(world.ola).respond(made, agrees=True, words="", version=6)

    sue = world.desk(world.sue)
    version = sue.answer(made, Given(question="greeting", value=1), 6).version
    sue.finish(made, version)
    world.replies(world.ola).respond(made, agrees=True, words="", version=version + 1)
    with pytest.raises(Conflict):
        world.replies(world.sam).reopen(made, version + 2)
    assert world.existing(made).assessment.score == 9333
    assert world.noted("assessment") == [
        "assessment_begun",
        "assessment_finished",
        "assessment_reopened",
        "assessment_finished",
        "assessment_answered",
    ]


def test_nobody_reopens_their_own_assessment_nor_a_part_of_a_round(world: QualityWorld) -> None:
    made = world.desk(world.sam).begin(world.talk(operator=world.sue), world.card)
    version = world.judge(made, world.desk(world.sam), greeting=1, identity=1, listened=1)
    world.desk(world.sam).finish(made, version)
    with pytest.raises(Forbidden):
        world.replies(world.sue).reopen(made, version + 1)
    people = (world.sue, world.sam)
    made = world.rounds(world.sue).begin(world.talk("18.1"), world.card, "June", people)
    part = world.rounds(world.sam).take_part(made)
    version = world.judge(part, world.desk(world.sam), greeting=1, identity=1, listened=1)
    world.desk(world.sam).finish(part, version)
    with pytest.raises(Conflict):
        world.replies(world.sam).reopen(part, version + 1)
