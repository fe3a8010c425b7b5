"""Use cases of a caller who is asked how it was: chosen, asked, heard. One contact is asked about
once, by whichever way came first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from callcenter.channels.message import printable
from callcenter.errors import Conflict, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.surveys import Talked
from callcenter.realtime.messages import Message
from callcenter.services.tasks import add_task
from callcenter.surveys.answering import Answer, score_of
from callcenter.surveys.links import digest
from callcenter.surveys.survey import LONGEST_COMMENT, Survey, is_chosen, survey_of
from callcenter.tasks.task import LONGEST_TITLE, TaskDraft

_A_DAY: Final = timedelta(days=1)
_LINKED_WITHIN: Final = timedelta(days=1)
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRoom:
    """What every use case here needs."""

    unit_of_work: Callable[[], UnitOfWork]
    publisher: Publisher
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A call whose operator hung up, as its channel tells: we may not have written it yet."""

    pbx: str
    uniqueid: str
    queue: str
    number: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    answer_id: int
    survey: Survey


# -- by keys -------------------------------------------------------------------------------------


def ask_by_keys(ended: Ended, room: SurveyRoom) -> Asked | None:
    """Whether this caller is asked, and what: they hear the first question next."""
    with room.unit_of_work() as uow:
        survey = survey_of(ended.queue, uow.surveys.all())
        if survey is None or "keys" not in survey.ways:
            return None
        talk = uow.surveys.talk_of(ended.pbx, ended.uniqueid) or _unwritten(uow, ended)
        now = room.clock.now()
        if not may_ask(uow, survey, talk, now):
            return None
        values = {"way": "keys", "language": ended.language or survey.language}
        answer_id = uow.surveys.ask({**asking(survey, talk, now), **values})
        uow.commit()
    return Asked(answer_id=answer_id, survey=survey) if answer_id is not None else None


def may_ask(uow: UnitOfWork, survey: Survey, talk: Talked, now: datetime) -> bool:
    if not is_chosen(talk.call_id, survey.every_nth):
        return False
    since = now - timedelta(days=survey.quiet_days)
    if survey.quiet_days and uow.surveys.asked_since(talk.customer_id, talk.number, since):
        return False
    return uow.surveys.by_call(talk.call_id) is None


def asking(survey: Survey, talk: Talked, now: datetime) -> dict[str, Any]:
    """The row of an answer that is still to come."""
    return {
        "survey_id": survey.id,
        "pbx": talk.pbx,
        "call_id": talk.call_id,
        "interaction_id": talk.interaction_id or None,
        "customer_id": talk.customer_id,
        "operator_id": talk.operator_id,
        "number": talk.number,
        "queue": talk.queue,
        "language": talk.language or survey.language,
        "state": "asked",
        "asked_at": now,
    }


def _unwritten(uow: UnitOfWork, ended: Ended) -> Talked:
    owners = uow.customers.find_by_numbers([ended.number]) if ended.number else {}
    people = owners.get(ended.number, ())
    return Talked(
        call_id=f"{ended.pbx}/{ended.uniqueid}",
        pbx=ended.pbx,
        interaction_id=0,
        customer_id=people[0].id if len(people) == 1 else None,
        operator_id=None,
        number=ended.number,
        queue=ended.queue,
    )


def keep(answer_id: int, answers: Mapping[str, int], room: SurveyRoom) -> None:
    """What was keyed so far: a caller who hangs up in the middle has answered that much."""
    with room.unit_of_work() as uow:
        before, survey = _existing(uow, answer_id)
        _write(uow, before, survey, answers, room.clock.now())
        uow.commit()


def message_follows(answer_id: int, file: str, room: SurveyRoom) -> None:
    """They will say something after the tone; the PBX keeps it in this file."""
    with room.unit_of_work() as uow:
        uow.surveys.change(answer_id, {"message": file})
        uow.commit()


def finish(answer_id: int, room: SurveyRoom) -> None:
    """Nothing more comes: others are told, and whoever is to ask what went wrong."""
    with room.unit_of_work() as uow:
        answer, survey = _existing(uow, answer_id)
        news = _tell(uow, answer, survey, room.clock)
        uow.commit()
    room.publisher.publish(news)


# -- by link -------------------------------------------------------------------------------------


def open_link(token: str, room: SurveyRoom) -> tuple[Answer, Survey] | None:
    """None: there is no such link, or it is over."""
    with room.unit_of_work() as uow:
        answer = uow.surveys.by_token(digest(token))
        if answer is None or not answer.open_at(room.clock.now()):
            return None
        survey = uow.surveys.get(answer.survey_id)
    return (answer, survey) if survey is not None else None


def answer_link(token: str, answers: Mapping[str, int], comment: str, room: SurveyRoom) -> Answer:
    """Once: whoever comes second finds the link closed."""
    with room.unit_of_work() as uow:
        before = uow.surveys.by_token(digest(token))
        now = room.clock.now()
        if before is None or not before.open_at(now):
            raise Conflict("", "this link was used already, or its time is over")
        _before, survey = _existing(uow, before.id)
        text = printable(comment).strip()[:LONGEST_COMMENT] if survey.comment else ""
        after = _write(uow, before, survey, answers, now, text)
        news = _tell(uow, after, survey, room.clock)
        uow.commit()
    room.publisher.publish(news)
    return after


# -- inside ----------------------------------------------------------------------------------------


def _existing(uow: UnitOfWork, answer_id: int) -> tuple[Answer, Survey]:
    answer = uow.surveys.answer(answer_id)
    survey = uow.surveys.get(answer.survey_id) if answer is not None else None
    if answer is None or survey is None:
        raise NotFound("survey", "nobody is asked by this survey")
    return answer, survey


def _write(  # noqa: PLR0917 (one row)
    uow: UnitOfWork,
    before: Answer,
    survey: Survey,
    answers: Mapping[str, int],
    now: datetime,
    comment: str = "",
) -> Answer:
    values = {
        "state": "answered",
        "answered_at": before.answered_at or now,
        "answers": dict(answers),
        "score": score_of(survey.questions, answers),
        "comment": comment or before.comment,
    }
    uow.surveys.change(before.id, values)
    return replace(before, **values)  # type: ignore[arg-type]


def _tell(uow: UnitOfWork, answer: Answer, survey: Survey, clock: Clock) -> list[Message]:
    if answer.state != "answered":
        return []
    now = clock.now()
    uow.outbox.tell("survey.answered", "survey", answer.id, payload(answer, survey), now)
    if not answer.low or survey.low_task_for is None:
        return []
    draft = TaskDraft(
        title=f"{survey.title}: {answer.score}/5"[:LONGEST_TITLE],
        details=answer.comment,
        due_at=now + _A_DAY,
        customer_id=answer.customer_id,
        interaction_id=answer.interaction_id,
        number=answer.number,
        assignee_id=survey.low_task_for,
        queue=answer.queue,
    )
    _task_id, news = add_task(uow, draft, created_by=None, clock=clock)
    return news


def payload(answer: Answer, survey: Survey) -> dict[str, Any]:
    """As other systems are told, and as the API shows it on its contact."""
    return {
        "id": answer.id,
        "survey": survey.key,
        "title": survey.title,
        "way": answer.way,
        "interaction_id": answer.interaction_id,
        "customer_id": answer.customer_id,
        "operator_id": answer.operator_id,
        "queue": answer.queue,
        "asked_at": answer.asked_at.isoformat(),
        "answered_at": answer.answered_at.isoformat() if answer.answered_at else None,
        "score": answer.score,
        "answers": [
            {
                "question": question.text(answer.language),
                "kind": question.kind,
                "value": answer.answers.get(str(place)),
            }
            for place, question in enumerate(survey.questions)
        ],
        "comment": answer.comment,
    }


def link_up(room: SurveyRoom) -> int:
    """Answers whose call was written only afterwards find their contact, and so their operator."""
    with room.unit_of_work() as uow:
        found = 0
        for answer in uow.surveys.unlinked(room.clock.now() - _LINKED_WITHIN, _AT_ONCE):
            uniqueid = answer.call_id.removeprefix(f"{answer.pbx}/")
            talk = uow.surveys.talk_of(answer.pbx, uniqueid)
            if talk is not None:
                names = ("interaction_id", "customer_id", "operator_id")
                uow.surveys.change(answer.id, {name: getattr(talk, name) for name in names})
                found += 1
        uow.commit()
    return found
