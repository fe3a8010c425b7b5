"""`callcenter archive …`: months of calls moved to files, and back."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

import click

from callcenter import bootstrap, startup
from callcenter.errors import ProductError
from callcenter.settings import Settings

_TURN_SECONDS = 0.5


@click.group()
def archive() -> None:
    """Months of calls as files that are read like the database."""


@archive.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Which months are in the archive, and what is under way."""
    from callcenter.queries import archive_months

    with _built() as runtime, runtime.reader() as connection:
        found, live = archive_months.all(connection), archive_months.rule(connection)
    if as_json:
        told = [
            {"month": one.month, "state": one.state, "interactions": one.interactions,
             "bytes": one.bytes, "done": one.done, "problem": one.problem, "kept": dict(one.kept)}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps({"months_live": live, "months": told}, indent=1))
        return
    click.echo(
        "All months stay in the database."
        if live is None
        else f"{live} whole months stay in the database."
    )
    for one in found:
        kept = sum(one.kept.values())
        click.echo(
            f"{one.month}  {one.state:<10} {one.interactions:>9} calls  {one.bytes:>12} bytes"
            f"  {kept:>6} stayed  {one.problem}".rstrip()
        )


@archive.command()
@click.argument("month")
@click.option("--wait", is_flag=True, help="Until the worker has done it.")
def move(month: str, wait: bool) -> None:
    """Move the calls of MONTH (such as 2024-03) to files. The worker does it."""
    from callcenter.services import archive as service

    _ask(service.ask_move, month, "moved", wait=wait)


@archive.command()
@click.argument("month")
@click.option("--wait", is_flag=True, help="Until the worker has done it.")
def restore(month: str, wait: bool) -> None:
    """Bring the calls of MONTH back into the database. The worker does it."""
    from callcenter.services import archive as service

    _ask(service.ask_restore, month, "", wait=wait)


def _ask(ask: Callable[..., None], month: str, until: str, *, wait: bool) -> None:
    from callcenter.queries import archive_months

    with _built() as runtime:
        try:
            ask(month, user_id=None, unit_of_work=runtime.unit_of_work, clock=runtime.clock)
        except ProductError as error:
            raise click.ClickException(f"{month}: {error.message}") from error
        while wait:
            with runtime.reader() as connection:
                known = {one.month: one for one in archive_months.all(connection)}
            found = known.get(month)
            if found is not None and found.problem:
                raise click.ClickException(found.problem)
            if found is None and until:
                raise click.ClickException(f"{month}: nothing of it may move.")
            if (found.state if found is not None else "") == until:
                break
            time.sleep(_TURN_SECONDS)
    click.echo(f"{month}: {'done' if wait else 'asked; `callcenter archive status` tells more'}.")


class _built:  # noqa: N801 (used as a function)
    """The product, for one command."""

    def __enter__(self) -> Any:
        settings = Settings.from_env(os.environ)
        startup.check_folders(settings)
        self._runtime = bootstrap.build(settings)
        return self._runtime

    def __exit__(self, *_how: object) -> None:
        self._runtime.close()
