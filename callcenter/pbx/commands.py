"""`callcenter pbx render DIR`: write a PBX's configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from callcenter.commands.pbx_stored import stored_plan
from callcenter.pbx import files
from callcenter.pbx.destinations import KINDS
from callcenter.pbx.plan import (
    Did,
    Group,
    ManagerSecrets,
    Operator,
    PbxPlan,
    Ports,
    Trunk,
    default_dids,
    default_operators,
    default_queues,
    new_pin,
    new_secret,
)
from callcenter.pbx.releases import CURRENT, RELEASES
from callcenter.pbx.render import render as render_plan
from callcenter.pbx.stored import store
from callcenter.pbx.values import PlanError


def _operator(text: str, chosen: dict[str, Any], secrets: dict[str, str]) -> Operator:
    extension, _, name = text.partition(":")
    mailbox = extension in chosen["mailbox"]
    pin = secrets.setdefault(f"mailbox{extension}", new_pin()) if mailbox else new_pin()
    return Operator(
        extension=extension,
        name=name or f"Operator {extension}",
        secret=secrets.setdefault(extension, new_secret()),
        web_secret=secrets.setdefault(f"web{extension}", new_secret()),
        supervisor=extension in chosen["supervisor"],
        mailbox=mailbox,
        mailbox_pin=pin,
    )


def _group(text: str) -> Group:
    number, _, members = text.partition("=")
    separator = ">" if ">" in members else ","
    strategy: Literal["linear", "ringall"] = "linear" if separator == ">" else "ringall"
    return Group(number=number, members=tuple(members.split(separator)), strategy=strategy)


def _did(text: str) -> Did:
    number, _, target = text.partition("=")
    kind, _, name = target.partition(":")
    if kind not in KINDS:
        form = "+48221000001=queue:support, +48221000003=ivr or +48221000101=operator:1001"
        raise PlanError(f"--did {text!r} cannot be used. Accepted: {form}.")
    return Did(number=number, kind=kind, target=name)  # type: ignore[arg-type]


def _address(option: str, text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise PlanError(f"{option} {text!r} cannot be used. Accepted: HOST:PORT.")
    return host, int(port)


def _ports(chosen: dict[str, Any]) -> Ports:
    first, _, last = chosen["rtp"].partition("-")
    if not (first.isdecimal() and last.isdecimal()):
        raise PlanError(f"--rtp {chosen['rtp']!r} cannot be used. Accepted: FIRST-LAST.")
    return Ports(
        sip=chosen["sip_port"],
        ami=chosen["ami_port"],
        http=chosen["http_port"],
        rtp_first=int(first),
        rtp_last=int(last),
    )


def _plan(chosen: dict[str, Any], secrets: dict[str, str]) -> PbxPlan:
    """The plan of the options; `secrets` are an earlier rendering's, and grow by new ones."""
    named = chosen["operator"] or [f"{o.extension}:{o.name}" for o in default_operators()]
    operators = tuple(_operator(text, chosen, secrets) for text in named)
    extensions = tuple(operator.extension for operator in operators)
    unknown = sorted({*chosen["mailbox"], *chosen["supervisor"]} - set(extensions))
    if unknown:
        raise PlanError(f"no operator has the extension {', '.join(unknown)}")
    dids = tuple(_did(text) for text in chosen["did"])
    agi_host, agi_port = _address("--agi", chosen["agi"])
    trunk_host, trunk_port = _address("--trunk", chosen["trunk"])
    return PbxPlan(
        asterisk=chosen["asterisk"],
        system_name=chosen["system_name"],
        crm_name=chosen["crm_name"],
        bind=chosen["bind"],
        manager_bind=chosen["manager_bind"],
        manager_permit=chosen["permit"] or ("127.0.0.1/32",),
        external_address=chosen["external"],
        local_networks=chosen["local_net"],
        ports=_ports(chosen),
        agi_host=agi_host,
        agi_port=agi_port,
        trunks=(
            Trunk(host=trunk_host, port=trunk_port, match=chosen["trunk_match"] or (trunk_host,)),
        ),
        operators=operators,
        queues=default_queues(extensions),
        groups=tuple(_group(text) for text in chosen["group"]),
        dids=dids or _fitting(default_dids(), extensions),
        main_number=dids[0].number if dids else default_dids()[0].number,
        outbound_prefixes=chosen["outbound"],
        region=chosen["region"],
        phone_key=chosen["phone_key"],
        manager=ManagerSecrets(
            listener=secrets.setdefault("callcenter", new_secret()),
            originate=secrets.setdefault("callcenter-originate", new_secret()),
        ),
    )


def _fitting(dids: tuple[Did, ...], extensions: tuple[str, ...]) -> tuple[Did, ...]:
    return tuple(did for did in dids if did.kind != "operator" or did.target in extensions)


def _is_chosen() -> bool:
    """Whether an option was given: then the options are the plan."""
    context = click.get_current_context()
    given = (
        name
        for name in context.params
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    )
    return bool(set(given) - {"folder", "force", "pbx", "phone_key"})


@click.command("render")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--asterisk",
    type=click.Choice(list(RELEASES)),
    default=CURRENT,
    show_default=True,
    help="Which Asterisk will read it.",
)
@click.option("--system-name", default="pbx1", help="This PBX's name; begins every call's id.")
@click.option("--crm-name", default="", help="Its name in AMI_URL, when there are several PBXs.")
@click.option("--agi", default="127.0.0.1:4573", help="HOST:PORT of the CRM's FastAGI (AGI_BIND).")
@click.option("--trunk", default="127.0.0.2:5060", help="HOST:PORT calls to the network go to.")
@click.option("--trunk-match", multiple=True, help="Address calls come from (repeat); as --trunk.")
@click.option("--operator", multiple=True, help="EXTENSION:NAME (repeat), such as 1001:Anna Nowak.")
@click.option("--did", multiple=True, help="NUMBER=queue:NAME, =ivr, =operator:EXT … (repeat).")
@click.option("--group", multiple=True, help="NUMBER=EXT,EXT at once or EXT>EXT in turn (repeat).")
@click.option("--mailbox", multiple=True, help="EXT of an operator who has one (repeat).")
@click.option("--supervisor", multiple=True, help="EXT whose phones may listen in (repeat).")
@click.option("--outbound", multiple=True, default=("+48",), help="Prefixes that may be dialled.")
@click.option("--region", default="PL", help="Country whose way of writing numbers is used.")
@click.option("--bind", default="127.0.0.1", help="Address for SIP and the web socket.")
@click.option("--sip-port", default=5060)
@click.option("--rtp", default="10000-20000", help="FIRST-LAST port for sound.")
@click.option("--external", default="", help="Our address as seen from outside a NAT.")
@click.option("--local-net", multiple=True, help="Network inside that NAT (repeat).")
@click.option("--http-port", default=8088)
@click.option("--manager-bind", default="127.0.0.1", help="Address for the manager interface.")
@click.option("--ami-port", default=5038)
@click.option("--permit", multiple=True, help="Network that may use the manager (repeat).")
@click.option(
    "--phone-key",
    envvar="PHONE_KEY",
    default="",
    help="What browsers' passwords are derived from: the CRM's PHONE_KEY (or set that).",
)
@click.option("--force", is_flag=True, help="Also replace files that somebody else wrote.")
@click.option("--pbx", default="", help="Whose stored plan, where there are several.")
def render(folder: Path, *, force: bool, pbx: str, **chosen: Any) -> None:
    """Write an Asterisk configuration for this CRM into FOLDER.

    Without options it is the plan that the database keeps (Settings, PBX plan), if it keeps one.

    Secrets are made once and kept when the command runs again. Files that this command did not
    write, or that were edited since, are left alone (--force replaces them).
    """
    secrets = files.Manifest.read(folder).secrets
    try:
        plan = None if _is_chosen() else stored_plan(pbx)
        if plan is not None:
            secrets = store(plan).secrets
            click.echo("The stored plan is written; options would be for a plan of their own.")
        else:
            plan = _plan(chosen, secrets)
        changed = files.write(
            folder, render_plan(plan), secrets, force=force, plan=store(plan).plan
        )
    except PlanError as error:
        raise click.ClickException(str(error)) from error
    except files.NotOursError as error:
        raise click.ClickException(
            f"not written by this command, or edited since: {error}. Nothing was changed. "
            "Move them away, choose another folder, or say --force."
        ) from error
    except OSError as error:
        raise click.ClickException(f"cannot write to {folder}: {error.strerror}") from error
    click.echo(f"{folder}: {', '.join(changed) if changed else 'nothing to change'}")
    click.echo("Secrets are in manager.conf, pjsip.conf and voicemail.conf; only owner and group")
    click.echo("may read these.")
    click.echo(f"Set AMI_URL to ami://callcenter:SECRET@{plan.manager_bind}:{plan.ports.ami}")
    click.echo("with the secret of [callcenter] in manager.conf, and AMI_ORIGINATE_URL to")
    click.echo(f"ami://callcenter-originate:SECRET@{plan.manager_bind}:{plan.ports.ami} with the")
    click.echo("secret of [callcenter-originate], then: callcenter pbx check")
