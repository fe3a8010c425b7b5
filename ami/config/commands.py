"""`callcenter pbx apply` and `callcenter pbx drift`: the stored plan and the PBX's folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ami.config.desk import door_of, target_of
from callcenter import bootstrap, startup
from callcenter.errors import ProductError
from callcenter.pbx.drift import FileState
from callcenter.pbx.folder import ConfigFolder, FolderError
from callcenter.pbx.values import PlanError
from callcenter.queries import pbx_plan as queries
from callcenter.runtime import Runtime
from callcenter.services import pbx_apply
from callcenter.settings import Settings

_WORDS = {
    "changed": "the plan moved on",
    "missing": "not there",
    "foreign": "changed by somebody else",
    "same": "as the plan has it",
}


@contextmanager
def _built() -> Iterator[Runtime]:
    settings = Settings.from_env(os.environ)
    startup.check_database(settings)
    runtime = bootstrap.build(settings)
    try:
        yield runtime
    finally:
        runtime.close()


def _pbx_of(settings: Settings, name: str) -> str:
    names = settings.pbx_names
    if name and name not in names:
        raise click.ClickException(f"no PBX {name!r}. There are: {', '.join(names) or 'none'}.")
    if not name and len(names) != 1:
        known = ", ".join(names) or "AMI_URL is empty"
        raise click.ClickException(f"say which with --pbx: {known}")
    return name or names[0]


@click.command()
@click.option("--pbx", default="", help="Its name in AMI_URL, where there are several.")
@click.option("--replace", multiple=True, help="File of somebody else's to replace (repeat).")
def apply(pbx: str, replace: tuple[str, ...]) -> None:
    """Bring the stored plan to its PBX: write what changed, reload, check, or put all back.

    Exit code 1 when the PBX has not the plan afterwards.
    """
    with _built() as runtime:
        pbx = _pbx_of(runtime.settings, pbx)
        target = target_of(runtime.settings, pbx)
        if target is None:
            raise click.ClickException(
                "PBX_CONFIG_PATH and AMI_CONFIG_URL must name this PBX: else the plan can only be "
                "exported (callcenter pbx render DIR)."
            )
        try:
            accepted = _accepted(runtime, pbx, replace)
            applied_id = pbx_apply.ask(door_of(runtime), pbx, _version(runtime, pbx), user_id=None)
            result = pbx_apply.carry_out(door_of(runtime), applied_id, target, accepted)
        except (ProductError, PlanError, FolderError) as error:
            raise click.ClickException(str(error)) from error
        with runtime.reader() as connection:
            done = queries.one_applied(connection, applied_id)
        for step in done.steps if done else ():
            mark = "ok  " if step.ok else "FAIL"
            click.echo(f"{mark} {step.seconds:6.2f} s  {step.name:<11} {step.words}")
        click.echo(f"{pbx}: {result}")
    sys.exit(result not in ("applied", "nothing"))


@click.command()
@click.option("--pbx", default="", help="Its name in AMI_URL, where there are several.")
@click.option("--diff", "with_diff", is_flag=True, help="Show the lines (secrets masked).")
def drift(pbx: str, with_diff: bool) -> None:
    """Show how the PBX's folder differs from the stored plan. Exit code 1 if it does."""
    with _built() as runtime:
        pbx = _pbx_of(runtime.settings, pbx)
        states = _states(runtime, pbx)
    for one in states:
        if one.is_written:
            click.echo(f"{one.name}: {_WORDS[one.state]} (+{one.added} -{one.removed})")
            if with_diff:
                click.echo(one.diff)
    if not any(one.is_written for one in states):
        click.echo(f"{pbx}: as the plan has it")
    sys.exit(any(one.is_written for one in states))


def _states(runtime: Runtime, pbx: str) -> list[FileState]:
    folder = runtime.settings.config_folder(pbx)
    if folder is None:
        raise click.ClickException(f"PBX_CONFIG_PATH does not name the folder of {pbx}.")
    try:
        return pbx_apply.look(door_of(runtime), pbx, ConfigFolder(folder))[0]
    except (ProductError, PlanError, FolderError) as error:
        raise click.ClickException(str(error)) from error


def _accepted(runtime: Runtime, pbx: str, names: tuple[str, ...]) -> dict[str, str]:
    return {one.name: one.here for one in _states(runtime, pbx) if one.name in names}


def _version(runtime: Runtime, pbx: str) -> int:
    with runtime.reader() as connection:
        kept = queries.plan(connection, pbx)
    if kept is None:
        raise click.ClickException(f"no plan of {pbx} yet: begin one under Settings, PBX plan.")
    return kept.version
