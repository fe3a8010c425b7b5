"""Rows of a month are brought into their order on the disk, whatever they weigh."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.archive.shapes import Owner, Packed, Shape
from callcenter.errors import Unavailable
from callcenter.gateways import archive_duckdb, archive_lines
from callcenter.gateways.archive_lines import Lines
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.ports.archive import Part

CONTACTS = Shape("interactions", (("id", "whole"),), ("id",))
JOURNAL = Shape("call_journal", (("id", "whole"), ("data", "bytes")), ("id",))
SHAPES = (CONTACTS, JOURNAL)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ParquetArchive]:
    made = ParquetArchive(tmp_path / "archive", SHAPES, memory="128MB", threads=2)
    yield made
    made.close()


def contact(number: int, customer: int | None, *rows: int, data: str = "") -> Packed:
    parts = [{"id": row, "data": data or None} for row in rows]
    return Packed(
        Owner(number, customer, 1_764_900_000_000_000 - number),
        {"interactions": [{"id": number}], "call_journal": parts},
    )


def test_lines_stand_by_customer_time_and_key_and_nobodys_come_first(tmp_path: Path) -> None:
    lines = Lines(tmp_path, {one.table: one for one in SHAPES})
    lines.add([contact(1, 9, 12, 11), contact(2, 3, 21)])
    lines.add([contact(3, None, 31), contact(4, 9, 41), contact(5, 3)])
    [piece] = lines.in_order("call_journal")
    told = [json.loads(line) for line in piece.read_text("ascii").splitlines()]
    assert [one["id"] for one in told] == [31, 21, 41, 11, 12]
    [contacts] = lines.in_order("interactions")
    told = [json.loads(line) for line in contacts.read_text("ascii").splitlines()]
    assert [one["id"] for one in told] == [3, 5, 2, 4, 1]
    lines.close()
    assert {one.suffix for one in tmp_path.iterdir()} == {".jsonl"}


def test_pieces_are_small_and_only_what_one_contact_has_stays_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_lines, "_PIECE", 1000)
    lines = Lines(tmp_path, {one.table: one for one in SHAPES})
    lines.add([contact(one, one, *range(one * 10, one * 10 + 4)) for one in range(1, 8)])
    lines.add([contact(9, 9, *range(90, 99), data="x" * 300)])
    pieces = lines.in_order("call_journal")
    told = [[json.loads(line) for line in one.read_text("ascii").splitlines()] for one in pieces]
    owners = [{row["of_interaction"] for row in piece} for piece in told]
    assert len(pieces) > 2
    assert owners[-1] == {9}
    assert sum(len(one) for one in owners) == 8  # none is in two of them
    assert all(path.stat().st_size <= 1000 for path in pieces[:-1])
    lines.close()


def test_a_month_of_long_rows_is_written_in_the_memory_that_there_is(
    archive: ParquetArchive,
) -> None:
    """Rows of so many bytes that 2048 of them, as many as DuckDB sorts at least at a time, take
    more than it may have."""
    chance, many, size = random.Random(1), 3000, 48_000
    writer = archive.write("2025-12")
    for start in range(0, many, 250):
        writer.add(
            [
                contact(
                    one + 1,
                    chance.randrange(100),
                    one + 1,
                    data=base64.b64encode(chance.randbytes(90) * (size // 90)).decode(),
                )
                for one in range(start, start + 250)
            ]
        )
    kept = writer.finish()
    assert kept.files["call_journal"]["rows"] == many
    order = "SELECT of_customer, of_started FROM call_journal"
    rows = archive.query([Part(kept.folder)], order, [])
    assert rows == sorted(rows)
    [packed] = archive.get([Part(kept.folder)], [17])
    assert len(packed.rows["call_journal"][0]["data"]) > size
    names = {path.name for path in archive.path(kept.folder).iterdir()}
    assert names == {"interactions.parquet", "call_journal.parquet", "contacts.pages"}


def test_a_statement_that_spills_more_than_it_may_lacks_memory(
    archive: ParquetArchive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(archive_duckdb, "MOST_SPILLED", "1MB")
    with pytest.raises(Unavailable, match="no memory left"):
        archive.run("SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(20000000))")
    archive.close()
    assert list((tmp_path / "archive").rglob("*")) == [tmp_path / "archive" / ".spill"]
