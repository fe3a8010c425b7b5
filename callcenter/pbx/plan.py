"""The plan of a PBX: everything that differs from one installation to the next.

Pure values, checked when made (`values`), so that a plan that exists can be rendered. The
defaults are one small office; secrets are made here and nowhere else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Literal

from callcenter.pbx import releases, values
from callcenter.pbx.values import PlanError

Strategy = Literal["ringall", "rrmemory", "leastrecent", "fewestcalls", "random"]
_STRATEGIES = ("ringall", "rrmemory", "leastrecent", "fewestcalls", "random")
QUEUE_NAMES = ("support", "sales", "vip", "debtors")


def new_secret() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    sip: int = 5060
    ami: int = 5038
    http: int = 8088
    rtp_first: int = 10000
    rtp_last: int = 20000

    def __post_init__(self) -> None:
        for name in ("sip", "ami", "http", "rtp_first", "rtp_last"):
            values.check_port(f"ports.{name}", getattr(self, name))
        if self.rtp_first >= self.rtp_last:
            raise PlanError("ports: rtp_first must be below rtp_last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where Asterisk keeps its things, as Asterisk itself sees them (inside its root)."""

    etc: str = "/etc/asterisk"
    lib: str = "/var/lib/asterisk"
    run: str = "/var/run/asterisk"
    log: str = "/var/log/asterisk"
    spool: str = "/var/spool/asterisk"
    data: str = "/usr/share/asterisk"
    modules: str = ""
    """Empty: where Debian's package of the release keeps them."""

    def __post_init__(self) -> None:
        for name in ("etc", "lib", "run", "log", "spool", "data"):
            values.check_path(f"folders.{name}", getattr(self, name))
        if self.modules:
            values.check_path("folders.modules", self.modules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A line to the telephone network, recognised by the address it calls from."""

    name: str = "trunk"
    match: tuple[str, ...] = ("127.0.0.2",)
    host: str = "127.0.0.2"
    port: int = 5060

    def __post_init__(self) -> None:
        values.check_name("trunk.name", self.name)
        values.check_port("trunk.port", self.port)
        object.__setattr__(self, "host", values.check_host("trunk.host", self.host))
        for address in self.match:
            values.check_ip("trunk.match", address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A person's two devices: the desk phone `1001` and, in the browser, `web1001`."""

    extension: str
    name: str
    secret: str = field(default_factory=new_secret, repr=False)
    web_secret: str = field(default_factory=new_secret, repr=False)

    def __post_init__(self) -> None:
        values.check_extension("operator.extension", self.extension)
        values.check_label("operator.name", self.name)
        values.check_secret(f"operator {self.extension}: secret", self.secret)
        values.check_secret(f"operator {self.extension}: web_secret", self.web_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue of `QUEUE_NAMES`, the words CRM_ROUTE knows."""

    name: str
    strategy: Strategy
    members: tuple[str, ...]
    ring_seconds: int = 15
    wait_seconds: int = 300
    weight: int = 0

    def __post_init__(self) -> None:
        if self.name not in QUEUE_NAMES:
            raise PlanError(f"queue: {self.name!r} is not one of {', '.join(QUEUE_NAMES)}")
        if self.strategy not in _STRATEGIES:
            raise PlanError(f"queue {self.name}: strategy is one of {', '.join(_STRATEGIES)}")
        for extension in self.members:
            values.check_extension(f"queue {self.name}: member", extension)
        for number in (self.ring_seconds, self.wait_seconds):
            if not 1 <= number <= 86400:
                raise PlanError(f"queue {self.name}: seconds must be from 1 to 86400")


@dataclass(frozen=True, slots=True, kw_only=True)
class Did:
    """A number people dial and what answers: a queue, the menu, or one operator."""

    number: str
    kind: Literal["queue", "ivr", "operator"]
    target: str = ""

    def __post_init__(self) -> None:
        values.check_number("did.number", self.number)
        if self.kind == "queue" and self.target not in QUEUE_NAMES:
            raise PlanError(f"did {self.number}: no queue {self.target!r}")
        if self.kind == "operator":
            values.check_extension(f"did {self.number}: target", self.target)
        if self.kind not in ("queue", "ivr", "operator"):
            raise PlanError(f"did {self.number}: kind is queue, ivr or operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerSecrets:
    listener: str = field(default_factory=new_secret, repr=False)
    originate: str = field(default_factory=new_secret, repr=False)
    witness: str = field(default="", repr=False)
    """Only in the lab: a user that sees every event unfiltered, to make recordings."""

    def __post_init__(self) -> None:
        values.check_secret("manager.listener", self.listener)
        values.check_secret("manager.originate", self.originate)
        if self.witness:
            values.check_secret("manager.witness", self.witness)


def default_operators() -> tuple[Operator, ...]:
    return tuple(Operator(extension=str(1000 + n), name=f"Operator {n}") for n in (1, 2, 3))


def default_queues(members: tuple[str, ...] = ("1001", "1002", "1003")) -> tuple[Queue, ...]:
    return (
        Queue(name="support", strategy="rrmemory", members=members),
        Queue(name="sales", strategy="ringall", members=members),
        Queue(name="vip", strategy="leastrecent", members=members, weight=10),
        Queue(name="debtors", strategy="rrmemory", members=members[-1:]),
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
    trunk: Trunk = field(default_factory=Trunk)
    operators: tuple[Operator, ...] = field(default_factory=default_operators)
    queues: tuple[Queue, ...] = field(default_factory=default_queues)
    dids: tuple[Did, ...] = field(default_factory=default_dids)
    default_queue: str = "support"
    manager: ManagerSecrets = field(default_factory=ManagerSecrets)
    region: str = "PL"
    language: str = "en"
    main_number: str = "+48221000001"
    outbound_prefixes: tuple[str, ...] = ("+48", "+7", "+44", "+49")
    outbound_at_once: int = 10
    max_call_seconds: int = 7200
    record: bool = True

    def __post_init__(self) -> None:
        releases.release_of(self.asterisk)
        values.check_name("system_name", self.system_name)
        if self.crm_name:
            values.check_name("crm_name", self.crm_name)
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
        _check_references(self)

    @property
    def agi_url(self) -> str:
        query = f"?pbx={self.crm_name}" if self.crm_name else ""
        return f"agi://{self.agi_host}:{self.agi_port}/route{query}"

    @property
    def ami_url(self) -> str:
        """What goes into AMI_URL (of a PBX on this machine)."""
        name = "callcenter"
        return f"ami://{name}:{self.manager.listener}@{self.manager_bind}:{self.ports.ami}"


def _check_references(plan: PbxPlan) -> None:
    """Queues and numbers may only name what the plan has, once each."""
    extensions = [operator.extension for operator in plan.operators]
    queues = [queue.name for queue in plan.queues]
    numbers = [did.number for did in plan.dids]
    for what, names in (("operator", extensions), ("queue", queues), ("did", numbers)):
        if len(set(names)) != len(names):
            raise PlanError(f"a {what} is named twice: {', '.join(names)}")
    missing = sorted(set(QUEUE_NAMES) - set(queues))
    if missing:
        raise PlanError(f"the CRM routes to queues that the plan lacks: {', '.join(missing)}")
    if plan.default_queue not in queues:
        raise PlanError(f"default_queue: no queue {plan.default_queue!r}")
    wanted = {member for queue in plan.queues for member in queue.members}
    wanted |= {did.target for did in plan.dids if did.kind == "operator"}
    unknown = sorted(wanted - set(extensions))
    if unknown:
        raise PlanError(f"no operator has the extension {', '.join(unknown)}")
