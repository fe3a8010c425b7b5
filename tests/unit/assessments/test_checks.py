"""Cards that could not tell a good contact from a middling one are refused."""

from __future__ import annotations

from dataclasses import replace

from callcenter.assessments.card import Question, ScoreCard, Section
from callcenter.assessments.checks import check_card
from callcenter.assessments.life import after, may_be_corrected
from tests.support.score_card import CARD, GREETING, IDENTITY


def codes(card: ScoreCard) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in check_card(card)}


def with_questions(*questions: Question) -> ScoreCard:
    return replace(CARD, sections=(Section(title="s", questions=questions),))


def test_a_good_card_has_no_problem() -> None:
    assert codes(CARD) == set()


def test_a_card_without_title_or_question_is_refused() -> None:
    found = codes(ScoreCard(title=" "))
    assert {("title", "title_missing"), ("sections", "no_question")} <= found


def test_fatal_questions_alone_are_no_card() -> None:
    assert ("sections", "only_fatal") in codes(with_questions(IDENTITY))


def test_weights_that_come_to_nothing_are_no_card() -> None:
    assert ("sections", "nothing_counts") in codes(with_questions(replace(GREETING, weight=0)))
    assert ("greeting", "weight_range") in codes(with_questions(replace(GREETING, weight=101)))


def test_a_question_that_weighs_more_than_all_others_is_a_warning() -> None:
    others = [replace(GREETING, key=f"k{n}") for n in range(3)]
    card = with_questions(replace(GREETING, weight=9), *others)
    (found,) = check_card(card)
    assert (found.field, found.code, found.severity) == ("greeting", "weight_over_half", "warning")


def test_only_yes_and_no_can_be_fatal() -> None:
    question = replace(GREETING, kind="scale", fatal=True)
    assert ("greeting", "fatal_scale") in codes(with_questions(question, IDENTITY))


def test_a_queue_that_is_no_more_is_a_warning() -> None:
    (found,) = check_card(replace(CARD, queues=("gone",)))
    assert (found.code, found.severity) == ("unknown_queue", "warning")


def test_an_assessment_goes_its_way_and_no_other() -> None:
    assert after("draft", "finish") == "final"
    assert after("final", "dispute") == "disputed"
    assert after("disputed", "close") == "closed"
    assert after("draft", "agree") is None
    assert after("answered", "dispute") is None
    assert after("closed", "dispute") is None
    assert [may_be_corrected(one) for one in ("draft", "final", "disputed", "closed")] == [
        True,
        False,
        True,
        False,
    ]
