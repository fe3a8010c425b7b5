"""The commands that the manager door adds to `callcenter`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import cast

import click

from ami.check import PbxCheck
from ami.check_hand import check_hands
from ami.check_host import check_host
from ami.check_rules import Finding
from ami.config.demo_plan import keep_plan
from ami.demo import DemoCallers, Kind, announce, demo_pbx
from ami.replay import UnreadableError, replay_file
from callcenter.commands.pbx_stored import stored_plan
from callcenter.commands.run import serve_all
from callcenter.errors import ProductError
from callcenter.pbx.destinations import QUEUE_NAMES
from callcenter.pbx.values import PlanError
from callcenter.runtime import Runtime, Service
from callcenter.seed import demo as company
from callcenter.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def replay(file: Path) -> None:
    """Fold a recorded stream (AMI text, JSON, CEL table) and print its calls as JSON."""
    try:
        result = replay_file(file)
    except (UnreadableError, OSError) as error:
        raise click.ClickException(f"{file}: {error}") from error
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    click.echo()


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
@click.option(
    "--listen",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.2, 600),
    help="Seconds to watch for events; with a call under way, more is seen.",
)
def pbx_check(as_json: bool, listen: float) -> None:
    """Tell, line by line, what is wrong between us and each PBX, and how to mend it.

    Exit code 1 when a line says FAIL.
    """
    settings = Settings.from_env(os.environ)
    if not settings.ami:
        raise click.ClickException("AMI_URL names no PBX, for example ami://user:secret@host:5038")
    findings: list[Finding] = []
    for address in settings.ami:
        queues, alone = _queues_of(address.name), len(settings.ami) == 1
        findings += asyncio.run(PbxCheck(address, listen, queues, alone=alone).run())
    findings += asyncio.run(check_hands(settings))
    findings += check_host(settings)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        for one in findings:
            click.echo(f"{one.level:<5} {one.where}: {one.what}: {one.words}")
            if one.mend:
                click.echo(f"      → {one.mend}")
    sys.exit(any(one.level == "FAIL" for one in findings))


def _queues_of(pbx: str) -> tuple[str, ...]:
    """Those of its plan; the usual ones where there is none, or no database at the moment."""
    try:
        plan = stored_plan(pbx)
    except (ProductError, PlanError):
        plan = None
    return tuple(plan.queue_numbers) if plan else QUEUE_NAMES


@click.command()
@click.option(
    "--pbx",
    envvar="PBX",
    default="auto",
    show_default=True,
    type=click.Choice(["auto", "asterisk", "simulator", "external"]),
    help="Which PBX to run with; also the environment variable PBX.",
)
def demo(pbx: str) -> None:
    """Run everything in one process with a PBX and demo callers, until Ctrl-C."""
    settings = Settings.from_env(os.environ)
    own_agi = not (os.environ.get("AGI_BIND") or os.environ.get("AGI_BIND_FILE"))
    with demo_pbx(cast("Kind", pbx), settings, own_agi=own_agi, say=click.echo) as running:
        log_ins: dict[str, str] = {}

        def extra(runtime: Runtime) -> list[Service]:
            log_ins.update(company.seed(runtime))
            if running.plan is not None:
                keep_plan(runtime, running.plan)
            return [DemoCallers(running.traffic, runtime)] if running.traffic else []

        def on_ready(_runtime: Runtime) -> None:
            click.echo(announce(running, log_ins))

        code = serve_all(running.settings, extra=extra, on_ready=on_ready)
    sys.exit(code)
