"""The ledger's readers on a database of their own, without any manager link."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ami.client.backoff import Backoff
from ami.ledger.forward import Follower
from ami.ledger.service import ledger_readers
from ami.writer import OrderedWriter
from callcenter import bootstrap
from callcenter.runtime import Runtime
from callcenter.services.call_identity import CallMemory
from callcenter.settings import Settings
from tests.support.waiting import wait_until

GRACE = 0.2
PBX = "pbx1"


class Readers:
    """Running readers, their writer and what is in the database."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.writer = OrderedWriter(lambda _events: None, Backoff(0.01, 0.05, random.random))
        self.readers = ledger_readers(runtime, self.writer, CallMemory(), grace=GRACE)
        self.writer.start()
        for reader in self.readers.values():
            reader.start()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.runtime.reader() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def wait_for(self, query: str, expected: list[tuple[Any, ...]]) -> None:
        wait_until(lambda: self.rows(query) == expected, words=f"{query}: {self.rows(query)}")

    def wait_for_calls(self, count: int) -> None:
        self.wait_for("select count(*) from interactions", [(count,)])

    def stop(self) -> None:
        for reader in self.readers.values():
            reader.stop(5)
        self.writer.stop(5)
        self.runtime.close()


@pytest.fixture(autouse=True)
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotated file is left at once."""
    monkeypatch.setattr(Follower, "grace", 0.0)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "callcenter.csv"


@pytest.fixture
def start(sqlite_url: str, tmp_path: Path, ledger: Path) -> Iterator[Callable[..., Readers]]:
    """`start()` reads `ledger`; called again, it is a restart on the same database."""
    running: list[Readers] = []

    def begin(path: Path | None = ledger) -> Readers:
        settings = Settings(database_url=sqlite_url, ledgers=((PBX, path),), data_dir=tmp_path)
        readers = Readers(bootstrap.build(settings))
        running.append(readers)
        return readers

    yield begin
    for readers in running:
        readers.stop()
