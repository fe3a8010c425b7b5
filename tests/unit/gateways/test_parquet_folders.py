"""Which folders are the archive's: only these are ever taken away."""

from __future__ import annotations

from pathlib import Path

from callcenter.gateways.parquet_archive import ParquetArchive


def test_only_folders_of_months_are_the_archive_s(tmp_path: Path) -> None:
    for name in ("2026-02.0123abcd", "new-2026-03-0123abcd", "lost+found", ".spill", "backup"):
        (tmp_path / name).mkdir()
    (tmp_path / "2026-04").symlink_to(tmp_path / "backup")
    assert ParquetArchive(tmp_path, []).folders() == ["2026-02.0123abcd", "new-2026-03-0123abcd"]
