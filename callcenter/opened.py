"""The product opened for one command, and closed again however the command ends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from callcenter import bootstrap, startup
from callcenter.errors import ProductError
from callcenter.runtime import Runtime
from callcenter.settings import Settings


@contextmanager
def opened(settings: Settings | None = None, *, folders: bool = False) -> Iterator[Runtime]:
    """By default with the environment's settings. `folders`: for who writes files of ours, whose
    folders are looked at first.

    What a use case refuses ends the command with its words (exit code 1); a database that is not
    of this version, locked, away or no database ends it with what to do (StartupError, 2): never
    with a trace.
    """
    settings = settings if settings is not None else Settings.from_env(os.environ)
    if folders:
        startup.check_folders(settings)
    startup.check_database(settings)
    runtime = bootstrap.build(settings)
    try:
        with startup.database_words(settings):
            yield runtime
    except ProductError as error:
        raise click.ClickException(str(error)) from error
    finally:
        runtime.close()
