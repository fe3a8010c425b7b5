"""Bytes on the disk: whole or not at all, under names that nobody else can choose."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from callcenter.errors import Invalid, NotFound, Unavailable
from callcenter.services.files import file_name
from callcenter.store.file_store import FileStore


def test_a_file_is_kept_and_had_back(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    name, size, digest = store.keep(b"contract")
    assert (size, digest) == (8, hashlib.sha256(b"contract").hexdigest())
    assert store.fetch(name) == b"contract"
    store.remove(name)
    store.remove(name)
    with pytest.raises(NotFound):
        store.fetch(name)


def test_too_large_a_file_leaves_nothing_behind(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with pytest.raises(Invalid, match="1 MB"):
        store.keep_stream(io.BytesIO(b"x" * (1024 * 1024 + 1)), limit=1024 * 1024)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 31, "A" * 32, "", "a" * 32 + "/x"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        FileStore(tmp_path).path(name)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where a folder should be")
    with pytest.raises(Unavailable, match="cannot be kept"):
        FileStore(tmp_path / "files").keep(b"x")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Umowa.pdf", "Umowa.pdf"),
        ("C:\\Users\\anna\\Umowa.pdf", "Umowa.pdf"),
        ("../../etc/passwd", "passwd"),
        ("gpj.\u202eexe", "gpj.exe"),
        ("a" * 300 + ".pdf", "a" * 251 + ".pdf"),
        ("...", "file"),
        ('<b>"x".txt', "_b__x_.txt"),
    ],
)
def test_a_file_is_called_by_the_last_part_of_its_path(sent: str, kept: str) -> None:
    assert file_name(sent) == kept
