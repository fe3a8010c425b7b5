"""The DuckDB that reads the archive's files: in memory, bounded, without extensions and network."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.gateways import archive_spilled as spilled

if TYPE_CHECKING:
    import duckdb


def opened(folder: Path, memory: str, threads: int, nulls: str) -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415 (it is large: not before somebody needs it)

    spill = spilled.mine(folder / spilled.FOLDER)
    with suppress(OSError):  # a reader of somebody else's files spills nothing
        spill.parent.mkdir(parents=True, exist_ok=True)  # DuckDB makes the last folder alone
    database = duckdb.connect(
        ":memory:",
        config={"memory_limit": memory, "threads": str(threads), "temp_directory": str(spill)},
    )
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "parquet_metadata_cache = true",
        f"default_null_order = '{nulls}'",
        f"allowed_directories = [{quoted(folder)}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")
    return database


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
