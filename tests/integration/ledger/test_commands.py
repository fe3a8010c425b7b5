"""`callcenter ledger …` at the terminal."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ami.ledger import forward
from callcenter.cli import cli
from tests.integration.ledger.conftest import PBX, Readers
from tests.support.ledger import NOON, answered_call, append, text

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, ledger: Path, tmp_path: Path) -> Run:
    """The command, on the database of the test."""
    environment = {
        "DATABASE_URL": sqlite_url,
        "CEL_PATH": f"{PBX}={ledger}",
        "CALLCENTER_DATA": str(tmp_path),
        "AMI_URL": "",
        "REDIS_URL": "",
    }

    def command(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["ledger", *arguments], env=environment)

    return command


def old(tmp_path: Path, *, packed: bool = False) -> Path:
    path = tmp_path / "old.csv"
    data = text(*(answered_call(2 * n, NOON - 864_000 + 120 * n) for n in range(3)))
    data += text(answered_call(10, NOON - 860_000)[:7]) + b"no ledger\n"
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


@pytest.mark.parametrize("packed", [False, True])
def test_an_old_file_is_folded_into_the_log_once(run: Run, tmp_path: Path, packed: bool) -> None:
    path = old(tmp_path, packed=packed)
    first = run("read", str(path), "--pbx", PBX)
    assert first.exit_code == 0, first.output
    assert "3 calls" in first.output
    assert "missed: 3" in first.output
    assert "not_cel: 1" in first.output
    assert "without an end in this file, left out: 1" in first.output
    again = run("read", str(path), "--pbx", PBX)
    assert "as they were told before: 3" in again.output


def test_an_old_file_does_not_move_the_readers_place(
    run: Run, tmp_path: Path, start: Callable[..., Readers], ledger: Path
) -> None:
    run("read", str(old(tmp_path)), "--pbx", PBX)
    append(ledger, text(answered_call(20, NOON - 3600)))
    start().wait_for_calls(4)


def test_what_is_no_ledger_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "other"
    path.write_text("just\nwords\n")
    result = run("read", str(path), "--pbx", PBX)
    assert result.exit_code == 1
    assert "no line of it is one of our ledger" in result.output


def test_a_pbx_that_nobody_knows_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("read", str(old(tmp_path)), "--pbx", "other")
    assert result.exit_code == 1
    assert f"known: {PBX}" in result.output


def test_the_state_of_every_ledger_is_told(
    run: Run, start: Callable[..., Readers], ledger: Path
) -> None:
    assert f"{PBX}: nothing was read yet" in run("status").output
    append(ledger, text(answered_call(0, NOON - 3600)))
    readers = start()
    readers.wait_for_calls(1)
    readers.stop()
    append(ledger, b"more\n")
    told = run("status").output
    assert f"{PBX} (file): {ledger} read to byte" in told
    assert "5 bytes behind" in told


def test_the_forwarder_can_be_taken_along(run: Run) -> None:
    assert run("forwarder").output == Path(forward.__file__).read_text("utf-8")
    assert "--token-file" in run("forward", "--help").output
