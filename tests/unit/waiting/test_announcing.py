"""What who waits is told, and what not."""

from __future__ import annotations

import pytest

from callcenter.speech.builtin import BUILTIN, LOCALES
from callcenter.speech.builtin_waiting import MINUTES, WAITING
from callcenter.speech.vocabulary import vocabulary
from callcenter.waiting.announcing import Manner, Said, Waiter, announce
from callcenter.waiting.estimate import STEPS, Estimate

TALKS = Manner(position=True, estimate=True, every=30, messages=("a", "b"))


def prompts(manner, waiter, locale="en"):
    return [one.prompt or one.words for one in announce(manner, waiter, locale).said]


def test_who_waits_hears_the_place_then_how_long():
    waiter = Waiter(ahead=2, estimate=Estimate(mean=100.0, most=170.0))
    assert prompts(TALKS, waiter) == ["wait-position", ("three",), "wait-under-3"]


def test_the_first_in_the_queue_is_told_that_they_are_next():
    assert prompts(TALKS, Waiter(ahead=0)) == ["wait-next"]


def test_a_wait_that_nobody_knows_is_not_said():
    assert prompts(Manner(estimate=True), Waiter(ahead=9)) == []


def test_more_than_half_an_hour_is_said_in_words():
    waiter = Waiter(ahead=9, estimate=Estimate(mean=3000.0, most=4000.0))
    assert prompts(Manner(estimate=True), waiter) == ["wait-over"]


def test_nobody_is_kept_from_an_operator_who_is_free():
    assert prompts(TALKS, Waiter(ahead=0, free=1, round=3)) == []
    assert prompts(TALKS, Waiter(ahead=1, free=1)) != []


def test_messages_come_one_at_a_time_and_not_before_the_wait():
    heard = [prompts(Manner(messages=("a", "b")), Waiter(ahead=1, round=n)) for n in range(4)]
    assert heard == [[], ["a"], ["b"], ["a"]]


@pytest.mark.parametrize(
    ("waited", "most", "is_said"),
    [(0, 60, False), (130, 60, True), (0, 601, True)],
)
def test_a_call_back_is_offered_after_a_while_or_with_a_long_wait(waited, most, is_said):
    manner = Manner(callback=True, callback_after=120, callback_over=10)
    waiter = Waiter(ahead=3, waited=waited, estimate=Estimate(mean=1.0, most=most))
    told = announce(manner, waiter, "en")
    assert (Said("callback-offer") in told.said) == is_said
    assert told.offered == ("callback",)  # who knows the key need not wait for the offer


def test_who_calls_again_is_welcomed_once():
    again = Waiter(ahead=2, again=True)
    assert prompts(Manner(position=True), again)[0] == "wait-again"
    assert prompts(Manner(position=True), Waiter(ahead=2, again=True, round=1))[0] != "wait-again"


def test_everything_that_can_be_said_has_its_words_in_every_language():
    assert set(MINUTES) == set(STEPS)
    for key, texts in WAITING.items():
        assert set(texts) == set(LOCALES), key
        assert BUILTIN[key] == texts
    for locale in LOCALES:
        for ahead in range(1, 50):
            said = announce(Manner(position=True), Waiter(ahead=ahead), locale).said
            assert set(said[1].words) <= set(vocabulary(locale))
