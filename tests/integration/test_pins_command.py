"""`callcenter pins …`: how it stands and the lifting, without a browser."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from callcenter import bootstrap
from callcenter.cli import cli
from callcenter.queries import users as user_queries
from callcenter.settings import Settings
from tests.support.pins import wrong_pins


def test_a_halt_is_told_and_lifted_from_a_shell(sqlite_url: str, tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": sqlite_url,
        "CALLCENTER_DATA": str(tmp_path),
        "AMI_URL": "",
        "REDIS_URL": "",
        "PIN_FAILURES_PER_HOUR": "4",
    }

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, ["pins", *arguments], env=environment)

    assert run("status").output == "Callers are asked for their PINs.\n"
    assert json.loads(run("status", "--json").output) == {"limit": 4, "halted": None}
    assert run("lift").output == "Nothing to lift: callers are asked for their PINs.\n"
    runtime = bootstrap.build(Settings.from_env(environment))
    try:
        wrong_pins(runtime, ["+48600000001", "+48600000002", "", ""])
        assert "4 wrong PINs from 2 numbers, 2 with a hidden number." in run("status").output
        halted = json.loads(run("status", "--json").output)["halted"]
        assert (halted["failures"], halted["numbers"], halted["hidden"]) == (4, 2, 2)
        assert "Lifted: callers are asked again." in run("lift").output
        assert run("status").output == "Callers are asked for their PINs.\n"
        with runtime.reader() as connection:
            [line] = user_queries.audit(connection, None, 9).items
        assert (line.action, line.user_id) == ("caller_pins_lifted", None)
    finally:
        runtime.close()
