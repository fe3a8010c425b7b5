"""Fresh databases in milliseconds: migrate one template, copy it for each test."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from callcenter.store import migrate
from tests.support.servers import PostgresServer


class PostgresDatabases:
    """Owns the migrated template on a server."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self._template = ""

    def migrated(self) -> str:
        if not self._template:
            name = self.server.create_database()
            migrate.upgrade(self.server.url(name))
            self._template = name
        return self.server.create_database(self._template)


class SqliteDatabases:
    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"

    def migrated(self, path: Path) -> str:
        if not self._template.exists():
            fresh = self._template.with_suffix(".new")
            migrate.upgrade(f"sqlite:///{fresh}")
            with sqlite3.connect(fresh) as connection:
                connection.execute("pragma wal_checkpoint(truncate)")
            connection.close()
            fresh.rename(self._template)
        shutil.copyfile(self._template, path)
        return f"sqlite:///{path}"
