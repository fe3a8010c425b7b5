"""Which PBX the demo takes, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ami import demo
from callcenter.runtime import StartupError
from callcenter.settings import BindAddress, PbxAddress, Settings

OWN = PbxAddress("own", "pbx.example", 5038, "u", "a secret")


@pytest.fixture
def possible(monkeypatch: pytest.MonkeyPatch):
    def decide(answer: bool) -> None:
        monkeypatch.setattr(demo.lab, "available", lambda: (answer, "" if answer else "not root"))

    return decide


def test_auto_takes_the_real_asterisk_where_it_can(possible) -> None:
    possible(True)
    assert demo.choose("auto", Settings()) == ("asterisk", "this machine can run it")


def test_auto_takes_the_simulator_elsewhere_and_says_why(possible) -> None:
    possible(False)
    assert demo.choose("auto", Settings()) == ("simulator", "no Asterisk lab here: not root")


def test_auto_takes_the_pbx_that_ami_url_names(possible) -> None:
    possible(True)
    assert demo.choose("auto", Settings(ami=(OWN,)))[0] == "external"


def test_what_is_asked_for_is_taken(possible) -> None:
    possible(True)
    assert demo.choose("simulator", Settings(ami=(OWN,)))[0] == "simulator"


def test_an_external_pbx_without_an_address_is_refused_with_an_example() -> None:
    with (
        pytest.raises(StartupError, match="ami://user:secret@host:5038"),
        demo.demo_pbx("external", Settings(), own_agi=True, say=print),
    ):
        pass


def test_an_external_pbx_keeps_the_settings_as_they_are() -> None:
    settings = Settings(ami=(OWN,))
    with demo.demo_pbx("external", settings, own_agi=True, say=print) as running:
        assert running.settings is settings
        assert running.traffic is None
        assert "secret" not in running.words


def test_a_lab_that_does_not_start_is_replaced_by_the_simulator_only_when_nobody_asked_for_it(
    possible, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    possible(True)

    def broken(*_arguments: object, **_more: object) -> None:
        raise demo.LabError("no network")

    taken: list[str] = []

    def simulator(_stack: object, settings: Settings, why: str) -> demo.DemoPbx:
        taken.append(why)
        return demo.DemoPbx("simulated", settings)

    monkeypatch.setattr(demo, "LabPbx", broken)
    monkeypatch.setattr(demo, "_simulator", simulator)
    settings = Settings(data_dir=tmp_path)
    with demo.demo_pbx("auto", settings, own_agi=False, say=lambda _words: None) as running:
        assert running.words == "simulated"
    assert taken == ["the Asterisk lab did not start: no network"]
    with (
        pytest.raises(StartupError, match="no network"),
        demo.demo_pbx("asterisk", settings, own_agi=False, say=lambda _words: None),
    ):
        pass


def test_the_announcement_names_address_log_ins_and_pbx() -> None:
    settings = Settings(web_bind=BindAddress("0.0.0.0", 8123))
    text = demo.announce(demo.DemoPbx("a real Asterisk", settings), {"operator1": "pw1"})
    assert "http://127.0.0.1:8123" in text
    assert "operator1" in text
    assert "pw1" in text
    assert "a real Asterisk" in text
