"""Use cases around surveys themselves: made, changed, switched on and off, removed. What is wrong
is refused with a code of `surveys.checks`, which the door has words for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from callcenter.errors import Conflict, Invalid, NotFound
from callcenter.finding.latin import slug
from callcenter.ports import Clock, UnitOfWork
from callcenter.services import rights
from callcenter.speech.builtin import BUILTIN, LOCALES
from callcenter.surveys.checks import Known, Problem, check_survey
from callcenter.surveys.survey import Survey, Way, questions_to_json

_MOST: Final = 100


class Unfit(Invalid):
    """Every problem that was found, for who shows them beside the fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems[0].field, problems[0].code)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDesk:
    """What every use case here needs. `ways`: those that a gateway serves now; `has_address`:
    whether callers can reach our pages (PUBLIC_URL). `user_id` None: the product itself."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    ways: frozenset[Way]
    has_address: bool = True
    user_id: int | None = None

    def problems_of(self, draft: Survey) -> tuple[Problem, ...]:
        with self.unit_of_work() as uow:
            return check_survey(draft, self._known(uow, draft))

    def create(self, draft: Survey) -> int:
        with self.unit_of_work() as uow:
            self._allow(uow)
            others = uow.surveys.all()
            if len(others) >= _MOST:
                raise Invalid("title", f"at most {_MOST} surveys")
            taken = {one.key for one in others}
            made = replace(draft, key=free_key(draft.key or draft.title, taken))
            self._refuse(check_survey(made, self._known(uow, made)))
            survey_id = uow.surveys.add(made)
            self._audit(uow, "survey_created", survey_id, after=document(made))
            uow.commit()
        return survey_id

    def save(self, survey_id: int, draft: Survey) -> None:
        with self.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, survey_id)
            after = replace(draft, id=survey_id, key=before.key)
            self._refuse(check_survey(after, self._known(uow, after)))
            if after.questions != before.questions and uow.surveys.has_answers(survey_id):
                self._refuse(_moved(before, after))
            uow.surveys.save(after)
            self._audit(
                uow, "survey_changed", survey_id, before=document(before), after=document(after)
            )
            uow.commit()

    def remove(self, survey_id: int) -> None:
        """Only what nobody has answered: results stay results."""
        with self.unit_of_work() as uow:
            self._allow(uow)
            before = _existing(uow, survey_id)
            if uow.surveys.has_answers(survey_id):
                raise Conflict("", "callers were asked by this survey: switch it off instead")
            uow.surveys.remove(survey_id)
            self._audit(uow, "survey_deleted", survey_id, before=document(before))
            uow.commit()

    def _allow(self, uow: UnitOfWork) -> None:
        if self.user_id is not None:
            rights.require(uow, self.user_id, "survey", "change")

    def _known(self, uow: UnitOfWork, draft: Survey) -> Known:
        return Known(
            queues=frozenset(uow.staffing.queues()),
            ways=self.ways,
            has_address=self.has_address,
            prompts=frozenset((*BUILTIN, *uow.prompts.all())),
            people=uow.tasks.leaders(),
            locales=LOCALES,
            others=tuple(one for one in uow.surveys.all() if one.id != draft.id),
        )

    @staticmethod
    def _refuse(problems: tuple[Problem, ...]) -> None:
        errors = tuple(one for one in problems if one.severity == "error")
        if errors:
            raise Unfit(problems)

    def _audit(self, uow: UnitOfWork, action: str, survey_id: int, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="survey",
            object_id=str(survey_id),
            at=self.clock.now(),
            detail=detail,
        )


def document(survey: Survey) -> dict[str, Any]:
    """As the audit log shows it."""
    told = {name: getattr(survey, name) for name in survey.__slots__ if name != "id"}
    lists = {"queues": list(survey.queues), "ways": list(survey.ways)}
    return told | lists | {"questions": questions_to_json(survey.questions)}


def free_key(text: str, taken: set[str]) -> str:
    """Made of the title, for logs and the dialplan: a-z, digits, dashes."""
    stem = slug(text, 24)
    stem = stem if stem[:1].isalpha() else f"survey-{stem}".strip("-")
    tried = (stem, *(f"{stem}-{number}" for number in range(2, _MOST + 3)))
    return next(one for one in tried if one not in taken)


def _moved(before: Survey, after: Survey) -> tuple[Problem, ...]:
    """Answers are kept by the question's place: what was asked there stays of its kind."""
    kinds = [one.kind for one in before.questions]
    same = [one.kind for one in after.questions[: len(kinds)]] == kinds
    return () if same else (Problem("questions", "answered_already"),)


def _existing(uow: UnitOfWork, survey_id: int) -> Survey:
    found = uow.surveys.get(survey_id)
    if found is None:
        raise NotFound("survey", f"there is no survey {survey_id}")
    return found
