"""What every step of an assessment needs: whether one may, one version after the other, the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from callcenter.assessments.assessment import LONGEST_COMMENT, Assessment
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.rights.viewer import Viewer
from callcenter.services import rights

_CHANGED: Final = "this assessment was changed in another window; look again"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentSteps:
    """`user_id` None: the product itself."""

    unit_of_work: Callable[[], UnitOfWork]
    clock: Clock
    publisher: Publisher
    user_id: int | None = None

    def seen(self, uow: UnitOfWork, assessment_id: int) -> Assessment:
        """What one may not read is not there."""
        found = uow.assessments.get(assessment_id)
        viewer = rights.viewer_of(uow, self.user_id)
        if found is None or not may_see(viewer, found):
            raise NotFound("assessment", f"there is no assessment {assessment_id}")
        return found

    def require_lead(self, uow: UnitOfWork, found: Assessment) -> None:
        rights.require(uow, self.user_id, "quality", "change")
        if found.operator_id == self.user_id:
            raise Forbidden("", "nobody decides on their own assessment")

    @staticmethod
    def move(uow: UnitOfWork, before: Assessment, version: int, **values: Any) -> None:
        if not uow.assessments.change(before.id, version, values):
            raise Conflict("version", _CHANGED)

    def audit(self, uow: UnitOfWork, action: str, assessment_id: int, **detail: Any) -> None:
        uow.audit.record(
            user_id=self.user_id,
            action=action,
            object_type="assessment",
            object_id=str(assessment_id),
            at=self.clock.now(),
            detail=detail,
        )


def may_see(viewer: Viewer, found: Assessment) -> bool:
    """The operator what is final; the assessor their own; who leads quality the drafts as well, but
    none of themselves. Of a round each sees their own alone. The same rule as SQL:
    `store.visibility.assessments_seen_by`."""
    about_me = found.operator_id == viewer.user_id
    if found.assessor_id == viewer.user_id and viewer.may("quality", "create"):
        return not about_me
    if found.calibration_id is not None:
        return False
    if not viewer.reaches("quality", "read", (found.operator_id,)):
        return False
    return found.state != "draft" or (viewer.may("quality", "change") and not about_me)


def words_in(field: str, text: str) -> str:
    told = text.strip()
    if len(told) > LONGEST_COMMENT:
        raise Invalid(field, f"at most {LONGEST_COMMENT} characters")
    return told
