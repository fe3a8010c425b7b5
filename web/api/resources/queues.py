"""/queues: which there are, who waits and who speaks in them now, and whom they could ring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from callcenter.queries import calls as call_queries
from callcenter.queries import queues as queries
from callcenter.queries.paging import Page
from callcenter.queries.views import LiveCall
from web.api.answers import answer
from web.api.context import the_runtime, today
from web.api.operation import area, operation
from web.api.shapes.people import QueuePage

api = area("queues", "/queues", "Where callers wait.")


@operation(api, "get", "", QueuePage)
def list_queues() -> Response:
    """All queues with their figures of this moment"""
    runtime = the_runtime()
    with runtime.reader() as connection:
        views = queries.now(connection, runtime.clock.now())
        live = call_queries.live(connection, today())
    return answer(QueuePage, Page(tuple(_figures(view, live) for view in views)))


def _figures(view: queries.QueueView, live: Sequence[LiveCall]) -> dict[str, Any]:
    figures = view.figures
    here = [call for call in live if call.queue == figures.queue]
    return {
        "name": figures.queue,
        "title": figures.title,
        "waiting": figures.waiting,
        "talking": sum(call.state == "talking" for call in here),
        "longest_wait_since": figures.longest_since,
        "ready": figures.ready,
    }
