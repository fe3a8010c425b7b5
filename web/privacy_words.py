"""Words of data protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from web.presentation import Look

RETENTION: Mapping[str, tuple[Any, Any]] = {
    "calls": (
        _l("Calls"),
        _l("Afterwards only that there was a call stays: no number, no name, no notes, no sound."),
    ),
    "recordings": (_l("Recordings"), _l("The sound is deleted; the call stays.")),
    "conversations": (
        _l("Mails, short messages and chats"),
        _l("What was written is deleted, with its files; that there was a conversation stays."),
    ),
    "files": (_l("Files"), _l("Files on cards and in messages are deleted.")),
    "changes": (_l("History of records"), _l("Older changes cannot be looked up or taken back.")),
    "audit": (_l("Audit log"), _l("Who logged in, looked and listened.")),
    "imports": (
        _l("Files of imports and exports"),
        _l("The uploaded or made file, and the rows with errors."),
    ),
    "unconfirmed": (
        _l("Unconfirmed cards"),
        _l("Cards that a contact made by itself, that nobody confirmed, without a contact since."),
    ),
}
JOB_STATES: Mapping[str, Look] = {
    "waiting": Look("warn", "clock", _l("Being made")),
    "running": Look("warn", "clock", _l("Being made")),
    "done": Look("ok", "circle-check", _l("Ready")),
    "failed": Look("bad", "alert-triangle", _l("Failed")),
}
KNOWN: tuple[tuple[str, Any], ...] = (
    (
        r"this person's data must be kept: (?P<why>.+)",
        _l("This person's data must be kept: %(why)s"),
    ),
    (r"is not the word to type", _l("This is not what is written above.")),
    (r"there is no such copy", _l("There is no such copy.")),
    (r"only who asked for a copy may take it", _l("Only who asked for a copy may take it.")),
    (
        r"this copy was taken already, or is not ready",
        _l("This copy was taken already, or is not ready."),
    ),
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(RETENTION=RETENTION, COPY_STATES=JOB_STATES)
