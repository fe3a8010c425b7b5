"""Words of the archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from callcenter.archive.months import NO_MEMORY
from web.presentation import Look

STATES: Mapping[str, Look] = {
    "to_move": Look("warn", "clock", _l("Waits to be moved")),
    "copying": Look("warn", "loader", _l("Being copied")),
    "deleting": Look("warn", "loader", _l("Being taken out of the database")),
    "moved": Look("ok", "circle-check", _l("In the archive")),
    "to_restore": Look("warn", "clock", _l("Waits to come back")),
    "restoring": Look("warn", "loader", _l("Coming back")),
}
KEPT: Mapping[str, Any] = {
    "conversation": _l("mails, messages and chats"),
    "open": _l("not over"),
    "hold": _l("legal hold"),
    "newest": _l("the newest of all"),
    "changed": _l("changed meanwhile"),
    "tasks": _l("with a task"),
    "missed_calls": _l("missed calls"),
    "callback_requests": _l("call-backs"),
    "voicemails": _l("messages left"),
    "files": _l("with a file"),
    "survey_answers": _l("with a survey answer"),
}
KNOWN: tuple[tuple[str, Any], ...] = (
    (r"must be a month such as .*", _l("Write a month such as 2024-03.")),
    (
        r"this month is too young: one whole month stays at least",
        _l("This month is too young: the last whole month stays at least."),
    ),
    (
        r"this month was moved already, or is about to be",
        _l("This month was moved already, or is about to be."),
    ),
    (
        r"the rule on how long (?P<kind>\w+) are kept has not gone over this month yet",
        _l(
            "Data protection has a rule that has not gone over this month yet; it does so at "
            "night. The month can be moved after it."
        ),
    ),
    (
        r"the files are not as they were left: bring them from a back-up",
        _l(
            "Somebody else changed or took away its files. Bring them from a back-up and look "
            "again; or accept what can still be read; or give the month up. People who were erased "
            "since stay in these files until then."
        ),
    ),
    (
        NO_MEMORY,
        _l(
            "There is too little memory to write or read this month's files; its calls stay as "
            "they are, and are shown as before. Set ARCHIVE_MEMORY_MB higher and restart the "
            "worker; and look whether there is room on the disk that CALLCENTER_DATA is on, where "
            "what does not fit into memory goes."
        ),
    ),
    (
        r"the files of this month are as they were left",
        _l("The files of this month are as they were left."),
    ),
    (
        r"files of the archive cannot be read",
        _l(
            "Files of the archive cannot be read. Bring them from a back-up, then bring back their "
            "month under Settings → Archive."
        ),
    ),
    (
        r"files of the archive are away: (?P<months>.*)",
        _l(
            "Files of the archive are away (%(months)s). Bring them from a back-up, or decide "
            "under Settings → Archive what becomes of them."
        ),
    ),
    (r"this month is about to be moved; wait until it is", _l("Wait until the month is moved.")),
    (r"\S+ is not in the archive", _l("This month is not in the archive.")),
)
