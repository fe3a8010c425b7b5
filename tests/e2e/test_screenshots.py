"""The pictures of the README and the guides, taken of the demo company.

They go to a temporary folder, so that a broken page fails here; with UPDATE_SCREENSHOTS=1 they go
to docs/images.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from callcenter.accounts.passwords import hash_password
from callcenter.agents.status import AgentStatus
from callcenter.bootstrap import build
from callcenter.calls.ledger import LedgerPosition, SetAside
from callcenter.calls.repair import Repair, RepairCause
from callcenter.seed import company, demo
from callcenter.store.tables import calls
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.databases import SqliteDatabases
from tests.support.evidence import tell_recording
from tests.support.web import PASSWORD, World, ringing_call, settings_for
from web.catalogs import ensure_compiled

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
LARGEST = 200_000
Visit = Callable[..., Page]

DESKTOP: dict[str, Any] = {"viewport": {"width": 1200, "height": 720}}
TALL: dict[str, Any] = {"viewport": {"width": 1200, "height": 900}}
DARK: dict[str, Any] = {**DESKTOP, "color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@dataclass(frozen=True)
class Album:
    folder: Path

    def take(self, page: Page, name: str) -> None:
        path = self.folder / f"{name}.png"
        page.mouse.move(0, 0)  # nothing is hovered over
        page.screenshot(path=path, animations="disabled")
        assert path.stat().st_size < LARGEST, f"{name}: too large for a repository"


@pytest.fixture
def album(tmp_path: Path) -> Album:
    folder = IMAGES if os.environ.get("UPDATE_SCREENSHOTS") else tmp_path / "images"
    folder.mkdir(parents=True, exist_ok=True)
    return Album(folder)


@pytest.fixture(scope="module")
def demo_company(
    _sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A database with its weeks of calls: made once, as it takes seconds. Everybody has the
    password that `visit` knows."""
    folder = tmp_path_factory.mktemp("demo")
    kept = folder / "callcenter.db"
    runtime = build(settings_for(_sqlite_databases.migrated(kept), folder))
    names = dict(demo.seed(runtime))
    with runtime.unit_of_work() as uow:
        company.renew_passwords(uow, dict.fromkeys(names, hash_password(PASSWORD)))
        uow.commit()
    runtime.close()
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    return kept


@pytest.fixture
def world(demo_company: Path, tmp_path: Path) -> Iterator[World]:
    ensure_compiled()
    url = f"sqlite:///{shutil.copy(demo_company, tmp_path)}"
    made = World(build(settings_for(url, tmp_path)))
    with made.runtime.unit_of_work() as uow:
        now = made.runtime.clock.now()
        for name in ("operator1", "operator2", "operator3"):
            user = uow.users.by_username(name)
            assert user is not None
            uow.agents.save(
                [AgentStatus(user_id=user.id, state="ready", reason="", since=now, chosen="ready")]
            )
        uow.pbx_links.set("demo", "up", "", now, "22.10.1")
        uow.commit()
    yield made
    made.runtime.close()


def _caller(story: str) -> str:
    return next(one.number for one in demo.demo_callers() if one.story == story)


def _ring(world: World, story: str, to: list[str], call_id: str) -> None:
    """As the dialplan would route them."""
    queue = {"vip": "vip", "debtor": "debtors"}.get(story, "support")
    call = ringing_call(call_id, _caller(story), to, "", world.runtime.clock.now())
    world.tell(replace(call, queues=(queue,), route=f"queue-{queue}"))


def _rings(world: World, page: Page, story: str, call_id: str = "demo/1") -> None:
    _ring(world, story, ["1001", "1002", "1003"], call_id)
    expect(page.locator("#callbar")).to_have_attribute("data-call-id", call_id)
    expect(page.locator("#note")).to_be_visible()


def _goes(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    page.wait_for_selector("html[data-link=up]")


@pytest.mark.parametrize(("name", "look"), [("desk", DESKTOP), ("desk-dark", DARK)])
def test_a_debtor_rings_and_their_card_is_open(
    visit: Visit, world: World, album: Album, name: str, look: dict[str, Any]
) -> None:
    page = visit("operator1", **look)
    _rings(world, page, "debtor")
    expect(page.locator("#pop .card-name")).to_be_visible()
    album.take(page, name)


@pytest.mark.parametrize(
    ("username", "name"), [("operator3", "desk-polish"), ("operator2", "desk-russian")]
)
def test_an_operator_reads_the_desk_in_their_language(
    visit: Visit, world: World, album: Album, username: str, name: str
) -> None:
    page = visit(username, **DESKTOP)
    _rings(world, page, "vip")
    world.answer("demo/1", by={"operator2": "1002", "operator3": "1003"}[username])
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    album.take(page, name)


def test_several_people_share_the_number_and_one_is_chosen(
    visit: Visit, world: World, album: Album
) -> None:
    page = visit("operator1", **DESKTOP)
    _rings(world, page, "shared")
    expect(page.locator(".choice").first).to_be_visible()
    album.take(page, "chooser")


def test_a_stranger_becomes_a_customer_on_the_desk(
    visit: Visit, world: World, album: Album
) -> None:
    page = visit("operator1", **DESKTOP)
    _rings(world, page, "unknown")
    expect(page.locator("#quick")).to_be_visible()
    album.take(page, "new-customer")


def test_the_desk_fits_a_phone(visit: Visit, world: World, album: Album) -> None:
    page = visit("operator1", **PHONE)
    _rings(world, page, "debtor")
    expect(page.locator("#pop .card-name")).to_be_visible()
    album.take(page, "desk-phone")


def test_a_card_tells_what_happened(visit: Visit, world: World, album: Album, address: str) -> None:
    page = visit("operator1", **DESKTOP)
    _rings(world, page, "vip")
    world.answer("demo/1", by="1001")
    page.fill("#note", "Wants the offer for two trucks by Friday.")
    expect(page.locator("#note-status")).to_contain_text("Saved")
    world.hang_up("demo/1")
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "idle")
    expect(page.locator("#desk")).to_have_attribute("data-mode", "wrap")
    expect(page.locator("#desk-outcome")).not_to_be_empty()
    expect(page.locator("#pop-now")).to_contain_text("Answered")
    album.take(page, "wrap-up")
    page.click("#pop .card-name")
    expect(page.locator("ol.timeline")).to_contain_text("two trucks")
    album.take(page, "card")


def test_every_call_is_one_line_of_the_list(visit: Visit, album: Album, address: str) -> None:
    page = visit("supervisor", **DESKTOP)
    _goes(page, address, "/interactions")
    expect(page.locator("table tbody tr").first).to_be_visible()
    album.take(page, "interactions")


def test_a_supervisor_sees_who_talks(
    visit: Visit, world: World, album: Album, address: str
) -> None:
    page = visit("supervisor", **DESKTOP)
    for n, story in enumerate(("vip", "debtor", "known"), start=1):
        _ring(world, story, [f"100{n}"], f"demo/{n}")
    world.answer("demo/2", by="1002")
    _goes(page, address, "/live")
    expect(page.locator("#live-calls tr")).to_have_count(3)
    album.take(page, "live")


def test_a_call_explains_itself(visit: Visit, world: World, album: Album, address: str) -> None:
    page = visit("supervisor", **TALL)
    name = "caller-from-the-queue-is-transferred-after-a-word-and-then-blindly"
    interaction, call_id = tell_recording(world, name)
    now = world.runtime.clock.now()
    with world.runtime.unit_of_work() as uow:
        uow.calls.settled([call_id], now)
        uow.commit()
    _goes(page, address, f"/interactions/{interaction}/explain")
    expect(page.locator(".chart")).to_be_visible()
    album.take(page, "explain")


def test_an_administrator_sees_how_the_ledger_is_read(
    visit: Visit, world: World, album: Album, address: str
) -> None:
    now = world.runtime.clock.now()
    path = "/var/log/asterisk/cel-custom/callcenter.csv"
    with world.runtime.unit_of_work() as uow:
        uow.ledger.save_position(
            LedgerPosition(
                pbx="demo", source="file", file_id="f", path=path,
                offset=1_248_112, read_to=1_252_908, at=now,
            )
        )  # fmt: skip
        uow.ledger.set_aside(
            [
                SetAside(
                    pbx="demo", source="file", file=path, position=731_204, reason="torn",
                    line='"CHAN_START","1795315459.98', at=now,
                )
            ]
        )  # fmt: skip
        _settle_history(world, uow)
        uow.commit()
    page = visit("admin", **DESKTOP)
    _goes(page, address, "/admin/ledger")
    album.take(page, "ledger")


def _settle_history(world: World, uow: SqlUnitOfWork) -> None:
    """The ledger agreed with most calls of the last weeks, and mended a few."""
    since = world.runtime.clock.now() - timedelta(days=14)
    with world.runtime.reader() as connection:
        query = select(calls.c.id).where(calls.c.started_at >= since).order_by(calls.c.id)
        ids = list(connection.scalars(query))
    uow.calls.settled(ids, world.runtime.clock.now())
    for number, call_id in enumerate(ids):
        if number % 17 == 0:
            cause: RepairCause = "missed" if number % 51 == 0 else "corrected"
            at = world.runtime.clock.now()
            repair = Repair(
                call_id=call_id,
                at=at,
                cause=cause,
                field="result",
                before="missed",
                after="answered",
            )
            uow.repairs.record([repair])


def test_an_administrator_sees_people_and_links(visit: Visit, album: Album, address: str) -> None:
    page = visit("admin", **DESKTOP)
    for name, path in (("users", "/users"), ("pbx", "/pbx")):
        _goes(page, address, path)
        album.take(page, name)
