"""An AGI service on a free port, with a look-up that the test holds in its hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest

from agi_scripts.server import Limits
from agi_scripts.service import AgiService
from callcenter.clock import SystemClock
from callcenter.realtime.in_process import InProcessBus
from callcenter.routing.facts import CallerFacts, CustomerFacts
from callcenter.routing.record import DecisionRecord
from callcenter.runtime import Runtime
from callcenter.settings import BindAddress, Settings


class LookUp:
    """Finds a VIP under every number. `freeze` makes it hang like a database that stopped."""

    def __init__(self) -> None:
        self.thawed = threading.Event()
        self.thawed.set()
        self.asked: list[str] = []

    def freeze(self) -> None:
        self.thawed.clear()

    def thaw(self) -> None:
        self.thawed.set()

    def __call__(self, e164: str) -> CallerFacts:
        self.asked.append(e164)
        self.thawed.wait(60)
        customer = CustomerFacts(customer_id=7, vip_level=2, language="ru")
        return CallerFacts(customers=(customer,))


class Kept:
    """A unit of work that keeps decisions in a list, and may be told to fail."""

    def __init__(self) -> None:
        self.records: list[DecisionRecord] = []
        self.broken = False
        self.routing = self

    def record(self, *decisions: DecisionRecord) -> None:
        if self.broken:
            raise OSError("the database is away")
        self.records.extend(decisions)

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_error: object) -> None: ...

    def commit(self) -> None: ...


@pytest.fixture
def look_up() -> Iterator[LookUp]:
    one = LookUp()
    yield one
    one.thaw()


@pytest.fixture
def kept() -> Kept:
    return Kept()


StartAgi = Callable[..., AgiService]


@pytest.fixture
def start_agi(look_up: LookUp, kept: Kept) -> Iterator[StartAgi]:
    """Starts services with the limits given; stops them when the test is over."""
    started: list[AgiService] = []

    def start(shared: int = 0, **limits: float) -> AgiService:
        """`shared`: a port that several of them listen on."""
        runtime = Runtime(
            settings=Settings(agi_bind=BindAddress("127.0.0.1", shared), agi_shared=bool(shared)),
            clock=SystemClock(),
            bus=InProcessBus(),
            unit_of_work=lambda: kept,
            reader=nullcontext,
        )
        service = AgiService(runtime, limits=Limits(**limits), find_caller=look_up)
        service.start()
        started.append(service)
        return service

    yield start
    look_up.thaw()
    for service in started:
        service.stop(5.0)


@pytest.fixture
def agi(start_agi: StartAgi) -> AgiService:
    return start_agi()
