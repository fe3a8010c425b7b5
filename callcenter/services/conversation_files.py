"""Use case: a file is put to a conversation, to be sent with an answer."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import IO

from callcenter.channels.conversation import Conversation
from callcenter.customers.stored_file import FileRow
from callcenter.errors import Invalid
from callcenter.ports import Clock, UnitOfWork
from callcenter.ports.files import FileStorage
from callcenter.services.files import LARGEST, file_name
from callcenter.services.rights import require, require_record


def add_file(
    conversation: Conversation,
    name: str,
    stream: IO[bytes],
    *,
    files: FileStorage,
    unit_of_work: Callable[[], UnitOfWork],
    clock: Clock,
    user_id: int | None,
) -> int:
    """On the disk before the transaction: one that fails leaves a file that nothing names.

    `user_id` None: a visitor's own.
    """
    if user_id is not None:
        with unit_of_work() as uow:
            require_record(uow, user_id, "conversation", "change", conversation.id)
            require(uow, user_id, "file", "create")
    called = file_name(name)
    stored_as, size, digest = files.keep_stream(stream, limit=LARGEST)
    if not size:
        files.remove(stored_as)
        raise Invalid("files", "the file is empty, or none was chosen")
    row = FileRow(
        name=called,
        media_type=mimetypes.guess_type(called)[0] or "application/octet-stream",
        size=size,
        sha256=digest,
        stored_as=stored_as,
        customer_id=conversation.customer_id,
        interaction_id=conversation.interaction_id,
        uploaded_by=user_id,
    )
    with unit_of_work() as uow:
        file_id = uow.files.add(row, clock.now())
        uow.commit()
    return file_id
