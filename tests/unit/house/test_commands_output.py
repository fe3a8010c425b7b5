"""What a command is asked for stands alone on standard output: other programs read it."""

from __future__ import annotations

import click
import pytest
import structlog

from callcenter import cli


def test_what_is_logged_by_the_way_does_not_stand_in_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def slow() -> None:
        structlog.get_logger("store").warning("store.long_transaction", seconds=2.0)
        click.echo("the answer")

    monkeypatch.setattr(cli, "cli", slow)
    monkeypatch.setattr("sys.argv", ["callcenter"])
    before = structlog.get_config()
    try:
        with pytest.raises(SystemExit):
            cli.main()
    finally:
        structlog.configure(**before)
    told = capfd.readouterr()
    assert told.out == "the answer\n"
    assert "store.long_transaction" in told.err
