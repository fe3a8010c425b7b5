"""What assessments come to, and how lists of them are read, on both databases."""

from __future__ import annotations

from fractions import Fraction

import pytest

from callcenter.queries import assessments as queries
from callcenter.queries import calibrations, reports, samples, user_waiting
from callcenter.queries.assessments import AssessmentFilters, ScoreFilters
from callcenter.reports.question import Cell, Question
from callcenter.rights.viewer import built_in
from callcenter.store.tables import queue_visits
from tests.support.plans import Plans
from tests.support.quality import PERIOD, QualityWorld
from tests.support.store import NOW, TODAY, Store


@pytest.fixture
def world(store: Store) -> QualityWorld:
    return QualityWorld(store)


def test_figures_count_what_is_final_and_are_exact(world: QualityWorld) -> None:
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


def test_a_report_tells_the_same_quality_and_the_contacts_behind_it(world: QualityWorld) -> None:
    first, second = world.talk("17.1", queue="sales"), world.talk("18.1", queue="sales")
    world.final(first)
    world.final(second, greeting=1, identity=1, listened=5)
    world.final(world.talk("19.1", world.olek), greeting=1, identity=0, listened=5)
    world.desk(world.sue).begin(world.talk("20.1", queue="sales"), world.card)
    question = Question(kpis=("quality_score", "assessments"), period=PERIOD, by=("operator",))
    with world.store.engine.begin() as connection:
        visit = {"number_in_call": 1, "queue": "sales", "direction": "inbound", "how": "answered"}
        for contact in (first, second):
            at = {"half": NOW, "entered_at": NOW, "operator_id": world.olek}
            row = visit | at | {"call_id": f"{contact}", "interaction_id": contact}
            connection.execute(queue_visits.insert().values(**row))
        told = reports.answer(connection, question)
        (whole,) = queries.scores(connection, PERIOD)
        cell = Cell(kpi="quality_score", key=(str(world.ola),))
        behind = reports.contacts(connection, question, cell, None, limit=10, today=TODAY)
    rows = {row.key: dict(row.values) for row in told.rows}
    assert rows[(str(world.ola),)] == {"quality_score": (7667 + 10000) / 20000, "assessments": 2}
    assert rows[(str(world.olek),)] == {"quality_score": 0.0, "assessments": 1}
    assert whole.scores.mean is not None
    assert told.totals["quality_score"] == pytest.approx(float(whole.scores.mean) / 100)
    assert {one.id for one in behind.items} == {first, second}


def test_lists_go_on_where_they_stopped(world: QualityWorld) -> None:
    made = [world.final(world.talk(f"{n}.1")) for n in range(20, 25)]
    filters = AssessmentFilters(viewer=world.viewer(world.sam), state="done")
    with world.store.engine.connect() as connection:
        first = queries.page(connection, filters, None, 3)
        rest = queries.page(connection, filters, first.next_cursor, 3)
    ids = [one.assessment.id for one in (*first.items, *rest.items)]
    assert sorted(ids) == sorted(made)
    assert rest.next_cursor is None


def test_lists_and_figures_are_answered_from_indexes(world: QualityWorld) -> None:
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
        user_waiting.of_user(connection, world.ola, NOW)
        calibrations.waiting_for(connection, viewer)
        queries.scores(connection, PERIOD, "operator")
        queries.scores(connection, PERIOD, "question", ScoreFilters(card_id=world.card))
        samples.worklist(connection, built_in(world.sue, "supervisor"), None, 20)
        calibrations.page(connection, built_in(world.sue, "supervisor"), None, 20)
        assert plans.full_scans(large) == []
