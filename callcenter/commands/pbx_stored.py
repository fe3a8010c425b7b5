"""The plan that the database keeps, for commands: read it, or take one over that was rendered."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from callcenter import startup
from callcenter.errors import NotFound
from callcenter.opened import opened
from callcenter.pbx.files import Manifest
from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.stored import restore
from callcenter.pbx.values import PlanError
from callcenter.runtime import Runtime, StartupError
from callcenter.services import pbx_plan as services
from callcenter.settings import Settings

_UNNAMED = "pbx"


def stored_plan(pbx: str) -> PbxPlan | None:
    """None where there is no plan, no database, or one that is older than we are."""
    settings = Settings.from_env(os.environ)
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return None
    try:
        startup.check_database(settings)
    except StartupError:
        return None
    with opened(settings) as runtime:
        try:
            return services.read(_door(runtime), pbx or _name(settings))[0]
        except NotFound:
            return None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--pbx", default="", help="Its name in AMI_URL, where there are several.")
def adopt(folder: Path, pbx: str) -> None:
    """Take the plan over that `pbx render` wrote FOLDER from, with its passwords.

    It is then kept by the database and changed under Settings, PBX plan.
    """
    manifest = Manifest.read(folder)
    if manifest.plan is None:
        raise click.ClickException(
            f"{folder} does not tell its plan. Run callcenter pbx render {folder} once more with "
            "the options that it was made with, then this again."
        )
    settings = Settings.from_env(os.environ)
    name = pbx or _name(settings)
    with opened(settings) as runtime:
        try:
            plan = restore(manifest.plan, manifest.secrets, settings.phone_key)
        except PlanError as error:
            raise click.ClickException(str(error)) from error
        if len(settings.pbx_names) > 1:
            plan = replace(plan, crm_name=name)
        services.begin(_door(runtime), name, plan, user_id=None)
    click.echo(f"{name}: {len(plan.dids)} numbers, {len(plan.operators)} phones taken over.")


def _name(settings: Settings) -> str:
    names = settings.pbx_names or (_UNNAMED,)
    if len(names) > 1:
        raise click.ClickException(f"say which with --pbx: {', '.join(names)}")
    return names[0]


def _door(runtime: Runtime) -> services.Door:
    return services.Door(
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        phone_key=runtime.settings.phone_key,
    )
