"""`callcenter demo`: the whole product in one process, with a PBX and callers of its own.

Chooses the PBX, starts it, points the settings at it, and hands over to `callcenter run`. What it
started it stops; what it found running it leaves alone.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from ami import lab, simulator
from ami.lab.pbx import LabError, LabPbx
from ami.lab.ports import free_tcp_port
from ami.lab.rootfs import RootfsError, is_ready
from ami.lab.traffic import DemoTraffic as LabTraffic
from ami.simulator import SimulatedPbx
from ami.simulator.traffic import DemoTraffic as SimulatedTraffic
from callcenter.pbx.plan import ManagerSecrets, Operator, PbxPlan, default_operators, new_secret
from callcenter.runtime import Runtime, StartupError
from callcenter.seed import shift
from callcenter.seed.company import LEADERS_PHONE
from callcenter.settings import BindAddress, Settings
from callcenter.settings_forms import parse_ami_urls

Kind = Literal["auto", "asterisk", "simulator", "external"]
_LAB_FAULTS = (LabError, RootfsError, OSError, subprocess.SubprocessError)


class Traffic(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class DemoPbx:
    """A PBX that runs, what to say of it, settings that point at it, and callers for it."""

    words: str
    settings: Settings
    traffic: Traffic | None = None
    plan: PbxPlan | None = None
    """What it was started with, where its plan can be edited and applied."""


class DemoCallers:
    """The demo's callers as a service: they start when everything else serves, and find operators
    at work."""

    name = "demo-callers"

    def __init__(self, traffic: Traffic, runtime: Runtime) -> None:
        self.failed = threading.Event()
        self.failure = ""
        self._traffic, self._runtime = traffic, runtime

    def start(self) -> None:
        shift.begin(self._runtime)
        self._traffic.start()

    def stop(self, timeout: float) -> None:  # noqa: ARG002  # they end at once
        self._traffic.stop()
        shift.end(self._runtime)


def choose(kind: Kind, settings: Settings) -> tuple[Kind, str]:
    """(what to take, why)."""
    if kind != "auto":
        return kind, f"PBX={kind} asked for it"
    if settings.ami:
        return "external", "AMI_URL is set"
    possible, why_not = lab.available()
    if possible:
        return "asterisk", "this machine can run it"
    return "simulator", f"no Asterisk lab here: {why_not}"


@contextmanager
def demo_pbx(
    kind: Kind, settings: Settings, *, own_agi: bool, say: Callable[[str], None]
) -> Iterator[DemoPbx]:
    """`own_agi`: AGI_BIND was not given, so any free port will do."""
    chosen, why = choose(kind, settings)
    if chosen == "external":
        yield _external(settings, why)
        return
    if own_agi:
        settings = replace(settings, agi_bind=BindAddress("127.0.0.1", free_tcp_port()))
    with ExitStack() as stack:
        yield _start(stack, chosen, why, settings, say, may_fall_back=kind == "auto")


def _start(
    stack: ExitStack,
    chosen: Kind,
    why: str,
    settings: Settings,
    say: Callable[[str], None],
    *,
    may_fall_back: bool,
) -> DemoPbx:
    if chosen == "asterisk":
        once = "" if is_ready() else " (its root file system is made first: a minute or two)"
        say(f"Starting Asterisk{once} …")
        try:
            return _asterisk(stack, settings, why)
        except _LAB_FAULTS as error:
            if not may_fall_back:
                raise StartupError(f"The Asterisk lab does not start: {error}") from error
            why = f"the Asterisk lab did not start: {error}"
    return _simulator(stack, settings, why)


def _asterisk(stack: ExitStack, settings: Settings, why: str) -> DemoPbx:
    folder = settings.data_dir / "pbx"
    agi = (settings.agi_bind.host, settings.agi_bind.port)
    pbx = LabPbx(folder, agi=agi, record=True, manager=_manager(), operators=_phones())
    stack.enter_context(pbx)
    words = f"a real Asterisk, started for this run ({why}); its files: {folder}"
    return DemoPbx(words, _pointed_at(settings, pbx), LabTraffic(pbx), pbx.plan)


def _phones() -> tuple[Operator, ...]:
    """The supervisor's is in no queue, and may listen in by a code as well."""
    leader = Operator(extension=LEADERS_PHONE, name="Supervisor", supervisor=True)
    return (*default_operators(), leader)


def _manager() -> ManagerSecrets:
    """With the user that applies plans: this Asterisk is nobody else's."""
    return ManagerSecrets(witness=new_secret(), config=new_secret())


def _simulator(stack: ExitStack, settings: Settings, why: str) -> DemoPbx:
    possible, why_not = simulator.available()
    if not possible:
        raise StartupError(why_not)
    pbx = stack.enter_context(SimulatedPbx(agi=(settings.agi_bind.host, settings.agi_bind.port)))
    words = f"the simulator, which plays recordings of a real Asterisk ({why})"
    return DemoPbx(words, _pointed_at(settings, pbx), SimulatedTraffic(pbx))


def _external(settings: Settings, why: str) -> DemoPbx:
    if not settings.ami:
        raise StartupError("PBX=external needs AMI_URL, for example ami://user:secret@host:5038")
    where = ", ".join(f"{pbx.host}:{pbx.port}" for pbx in settings.ami)
    return DemoPbx(f"your own at {where} ({why})", settings)


def _pointed_at(settings: Settings, pbx: LabPbx | SimulatedPbx) -> Settings:
    """Under one name in every run, though its port changes: a call's id begins with it."""
    addresses = parse_ami_urls("AMI_URL", pbx.ami_url)
    named = tuple(replace(address, name="demo") for address in addresses)
    ledgers = (("demo", pbx.cel_path),) if pbx.cel_path else ()
    of_lab = {} if isinstance(pbx, SimulatedPbx) else _of_lab(pbx)
    return replace(settings, ami=named, ledgers=ledgers, **of_lab)


def _of_lab(pbx: LabPbx) -> dict[str, Any]:
    """What only a real Asterisk has: phones in browsers, and calls that the CRM places."""
    hands = parse_ami_urls("AMI_ORIGINATE_URL", pbx.ami_originate_url)
    config = parse_ami_urls("AMI_CONFIG_URL", pbx.plan.ami_config_url)
    return {
        "recordings": (("demo", pbx.recordings),),
        "prompts_dir": pbx.prompts,
        "prompts_path": pbx.prompts_inside,
        "phone_url": pbx.ws_url,
        "phone_key": pbx.plan.phone_key,
        "ami_originate": tuple(replace(hand, name="demo") for hand in hands),
        "ami_config": tuple(replace(one, name="demo") for one in config),
        "pbx_config": (("demo", pbx.work_dir / "etc"),),
    }


def announce(pbx: DemoPbx, log_ins: Mapping[str, str]) -> str:
    """What the terminal shows when everything serves."""
    settings = pbx.settings
    host, port = settings.web_bind
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # shown, not bound
    lines = ["", f"  Open     {settings.public_url or f'http://{shown}:{port}'}"]
    lines += [f"  Log in   {name:<12} {password}" for name, password in log_ins.items()]
    lines += [f"  PBX      {pbx.words}", "  Stop     Ctrl-C", ""]
    return "\n".join(lines)
