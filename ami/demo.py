"""`callcenter demo`: the whole product in one process, with a PBX and callers of its own.

Chooses the PBX, starts it, points the settings at it, and hands over to `callcenter run`. What it
started it stops; what it found running it leaves alone.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from callcenter.runtime import Runtime, StartupError
from callcenter.settings import BindAddress, Settings
from callcenter.settings_forms import parse_ami_urls

Kind = Literal["auto", "asterisk", "simulator", "external"]


@dataclass(frozen=True, slots=True)
class DemoPbx:
    """A PBX that runs. `start_traffic` gives the function that ends the callers, or None."""

    words: str
    settings: Settings
    start_traffic: Callable[[], Callable[[], None]] | None = None


class DemoCallers:
    """The demo's callers as a service: they start when everything serves."""

    name = "demo-callers"

    def __init__(self, start: Callable[[], Callable[[], None]]) -> None:
        self.failed = threading.Event()
        self.failure = ""
        self._start = start
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._stop = self._start()

    def stop(self, timeout: float) -> None:  # noqa: ARG002  # they end at once
        self._stop()


def choose(kind: Kind, settings: Settings) -> tuple[Kind, str]:
    """(what to take, why)."""
    if kind != "auto":
        return kind, f"PBX={kind} asked for it"
    if settings.ami:
        return "external", "AMI_URL is set"
    possible, why_not = _lab_available()
    if possible:
        return "asterisk", "this machine can run it"
    return "simulator", f"no Asterisk lab here: {why_not}"


@contextmanager
def demo_pbx(kind: Kind, settings: Settings, own_agi: bool) -> Iterator[DemoPbx]:
    """`own_agi`: AGI_BIND was not given, so any free port will do."""
    chosen, why = choose(kind, settings)
    if chosen == "external":
        yield _external(settings, why)
        return
    if own_agi:
        settings = replace(settings, agi_bind=BindAddress("127.0.0.1", free_port()))
    runner = _asterisk if chosen == "asterisk" else _simulator
    with runner(settings, why) as pbx:
        yield pbx


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _external(settings: Settings, why: str) -> DemoPbx:
    if not settings.ami:
        raise StartupError("PBX=external needs AMI_URL, for example ami://user:secret@host:5038")
    where = ", ".join(f"{pbx.host}:{pbx.port}" for pbx in settings.ami)
    return DemoPbx(f"your own at {where} ({why})", settings)


@contextmanager
def _asterisk(settings: Settings, why: str) -> Iterator[DemoPbx]:
    possible, why_not = _lab_available()
    if not possible:
        raise StartupError(f"PBX=asterisk is not possible here: {why_not}")
    lab, traffic = import_module("ami.lab"), import_module("ami.lab.traffic")
    folder = settings.data_dir / "pbx"
    with lab.LabPbx(folder, agi=tuple(settings.agi_bind)) as pbx:
        words = f"Asterisk, started for this run in {folder} ({why})"
        yield DemoPbx(words, _pointed_at(settings, pbx), _traffic(traffic, pbx))


@contextmanager
def _simulator(settings: Settings, why: str) -> Iterator[DemoPbx]:
    """Has the lab's shape: `SimulatedPbx` for `LabPbx`, and callers of its own."""
    try:
        simulator = import_module("ami.simulator")
        make = simulator.SimulatedPbx
    except (ImportError, AttributeError) as error:
        raise StartupError(
            f"The simulator is not installed ({error}). Use PBX=asterisk or PBX=external."
        ) from error
    with make(settings.data_dir / "simulator", agi=tuple(settings.agi_bind)) as pbx:
        traffic = getattr(simulator, "traffic", None) or import_module("ami.simulator.traffic")
        words = f"the simulator: it plays recordings of a real Asterisk ({why})"
        yield DemoPbx(words, _pointed_at(settings, pbx), _traffic(traffic, pbx))


def _traffic(module: Any, pbx: Any) -> Callable[[], Callable[[], None]]:
    def start() -> Callable[[], None]:
        demo = module.DemoTraffic(pbx)
        demo.start()
        stop: Callable[[], None] = demo.stop
        return stop

    return start


def _pointed_at(settings: Settings, pbx: Any) -> Settings:
    """Under one name in every run, though its port changes: a call's id begins with it."""
    addresses = parse_ami_urls("AMI_URL", pbx.ami_url)
    return replace(
        settings,
        ami=tuple(replace(address, name="demo") for address in addresses),
        cel_path=Path(pbx.cel_path) if pbx.cel_path else None,
    )


def _lab_available() -> tuple[bool, str]:
    try:
        possible, why = import_module("ami.lab").available()
    except ImportError as error:
        return False, str(error)
    return bool(possible), str(why)


def announce(settings: Settings, pbx: DemoPbx, log_ins: Mapping[str, str]) -> str:
    """What the terminal shows when everything serves."""
    host, port = settings.web_bind
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # shown, not bound
    lines = ["", f"  Open     {settings.public_url or f'http://{shown}:{port}'}", ""]
    lines += [f"  Log in   {name:<12} {password}" for name, password in log_ins.items()]
    lines += ["", f"  PBX      {pbx.words}", "  Stop     Ctrl-C", ""]
    return "\n".join(lines)


def prepare_database(runtime: Runtime) -> Mapping[str, str]:
    """Demo data and its log-ins; an empty mapping when the seed has nothing to say."""
    company = import_module("callcenter.seed.demo")
    return dict(company.seed(runtime))
