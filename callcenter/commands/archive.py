"""`callcenter archive …`: months of calls moved to files, and back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import click

from callcenter.archive.months import Month
from callcenter.errors import ProductError
from callcenter.opened import opened

_TURN_SECONDS = 0.5
_MORE_MEMORY = (
    "Set ARCHIVE_MEMORY_MB higher and restart the worker; and look whether there is room on the "
    "disk that CALLCENTER_DATA is on, where what does not fit into memory goes."
)


@click.group()
def archive() -> None:
    """Months of calls as files that are read like the database."""


@archive.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Which months are in the archive, and what is under way."""
    from callcenter.queries import archive_months

    with opened(folders=True) as runtime, runtime.reader() as connection:
        found, live = archive_months.all(connection), archive_months.rule(connection)
    if as_json:
        told = [
            {"month": one.month, "state": one.state, "interactions": one.interactions,
             "bytes": one.bytes, "done": one.done, "problem": one.problem, "kept": dict(one.kept),
             "tries": one.tries, "try_at": one.try_at.isoformat() if one.try_at else None}
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
        if one.lacks_memory:
            click.echo(f"         {_remedy(one)}")


def _remedy(month: Month) -> str:
    """Why a month waits for memory, until when, and what to do."""
    asked = "restore" if month.state in ("to_restore", "restoring") else "move"
    return (
        f"Tried {month.tries} times; next at {month.try_at:%Y-%m-%d %H:%M} UTC. {_MORE_MEMORY} "
        f"`callcenter archive {asked} {month.month}` tries at once."
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

    with opened(folders=True) as runtime:
        try:
            ask(month, user_id=None, unit_of_work=runtime.unit_of_work, clock=runtime.clock)
        except ProductError as error:
            raise click.ClickException(f"{month}: {error.message}") from error
        while wait:
            with runtime.reader() as connection:
                known = {one.month: one for one in archive_months.all(connection)}
            found = known.get(month)
            if found is not None and found.problem:
                more = f". {_remedy(found)}" if found.lacks_memory else ""
                raise click.ClickException(f"{found.problem}{more}")
            if found is None and until:
                raise click.ClickException(f"{month}: nothing of it may move.")
            if (found.state if found is not None else "") == until:
                break
            time.sleep(_TURN_SECONDS)
    click.echo(f"{month}: {'done' if wait else 'asked; `callcenter archive status` tells more'}.")
