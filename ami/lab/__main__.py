"""`make pbx-lab`: a PBX with phones and callers in the foreground, until Ctrl-C."""

from __future__ import annotations

import shlex
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from ami.lab import available
from ami.lab.pbx import LabError, LabPbx, lab_plan
from ami.lab.rootfs import CURRENT, RELEASES, RootfsError
from ami.lab.traffic import DemoTraffic


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise click.BadParameter("HOST:PORT is needed, such as 127.0.0.1:4573")
    return host, int(port)


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a signal handler's form
    raise SystemExit(0)


def describe(pbx: LabPbx) -> str:
    """Everything one needs to use the lab's PBX, for people."""
    plan, ports = pbx.plan, pbx.plan.ports
    lines = [
        "",
        f"  Asterisk {plan.asterisk} {plan.system_name}, files in {pbx.work_dir}",
        f"  AMI_URL={pbx.ami_url}",
        f"  AMI_ORIGINATE_URL={pbx.ami_originate_url}",
        f"  CEL_PATH={pbx.cel_path}",
        f"  RECORDINGS_PATH={pbx.recordings}",
        f"  PHONE_URL={pbx.ws_url}",
        f"  PHONE_KEY={plan.phone_key}",
        f"  FastAGI expected at {plan.agi_host}:{plan.agi_port} (AGI_BIND)",
        f"  SIP      {plan.bind}:{ports.sip} (udp), soft phones {pbx.ws_url}",
        f"  Network  calls come from and go to {plan.trunk.host}:{plan.trunk.port}",
        *(f"  Number   {did.number}  {did.kind} {did.target}" for did in plan.dids),
        *(f"  Phone    {who.extension} password {who.secret}" for who in plan.operators),
        *(f"  Browser  web{who.extension} password {who.web_secret}" for who in plan.operators),
        f"  Console  {shlex.join(pbx.console_command())}",
        "  Stop     Ctrl-C",
        "",
    ]
    return "\n".join(lines)


@click.command()
@click.option("--asterisk", type=click.Choice(list(RELEASES)), default=CURRENT, show_default=True)
@click.option("--agi", default="127.0.0.1:4573", show_default=True, help="The CRM's FastAGI.")
@click.option("--callers/--no-callers", default=False, help="Let demo callers call in.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the PBX's files there.")
def main(asterisk: str, agi: str, callers: bool, folder: Path | None) -> None:
    """A real Asterisk with the product's configuration, on ports and in folders of its own."""
    possible, why = available()
    if not possible:
        raise click.ClickException(why)
    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        work = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pbx-lab-")))
        try:
            plan = lab_plan(_address(agi), asterisk=asterisk)
            pbx = stack.enter_context(LabPbx(work, plan=plan))
        except (LabError, RootfsError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(describe(pbx))
        if callers:
            stack.enter_context(DemoTraffic(pbx))
        try:
            pbx.wait_until_gone()
        except KeyboardInterrupt:
            click.echo("stopping")
            return
    click.echo("Asterisk ended by itself; its last words are in its log", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
