"""What is asked, whom, and what the answers come to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.surveys import links, texts
from callcenter.surveys.answering import Figures, score_of, value_of
from callcenter.surveys.checks import Known, check_survey
from callcenter.surveys.survey import (
    Question,
    Survey,
    is_chosen,
    questions_from_json,
    questions_to_json,
    survey_of,
)

KEY = "k" * 32
HOW = Question(texts={"en": "How was it?", "pl": "Jak było?"})
SOLVED = Question(kind="yesno", texts={"en": "Was it solved?"})
GOOD = Survey(key="calls", title="After a call", questions=(HOW,), queues=("support",), active=True)
KNOWN = Known(queues=frozenset({"support", "sales"}), people=frozenset({7}))


def codes(survey: Survey, known: Known = KNOWN) -> dict[str, str]:
    return {one.code: one.field for one in check_survey(survey, known) if one.severity == "error"}


def test_a_survey_that_asks_something_somewhere_somehow_is_fine() -> None:
    assert codes(GOOD) == {}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": " "}, "title_missing", "title"),
        ({"questions": ()}, "no_question", "questions"),
        ({"questions": (HOW, Question(texts={"en": " "}))}, "question_empty", "question-1"),
        ({"questions": (replace(HOW, prompt="gone"),)}, "unknown_prompt", "question-0"),
        ({"questions": (HOW,) * 6}, "too_many_questions", "questions"),
        ({"queues": ()}, "no_queue", "queues"),
        ({"queues": ("gone",)}, "unknown_queue", "queues"),
        ({"ways": ()}, "no_way", "ways"),
        ({"every_nth": 0}, "out_of_range", "every_nth"),
        ({"valid_hours": 0}, "out_of_range", "valid_hours"),
        ({"low_task_for": 8}, "unknown_person", "low_task_for"),
        ({"language": "de"}, "unknown_language", "language"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    changes: dict[str, object], code: str, field: str
) -> None:
    assert codes(replace(GOOD, **changes))[code] == field  # type: ignore[arg-type]


def test_a_way_without_its_gateway_and_a_link_without_an_address_are_refused() -> None:
    keys_only = replace(KNOWN, ways=frozenset({"keys"}), has_address=False)
    asked = replace(GOOD, ways=("keys", "sms", "email"))
    assert set(codes(asked, keys_only)) == {"no_gateway_sms", "no_gateway_email", "no_address"}


def test_no_queue_is_asked_about_twice_while_both_are_on() -> None:
    other = replace(GOOD, id=2, title="Other")
    assert codes(GOOD, replace(KNOWN, others=(other,))) == {"queue_twice": "queues"}
    assert codes(GOOD, replace(KNOWN, others=(replace(other, active=False),))) == {}
    assert codes(replace(GOOD, active=False), replace(KNOWN, others=(other,))) == {}


def test_only_an_active_survey_is_asked() -> None:
    assert survey_of("support", [replace(GOOD, active=False), GOOD]) is GOOD
    assert survey_of("sales", [GOOD]) is None


@given(st.text(max_size=40), st.integers(1, 50))
def test_a_call_is_chosen_or_not_however_often_one_asks(call_id: str, nth: int) -> None:
    assert is_chosen(call_id, nth) == is_chosen(call_id, nth)
    assert is_chosen(call_id, 1)


def test_about_one_call_in_n_is_chosen() -> None:
    chosen = sum(is_chosen(f"pbx/{1_700_000_000 + one}.{one}", 5) for one in range(5000))
    assert 850 < chosen < 1150


@pytest.mark.parametrize(
    ("question", "key", "value"),
    [
        *((HOW, key, value) for key, value in (("1", 1), ("5", 5), ("6", None), ("0", None))),
        *((SOLVED, key, value) for key, value in (("1", 1), ("2", 0), ("3", None), ("", None))),
    ],
)
def test_what_a_key_means(question: Question, key: str, value: int | None) -> None:
    assert value_of(question, key) == value


def test_the_score_is_the_first_question_on_the_scale_else_yes_or_no() -> None:
    assert score_of((SOLVED, HOW), {"0": 0, "1": 4}) == 4
    assert score_of((SOLVED, HOW), {"0": 0}) == 1
    assert score_of((SOLVED,), {"0": 1}) == 5
    assert score_of((SOLVED, HOW), {}) is None


def test_figures_of_nobody_are_nothing_and_not_zero() -> None:
    assert (Figures().csat, Figures().mean, Figures().response) == (None, None, None)
    some = Figures(asked=10, answered=5, n=4, satisfied=3, total=15)
    assert (some.csat, some.mean, some.response) == (0.75, 3.75, 0.5)


def test_questions_are_kept_as_they_are() -> None:
    told = questions_to_json((HOW, replace(SOLVED, prompt="solved")))
    assert questions_from_json(told) == (HOW, replace(SOLVED, prompt="solved"))
    assert HOW.text("pl") == "Jak było?"
    assert SOLVED.text("ru") == "Was it solved?"


def test_what_is_kept_of_a_link_opens_nothing() -> None:
    token = links.new_token(KEY)
    for text in (f"/survey/{token}", f"How was it? https://desk.example.com/survey/{token} Thanks"):
        assert token not in links.without_token(text)
        assert links.has_lost_token(links.without_token(text))
    assert links.without_token("/surveys/mine") == "/surveys/mine"


def test_only_links_of_our_own_are_known() -> None:
    token = links.new_token(KEY)
    assert links.is_ours(token, KEY)
    assert not links.is_ours(token, "other" * 8)
    assert not links.is_ours(token[:-1] + ("A" if token[-1] != "A" else "B"), KEY)
    assert len({links.new_token(KEY) for _ in range(50)}) == 50


@given(st.text(max_size=60))
def test_nothing_else_is_taken_for_a_link(text: str) -> None:
    assert not links.is_ours(text, KEY)


@pytest.mark.parametrize("way", ["sms", "email"])
@pytest.mark.parametrize("language", ["en", "ru", "pl", "", "de"])
def test_the_message_holds_the_link_and_nobodys_name(way: str, language: str) -> None:
    assert "https://x/survey/t" in texts.message(way, language, "https://x/survey/t")
    assert texts.subject(language)
