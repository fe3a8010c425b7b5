"""Use cases of a person's own data: ask for a copy, take it once, hold it for a court.

The copy is made by the worker (`callcenter.privacy_work`), which may be killed: the job is a row,
and begun anew. Erasing stands in `services.erasure`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.ports import Clock, Publisher, UnitOfWork
from callcenter.ports.files import FileStorage
from callcenter.ports.privacy import PrivacyJob
from callcenter.realtime.messages import Audience, Message
from callcenter.services import history, rights

UowFactory = Callable[[], UnitOfWork]
_LONGEST_REASON = 255


def ask_export(customer_id: int, *, user_id: int, unit_of_work: UowFactory, clock: Clock) -> int:
    """A copy of all we know of this person. Asked twice, it is made once."""
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "export", customer_id)
        _there(uow, customer_id)
        known = uow.privacy.open_job("export", customer_id)
        if known is not None and known.user_id == user_id:
            return known.id
        job_id = uow.privacy.ask("export", customer_id, user_id, clock.now())
        _audit(uow, clock, user_id, "personal_data_asked", customer_id)
        uow.commit()
    return job_id


def take_export(
    job_id: int, *, user_id: int, files: FileStorage, unit_of_work: UowFactory, clock: Clock
) -> Path:
    """Where the copy lies, for whoever asked, once: the bytes go with the next turn of the
    worker, and a door has opened the file by then."""
    with unit_of_work() as uow:
        job = uow.privacy.job(job_id)
        if job is None or job.kind != "export":
            raise NotFound("job", "there is no such copy")
        if job.user_id != user_id:
            raise Forbidden("job", "only who asked for a copy may take it")
        if job.state != "done" or not job.stored_as:
            raise Conflict("job", "this copy was taken already, or is not ready")
        path = files.path(job.stored_as)
        uow.privacy.update_job(job_id, {"taken_at": clock.now(), "stored_as": ""})
        uow.erasures.doom("file", [job.stored_as], clock.now())
        _audit(uow, clock, user_id, "personal_data_taken", job.customer_id)
        uow.commit()
    return path


def finish_export(
    job: PrivacyJob,
    stored_as: str,
    size: int,
    *,
    unit_of_work: UowFactory,
    clock: Clock,
    publisher: Publisher,
) -> None:
    """The copy is there; '' where the person was not any more."""
    values = {
        "state": "done" if stored_as else "failed",
        "stored_as": stored_as,
        "done_at": clock.now(),
        "detail": {"size": size},
    }
    with unit_of_work() as uow:
        uow.privacy.update_job(job.id, values)
        uow.commit()
    if job.user_id is not None:
        told = {"type": "job", "kind": "personal_data", "id": job.id, "done": 1, "total": 1}
        payload = {**told, "state": values["state"]}
        audience = Audience(users=(job.user_id,))
        publisher.publish([Message(kind="message", audience=audience, payload=payload)])


def set_hold(
    customer_id: int, why: str, *, user_id: int, unit_of_work: UowFactory, clock: Clock
) -> None:
    """Nothing of this person may be erased, joined into another or pruned; '' lifts it."""
    reason = " ".join(why.split())
    if len(reason) > _LONGEST_REASON:
        raise Invalid("why", f"must have at most {_LONGEST_REASON} characters")
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "erase", customer_id)
        _there(uow, customer_id)
        with history.recorded(uow, clock, "customer", customer_id, user_id=user_id):
            uow.privacy.set_hold(customer_id, reason, clock.now())
        _audit(
            uow, clock, user_id, "legal_hold_set" if reason else "legal_hold_lifted", customer_id
        )
        uow.commit()


def _there(uow: UnitOfWork, customer_id: int) -> None:
    if uow.privacy.hold(customer_id) is None:
        raise NotFound("customer", f"there is no customer {customer_id}")


def _audit(uow: UnitOfWork, clock: Clock, user_id: int, action: str, customer_id: int) -> None:
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="customer",
        object_id=str(customer_id),
        at=clock.now(),
    )
