"""The plan of a PBX: everything that differs from one installation to the next.

Pure values, checked when made (`values`), so that a plan that exists can be rendered. The
defaults are one small office; secrets are made here and nowhere else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from callcenter.pbx import releases, values
from callcenter.pbx.destinations import (
    QUEUE_NAMES,
    QUEUE_NUMBERS,
    Destination,
    Group,
    Key,
    Kind,
    check_destination,
)
from callcenter.pbx.places import Folders, Ports
from callcenter.pbx.references import check_references
from callcenter.pbx.trunk import Trunk
from callcenter.pbx.values import PlanError
from callcenter.phones.secrets import web_secret

__all__ = [
    "QUEUE_NAMES",
    "Destination",
    "Did",
    "Folders",
    "Group",
    "Key",
    "ManagerSecrets",
    "Operator",
    "PbxPlan",
    "PlanError",
    "Ports",
    "Queue",
    "Trunk",
    "new_pin",
    "new_secret",
]

Strategy = Literal["ringall", "rrmemory", "leastrecent", "fewestcalls", "random"]
_STRATEGIES = ("ringall", "rrmemory", "leastrecent", "fewestcalls", "random")


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def new_pin() -> str:
    return f"{secrets.randbelow(10**8):08}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A person's two devices: the desk phone `1001` and, in the browser, `web1001`.

    `forward_…`: where calls go that the person does not take, a colleague's extension or an outside
    number; at once, when busy, when not answered. A `supervisor`'s phones may listen in.
    """

    extension: str
    name: str
    secret: str = field(default_factory=new_secret, repr=False)
    web_secret: str = field(default_factory=new_secret, repr=False)
    ring_seconds: int = 25
    desk_phones: int = 1
    """How many phones may sign in under this extension; all ring."""
    supervisor: bool = False
    mailbox: bool = False
    mailbox_pin: str = field(default_factory=new_pin, repr=False)
    forward_always: str = ""
    forward_busy: str = ""
    forward_no_answer: str = ""

    def __post_init__(self) -> None:
        values.check_extension("operator.extension", self.extension)
        values.check_label("operator.name", self.name)
        values.check_secret(f"operator {self.extension}: secret", self.secret)
        values.check_secret(f"operator {self.extension}: web_secret", self.web_secret)
        values.check_seconds(f"operator {self.extension}: ring_seconds", self.ring_seconds)
        if not 1 <= self.desk_phones <= 10:
            words = f"operator {self.extension}: desk_phones must be from 1 to 10"
            raise PlanError(words, field="desk_phones", code="desk_phones")
        values.check_pin(f"operator {self.extension}: mailbox_pin", self.mailbox_pin)
        for kind, to in self.forwards.items():
            check = values.check_number if to.startswith("+") else values.check_extension
            check(f"operator {self.extension}: forward_{kind}", to)

    @property
    def forwards(self) -> dict[str, str]:
        """always, busy, no_answer → where to; only those that are set."""
        every = {
            "always": self.forward_always,
            "busy": self.forward_busy,
            "no_answer": self.forward_no_answer,
        }
        return {kind: to for kind, to in every.items() if to}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """`queue-NAME` is its word in CRM_ROUTE; `number` is what phones dial and transfer to."""

    name: str
    strategy: Strategy
    members: tuple[str, ...]
    number: str = ""
    """'': the usual one of a queue of QUEUE_NUMBERS."""
    ring_seconds: int = 15
    wait_seconds: int = 300
    weight: int = 0
    wrapup_seconds: int = 0
    join_empty: bool = True
    """Whether callers may come in while no member could take them, and (next) stay in."""
    leave_when_empty: bool = False
    keys: tuple[Key, ...] = ()
    overflow: Destination | None = None
    """Where callers go whose time is over, or whom the queue does not take."""

    def __post_init__(self) -> None:
        values.check_queue_name("queue.name", self.name)
        object.__setattr__(self, "number", self.number or QUEUE_NUMBERS.get(self.name, ""))
        values.check_extension(f"queue {self.name}: number", self.number)
        if self.strategy not in _STRATEGIES:
            words = f"queue {self.name}: strategy is one of {', '.join(_STRATEGIES)}"
            raise PlanError(words, field="strategy", code="strategy")
        for extension in self.members:
            values.check_extension(f"queue {self.name}: member", extension)
        for name in ("ring_seconds", "wait_seconds"):
            values.check_seconds(f"queue {self.name}: {name}", getattr(self, name))
        if not 0 <= self.weight <= 100:
            words = f"queue {self.name}: weight must be from 0 to 100"
            raise PlanError(words, field="weight", code="weight")
        if not 0 <= self.wrapup_seconds <= 86400:
            words = f"queue {self.name}: wrapup_seconds must be from 0 to 86400"
            raise PlanError(words, field="wrapup_seconds", code="wrapup_seconds")
        digits = [key.digit for key in self.keys]
        if len(set(digits)) != len(digits):
            words = f"queue {self.name}: a key stands for two places"
            raise PlanError(words, field="keys", code="key_twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """A number people dial and what answers: a place as in `Destination`."""

    number: str
    kind: Kind
    target: str = ""
    title: str = ""
    """What colleagues call the line, such as Sales Poland."""
    calendar: str = ""
    """The key of the business hours that are shown beside it."""

    def __post_init__(self) -> None:
        values.check_number("did.number", self.number)
        values.check_title(f"did {self.number}: title", self.title)
        if self.calendar:
            values.check_name(f"did {self.number}: calendar", self.calendar)
        check_destination(f"did {self.number}", self.kind, self.target)

    @property
    def to(self) -> Destination:
        return Destination(kind=self.kind, target=self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerSecrets:
    listener: str = field(default_factory=new_secret, repr=False)
    originate: str = field(default_factory=new_secret, repr=False)
    witness: str = field(default="", repr=False)
    """Only in the lab: a user that sees every event unfiltered, to make recordings."""
    config: str = field(default="", repr=False)
    """Only where the CRM may apply the plan by itself: a user that may reload, and so much more."""

    def __post_init__(self) -> None:
        values.check_secret("manager.listener", self.listener)
        values.check_secret("manager.originate", self.originate)
        if self.witness:
            values.check_secret("manager.witness", self.witness)
        if self.config:
            values.check_secret("manager.config", self.config)


def default_operators() -> tuple[Operator, ...]:
    return tuple(Operator(extension=str(1000 + n), name=f"Operator {n}") for n in (1, 2, 3))


BREATH_SECONDS = 2
"""A queue leaves its member alone for so long after a call: until the CRM has paused whoever goes
into wrap-up. Asterisk counts whole seconds, so that one may be none."""


def default_queues(members: tuple[str, ...] = ("1001", "1002", "1003")) -> tuple[Queue, ...]:
    breath = BREATH_SECONDS
    return (
        Queue(name="support", strategy="rrmemory", members=members, wrapup_seconds=breath),
        Queue(name="sales", strategy="ringall", members=members, wrapup_seconds=breath),
        Queue(
            name="vip", strategy="leastrecent", members=members, weight=10, wrapup_seconds=breath
        ),
        Queue(name="debtors", strategy="rrmemory", members=members[-1:], wrapup_seconds=breath),
    )


def default_dids() -> tuple[Did, ...]:
    return (
        Did(number="+48221000001", kind="queue", target="support"),
        Did(number="+48221000002", kind="queue", target="sales"),
        Did(number="+48221000003", kind="ivr"),
        Did(number="+48221000101", kind="operator", target="1001"),
        Did(number="+48221000102", kind="operator", target="1002"),
        Did(number="+48221000103", kind="operator", target="1003"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PbxPlan:
    asterisk: str = releases.CURRENT
    """Which Asterisk will read the configuration: one of `releases.RELEASES`."""
    system_name: str = "pbx1"
    crm_name: str = ""
    """This PBX's name in AMI_URL, told to the CRM with every call; empty where there is one PBX."""
    bind: str = "127.0.0.1"
    manager_bind: str = "127.0.0.1"
    manager_permit: tuple[str, ...] = ("127.0.0.1/32",)
    external_address: str = ""
    """What phones and trunks outside reach us by, when `bind` is behind NAT or in a container."""
    local_networks: tuple[str, ...] = ()
    ports: Ports = field(default_factory=Ports)
    folders: Folders = field(default_factory=Folders)
    agi_host: str = "127.0.0.1"
    agi_port: int = 4573
    trunks: tuple[Trunk, ...] = field(default_factory=lambda: (Trunk(),))
    """The first one is called out by."""
    operators: tuple[Operator, ...] = field(default_factory=default_operators)
    queues: tuple[Queue, ...] = field(default_factory=default_queues)
    dids: tuple[Did, ...] = field(default_factory=default_dids)
    default_queue: str = "support"
    groups: tuple[Group, ...] = ()
    conferences: tuple[str, ...] = ("800",)
    """Rooms, by extension: for colleagues, and callers whom a colleague transfers there."""
    transfer_outside: bool = False
    """Whether operators may transfer calls to outside numbers."""
    phones_forward: bool = False
    """Whether operators' phones may send their calls on by themselves (302). A phone can name a
    whole channel too: whoever has its password then reaches every number that the trunk takes."""
    forward_outside: bool = False
    """Whether they may name outside numbers."""
    manager: ManagerSecrets = field(default_factory=ManagerSecrets)
    region: str = "PL"
    language: str = "en"
    main_number: str = "+48221000001"
    outbound_prefixes: tuple[str, ...] = ("+48", "+7", "+44", "+49")
    outbound_at_once: int = 10
    max_call_seconds: int = 7200
    record: bool = True
    phone_key: str = field(default="", repr=False)
    """What the browsers' passwords are derived from (PHONE_KEY); empty: each has one of its own."""

    def __post_init__(self) -> None:
        if self.phone_key:
            values.check_secret("phone_key", self.phone_key)
            object.__setattr__(self, "operators", tuple(map(self._with_derived, self.operators)))
        releases.release_of(self.asterisk)
        values.check_name("system_name", self.system_name)
        if self.crm_name:
            values.check_pbx_name("crm_name", self.crm_name)
        for name in ("bind", "manager_bind"):
            values.check_ip(name, getattr(self, name))
        for network in self.manager_permit:
            values.check_ip("manager_permit", network)
        if self.external_address:
            values.check_host("external_address", self.external_address)
        for network in self.local_networks:
            values.check_ip("local_networks", network)
        object.__setattr__(self, "agi_host", values.check_host("agi_host", self.agi_host))
        values.check_port("agi_port", self.agi_port)
        values.check_region("region", self.region)
        values.check_language("language", self.language)
        values.check_number("main_number", self.main_number)
        for prefix in self.outbound_prefixes:
            values.check_prefix("outbound_prefixes", prefix)
        for room in self.conferences:
            values.check_extension("conferences", room)
        if self.manager.config and self.manager_here.partition(".")[0] != "127":
            words = "manager_bind: whoever may reload logs in at 127.0.0.1 (or bind to 0.0.0.0)"
            raise PlanError(words, field="config_user", code="config_user")
        if not self.trunks:
            raise PlanError("trunks: there must be one", field="trunks", code="no_trunk")
        if not self.ways_out:
            words = "trunks: calls must go out by one of them"
            raise PlanError(words, field="outbound", code="no_way_out")
        check_references(self)

    def _with_derived(self, operator: Operator) -> Operator:
        secret = web_secret(self.phone_key, f"web{operator.extension}")
        return replace(operator, web_secret=secret)

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Every place that a number, a key, a queue or a group sends callers to."""
        keys = [key.to for queue in self.queues for key in queue.keys]
        overflows = [queue.overflow for queue in self.queues]
        overflows += [group.overflow for group in self.groups]
        return (*(did.to for did in self.dids), *keys, *(place for place in overflows if place))

    @property
    def menus(self) -> tuple[str, ...]:
        """Keys of the CRM's voice menus that something leads to."""
        return tuple(sorted({d.target for d in self.destinations if d.kind == "menu"}))

    @property
    def sounds(self) -> tuple[str, ...]:
        return tuple(sorted({d.target for d in self.destinations if d.kind == "announcement"}))

    @property
    def trunk(self) -> Trunk:
        return self.trunks[0]

    @property
    def ways_out(self) -> tuple[Trunk, ...]:
        """The trunks that calls go out by, the first choice first."""
        return tuple(trunk for trunk in self.trunks if trunk.outbound)

    @property
    def queue_numbers(self) -> dict[str, str]:
        return {queue.name: queue.number for queue in self.queues}

    def queue_or_default(self, name: str) -> str:
        """The queue of that name, for places that do not depend on there being one."""
        return name if name in self.queue_numbers else self.default_queue

    def agi(self, script: str, **query: str) -> str:
        """The address of one of the CRM's scripts; each is told which PBX asks. Values are plain
        words: what a call brings is for the dialplan to append."""
        asked = {"pbx": self.crm_name, **query}
        told = urlencode({name: value for name, value in asked.items() if value})
        return f"agi://{self.agi_host}:{self.agi_port}/{script}{'?' if told else ''}{told}"

    @property
    def agi_url(self) -> str:
        return self.agi("route")

    @property
    def ami_url(self) -> str:
        """What goes into AMI_URL (of a PBX on this machine)."""
        return f"ami://callcenter:{self.manager.listener}@{self.manager_bind}:{self.ports.ami}"

    @property
    def ami_originate_url(self) -> str:
        """The same for AMI_ORIGINATE_URL."""
        user = f"callcenter-originate:{self.manager.originate}"
        return f"ami://{user}@{self.manager_bind}:{self.ports.ami}"

    @property
    def manager_here(self) -> str:
        """How the manager is reached from the PBX's own machine."""
        return "127.0.0.1" if self.manager_bind == "0.0.0.0" else self.manager_bind  # noqa: S104

    @property
    def ami_config_url(self) -> str:
        """The same for AMI_CONFIG_URL; '' where the CRM may not reload."""
        if not self.manager.config:
            return ""
        return f"ami://callcenter-config:{self.manager.config}@{self.manager_here}:{self.ports.ami}"
