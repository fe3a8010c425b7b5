"""The commands as typed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from agi_scripts.service import AgiService
from ami.check_host import check_fastagi
from ami.commands import pbx_check, replay
from ami.lab.ports import free_tcp_port
from callcenter import bootstrap
from callcenter.settings import BindAddress, PbxAddress, Settings
from tests.integration.ami.conftest import PbxThread

RECORDINGS = Path(__file__).parents[2] / "scenarios" / "recordings"


@pytest.mark.parametrize("name", ["ami.txt", "cel.csv"])
def test_replay_prints_the_calls_of_a_recording_as_json(name: str) -> None:
    folder = RECORDINGS / "inbound-call-is-answered-through-the-queue"
    result = CliRunner().invoke(replay, [str(folder / name)])
    assert result.exit_code == 0, result.output
    (call,) = json.loads(result.output)["calls"]
    assert (call["direction"], call["result"]) == ("inbound", "answered")


def test_replay_says_what_is_wrong_with_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are, no events\nat, all\n", "utf-8")
    result = CliRunner().invoke(replay, [str(path)])
    assert result.exit_code == 1
    assert "notes.txt" in result.output


def _check(url: str, *arguments: str, **environment: str):
    env = {"AMI_URL": url, "AGI_BIND": "127.0.0.1:1", "CEL_PATH": "", **environment}
    return CliRunner().invoke(pbx_check, ["--listen", "0.2", *arguments], env=env)


def test_a_check_of_a_dead_pbx_fails_and_says_how_to_mend_it() -> None:
    result = _check("ami://u:s@127.0.0.1:1/pbx1")
    assert result.exit_code == 1
    assert "FAIL  pbx1: log-in: nothing listens on 127.0.0.1:1" in result.output
    assert "→ Is Asterisk running" in result.output
    assert "FAIL  here: FastAGI: 127.0.0.1:1 does not serve" in result.output
    assert "warn  here: ledger: CEL_PATH is not set" in result.output


def test_a_check_with_a_wrong_password_never_prints_it(pbx: PbxThread) -> None:
    result = _check(f"ami://callcenter:hush-hush@127.0.0.1:{pbx.address.port}/pbx1")
    assert result.exit_code == 1
    assert "wrong name or secret" in result.output
    assert "hush-hush" not in result.output


def test_a_check_as_json_is_a_list_of_findings(pbx: PbxThread) -> None:
    result = _check(f"ami://callcenter:good@127.0.0.1:{pbx.address.port}/pbx1", "--json")
    findings = json.loads(result.output)
    assert {"level": "ok", "where": "pbx1", "what": "log-in"}.items() <= findings[0].items()


def test_a_check_without_a_pbx_says_what_to_set() -> None:
    result = _check("")
    assert result.exit_code == 1
    assert "AMI_URL names no PBX" in result.output


def test_a_ledger_in_a_folder_that_is_not_there_fails(pbx: PbxThread, tmp_path: Path) -> None:
    url = f"ami://callcenter:good@127.0.0.1:{pbx.address.port}/pbx1"
    result = _check(url, CEL_PATH=str(tmp_path / "nowhere" / "cel.csv"))
    assert "nowhere does not exist" in result.output
    (tmp_path / "cel.csv").write_text("", "utf-8")
    result = _check(url, CEL_PATH=str(tmp_path / "cel.csv"))
    assert "ok    here: ledger" in result.output


def test_a_fastagi_server_that_serves_is_found_by_a_whole_request(
    sqlite_url: str, tmp_path: Path
) -> None:
    bind = BindAddress("127.0.0.1", free_tcp_port())
    settings = Settings(
        database_url=sqlite_url, data_dir=tmp_path, secret_key="x" * 40, agi_bind=bind
    )
    runtime = bootstrap.build(settings)
    service = AgiService(runtime)
    service.start()
    try:
        (finding,) = check_fastagi(settings)
        assert (finding.level, finding.words) == ("ok", f"{bind} answers a request")
        far = replace(settings, ami=(PbxAddress("far", "192.0.2.1", 5038, "u", "s"),))
        assert [one.level for one in check_fastagi(far)] == ["ok", "FAIL"]
    finally:
        service.stop(5)
        runtime.close()
