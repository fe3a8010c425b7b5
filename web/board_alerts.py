"""Open alerts as boards show them: which figure, of which queue, how bad, who takes care of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from callcenter.queries import alerts


def open_alerts(connection: Connection) -> list[dict[str, Any]]:
    return [_told(one) for one in alerts.to_tell(connection)]


def _told(alert: Mapping[str, Any]) -> dict[str, Any]:
    scope = alert["scope"]
    return {
        "id": alert["id"],
        "metric": alert["metric"],
        "queue": alert["subject"] if scope == "queues" else "",
        "team": int(alert["subject"]) if scope == "team" and alert["subject"].isdecimal() else None,
        "of": alert["subject_title"],
        "level": alert["level"],
        "title": alert["title"],
        "acknowledged": alert["acknowledged_at"] is not None,
        "who": alert["acknowledged_name"] or "",
    }
