"""Queues by the titles that people know them by; the PBX's own name where nobody gave one."""

from __future__ import annotations

from flask import Flask, g

from callcenter.queries import queues as queries
from web.context import reading


def queue_title(name: str) -> str:
    """Read once for a page, however many of its rows name a queue."""
    if not name:
        return ""
    if "queue_titles" not in g:
        with reading() as connection:
            found = queries.settings(connection)
        g.queue_titles = {one: settings.title for one, settings in found.items()}
    return str(g.queue_titles.get(name) or name)


def init_app(app: Flask) -> None:
    app.jinja_env.filters["queue_title"] = queue_title
