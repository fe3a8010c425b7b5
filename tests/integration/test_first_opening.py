"""A new SQLite file may be opened by many at once: SQLite itself does not wait while it turns the
write-ahead log on, so the engine does.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from callcenter.store import engine as store_engine


def test_many_open_a_new_database_at_once(tmp_path: Path) -> None:
    failures: list[Exception] = []
    for turn in range(60):  # without the wait about one opening in two hundred fails
        url = f"sqlite:///{tmp_path / f'{turn}.db'}"
        together = threading.Barrier(6)

        def run(url: str = url, together: threading.Barrier = together) -> None:
            together.wait()
            engine = store_engine.create(url)
            try:
                engine.connect().close()
            except DBAPIError as error:
                failures.append(error)
            engine.dispose()

        threads = [threading.Thread(target=run) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
