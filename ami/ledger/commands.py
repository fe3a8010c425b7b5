"""`callcenter ledger …`: how the ledgers are read, an old file read now, the forwarder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ami.ledger import forward as forwarding
from ami.ledger.whole_file import UnreadableFileError, read_whole_file
from callcenter import bootstrap, startup
from callcenter.calls.ledger import LedgerPosition
from callcenter.errors import Unavailable
from callcenter.queries import ledger as queries
from callcenter.settings import Settings


@click.group()
def ledger() -> None:
    """The ledger: Asterisk's own log of its calls, from which ours is mended."""


@ledger.command()
def status() -> None:
    """How far the ledger of each PBX is read, and how many lines were set aside."""
    settings = Settings.from_env(os.environ)
    startup.check_database(settings)
    runtime = bootstrap.build(settings)
    try:
        with runtime.reader() as connection:
            views = queries.sources(connection)
    finally:
        runtime.close()
    for view in views:
        position = view.position
        if position is None:
            click.echo(f"{view.pbx}: sent by a forwarder, not read yet")
            continue
        click.echo(
            f"{view.pbx} ({position.source}): {position.path} read to byte {position.read_to}, "
            f"settled to {position.offset}, at {position.at:%Y-%m-%d %H:%M:%S} UTC; "
            f"{view.set_aside} lines set aside{_behind(settings, view)}"
        )
    for pbx in settings.pbx_names:
        if pbx not in {view.pbx for view in views}:
            click.echo(f"{pbx}: nothing was read yet (CEL_PATH: {settings.ledger_file(pbx)})")


def _behind(settings: Settings, view: queries.LedgerView) -> str:
    """Bytes that are there and not read; for a file, of the one that is written now."""
    behind = view.behind
    file = settings.ledger_file(view.pbx)
    if view.position is not None and view.position.source == "file" and file is not None:
        behind = _unread(file, view.position)
    return f"; {behind} bytes behind" if behind else ""


def _unread(file: Path, position: LedgerPosition) -> int:
    try:
        with file.open("rb") as opened:
            same = forwarding.identity(opened.read(forwarding.HEAD)) == position.file_id
            size = os.fstat(opened.fileno()).st_size
    except OSError:
        return 0
    return max(0, size - position.read_to) if same else size


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pbx", required=True, help="The PBX that wrote it, as AMI_URL or CEL_PATH name it.")
def read(file: Path, pbx: str) -> None:
    """Fold an old ledger file (plain or gzip) into the call log now. May be repeated."""
    settings = Settings.from_env(os.environ)
    if pbx not in settings.pbx_names:
        known = ", ".join(settings.pbx_names) or "none"
        raise click.ClickException(f"There is no PBX {pbx}; known: {known} (AMI_URL, CEL_PATH).")
    startup.check_database(settings)
    runtime = bootstrap.build(settings)
    try:
        told = read_whole_file(runtime, pbx, file)
    except (UnreadableFileError, OSError, Unavailable) as error:
        raise click.ClickException(f"{file}: {error}") from error
    finally:
        runtime.close()
    for line in told.words():
        click.echo(line)


@ledger.command(
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def forward(arguments: tuple[str, ...]) -> None:
    """Follow a ledger on this machine and send it to the CRM (--help tells how)."""
    sys.exit(forwarding.main(list(arguments), program="callcenter ledger forward"))


@ledger.command()
def forwarder() -> None:
    """Print the forwarder: one file of Python to copy beside an Asterisk elsewhere."""
    click.echo(Path(forwarding.__file__).read_text(encoding="utf-8"), nl=False)
