"""All that a database holds, as lines to look through."""

from __future__ import annotations

import json
import zlib

from sqlalchemy import Connection, select

from callcenter.store.tables import metadata


def everything(connection: Connection) -> list[str]:
    """Every row of every table, journals unpacked."""
    lines: list[str] = []
    for table in metadata.sorted_tables:
        for row in connection.execute(select(table)):
            values = dict(row._mapping)
            if table.name == "call_journal":
                values["data"] = zlib.decompress(values["data"]).decode("utf-8")
            lines.append(f"{table.name}: {json.dumps(values, default=str, ensure_ascii=False)}")
    return lines
