"""What the demo company asks its callers after a call, and what some of them answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from callcenter.runtime import Runtime
from callcenter.services.survey_answers import asking
from callcenter.services.surveys import SurveyDesk
from callcenter.surveys.answering import score_of
from callcenter.surveys.survey import Question, Survey

_SURVEY: Final = Survey(
    key="after-a-call",
    title="After a call",
    questions=(
        Question(
            texts={
                "en": "How satisfied are you with this call?",
                "ru": "Насколько вы довольны этим звонком?",
                "pl": "Jak oceniasz tę rozmowę?",
            }
        ),
        Question(
            kind="yesno",
            texts={
                "en": "Was your question settled?",
                "ru": "Ваш вопрос решён?",
                "pl": "Czy sprawa została załatwiona?",
            },
        ),
    ),
    queues=("support", "sales"),
    active=True,
)
_SCORES: Final = (5, 4, None, 5, 3, 5, None, 2, 4, 5, None, 4, 1, 5)
_WORDS: Final = {
    1: "I was put on hold three times and still have no answer.",
    2: "The parcel is late again.",
    5: "Quick and kind, thank you!",
}
_SINCE: Final = timedelta(days=40)
_MOST: Final = 200
_ALL: Final = 5000


def fill(runtime: Runtime) -> None:
    """Answers stand on calls that are there already, some of every day, asked a minute after their
    end."""
    desk = SurveyDesk(
        unit_of_work=runtime.unit_of_work, clock=runtime.clock, ways=frozenset({"keys"})
    )
    survey_id = desk.create(_SURVEY)
    now = runtime.clock.now()
    with runtime.unit_of_work() as uow:
        survey = uow.surveys.get(survey_id)
        talks = uow.surveys.talks(_SURVEY.queues, now - _SINCE, now, _ALL)
        for place, talk in enumerate(talks[:: max(1, len(talks) // _MOST)]):
            if survey is None or talk.operator_id is None:
                continue
            at = talk.ended_at or now
            score = _SCORES[place % len(_SCORES)]
            row = {**asking(survey, talk, at), "way": "keys"}
            answer_id = uow.surveys.ask(row)
            if answer_id is not None and score is not None:
                answers = {"0": score, "1": int(score > 2)}
                told = {"state": "answered", "answered_at": at, "answers": answers}
                words = _WORDS.get(score, "") if place % 3 == 0 or score < 3 else ""
                given = score_of(survey.questions, answers)
                uow.surveys.change(answer_id, {**told, "score": given, "comment": words})
        uow.commit()
