"""Who was put into a frozen segment by a bulk action leaves it again, and the other way round:
membership is no part of a customer's record, so that its history does not tell of it.
"""

from __future__ import annotations

from callcenter.history.batch import Batch
from callcenter.ports import UnitOfWork


def take_back(uow: UnitOfWork, batch: Batch) -> None:
    """Inside the caller's transaction; may be done twice."""
    action = batch.detail.get("action") or {}
    kind = action.get("kind", "") if batch.kind == "bulk" else ""
    if kind not in ("add_to_segment", "remove_from_segment"):
        return
    segment_id, done = int(action["value"]), uow.bulk_targets.done_ids(batch.id)
    if uow.segments.get(segment_id) is None:
        return
    if kind == "add_to_segment":
        uow.segments.remove_members(segment_id, done)
    else:
        uow.segments.add_members(segment_id, done)
