"""Use cases of final assessments: read, answered by the operator, closed or reopened by who leads
quality.

Nobody but the operator answers, once; nobody decides on their own assessment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from callcenter.assessments import life
from callcenter.assessments.assessment import Assessment
from callcenter.errors import Conflict, Forbidden, Invalid
from callcenter.services.assessment_steps import AssessmentSteps, words_in
from callcenter.services.quality_news import quality_news

_ONE_LOOK: Final = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyDesk(AssessmentSteps):
    """What the operator does with an assessment, and whoever has the last word."""

    def respond(self, assessment_id: int, *, agrees: bool, words: str, version: int) -> None:
        """The operator's own word, once. Who objects says why."""
        with self.unit_of_work() as uow:
            before = self.seen(uow, assessment_id)
            if before.operator_id != self.user_id:
                raise Forbidden("", "only the operator who was assessed answers")
            told = words_in("reply", words)
            if not agrees and not told:
                raise Invalid("reply", "say what you object to")
            state = _step(before, "agree" if agrees else "dispute")
            at = self.clock.now()
            self.move(uow, before, version, state=state, reply=told, answered_at=at)
            self.audit(uow, f"assessment_{state}", assessment_id, words=told)
            news = quality_news(uow, [before.operator_id])
            if state == "disputed":
                news += quality_news(
                    uow, [before.assessor_id], told="objected", place=assessment_id
                )
            uow.commit()
        self.publisher.publish(news)

    def close(self, assessment_id: int, words: str, version: int) -> None:
        """The last word; after an objection it must be one."""
        with self.unit_of_work() as uow:
            before = self.seen(uow, assessment_id)
            self.require_lead(uow, before)
            told = words_in("closing", words)
            if before.state == "disputed" and not told:
                raise Invalid("closing", "say what came of the objection")
            state = _step(before, "close")
            who, at = self.user_id, self.clock.now()
            changed = {"state": state, "closing": told, "closed_by": who, "closed_at": at}
            self.move(uow, before, version, **changed)
            self.audit(uow, "assessment_closed", assessment_id, words=told, score=before.score)
            news = quality_news(uow, {before.operator_id, before.assessor_id})
            uow.commit()
        self.publisher.publish(news)

    def reopen(self, assessment_id: int, version: int) -> None:
        """Made final by mistake: a draft again, which the operator does not see. Once they have
        answered there is a word to answer to, and it stays."""
        with self.unit_of_work() as uow:
            before = self.seen(uow, assessment_id)
            self.require_lead(uow, before)
            state = _step(before, "reopen")
            self.move(uow, before, version, state=state, finished_at=None, score=None, fatal=False)
            told = {"score": before.score, "fatal": before.fatal}
            self.audit(uow, "assessment_reopened", assessment_id, **told)
            news = quality_news(uow, [before.operator_id])
            uow.commit()
        self.publisher.publish(news)

    def note_opened(self, assessment_id: int) -> None:
        """Who looked at it; once for each sitting."""
        now = self.clock.now()
        with self.unit_of_work() as uow:
            known = uow.audit.noted(
                user_id=self.user_id or 0,
                action="assessment_opened",
                object_type="assessment",
                object_id=str(assessment_id),
                since=now - _ONE_LOOK,
            )
            if known:
                return
            self.audit(uow, "assessment_opened", assessment_id)
            uow.commit()


def _step(before: Assessment, step: life.Step) -> life.State:
    state = None if before.calibration_id else life.after(before.state, step)
    if state is None:
        raise Conflict("state", "this was decided already, or is not due yet")
    return state
