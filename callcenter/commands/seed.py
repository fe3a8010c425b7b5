"""`callcenter seed …`: data to look at."""

from __future__ import annotations

import click

from callcenter.opened import opened


@click.group()
def seed() -> None:
    """Fill the database with example data."""


@seed.command()
def demo() -> None:
    """A believable company with people, orders, debts and log-ins. Safe to repeat."""
    from callcenter.seed import demo as company

    with opened(folders=True) as runtime:
        credentials = company.seed(runtime)
    for username, password in dict(credentials).items():
        click.echo(f"{username}\t{password}")
