"""Our own numbers by the names that the PBX's plan gives them: what a caller dialled, in words."""

from __future__ import annotations

from flask import Flask, g

from callcenter.queries import pbx_plan as queries
from web.context import reading


def line_title(number: str) -> str:
    """'' for a number without a name. Read once for a page, however many of its rows ask."""
    if not number:
        return ""
    if "line_titles" not in g:
        with reading() as connection:
            found = queries.numbers(connection)
        g.line_titles = {one.number: one.title for one in found if one.kind == "did"}
    return str(g.line_titles.get(number, ""))


def init_app(app: Flask) -> None:
    app.jinja_env.filters["line_title"] = line_title
