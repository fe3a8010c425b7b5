"""What supervisors settle of queues and pauses, on both databases."""

from __future__ import annotations

from callcenter.agents.staffing import PauseReason
from tests.support.store import Store


def test_titles_are_kept_whatever_is_pasted_into_them(store: Store) -> None:
    lunch = PauseReason(code="lunch", title="Lu\x00nch" + "!" * 90)
    with store.unit_of_work() as uow:
        uow.staffing.save_pause_reason(lunch)
        uow.staffing.save_queue("support", {"title": "Sup\x00port" + "!" * 90})
        uow.commit()
    with store.unit_of_work() as uow:
        kept = {one.code: one.title for one in uow.staffing.pause_reasons()}
        assert kept["lunch"] == "Lunch" + "!" * 75
        assert uow.staffing.queues()["support"].title == "Support" + "!" * 73
