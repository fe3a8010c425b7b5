"""`callcenter archive …`: asked for here, done by the worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from callcenter import bootstrap
from callcenter.archive.months import NO_MEMORY
from callcenter.archive.shapes import Shape
from callcenter.archive_work import ArchiveLoop, turn
from callcenter.cli import cli
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.runtime import Runtime
from callcenter.settings import Settings
from callcenter.store import engine as store_engine
from tests.support.archives import MONTH, OLD, ended, starve
from tests.support.store import NOW, Store


def work(runtime: Runtime) -> None:
    loop = ArchiveLoop(runtime)
    assert runtime.archive is not None
    while turn(runtime, loop, runtime.archive):
        pass


@pytest.fixture
def environment(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    engine = store_engine.create(sqlite_url)
    Store(engine).save(ended("1.1", OLD), ended("2.1", NOW))
    engine.dispose()
    return {
        "DATABASE_URL": sqlite_url,
        "CALLCENTER_DATA": str(tmp_path),
        "AMI_URL": "",
        "REDIS_URL": "",
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Callable[..., Result]:
    def ran(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["archive", *arguments], env=environment)

    return ran


@pytest.fixture
def runtime(environment: dict[str, str]) -> Iterator[Runtime]:
    built = bootstrap.build(Settings.from_env(environment))
    yield built
    built.close()


def test_a_month_is_moved_and_brought_back_from_a_shell(
    run: Callable[..., Result], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_a_month_that_lacks_memory_says_why_what_to_do_and_when_it_is_tried_again(
    run: Callable[..., Result], runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("move", MONTH)
    next_try = starve(runtime, tmp_path / "archive").now() + timedelta(days=1)
    told = run("status").output
    assert "the archive has no memory left for this now\n" in told
    assert f"Tried 3 times; next at {next_try:%Y-%m-%d %H:%M} UTC." in told
    assert "CALLCENTER_DATA" in told
    assert f"`callcenter archive move {MONTH}` tries at once." in told
    [month] = json.loads(run("status", "--json").output)["months"]
    assert (month["state"], month["tries"]) == ("copying", 3)
    assert month["try_at"] == next_try.isoformat()
    files = tmp_path / "archive"
    worker = SimpleNamespace(sleep=lambda _seconds: starve(runtime, files))
    monkeypatch.setattr("callcenter.commands.archive.time", worker)
    waited = run("move", MONTH, "--wait")
    assert (waited.exit_code, "Tried 4 times; next at" in waited.output) == (1, True)
    work(runtime)
    assert "Tried 4 times" in run("status").output
    run("move", MONTH)
    work(runtime)  # with as much memory as usual
    assert f"{MONTH}  moved" in run("status").output


def test_a_report_over_more_than_the_archive_has_memory_for_ends_in_words(
    environment: dict[str, str],
    run: Callable[..., Result],
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run("move", MONTH)
    work(runtime)
    asked = ["report", "outcomes", "--from", f"{MONTH}-01", "--to", f"{MONTH}-31"]
    assert CliRunner().invoke(cli, asked, env=environment).exit_code == 0

    def little(folder: Path, shapes: Sequence[Shape], **_given: object) -> ParquetArchive:
        return ParquetArchive(folder, shapes, memory="1MB", threads=1)

    monkeypatch.setattr("callcenter.gateways.parquet_archive.ParquetArchive", little)
    told = CliRunner().invoke(cli, asked, env=environment)
    assert (told.exit_code, told.output) == (1, f"Error: {NO_MEMORY}\n")
