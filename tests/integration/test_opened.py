"""Whatever a command is about: a database that cannot be used is an answer, never a trace."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ami.lab.ports import free_tcp_port
from callcenter import commands
from callcenter.cli import cli
from callcenter.runtime import StartupError
from callcenter.store import engine as store_engine

COMMANDS = {
    "archive": ("archive", "status"),
    "customer": ("customer", "erase", "1", "--yes"),
    "import_files": ("import", "customers", "people.csv"),
    "pins": ("pins", "lift"),
    "report": ("report", "traffic", "--period", "today"),
    "seed": ("seed", "demo"),
    "token": ("token", "issue", "anna"),
    "user": ("user", "add", "anna"),
}
"""Of each module that opens the product for a command, one."""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("Name,Phone\nAnna,+48221234567\n", encoding="utf-8")

    def ran(module: str, url: str) -> Result:
        environment = {
            "DATABASE_URL": url,
            "CALLCENTER_DATA": str(tmp_path),
            "SECRET_KEY": "not-a-secret-of-anybody-1234567",
            "AMI_URL": "",
            "REDIS_URL": "",
        }
        return CliRunner().invoke(cli, COMMANDS[module], env=environment)

    return ran


def words(result: Result) -> str:
    assert isinstance(result.exception, StartupError)  # `main` says it, and ends with 2
    return str(result.exception)


def test_all_who_open_the_product_for_a_command_do_it_alike() -> None:
    told = {
        path.stem: path.read_text(encoding="utf-8")
        for path in Path(commands.__file__).parent.glob("*.py")
    }
    opening = {name for name, text in told.items() if re.search(r"\bopened\(", text)}
    assert opening == {*COMMANDS, "pbx_stored"}
    assert {name for name, text in told.items() if "bootstrap.build" in text} == {"run"}


@pytest.mark.parametrize("module", COMMANDS)
def test_an_empty_database_says_what_to_run(module: str, run: Run, tmp_path: Path) -> None:
    assert "callcenter db upgrade" in words(run(module, f"sqlite:///{tmp_path}/empty.db"))


@pytest.mark.parametrize("module", COMMANDS)
def test_a_database_that_is_away_says_where_to_look(module: str, run: Run) -> None:
    told = words(run(module, f"postgresql://crm:hunter2@127.0.0.1:{free_tcp_port()}/crm"))
    assert "cannot be used" in told
    assert "DATABASE_URL" in told
    assert "hunter2" not in told


@pytest.mark.parametrize("module", ["pins", "token", "user"])
def test_a_database_that_somebody_else_writes_to_without_end_is_an_answer(
    module: str, run: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if module == "token":
        assert run("user", sqlite_url).exit_code == 0
    other = sqlite3.connect(str(store_engine.make_url(sqlite_url).database))
    other.execute("BEGIN IMMEDIATE")
    create = store_engine.create
    monkeypatch.setattr(store_engine, "create", lambda url: create(url, busy_seconds=0.05))
    try:
        result = run(module, sqlite_url)
    finally:
        other.close()
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "Error: the database did not answer in time: database is locked" in result.output


def test_a_table_that_went_away_is_an_answer(run: Run, sqlite_url: str) -> None:
    with sqlite3.connect(str(store_engine.make_url(sqlite_url).database)) as connection:
        connection.execute("DROP TABLE archive_rules")
    connection.close()
    assert "no such table: archive_rules" in words(run("archive", sqlite_url))
