"""What concerns a plan as a whole, read from the form: numbers outside, limits, addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask_babel import lazy_gettext as _l

from callcenter.pbx.plan import PbxPlan, Ports
from callcenter.pbx.releases import RELEASES
from callcenter.services.pbx_plan import config_user
from web.pbx_forms import Field, Form, checked, lines, number, text

_SWITCHES: Final = ("record", "transfer_outside", "forward_outside", "phones_forward")
_TEXTS: Final = (
    "main_number",
    "default_queue",
    "language",
    "asterisk",
    "system_name",
    "bind",
    "external_address",
    "manager_bind",
    "agi_host",
)
_NUMBERS: Final = ("outbound_at_once", "max_call_seconds", "agi_port")
_LISTS: Final = ("outbound_prefixes", "conferences", "local_networks", "manager_permit")
_PORTS: Final = ("sip", "http", "ami", "rtp_first", "rtp_last")

FIELDS: Final = (
    Field(
        name="main_number",
        label=_l("Main number"),
        hint=_l("Shown to whom we call, unless the caller's role shows another of ours."),
    ),
    Field(
        name="default_queue",
        label=_l("Queue for everything else"),
        kind="choice",
        hint=_l("Numbers that are not in the plan, and callers who choose nothing."),
    ),
    Field(
        name="outbound_prefixes",
        label=_l("Countries that may be called"),
        kind="lines",
        hint=_l(
            "Beginnings of numbers, such as +48 +49. A stolen password costs little where the "
            "list is short."
        ),
    ),
    Field(name="outbound_at_once", label=_l("Calls to the outside at once"), kind="number"),
    Field(name="max_call_seconds", label=_l("Longest call, in seconds"), kind="number"),
    Field(
        name="conferences",
        label=_l("Conference rooms"),
        kind="lines",
        hint=_l("Extensions, such as 800."),
    ),
    Field(
        name="region",
        label=_l("Country"),
        hint=_l("Whose way of writing numbers is used, such as PL."),
    ),
    Field(
        name="language",
        label=_l("Language of the PBX"),
        hint=_l("Of announcements while the CRM is away, such as en."),
    ),
    Field(
        name="record",
        label=_l("Calls are recorded"),
        kind="check",
        heading=_l("What phones may do"),
    ),
    Field(
        name="transfer_outside",
        label=_l("Operators may transfer callers to the outside"),
        kind="check",
    ),
    Field(
        name="forward_outside", label=_l("Phones may send their calls to the outside"), kind="check"
    ),
    Field(
        name="phones_forward",
        label=_l("Phones may send calls on by themselves (302)"),
        kind="check",
        hint=_l(
            "A phone can name a whole channel: whoever has its password then reaches every "
            "number that the trunk takes."
        ),
    ),
    Field(
        name="asterisk",
        label=_l("Asterisk"),
        kind="choice",
        choices=tuple((one, one) for one in RELEASES),
        heading=_l("Where it is"),
    ),
    Field(
        name="system_name",
        label=_l("Name of this PBX"),
        hint=_l("It begins every call's id: never change it later."),
    ),
    Field(
        name="bind",
        label=_l("Address for phones"),
        hint=_l("An IP address of the PBX; 0.0.0.0 for all of them."),
    ),
    Field(
        name="external_address",
        label=_l("Address as seen from outside"),
        hint=_l("Only behind a NAT."),
    ),
    Field(name="local_networks", label=_l("Networks inside the NAT"), kind="lines"),
    Field(name="sip", label=_l("Port for SIP"), kind="number"),
    Field(name="http", label=_l("Port for phones in browsers"), kind="number"),
    Field(name="rtp_first", label=_l("First port for sound"), kind="number"),
    Field(name="rtp_last", label=_l("Last port for sound"), kind="number"),
    Field(
        name="agi_host",
        label=_l("The CRM's address"),
        hint=_l("Where the PBX asks what to do with a caller (AGI_BIND)."),
    ),
    Field(name="agi_port", label=_l("Its port"), kind="number"),
    Field(
        name="manager_bind",
        label=_l("Address of the manager"),
        heading=_l("How the CRM reaches it"),
    ),
    Field(name="ami", label=_l("Port of the manager"), kind="number"),
    Field(name="manager_permit", label=_l("Networks that may use the manager"), kind="lines"),
    Field(
        name="config_user",
        label=_l("The CRM may apply this plan by itself"),
        kind="check",
        hint=_l(
            "Adds a manager user that may reload Asterisk. Asterisk gives no smaller right for "
            "that than one with which modules can be loaded too; so it logs in from the PBX's "
            "own machine alone."
        ),
    ),
)


def values_of(plan: PbxPlan) -> dict[str, object]:
    ports = {name: getattr(plan.ports, name) for name in _PORTS}
    told = {name: getattr(plan, name) for name in (*_TEXTS, *_NUMBERS, *_SWITCHES, *_LISTS)}
    return {**told, **ports, "region": plan.region, "config_user": bool(plan.manager.config)}


def edited(plan: PbxPlan, form: Form) -> PbxPlan:
    changes = {
        **{name: text(form, name) for name in _TEXTS},
        **{name: number(form, name) for name in _NUMBERS},
        **{name: lines(form, name) for name in _LISTS},
        **{name: checked(form, name) for name in _SWITCHES},
        "region": text(form, "region").upper(),
        "ports": Ports(**{name: number(form, name) for name in _PORTS}),
    }
    plan = config_user(plan, wanted=checked(form, "config_user"))
    return replace(plan, **changes)  # type: ignore[arg-type]
