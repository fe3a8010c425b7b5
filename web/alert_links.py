"""Where an alert leads: to what its figure counts, of its queue, in the period that it is of."""

from __future__ import annotations

from urllib.parse import quote

from flask import url_for

from callcenter.alerts.threshold import Alert
from web import board_words
from web.context import me, today
from web.viewer import the_viewer


def behind(alert: Alert, zone: str | None) -> str:
    """`zone`: on whose clock its day is, as the threshold says; the reader's where it is gone.
    '' where there is nothing to show."""
    if alert.metric == "paused_over":
        return url_for("agents.team")
    if alert.metric == "wrong_pins":
        return url_for("menus.page")
    if alert.metric == "default_way":
        return url_for("live.page")
    everybody = the_viewer().scope("report", "read") == "all"
    found = board_words.links(zone or me().zone.key, reports=everybody).get(alert.metric, "")
    queue = quote(alert.subject, safe="") if alert.scope == "queues" else ""
    values = {
        "{today}": today().isoformat(),
        "{queues}": f"&queue={queue}" if queue else "",
        "{queue}": queue,
    }
    for name, value in values.items():
        found = found.replace(name, value)
    return found
