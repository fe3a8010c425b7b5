"""Words for what boards show, and where each figure leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

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
        _l("Answered today"), "phone-check", _l("Somebody spoke with them.")
    ),
    "abandoned_today": TileWords(
        _l("Abandoned today"), "phone-x", _l("They hung up while they waited.")
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


def links(zone: str, *, reports: bool) -> dict[str, str]:
    """Where a figure leads. `{queue}` stands for the queue's name, `{queues}` for the filter of all
    that it is of. `reports`: whoever looks may ask them of everybody, and "today" is that of
    `zone`; else lists of contacts stand behind figures."""
    contacts = url_for("interactions.page")
    today = "since={today}&queue={queue}"
    found = {
        "waiting": f"{url_for('live.page')}?state=waiting{{queues}}",
        "longest_wait": f"{url_for('live.page')}?state=waiting{{queues}}",
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
    return {**found, **_of_reports(zone)} if reports else found


def _of_reports(zone: str) -> dict[str, str]:
    """The same figures in the reports: a share and a mean with its course through the day, a count
    with the contacts that it counts."""
    asked = f"period=today&channel=call&zone={quote(zone, safe='')}{{queues}}"
    course = f"{url_for('reports.one', key='speed')}?{asked}&by=half_hour"
    behind = f"{url_for('reports.contacts', key='speed')}?{asked}&figure="
    return {
        "service_level_now": course,
        "service_level_today": course,
        "asa_today": f"{course}&kpi=asa",
        "abandonment_today": f"{course}&kpi=abandonment",
        "offered_today": f"{behind}offered",
        "answered_today": f"{behind}answered",
        "abandoned_today": f"{behind}abandoned",
        "forecast": f"{url_for('staffing_plan.page')}?day={{today}}{{queues}}",
        "queue": course,
    }


def queue_filter(names: Iterable[str]) -> str:
    """The part of an address that asks reports for these queues alone."""
    return "".join(f"&queue={quote(name, safe='')}" for name in names)


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
