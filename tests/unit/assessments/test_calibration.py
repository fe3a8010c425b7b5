"""Agreement of assessors, against figures worked out elsewhere."""

from __future__ import annotations

from fractions import Fraction

from callcenter.assessments.calibration import alpha, compare, pairwise
from callcenter.assessments.scoring import Given
from tests.support.score_card import CARD, answers


def test_agreement_of_a_question_is_that_of_pairs() -> None:
    assert pairwise([1, 1, 1]) == 1
    assert pairwise([1, 1, 0]) == Fraction(1, 3)
    assert pairwise([1]) is None


def test_alpha_is_krippendorff_s() -> None:
    """His example C of 2011 (four observers, twelve units, interval metric): 0.849."""
    rows = (
        (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
        (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
    )
    units = [
        [Fraction(one) for one in column if one is not None] for column in zip(*rows, strict=True)
    ]
    found = alpha(units)
    assert found is not None
    assert round(float(found), 3) == 0.849


def test_full_agreement_is_one_and_sameness_of_everything_says_nothing() -> None:
    assert alpha([[Fraction(1), Fraction(1)], [Fraction(0), Fraction(0)]]) == 1
    assert alpha([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(1)]]) is None
    assert alpha([]) is None


def test_a_round_tells_the_spread_of_each_question_and_of_the_scores() -> None:
    found = compare(
        CARD,
        {
            1: answers(greeting=1, listened=5, identity=1),
            2: answers(greeting=0, listened=3, identity=1),
            3: answers(greeting=None, listened=4, identity=1),
        },
    )
    greeting, identity, listened = found.questions
    assert (greeting.spread, greeting.agreement) == (1, 0)
    assert (identity.spread, identity.agreement) == (0, 1)
    assert listened.spread == Fraction(2, 5)
    assert found.scores[1] == 1
    assert found.spread == 1 - Fraction(Fraction(3, 5) * 2 + 3, 6)
    assert found.agreement == Fraction(1, 3)


def test_who_has_not_answered_yet_is_not_held_against_anybody() -> None:
    found = compare(CARD, {1: answers(greeting=1), 2: {"greeting": Given(question="greeting")}})
    assert found.questions[0].agreement is None
    assert found.questions[0].spread is None
    assert found.spread is None


def test_one_answer_beside_does_not_apply_is_apart_from_nothing() -> None:
    found = compare(CARD, {1: answers(greeting=1), 2: answers(greeting=None)})
    assert (found.questions[0].spread, found.questions[0].agreement) == (None, 0)
