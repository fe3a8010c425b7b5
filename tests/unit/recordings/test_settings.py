"""RECORDINGS_PATH: one folder for every PBX, or one for each by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.settings import Settings, SettingsError


def settings(path: str) -> Settings:
    return Settings.from_env({"RECORDINGS_PATH": path})


def test_a_folder_alone_is_every_pbxs() -> None:
    found = settings("/var/spool/asterisk/monitor")
    assert found.recordings_folder("any") == Path("/var/spool/asterisk/monitor")


def test_each_pbx_may_have_its_own() -> None:
    found = settings("hq=/mnt/hq, branch=/mnt/branch")
    assert found.recordings_folder("branch") == Path("/mnt/branch")
    assert found.recordings_folder("other") is None


def test_without_the_setting_there_is_none() -> None:
    assert settings("").recordings_folder("pbx") is None


@pytest.mark.parametrize("path", ["hq=/a,/b", "hq=/a,hq=/b", "hq=", "hq=/a,=/b"])
def test_what_cannot_be_read_is_refused_in_words(path: str) -> None:
    with pytest.raises(SettingsError, match="RECORDINGS_PATH"):
        settings(path)
