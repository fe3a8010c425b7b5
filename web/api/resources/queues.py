"""/queues: which there are, who waits and who speaks in them now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from callcenter.pbx.plan import QUEUE_NAMES
from callcenter.queries import calls as call_queries
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
    with the_runtime().reader() as connection:
        live = call_queries.live(connection, today())
    names = dict.fromkeys((*QUEUE_NAMES, *(call.queue for call in live if call.queue)))
    return answer(QueuePage, Page(tuple(_figures(name, live) for name in names)))


def _figures(name: str, live: Sequence[LiveCall]) -> dict[str, Any]:
    here = [call for call in live if call.queue == name]
    waiting = [call for call in here if call.state in ("waiting", "ringing")]
    return {
        "name": name,
        "waiting": len(waiting),
        "talking": sum(call.state == "talking" for call in here),
        "longest_wait_since": min(
            (call.started_at for call in waiting if call.started_at), default=None
        ),
    }
