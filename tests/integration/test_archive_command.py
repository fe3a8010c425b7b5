"""`callcenter archive …`: asked for here, done by the worker."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from callcenter import bootstrap
from callcenter.archive_work import ArchiveLoop, turn
from callcenter.cli import cli
from callcenter.runtime import Runtime
from callcenter.settings import Settings
from callcenter.store import engine as store_engine
from tests.support.archives import MONTH, OLD, ended
from tests.support.store import NOW, Store


def work(runtime: Runtime) -> None:
    loop = ArchiveLoop(runtime)
    assert runtime.archive is not None
    while turn(runtime, loop, runtime.archive):
        pass


def test_a_month_is_moved_and_brought_back_from_a_shell(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {
        "DATABASE_URL": sqlite_url,
        "CALLCENTER_DATA": str(tmp_path),
        "AMI_URL": "",
        "REDIS_URL": "",
    }

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["archive", *arguments], env=environment)

    runtime = bootstrap.build(Settings.from_env(environment))
    try:
        engine = store_engine.create(sqlite_url)
        Store(engine).save(ended("1.1", OLD), ended("2.1", NOW))
        engine.dispose()
        assert run("status").output == "All months stay in the database.\n"
        wrong = run("move", "2025-13")
        assert (wrong.exit_code, "2025-13: must be a month" in wrong.output) == (1, True)
        assert run("restore", MONTH).exit_code == 1
        asked = run("move", MONTH)
        assert (asked.exit_code, asked.output.split(":")[0]) == (0, MONTH)
        work(runtime)
        assert f"{MONTH}  moved" in run("status").output
        [month] = json.loads(run("status", "--json").output)["months"]
        assert (month["state"], month["interactions"], month["problem"]) == ("moved", 1, "")
        assert run("move", MONTH).exit_code == 1
        assert run("restore", MONTH).exit_code == 0
        work(runtime)
        assert MONTH not in run("status").output
        worker = SimpleNamespace(sleep=lambda _seconds: work(runtime))
        monkeypatch.setattr("callcenter.commands.archive.time", worker)
        assert run("move", MONTH, "--wait").output.endswith(f"{MONTH}: done.\n")
        assert run("restore", MONTH, "--wait").output.endswith(f"{MONTH}: done.\n")
        empty = run("move", "2025-10", "--wait")
        assert (empty.exit_code, "nothing of it may move" in empty.output) == (1, True)
    finally:
        runtime.close()
