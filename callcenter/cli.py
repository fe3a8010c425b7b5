"""The one command, `callcenter`. Sub-commands load when they are called: a door that cannot be
imported does not take `db upgrade` down with it.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import click
import structlog

from callcenter.runtime import StartupError
from callcenter.settings import SettingsError

_OWN = {
    "archive": "callcenter.commands.archive:archive",
    "run": "callcenter.commands.run:run",
    "customer": "callcenter.commands.customer:customer",
    "db": "callcenter.commands.db:db",
    "import": "callcenter.commands.import_files:import_",
    "seed": "callcenter.commands.seed:seed",
    "user": "callcenter.commands.user:user",
    "token": "callcenter.commands.token:token",
    "pbx": "callcenter.commands.pbx:pbx",
    "pins": "callcenter.commands.pins:pins",
    "report": "callcenter.commands.report:report",
}
_GROUP = "callcenter.commands"


class LazyGroup(click.Group):
    """Own commands by dotted name; the doors' commands by entry point, `pbx-…` under `pbx`."""

    def __init__(self, *args: object, prefix: str = "", own: dict[str, str], **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._prefix, self._own = prefix, own

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self._own, *self._entry_points(), *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._own:
            module, _, name = self._own[cmd_name].partition(":")
            return _load(cmd_name, lambda: getattr(import_module(module), name))
        if entry := self._entry_points().get(cmd_name):
            return _load(cmd_name, entry.load)
        return super().get_command(ctx, cmd_name)

    def _entry_points(self) -> dict[str, EntryPoint]:
        found = {entry.name: entry for entry in entry_points(group=_GROUP)}
        if self._prefix:
            cut = len(self._prefix)
            return {n[cut:]: entry for n, entry in found.items() if n.startswith(self._prefix)}
        return {name: entry for name, entry in found.items() if not name.startswith("pbx-")}


def _load(name: str, load: Callable[[], click.Command]) -> click.Command:
    try:
        with _without_collection():
            return load()
    except (ImportError, AttributeError) as error:
        reason = f"{name} cannot be loaded: {error}"

        @click.command(name, help=f"(unavailable: {error})", add_help_option=False)
        @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
        def broken(arguments: tuple[str, ...]) -> None:  # noqa: ARG001 - whatever was typed
            raise click.ClickException(reason)

        return broken


@contextmanager
def _without_collection() -> Iterator[None]:
    """Modules stay for good: looking for garbage among them is a third of the time of a start, and
    no later search need visit them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


@click.group(cls=LazyGroup, own=_OWN, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="callcenter")
def cli() -> None:
    """Call-center CRM on Asterisk. Settings come from the environment (see the README)."""


def main() -> None:
    # What is told by the way must not stand in what a command is asked for. `run` configures more.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        cli(prog_name="callcenter")
    except (SettingsError, StartupError) as error:
        click.echo(f"callcenter: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:  # `callcenter … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
