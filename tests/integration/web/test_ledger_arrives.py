"""A ledger on another machine: forwarder, API, reader, and what people see of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from ami.client.backoff import Backoff
from ami.ledger.forward import Crm, Follower, Forwarder
from ami.ledger.service import ledger_readers
from ami.writer import OrderedWriter
from callcenter.services import accounts
from callcenter.services.call_identity import CallMemory
from callcenter.settings import PbxAddress
from tests.support.evidence import RECORDINGS, tell_recording
from tests.support.waiting import wait_until
from tests.support.web import Browser, World, make_world
from web.app import create_app
from web.service import WebService

ANSWERED = "inbound-call-is-answered-through-the-queue"
SEEN_BY_NOBODY = "caller-gives-up-in-the-queue"
PBX = "pbx"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    address = PbxAddress(PBX, "127.0.0.1", 1, "a", "b")
    made = make_world(sqlite_url, tmp_path, ami=(address,))
    yield made
    made.runtime.close()


@pytest.fixture
def service(world: World) -> Iterator[WebService]:
    service = WebService(world.runtime)
    service.start()
    yield service
    service.stop(5)


@pytest.fixture
def readers(world: World) -> Iterator[None]:
    writer = OrderedWriter(lambda _events: None, Backoff(0.01, 0.05, random.random))
    running = ledger_readers(world.runtime, writer, CallMemory(), grace=0.2)
    writer.start()
    for reader in running.values():
        reader.start()
    yield
    for reader in running.values():
        reader.stop(5)
    writer.stop(5)


def test_what_a_forwarder_sends_confirms_and_completes_what_people_see(
    world: World, service: WebService, readers: None, tmp_path: Path
) -> None:
    confirmed, _ = tell_recording(world, ANSWERED, ledger=False)
    ledger = tmp_path / "callcenter.csv"
    ledger.write_bytes(b"".join(_lines(name) for name in (ANSWERED, SEEN_BY_NOBODY)))
    token = accounts.issue_token(
        world.users["admin"],
        "forwarder",
        scopes=("ledger",),
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )
    url = f"http://127.0.0.1:{service.port}/api/v1/ledger/{PBX}"
    forwarder = Forwarder(Follower(str(ledger)), Crm(url, token))
    forwarder.step()
    assert not forwarder.in_trouble
    browser = Browser(create_app(world.runtime, testing=True))
    browser.log_in("supervisor")
    wait_until(
        lambda: (
            "Confirmed by the PBX's ledger" in browser.text(f"/interactions/{confirmed}/explain")
        ),
        words="the ledger confirms the call that was seen live",
    )
    wait_until(
        lambda: "Hung up while waiting" in browser.text("/interactions?corrected=yes"),
        words="the ledger brings the call that nobody saw",
    )
    found = browser.text("/interactions?corrected=yes").split('href="/interactions/')[1]
    told = browser.text(f"/interactions/{found.split(chr(34))[0]}/explain")
    assert "Nobody had seen this call live" in told
    admin = Browser(create_app(world.runtime, testing=True))
    admin.log_in("admin")
    wait_until(lambda: "Read to its end" in admin.text("/admin/ledger"), words="all is read")


def _lines(name: str) -> bytes:
    """The ledger as Asterisk writes it: without titles."""
    return (RECORDINGS / name / "cel.csv").read_bytes().partition(b"\n")[2]
