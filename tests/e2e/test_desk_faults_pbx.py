"""A customer is talked to in the page while first the web server and then the PBX is restarted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ami.lab import LabPbx
from ami.lab.phones import Call, Caller, call_in
from ami.lab.ports import free_tcp_port
from tests.e2e import soft_phone as phone
from tests.e2e.desks import PATIENCE, context_of, log_in, seconds_until
from tests.faults.proxy import Proxy
from tests.support.lab import require_lab
from tests.support.waiting import wait_until
from tests.support.whole_product import WholeProduct, joined
from web.service import WebService

pytestmark = [pytest.mark.browser, pytest.mark.pbx, pytest.mark.timeout(240)]

DIRECT, MARIA, PIOTR = "+48221000101", "+48601100100", "+48602200200"
Measure = Callable[[str, object], None]


class Server:
    """The web door behind one address that outlives it."""

    def __init__(self, crm: WholeProduct) -> None:
        self._crm = crm
        self._service = WebService(crm.runtime)
        self._service.start()
        self._proxy = Proxy(self._service.port)
        self.address = f"http://127.0.0.1:{self._proxy.port}"

    def stop(self) -> None:
        self._service.stop(10)
        self._proxy.refuse()

    def start(self) -> None:
        self._service = WebService(self._crm.runtime)
        self._service.start()
        self._proxy.target = self._service.port
        self._proxy.heal()

    def close(self) -> None:
        self._proxy.close()
        self._service.stop(10)


@pytest.fixture
def crm(sqlite_url: str, tmp_path: Path, front_end: None) -> Iterator[WholeProduct]:
    require_lab()
    agi = ("127.0.0.1", free_tcp_port())
    with LabPbx(tmp_path / "pbx", agi=agi) as pbx, joined(sqlite_url, pbx, tmp_path) as product:
        product.add_operators(["1001"])
        product.add_customer(MARIA, display_name="Maria Kowalska")
        product.add_customer(PIOTR, display_name="Piotr Nowak")
        yield product


@pytest.fixture
def server(crm: WholeProduct) -> Iterator[Server]:
    server = Server(crm)
    yield server
    server.close()


@pytest.fixture
def desk(chromium: Browser, server: Server) -> Iterator[Page]:
    with context_of(chromium) as context:
        yield log_in(context, server.address, "operator1001")


@pytest.fixture
def talk(crm: WholeProduct, desk: Page) -> Iterator[Callable[[str, str], None]]:
    """A customer calls and is answered in the page; there is sound both ways."""
    callers: list[Caller] = []

    def talk(number: str, name: str) -> None:
        call = Call(number=number, to=DIRECT)
        callers.append(call_in(crm.pbx, [call], talk=120, echo=True))
        phone.bar_is(desk, "ringing")
        phone.press(desk, "answer")
        phone.hears_and_speaks(desk)
        expect(desk.locator("#pop .card-name")).to_have_text(name, timeout=PATIENCE)

    yield talk
    for caller in callers:
        caller.stop()


def test_neither_a_new_web_server_nor_a_new_pbx_leaves_a_wrong_screen(
    crm: WholeProduct,
    server: Server,
    desk: Page,
    talk: Callable[[str, str], None],
    record_property: Measure,
) -> None:
    phone.switch_on(desk)
    talk(MARIA, "Maria Kowalska")

    server.stop()
    expect(desk.locator("html")).to_have_attribute("data-link", "down")
    phone.hears_and_speaks(desk)  # the sound goes by the PBX alone
    server.start()
    took = seconds_until(lambda: right_in_the_call(desk))
    record_property("s until the screen was right after a restart of the server in a call", took)
    phone.hears_and_speaks(desk)

    crm.pbx.restart()
    took = seconds_until(lambda: phone.bar_is(desk, "idle"))
    record_property("s from the PBX's return until no call was shown", took)
    crm.wait_until_over(1)
    wait_until(lambda: crm.rows("select state from pbx_links") == [("up",)], timeout=60)
    took = seconds_until(lambda: phone.status_is(desk, "ready"))
    record_property("s from the link's return until the phone was signed in", took)
    expect(desk.locator("#agent-state summary")).to_have_attribute("data-current", "ready")
    (row,) = crm.mappings("SELECT result, talk_seconds FROM interactions")
    assert row["result"] == "answered"
    assert row["talk_seconds"] > 0

    talk(PIOTR, "Piotr Nowak")


def right_in_the_call(desk: Page) -> None:
    expect(desk.locator("html")).to_have_attribute("data-link", "up", timeout=PATIENCE)
    phone.bar_is(desk, "talking")
    expect(desk.locator("#pop .card-name")).to_have_text("Maria Kowalska", timeout=PATIENCE)
