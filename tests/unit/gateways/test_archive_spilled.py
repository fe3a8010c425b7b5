"""What DuckDB left on the disk goes once the process that left it is gone."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from callcenter.gateways import archive_spilled as spilled
from callcenter.gateways.archive_duckdb import opened

DEAD = 2**22 + 1  # no Linux gives such a number to a process


def test_only_what_a_process_that_is_no_more_has_left_is_cleared(tmp_path: Path) -> None:
    host = socket.gethostname()
    names = [f"{host}-{DEAD}", f"{host}-{os.getppid()}", "other-7", "forgotten-7"]
    for name in [*names, spilled.mine(tmp_path).name]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "duckdb_temp_block").write_bytes(b"x")
    os.utime(tmp_path / "forgotten-7", (0, 0))
    spilled.clear(tmp_path)
    left = {one.name for one in tmp_path.iterdir()}
    assert left == {f"{host}-{os.getppid()}", "other-7", spilled.mine(tmp_path).name}
    spilled.clear(tmp_path / "nothing")


def test_what_takes_more_memory_than_allowed_goes_on_on_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    database = opened(folder, "24MB", 1, "nulls_last")
    database.execute("CREATE TABLE many AS SELECT hash(range) AS one FROM range(8000000)")
    assert list((folder / spilled.FOLDER).iterdir()) == [spilled.mine(folder / spilled.FOLDER)]
    [(count,)] = database.execute("SELECT count(DISTINCT one // 8) FROM many").fetchall()
    assert count > 1_000_000
    database.close()
