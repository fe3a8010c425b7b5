"""The catalogue of pauses as people read it: our own reasons in their language."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from callcenter.agents.staffing import PauseReason
from callcenter.queries import queues as queries
from web.context import reading
from web.presentation import PAUSE_REASONS


def pauses() -> list[PauseReason]:
    """Those in use."""
    with reading() as connection:
        return [one for one in queries.pause_reasons(connection) if one.active]


def pause_title(reason: PauseReason) -> str:
    """A title that nobody changed is translated; one that somebody wrote stands as written."""
    ours = PAUSE_REASONS.get(reason.code)
    unchanged = reason.title.lower() == reason.code.lower()
    return str(ours) if ours is not None and unchanged else reason.title


def pause_word(code: str, reasons: Sequence[PauseReason]) -> str:
    """What a pause is for; its code where the catalogue has it no more."""
    found = next((one for one in reasons if one.code == code), None)
    return pause_title(found) if found is not None else code


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(pauses=pauses, pause_title=pause_title, pause_word=pause_word)
