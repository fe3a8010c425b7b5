"""CEL_PATH: the ledger of one PBX, or of each by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.settings import Settings, SettingsError

ONE = "ami://u:s@127.0.0.1:5038/hq"
TWO = f"{ONE},ami://u:s@127.0.0.2:5038/branch"


def ledgers(cel_path: str, ami: str = "") -> Settings:
    return Settings.from_env({"CEL_PATH": cel_path, "AMI_URL": ami})


def test_a_plain_path_is_the_ledger_of_the_only_pbx() -> None:
    assert ledgers("/log/cel.csv", ONE).ledger_file("hq") == Path("/log/cel.csv")


def test_each_pbx_may_have_one_of_its_own() -> None:
    settings = ledgers("hq=/log/hq.csv, branch=inbox", TWO)
    assert settings.ledger_file("hq") == Path("/log/hq.csv")
    assert settings.ledger_file("branch") is None
    assert settings.pbx_names == ("hq", "branch")


def test_a_pbx_may_have_a_ledger_and_no_manager_link() -> None:
    assert ledgers("/log/cel.csv").pbx_names == ("pbx",)
    assert ledgers("hq=/log/hq.csv").pbx_names == ("hq",)
    assert ledgers("old=inbox", ONE).pbx_names == ("hq", "old")


@pytest.mark.parametrize(
    ("cel_path", "ami"),
    [
        ("/log/cel.csv", TWO),
        ("hq=", ONE),
        ("hq=/a,hq=/b", ONE),
        ("hq=/a,/b", ONE),
    ],
)
def test_a_path_that_may_be_anybodys_is_refused(cel_path: str, ami: str) -> None:
    with pytest.raises(SettingsError, match="CEL_PATH"):
        ledgers(cel_path, ami)
