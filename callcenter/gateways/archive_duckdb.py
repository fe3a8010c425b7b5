"""The DuckDB that reads the archive's files: in memory, bounded, without extensions and network."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from callcenter.gateways import archive_spilled as spilled

if TYPE_CHECKING:
    import duckdb

MOST_SPILLED: Final = "8GB"
"""On the disk, of each database that is open; what is beyond lacks memory."""


def opened(
    folder: Path, memory: str, threads: int, nulls: str, *, writes: bool = False
) -> duckdb.DuckDBPyConnection:
    """`writes`: for who copies rows that are in their order already, with one thread: none is held
    back for one that is to come before it."""
    import duckdb  # noqa: PLC0415 (it is large: not before somebody needs it)

    # Each has a folder of its own: who is closed clears away what it finds in it.
    spill = spilled.mine(folder / spilled.FOLDER) / secrets.token_hex(4)
    with suppress(OSError):  # a reader of somebody else's files spills nothing
        spill.parent.mkdir(parents=True, exist_ok=True)  # DuckDB makes the last folder alone
    database = duckdb.connect(
        ":memory:",
        config={"memory_limit": memory, "threads": str(threads), "temp_directory": str(spill)},
    )
    for setting in (
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        f"max_temp_directory_size = '{MOST_SPILLED}'",
        f"preserve_insertion_order = {str(not writes).lower()}",
        "parquet_metadata_cache = true",
        f"default_null_order = '{nulls}'",
        f"allowed_directories = [{quoted(folder)}]",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")
    return database


def lacks_room(error: Exception) -> bool:
    """Whether it could not put on the disk what does not fit into memory: no fault of a file."""
    return "No space left on device" in str(error) or "Disk quota exceeded" in str(error)


def quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
