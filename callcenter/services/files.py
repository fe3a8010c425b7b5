"""Use cases around files of a customer: take one in, hand it out, put it away and back."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from callcenter.customers.stored_file import FileRow, StoredFile
from callcenter.customers.visible import one_line
from callcenter.errors import Invalid, NotFound
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.files import FileStorage
from callcenter.rights.objects import Object
from callcenter.services import rights

LARGEST: Final = 25 * 1024 * 1024
_LONGEST_NAME = 255
_PATHS = re.compile(r"^.*[\\/]")
_UNFIT = re.compile(r'[<>:"|?*\x00-\x1f]')


def add_file(
    customer_id: int,
    name: str,
    stream: IO[bytes],
    *,
    files: FileStorage,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    user_id: int | None,
) -> int:
    """Kept on the disk before the transaction: one that fails leaves a file that nothing names."""
    with unit_of_work() as uow:
        rights.require_record(uow, user_id, "customer", "read", customer_id)
        rights.require(uow, user_id, "file", "create")
    called = file_name(name)
    stored_as, size, digest = files.keep_stream(stream, limit=LARGEST)
    if not size:
        files.remove(stored_as)
        raise Invalid("file", "the file is empty, or none was chosen")
    row = FileRow(
        name=called,
        media_type=mimetypes.guess_type(called)[0] or "application/octet-stream",
        size=size,
        sha256=digest,
        stored_as=stored_as,
        customer_id=customer_id,
        uploaded_by=user_id,
    )
    with unit_of_work() as uow:
        file_id = uow.files.add(row, clock.now())
        _audit(uow, clock, user_id, "file_added", (file_id, customer_id))
        uow.commit()
    return file_id


def open_file(
    file_id: int,
    *,
    files: FileStorage,
    unit_of_work: Callable[[], UnitOfWork],
    user_id: int | None,
) -> tuple[StoredFile, Path]:
    """The file and where it lies, for whoever may read what it belongs to."""
    with unit_of_work() as uow:
        found = readable(uow, file_id, user_id)
    return found, files.path(found.stored_as)


def delete_file(
    file_id: int, *, unit_of_work: Callable[[], UnitOfWork], clock: Clock, user_id: int | None
) -> None:
    """Put away; its bytes stay until they are swept, so that it can be had back."""
    with unit_of_work() as uow:
        found = readable(uow, file_id, user_id)
        rights.require(uow, user_id, "file", "delete", owner_id=found.uploaded_by)
        uow.files.delete(file_id, clock.now())
        _audit(uow, clock, user_id, "file_deleted", (file_id, found.customer_id))
        uow.commit()


def restore_file(
    file_id: int, *, unit_of_work: Callable[[], UnitOfWork], clock: Clock, user_id: int | None
) -> None:
    with unit_of_work() as uow:
        found = readable(uow, file_id, user_id, deleted=True)
        rights.require(uow, user_id, "file", "delete", owner_id=found.uploaded_by)
        uow.files.restore(file_id)
        _audit(uow, clock, user_id, "file_restored", (file_id, found.customer_id))
        uow.commit()


def readable(
    uow: UnitOfWork, file_id: int, user_id: int | None, *, deleted: bool = False
) -> StoredFile:
    """A file follows what it belongs to: who may not read that does not learn of the file."""
    found = uow.files.get(file_id)
    if found is None or (found.deleted_at is not None and not deleted):
        raise NotFound("file", f"there is no file {file_id}")
    viewer = rights.require(uow, user_id, "file", "read")
    owners: tuple[tuple[Object, int | None], ...] = (
        ("customer", found.customer_id),
        ("interaction", found.interaction_id),
    )
    for thing, record_id in owners:
        if record_id is not None:
            if not uow.rights.reaches(viewer, thing, "read", record_id):
                raise NotFound("file", f"there is no file {file_id}")
            return found
    if user_id is not None and found.uploaded_by not in (None, user_id):
        raise NotFound("file", f"there is no file {file_id}")
    return found


def file_name(text: str) -> str:
    """The last part of whatever path a browser sends, without what no disk takes."""
    name = _UNFIT.sub("_", _PATHS.sub("", one_line(text))).strip(" .")
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        keep = _LONGEST_NAME - len(ending) - 1
        name = f"{stem[:keep]}.{ending}" if dot and len(ending) <= 10 else name[:_LONGEST_NAME]
    return name or "file"


def _audit(
    uow: UnitOfWork, clock: Clock, user_id: int | None, action: str, file: tuple[int, int | None]
) -> None:
    file_id, customer_id = file
    uow.audit.record(
        user_id=user_id,
        action=action,
        object_type="file",
        object_id=str(file_id),
        at=clock.now(),
        detail={"customer_id": customer_id},
    )
