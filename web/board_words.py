"""Words for what boards show, and where each figure leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from callcenter.wallboard.layout import Layout


@dataclass(frozen=True, slots=True)
class TileWords:
    """`hint` says what exactly is counted."""

    title: Any
    icon: str
    hint: Any


TILE_WORDS: Mapping[str, TileWords] = {
    "waiting": TileWords(_l("Waiting"), "clock", _l("Callers whom nobody speaks with yet.")),
    "longest_wait": TileWords(
        _l("Longest wait"), "hourglass", _l("Of those who wait now, since they came in.")
    ),
    "service_level_now": TileWords(
        _l("Service level now"),
        "target",
        _l("Of the last 30 minutes: answered within the target seconds."),
    ),
    "service_level_today": TileWords(
        _l("Service level today"),
        "target",
        _l("Since midnight: answered within the target seconds."),
    ),
    "ready": TileWords(_l("Ready"), "circle-check", _l("Operators whom a call could ring.")),
    "talking": TileWords(_l("Talking"), "phone-call", _l("Operators in conversation or on hold.")),
    "wrap_up": TileWords(_l("Wrap-up"), "writing", _l("Operators who finish a contact.")),
    "paused": TileWords(_l("Paused"), "player-pause", _l("Operators in a pause.")),
    "offered_today": TileWords(
        _l("Offered today"), "phone-incoming", _l("Visits of callers to a queue since midnight.")
    ),
    "answered_today": TileWords(
        _l("Answered today"), "phone-check", _l("Of these, somebody spoke with them.")
    ),
    "abandoned_today": TileWords(
        _l("Abandoned today"), "phone-x", _l("Of these, hung up while they waited.")
    ),
    "abandonment_today": TileWords(
        _l("Abandonment today"),
        "phone-x",
        _l("Share of those who hung up, without short abandons."),
    ),
    "asa_today": TileWords(
        _l("Speed of answer"), "clock", _l("Average wait of the answered since midnight.")
    ),
    "callbacks_waiting": TileWords(
        _l("Call-backs waiting"), "phone-outgoing", _l("Callers who asked to be called.")
    ),
    "forecast": TileWords(
        _l("Expected next hour"), "chart-line", _l("Contacts, by the forecast of arrivals.")
    ),
    "queues": TileWords(_l("Queues"), "list-details", _l("A row for each queue.")),
    "callers": TileWords(_l("Callers who wait"), "users", _l("Each with status and wait.")),
    "operators": TileWords(_l("Operators"), "headphones", _l("By state, and how long in it.")),
}
CALLERS_WORDS: Mapping[str, Any] = {
    "none": _l("Nothing but status and wait"),
    "name": _l("Names"),
    "full": _l("Names and numbers"),
}


def links() -> dict[str, str]:
    """Where a figure leads: `{queue}` stands for the queue's name. Pages that this user has not
    are left out by the page itself."""
    contacts = url_for("interactions.page")
    today = "since={today}&queue={queue}"
    return {
        "waiting": url_for("live.page"),
        "longest_wait": url_for("live.page"),
        "talking": url_for("agents.team"),
        "ready": url_for("agents.team"),
        "wrap_up": url_for("agents.team"),
        "paused": url_for("agents.team"),
        "operator": url_for("agents.team"),
        "offered_today": f"{contacts}?{today}",
        "answered_today": f"{contacts}?{today}&result=answered",
        "abandoned_today": f"{contacts}?{today}&result=abandoned",
        "abandonment_today": f"{contacts}?{today}&result=abandoned",
        "service_level_today": f"{contacts}?{today}",
        "service_level_now": f"{contacts}?{today}",
        "asa_today": f"{contacts}?{today}&result=answered",
        "callbacks_waiting": f"{url_for('callback_requests.page')}?whose=all&queue={{queue}}",
        "queue": f"{contacts}?{today}",
        "customer": "/customers/{id}",
        "contact": "/interactions/{id}",
    }


def looks(layout: Layout) -> dict[str, Any]:
    """What a script needs to draw a board: words and icons of its tiles, in their order."""
    return {
        "tiles": [
            {
                "kind": kind,
                "title": str(TILE_WORDS[kind].title),
                "icon": TILE_WORDS[kind].icon,
                "hint": str(TILE_WORDS[kind].hint),
            }
            for kind in layout.tiles
            if kind in TILE_WORDS
        ],
    }
