"""How a database means to answer what it is asked."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, event


class Plans:
    """Collects the plan of every statement that a question runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.lines: list[str] = []
        event.listen(connection, "before_cursor_execute", self._explain)

    def _explain(
        self, _c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, _many: bool
    ) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            return
        sqlite = self._connection.dialect.name == "sqlite"
        cursor = self._connection.connection.cursor()
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{statement}", parameters)
        self.lines += [str(row[-1]) for row in cursor.fetchall()]
        cursor.close()

    def full_scans(self, large: Collection[str]) -> list[str]:
        """Of these tables: `SCAN x` in SQLite (but along an index), `Seq Scan on x` elsewhere."""
        found = []
        for line in self.lines:
            match = re.search(r"\bSCAN (\w+)(?!.*USING)|Seq Scan on (\w+)", line)
            if match and (match[1] or match[2]) in large:
                found.append(line)
        return found
