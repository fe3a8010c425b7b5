"""How far several assessors of one contact agree.

Percent agreement of a question: of all pairs of assessors, those who gave the same answer ("not
applicable" is an answer like any other). Agreement of the round: Krippendorff's alpha with the
interval metric over the shares earned, "not applicable" as a missing value:
α = 1 - D_o/D_e (Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011). 1 is full
agreement, 0 what chance alone would give, below 0 worse than that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from callcenter.assessments.card import Question, ScoreCard
from callcenter.assessments.scoring import Answers, score, share


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpread:
    """`lowest`, `highest`: shares earned, 0 to 1, of those for whom it applied, `applied` in
    number. `agreement`: of pairs, None where fewer than two answered."""

    question: Question
    lowest: Fraction | None
    highest: Fraction | None
    agreement: Fraction | None
    applied: int

    @property
    def spread(self) -> Fraction | None:
        """None where it applied for fewer than two: one answer is apart from nothing."""
        if self.lowest is None or self.highest is None or self.applied < 2:
            return None
        return self.highest - self.lowest


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`spread` between the highest and the lowest score; `alpha` None where it is not defined:
    fewer than two assessors, or everybody gave the same to everything."""

    questions: tuple[QuestionSpread, ...]
    scores: Mapping[int, Fraction | None]
    mean: Fraction | None
    spread: Fraction | None
    agreement: Fraction | None
    alpha: Fraction | None


def compare(card: ScoreCard, by_assessor: Mapping[int, Answers]) -> Agreement:
    spreads = tuple(_spread(one, by_assessor) for one in card.questions)
    scores = {who: score(card, answers).total for who, answers in by_assessor.items()}
    known = [one for one in scores.values() if one is not None]
    agreed = [one.agreement for one in spreads if one.agreement is not None]
    units = [_shares(one, by_assessor) for one in card.questions]
    return Agreement(
        questions=spreads,
        scores=scores,
        mean=sum(known, Fraction(0)) / len(known) if known else None,
        spread=max(known) - min(known) if len(known) > 1 else None,
        agreement=sum(agreed, Fraction(0)) / len(agreed) if agreed else None,
        alpha=alpha(units),
    )


def pairwise(values: Sequence[object]) -> Fraction | None:
    """Of all pairs, those that are alike."""
    pairs = len(values) * (len(values) - 1) // 2
    if not pairs:
        return None
    alike = sum(times * (times - 1) // 2 for times in Counter(values).values())
    return Fraction(alike, pairs)


def alpha(units: Iterable[Sequence[Fraction]]) -> Fraction | None:
    """Krippendorff's alpha, interval metric. `units`: what the assessors gave to each question;
    those with fewer than two values say nothing."""
    paired = [unit for unit in units if len(unit) > 1]
    values = [one for unit in paired for one in unit]
    expected = _differences(values)
    if not expected:
        return None
    observed = sum((_differences(unit) / (len(unit) - 1) for unit in paired), Fraction(0))
    return 1 - (len(values) - 1) * observed / expected


def _differences(values: Sequence[Fraction]) -> Fraction:
    """Σ (a - b)² over all ordered pairs."""
    return 2 * sum(((a - b) ** 2 for a, b in combinations(values, 2)), Fraction(0))


def _spread(question: Question, by_assessor: Mapping[int, Answers]) -> QuestionSpread:
    shares = _shares(question, by_assessor)
    given = [answers.get(question.key) for answers in by_assessor.values()]
    told = [
        "n/a" if one.not_applicable else one.value
        for one in given
        if one is not None and one.answered
    ]
    return QuestionSpread(
        question=question,
        lowest=min(shares, default=None),
        highest=max(shares, default=None),
        agreement=pairwise(told),
        applied=len(shares),
    )


def _shares(question: Question, by_assessor: Mapping[int, Answers]) -> list[Fraction]:
    found = (share(question, answers.get(question.key)) for answers in by_assessor.values())
    return [one for one in found if one is not None]
