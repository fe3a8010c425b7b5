"""What is written of the archive in the audit log."""

from __future__ import annotations

from callcenter.ports import Clock, UnitOfWork


def record(
    uow: UnitOfWork,
    clock: Clock,
    user_id: int | None,
    action: str,
    object_id: str,
    **detail: object,
) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="archive",
        object_id=object_id,
        at=clock.now(),
        detail=detail,
    )
