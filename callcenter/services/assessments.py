"""Use cases of assessments: begun, saved as typed, made final. What follows: `assessment_replies`.

Nobody assesses their own contact. What another person was assessed exists only for whom it may be
read by. Every step is in the audit log; the operator's screen hears of what is final.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final

from callcenter.assessments import life
from callcenter.assessments.assessment import LONGEST_REMARK, Assessment
from callcenter.assessments.card import ScoreCard
from callcenter.assessments.scoring import Given, Score, hundredths, score, share
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import UnitOfWork
from callcenter.ports.assessments import Assessable
from callcenter.realtime.messages import Message
from callcenter.rights.viewer import Viewer
from callcenter.services import rights
from callcenter.services.assessment_steps import AssessmentSteps, words_in
from callcenter.services.quality_news import quality_news

_LONGEST_RECORDING: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Saved:
    """What the assessment comes to after the step, and the version to name in the next one."""

    version: int
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentDesk(AssessmentSteps):
    """What an assessor does."""

    def begin(self, interaction_id: int, card_id: int) -> int:
        """The draft's id; one's own that there is already. Conflict where a colleague has one."""
        with self.unit_of_work() as uow:
            viewer = rights.require(uow, self.user_id, "quality", "create")
            contact = self._assessable(uow, viewer, interaction_id)
            card = self._card(uow, card_id, contact)
            known = uow.assessments.of_contact(interaction_id, card_id)
            if known is not None and known.assessor_id == viewer.user_id:
                return known.id
            draft = self._draft(card, contact, viewer)
            item_id = uow.assessments.take_item(interaction_id, card_id)
            made = uow.assessments.add(replace(draft, sample_item_id=item_id))
            if made is None:
                raise Conflict("", "a colleague assesses this contact by this card already")
            self.audit(uow, "assessment_begun", made, interaction=interaction_id, card=card_id)
            uow.commit()
        return made

    def answer(self, assessment_id: int, given: Given, version: int) -> Saved:
        """Kept as it is typed, whole or in part."""
        with self.unit_of_work() as uow:
            before = self._writable(uow, assessment_id)
            card = self._version(uow, before)
            question = card.question(given.question)
            if question is None:
                raise Invalid("question", "this card has no such question")
            told = _tidy(given)
            if told.value is not None and not 0 <= told.value <= question.most:
                raise Invalid(given.question, f"must be from 0 to {question.most}")
            if told.not_applicable and not question.optional:
                raise Invalid(given.question, "this question must be answered")
            answers = uow.assessments.answers(assessment_id)
            old = answers.get(given.question)
            uow.assessments.put_answer(assessment_id, told, hundredths(share(question, told)))
            found = score(card, {**answers, given.question: told})
            self.move(uow, before, version, score=found.points, fatal=bool(found.fatal))
            if before.state != "draft" and old != told:
                self._correction(uow, assessment_id, given.question, old, told)
            uow.commit()
        return Saved(version + 1, found)

    def comment(self, assessment_id: int, text: str, version: int) -> int:
        """The new version."""
        with self.unit_of_work() as uow:
            before = self._writable(uow, assessment_id)
            self.move(uow, before, version, comment=words_in("comment", text))
            if before.state != "draft" and text.strip() != before.comment:
                changed = {"before": before.comment, "after": text.strip()}
                self.audit(uow, "assessment_corrected", assessment_id, comment=changed)
            uow.commit()
        return version + 1

    def finish(self, assessment_id: int, version: int) -> None:
        """Everything is answered; from now on the operator reads it."""
        with self.unit_of_work() as uow:
            before = self._writable(uow, assessment_id)
            if before.state != "draft":
                raise Conflict("state", "this assessment is final already")
            card, answers = self._version(uow, before), uow.assessments.answers(assessment_id)
            found = score(card, answers)
            if found.open:
                raise Invalid(found.open[0], f"{len(found.open)} questions are not answered yet")
            told = {"score": found.points, "fatal": bool(found.fatal)}
            now = self.clock.now()
            self.move(uow, before, version, state="final", finished_at=now, **told)
            given = {key: _document(one) for key, one in answers.items()}
            self.audit(
                uow, "assessment_finished", assessment_id, **told, answers=given,
                comment=before.comment,
            )  # fmt: skip
            news = self._finished(uow, before)
            uow.commit()
        self.publisher.publish(news)

    def discard(self, assessment_id: int) -> None:
        """A draft, by who writes it, or who leads quality; what was drawn waits again."""
        with self.unit_of_work() as uow:
            before = self.seen(uow, assessment_id)
            viewer = rights.viewer_of(uow, self.user_id)
            if before.state != "draft":
                raise Conflict("state", "a final assessment is not thrown away")
            own = before.assessor_id == viewer.user_id
            if not own and not viewer.may("quality", "change"):
                raise Forbidden("", "only the assessor may throw a draft away")
            uow.assessments.remove(assessment_id)
            if before.sample_item_id is not None:
                uow.assessments.set_item(before.sample_item_id, "open")
            self.audit(uow, "assessment_discarded", assessment_id, contact=before.interaction_id)
            uow.commit()

    # -- inside ------------------------------------------------------------------------------------

    def _assessable(self, uow: UnitOfWork, viewer: Viewer, interaction_id: int) -> Assessable:
        rights.require_record(uow, self.user_id, "interaction", "read", interaction_id)
        found = uow.assessments.contact(interaction_id)
        if found is None:
            raise NotFound("interaction", f"there is no contact {interaction_id}")
        if found.operator_id is None or not found.done:
            raise Invalid("interaction", "nobody has spoken or written with them yet")
        if found.operator_id == self.user_id:
            raise Forbidden("interaction", "nobody assesses a contact of their own")
        if not viewer.reaches("quality", "read", (found.operator_id,)):
            raise Forbidden("interaction", "this operator is not of your team")
        return found

    @staticmethod
    def _card(uow: UnitOfWork, card_id: int, contact: Assessable) -> ScoreCard:
        card = uow.score_cards.get(card_id)
        if card is None:
            raise NotFound("card", f"there is no score card {card_id}")
        if not card.active:
            raise Invalid("card", "this score card is switched off")
        if not card.suits(contact.channel, contact.queue):
            raise Invalid("card", "this score card is not for this queue or channel")
        return card

    def _draft(self, card: ScoreCard, contact: Assessable, viewer: Viewer) -> Assessment:
        assert contact.operator_id is not None  # noqa: S101 (_assessable has seen to it)
        return Assessment(
            card_id=card.id,
            card_version_id=card.version_id,
            interaction_id=contact.interaction_id,
            operator_id=contact.operator_id,
            assessor_id=viewer.user_id,
            channel=contact.channel,
            queue=contact.queue,
            contact_at=contact.at,
            created_at=self.clock.now(),
        )

    def _finished(self, uow: UnitOfWork, one: Assessment) -> list[Message]:
        """Of a round the operator hears nothing."""
        if one.calibration_id is not None:
            return quality_news(uow, [one.assessor_id])
        return quality_news(uow, [one.operator_id], told="assessed", place=one.id)

    def _writable(self, uow: UnitOfWork, assessment_id: int) -> Assessment:
        found = self.seen(uow, assessment_id)
        if not life.may_be_corrected(found.state):
            raise Conflict("state", "this assessment is final: it is not changed any more")
        if found.state == "disputed":
            self.require_lead(uow, found)
        elif found.assessor_id != self.user_id and self.user_id is not None:
            raise Forbidden("", "only the assessor writes a draft")
        else:
            rights.require(uow, self.user_id, "quality", "create")
        if found.calibration_id is not None:
            made = uow.assessments.round(found.calibration_id)
            if made is None or not made.is_open:
                raise Conflict("state", "this round is closed")
        return found

    @staticmethod
    def _version(uow: UnitOfWork, found: Assessment) -> ScoreCard:
        card = uow.score_cards.of_version(found.card_version_id)
        if card is None:
            raise NotFound("card", "this version of the score card is gone")
        return card

    def _correction(
        self, uow: UnitOfWork, assessment_id: int, question: str, old: Given | None, new: Given
    ) -> None:
        before = _document(old) if old is not None else None
        changed = {"question": question, "before": before, "after": _document(new)}
        self.audit(uow, "assessment_corrected", assessment_id, **changed)


def _tidy(given: Given) -> Given:
    """No value where it does not apply; a place only with the recording that it is in."""
    at = given.at_seconds
    placed = at is not None and isfinite(at) and 0 <= at <= _LONGEST_RECORDING
    return replace(
        given,
        value=None if given.not_applicable else given.value,
        comment=given.comment.strip()[:LONGEST_REMARK],
        at_seconds=round(at, 1) if placed and at is not None else None,
        recording=given.recording if placed else None,
    )


def _document(given: Given) -> dict[str, Any]:
    """As the audit log shows it."""
    told = {name: getattr(given, name) for name in given.__slots__ if name != "question"}
    return {name: value for name, value in told.items() if value not in (None, "", False)}
