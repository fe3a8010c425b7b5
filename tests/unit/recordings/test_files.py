"""Names in events open no file that is not a recording in its folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callcenter.recordings.files import find, kind_of, places_of, plain_name

BEGAN = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        "1750000000.12.wav",
        "/var/spool/asterisk/monitor/1750000000.12.wav",
        "../../../1750000000.12.wav",
        "lab-1750000000.12.WAV",
        "q-support-+48221234567-1.wav49",
        "two words.gsm",
    ],
)
def test_the_last_part_of_a_name_is_what_counts(told: str) -> None:
    assert plain_name(told) == told.rpartition("/")[2]


@pytest.mark.parametrize(
    "told",
    [
        "",
        ".wav",
        "..",
        "/etc/passwd",
        "a/..",
        "shadow",
        "secret.key",
        "a\0.wav",
        "a\n.wav",
        "..\\..\\a.wav",
        "%2e%2e%2fa.wav",
        ".hidden.wav",
        "x" * 300 + ".wav",
        "callcenter.db",
        "ａ.wav",
    ],
)
def test_what_does_not_look_like_a_recording_is_not_opened(told: str) -> None:
    assert plain_name(told) is None
    assert find(Path("/"), told, BEGAN) is None


def test_a_recording_is_found_in_its_folder_and_in_folders_of_days(tmp_path: Path) -> None:
    for place in ("1.wav", "2026/03/02/2.wav", "2026/03/01/3.wav"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert find(tmp_path, "/on/the/pbx/1.wav", BEGAN) == tmp_path / "1.wav"
    assert find(tmp_path, "2.wav", BEGAN) == tmp_path / "2026/03/02/2.wav"
    assert find(tmp_path, "3.wav", BEGAN) == tmp_path / "2026/03/01/3.wav"
    assert find(tmp_path, "2.wav", None) is None
    assert find(tmp_path, "4.wav", BEGAN) is None
    assert places_of(tmp_path, "4.wav", BEGAN)[0] == tmp_path / "4.wav"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder, secret = tmp_path / "monitor", tmp_path / "secret.wav"
    folder.mkdir()
    secret.write_bytes(b"x")
    (folder / "1.wav").symlink_to(secret)
    (folder / "2.wav").symlink_to("/etc/passwd")
    (folder / "3.wav").mkdir()
    os.mkfifo(folder / "4.wav")
    for name in ("1.wav", "2.wav", "3.wav", "4.wav"):
        assert find(folder, name, BEGAN) is None
    (folder / "real.wav").write_bytes(b"x")
    (folder / "5.wav").symlink_to(folder / "real.wav")
    assert find(folder, "5.wav", BEGAN) == folder / "real.wav"


def test_a_folder_that_is_itself_a_link_or_away_is_no_trouble(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "1.wav").write_bytes(b"x")
    (tmp_path / "mount").symlink_to(real)
    assert find(tmp_path / "mount", "1.wav", BEGAN) == real / "1.wav"
    assert find(tmp_path / "away", "1.wav", BEGAN) is None


def test_the_kind_of_a_file_is_told_by_its_name_alone() -> None:
    assert kind_of("1.WAV") == "audio/wav"
    assert kind_of("1.html") == "application/octet-stream"
