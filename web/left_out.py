"""Says with every answer which months of the archive could not be read for it: pages in words, the
programming interface in a header.
"""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, g, request

from callcenter.archive import months as calendar
from callcenter.queries import left_out

HEADER = "Callcenter-Left-Out"
"""Of answers under /api: `archive 2024-03, 2024-05`."""


def init_app(app: Flask) -> None:
    app.before_request(left_out.begin)
    app.after_request(_tell_programs)
    app.jinja_env.globals["left_out_months"] = left_out_months


def left_out_months() -> list[datetime]:
    """When each begins; once in a request: what is around a piece has told of it then."""
    if "left_out_told" in g:
        return []
    found = [calendar.bounds(one)[0] for one in left_out.months()]
    if found:
        g.left_out_told = True
    return found


def _tell_programs(answer: Response) -> Response:
    if request.path.startswith("/api/") and (months := left_out.months()):
        answer.headers[HEADER] = f"archive {', '.join(months)}"
    return answer
