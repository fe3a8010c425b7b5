"""`callcenter pins …`: whether callers are asked for their PINs, and having them asked again."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from callcenter.opened import opened

if TYPE_CHECKING:
    from callcenter.menus.guessing import Halt


@click.group()
def pins() -> None:
    """The PINs by which callers prove who they are."""


@pins.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Whether callers are asked for their PINs; if not, since when and why."""
    from callcenter.queries import pin_guard

    with opened() as runtime, runtime.reader() as connection:
        most = runtime.settings.pin_failures_per_hour
        halt = pin_guard.halt(connection, most, runtime.clock.now())
    if as_json:
        told = asdict(halt) if halt is not None else None
        click.echo(
            json.dumps({"limit": most, "halted": told}, default=datetime.isoformat, indent=1)
        )
        return
    click.echo(_words(halt) if halt is not None else "Callers are asked for their PINs.")


@pins.command()
def lift() -> None:
    """Have callers asked for their PINs again; wrong ones are counted anew."""
    from callcenter.services import pin_guard

    with opened() as runtime:
        halt = pin_guard.lift(
            user_id=None,
            most=runtime.settings.pin_failures_per_hour,
            unit_of_work=runtime.unit_of_work,
            clock=runtime.clock,
        )
    if halt is None:
        click.echo("Nothing to lift: callers are asked for their PINs.")
    else:
        click.echo(f"Lifted: callers are asked again. Before: {_words(halt)}")


def _words(halt: Halt) -> str:
    return (
        f"Not asked since {halt.since:%Y-%m-%d %H:%M} until {halt.until:%H:%M} UTC: "
        f"{halt.failures} wrong PINs from {halt.numbers} numbers, {halt.hidden} with a hidden "
        "number."
    )
