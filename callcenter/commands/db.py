"""`callcenter db …`: the database's schema."""

from __future__ import annotations

import os

import click

from callcenter import startup
from callcenter.settings import Settings


@click.group()
def db() -> None:
    """Care for the database."""


@db.command()
def upgrade() -> None:
    """Bring the database's schema up to this version of the product."""
    from callcenter.store import migrate

    settings = Settings.from_env(os.environ)
    startup.check_folders(settings)
    with startup.database_words(settings):
        migrate.upgrade(settings.database_url, tell=click.echo)
    click.echo("The database is up to date.")
