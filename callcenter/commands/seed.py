"""`callcenter seed …`: data to look at."""

from __future__ import annotations

import os

import click

from callcenter import bootstrap, startup
from callcenter.settings import Settings


@click.group()
def seed() -> None:
    """Fill the database with example data."""


@seed.command()
def demo() -> None:
    """A believable company with people, orders, debts and log-ins. Safe to repeat."""
    from callcenter.seed import demo as company

    settings = Settings.from_env(os.environ)
    startup.check_folders(settings)
    startup.check_database(settings)
    runtime = bootstrap.build(settings)
    try:
        credentials = company.seed(runtime)
    finally:
        runtime.close()
    for username, password in dict(credentials).items():
        click.echo(f"{username}\t{password}")
