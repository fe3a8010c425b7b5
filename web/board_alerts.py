"""Open alerts as boards show them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection


def open_alerts(connection: Connection) -> list[dict[str, Any]]:
    del connection
    return []
