"""A small centre where contacts are assessed: two operators, two supervisors, one score card."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from callcenter.assessments.scoring import Given
from callcenter.queries import assessments as queries
from callcenter.reports.periods import Period
from callcenter.rights.viewer import Viewer
from callcenter.services.assessment_replies import ReplyDesk
from callcenter.services.assessments import AssessmentDesk
from callcenter.services.calibrations import CalibrationDesk
from callcenter.services.samples import SampleDesk
from callcenter.services.score_cards import CardDesk
from callcenter.store.tables import audit_log
from tests.support.score_card import CARD
from tests.support.store import NOW, TODAY, Store, call

WARSAW = ZoneInfo("Europe/Warsaw")
PERIOD = Period.days(TODAY - timedelta(days=20), TODAY, "Europe/Warsaw")


class QualityWorld:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.ola, self.olek = store.add_user("ola", "1001"), store.add_user("olek", "1002")
        self.sue, self.sam = store.add_user("sue", ""), store.add_user("sam", "")
        with store.unit_of_work() as uow:
            for one in (self.sue, self.sam):
                uow.users.update(one, {"role": "supervisor"})
            uow.commit()
        self.card = self.cards(self.sue).create(CARD)

    def desk(self, user_id: int) -> AssessmentDesk:
        return AssessmentDesk(**self._parts(user_id))

    def cards(self, user_id: int) -> CardDesk:
        parts = self._parts(user_id)
        del parts["publisher"]
        return CardDesk(**parts)

    def sampler(self, user_id: int) -> SampleDesk:
        parts = self._parts(user_id)
        del parts["publisher"]
        return SampleDesk(**parts)

    def replies(self, user_id: int) -> ReplyDesk:
        return ReplyDesk(**self._parts(user_id))

    def rounds(self, user_id: int) -> CalibrationDesk:
        return CalibrationDesk(**self._parts(user_id))

    def heard(self, user_id: int) -> list[dict[str, Any]]:
        """What this person's screens were told, in order."""
        told = self.store.publisher.messages
        return [dict(one.payload) for one in told if user_id in one.audience.users]

    def _parts(self, user_id: int) -> dict[str, Any]:
        return {
            "unit_of_work": self.store.unit_of_work,
            "clock": self.store.clock,
            "publisher": self.store.publisher,
            "user_id": user_id,
        }

    def viewer(self, user_id: int) -> Viewer:
        with self.store.unit_of_work() as uow:
            found = uow.rights.viewer(user_id)
        assert found is not None
        return found

    def talk(self, number: str = "17.1", operator: int | None = None, **row: Any) -> int:
        told = {"result": "answered", "answered_at": NOW, "ended_at": NOW, "live": False}
        values = {"operator_id": operator or self.ola, "talk_seconds": 90.0, **row}
        record = call(number, **told)
        return self.store.save(record, **values)[record.id]

    def judge(self, assessment_id: int, desk: AssessmentDesk, **told: int | None) -> int:
        """The version after the last answer."""
        version = 1
        for key, value in told.items():
            given = Given(question=key, value=value, not_applicable=value is None)
            version = desk.answer(assessment_id, given, version).version
        return version

    def final(self, interaction: int, **told: int | None) -> int:
        desk = self.desk(self.sue)
        made = desk.begin(interaction, self.card)
        given = told or {"greeting": 0, "identity": 1, "listened": 4}
        desk.finish(made, self.judge(made, desk, **given))
        return made

    def shown(self, assessment_id: int, user_id: int) -> queries.Shown | None:
        with self.store.engine.connect() as connection:
            return queries.one(connection, assessment_id, self.viewer(user_id))

    def existing(self, assessment_id: int) -> queries.Shown:
        found = self.shown(assessment_id, self.sam)
        assert found is not None
        return found

    def page(self, connection: Connection) -> tuple[queries.AssessmentView, ...]:
        return queries.page(connection, queries.AssessmentFilters(), None, 20).items

    def noted(self, kind: str) -> list[str]:
        query = select(audit_log.c.action).where(audit_log.c.object_type == kind)
        with self.store.engine.connect() as connection:
            return list(connection.scalars(query.order_by(audit_log.c.id)))
