"""What answers come to, worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.assessments.card import (
    WHOLE,
    Question,
    ScoreCard,
    Section,
    sections_from_json,
    sections_to_json,
    with_keys,
)
from callcenter.assessments.scoring import Answers, Given, hundredths, score
from tests.support.score_card import CARD, GREETING, answers


def test_a_score_is_the_weighted_mean_of_what_was_earned() -> None:
    found = score(CARD, answers(greeting=0, listened=4, identity=1))
    assert found.total == Fraction(0 * 1 + Fraction(4, 5) * 2 + 1 * 3, 6)
    assert found.points == 7667
    assert found.sections == (Fraction(3, 4), Fraction(4, 5))
    assert found.complete


def test_what_does_not_apply_leaves_both_sums() -> None:
    assert score(CARD, answers(greeting=1, listened=None, identity=1)).points == WHOLE
    assert score(CARD, answers(greeting=None, listened=None, identity=None)).total is None


def test_a_fatal_error_makes_the_whole_zero_and_says_what_it_would_have_been() -> None:
    found = score(CARD, answers(greeting=1, listened=5, identity=0))
    assert (found.total, found.fatal) == (0, ("identity",))
    assert found.unspoilt == Fraction(1, 2)


def test_a_fatal_question_that_does_not_apply_kills_nothing() -> None:
    assert score(CARD, answers(greeting=1, listened=5, identity=None)).points == WHOLE


def test_a_fatal_question_may_weigh_nothing() -> None:
    card = ScoreCard(
        title="x",
        sections=(
            Section(
                title="s",
                questions=(GREETING, Question(key="rude", text="Polite?", weight=0, fatal=True)),
            ),
        ),
    )
    assert score(card, answers(greeting=1, rude=1)).points == WHOLE
    assert score(card, answers(greeting=1, rude=0)).points == 0


def test_what_is_open_is_named() -> None:
    found = score(CARD, answers(greeting=1))
    assert found.open == ("identity", "listened")
    assert not found.complete


@pytest.mark.parametrize(
    ("part", "told"), [(Fraction(2, 3), 6667), (Fraction(1, 3), 3333), (Fraction(1, 20000), 1)]
)
def test_a_score_is_rounded_once_the_half_up(part: Fraction, told: int) -> None:
    assert hundredths(part) == told


def test_a_card_is_the_same_after_it_was_stored() -> None:
    assert sections_from_json(sections_to_json(CARD.sections)) == CARD.sections


def test_every_question_gets_a_key_of_its_own_and_keeps_the_one_it_has() -> None:
    blank = Question(key="", text="New")
    twice = Question(key="greeting", text="Copied")
    kept, new, other = with_keys([Section(title="s", questions=(GREETING, blank, twice))])[
        0
    ].questions
    assert kept.key == "greeting"
    assert len({kept.key, new.key, other.key}) == 3


_QUESTIONS = st.builds(
    Question,
    key=st.just(""),
    text=st.just("?"),
    kind=st.sampled_from(["yesno", "scale"]),
    weight=st.integers(1, 100),
    points=st.integers(2, 9),
    fatal=st.booleans(),
)
_CARDS = st.lists(_QUESTIONS, min_size=1, max_size=8).map(
    lambda found: ScoreCard(
        title="x", sections=with_keys([Section(title="s", questions=tuple(found))])
    )
)


@st.composite
def _answered(draw: st.DrawFn) -> tuple[ScoreCard, Answers]:
    card = draw(_CARDS)
    told = {one.key: draw(st.one_of(st.none(), st.integers(0, one.most))) for one in card.questions}
    return card, answers(**told)


@given(_answered())
def test_a_score_lies_between_nothing_and_everything(asked: tuple[ScoreCard, Answers]) -> None:
    found = score(*asked)
    assert found.total is None or 0 <= found.total <= 1
    assert found.total is None or found.unspoilt is None or found.total <= found.unspoilt


@given(_answered())
def test_a_better_answer_never_makes_a_score_worse(asked: tuple[ScoreCard, Answers]) -> None:
    card, told = asked
    before = score(card, told).total
    for question in card.questions:
        value = told[question.key].value
        if value is not None and value < question.most:
            better = {**told, question.key: Given(question=question.key, value=value + 1)}
            after = score(card, better).total
            assert before is not None
            assert after is not None
            assert after >= before


@given(_answered(), st.integers(2, 7))
def test_only_the_proportions_of_weights_count(
    asked: tuple[ScoreCard, Answers], factor: int
) -> None:
    card, told = asked
    heavier = ScoreCard(
        title="x",
        sections=(
            Section(
                title="s",
                questions=tuple(
                    Question(
                        key=one.key,
                        text="?",
                        kind=one.kind,
                        weight=one.weight * factor,
                        points=one.points,
                        fatal=one.fatal,
                    )
                    for one in card.questions
                ),
            ),
        ),
    )
    assert score(heavier, told).total == score(card, told).total
