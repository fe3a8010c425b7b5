"""Whatever happens to the line, the server, the bus, the PBX or the database: a screen on a wall
says how old its figures are and why, and is right again by itself, with the figures of the reports.

In each fault calls go on that the screen does not hear of. Nobody reloads it: the mark that is set
on its page at the beginning is still there at the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from callcenter.bootstrap import build
from callcenter.reports.periods import Period
from callcenter.services import boards
from callcenter.settings import BindAddress
from tests.e2e.desks import context_of, log_in
from tests.faults.proxy import Proxy
from tests.integration.web.test_wallboard import be, make_board
from tests.support.figures_compared import reported
from tests.support.servers import RedisServer
from tests.support.store import Store
from tests.support.web import ONE, SHARED, UNKNOWN, World, make_world
from web.service import WebService

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PATIENCE = 60_000
"""Milliseconds: for a broken screen, not a measurement."""
WARSAW = "Europe/Warsaw"
TODAY = ("offered_today", "answered_today", "abandoned_today", "service_level_today")
TILES = ("waiting", "talking", "ready", *TODAY, "callers")
Open = Callable[[World], Page]


@pytest.fixture
def line(service: WebService) -> Iterator[Proxy]:
    """Between screen and server."""
    proxy = Proxy(service.port)
    yield proxy
    proxy.close()


@pytest.fixture
def open_wall(chromium: Browser) -> Iterator[Callable[[World, int], Page]]:
    """A screen that stays on its first page, with its timers counted; its errors fail the test."""
    errors: list[str] = []
    with context_of(chromium, viewport={"width": 1920, "height": 1080}) as context:

        def open_it(world: World, port: int) -> Page:
            _board, token = make_board(world, tiles=TILES, rotate_seconds=300)
            page = context.new_page()
            page.add_init_script(_COUNT_TIMERS)
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"http://127.0.0.1:{port}/wall?lang=en#{token}")
            page.evaluate("window.mark = 'as it was'")
            return page

        yield open_it
    assert errors == []


_COUNT_TIMERS = """
window.timers = new Map();
for (const [set, clear] of [["setTimeout", "clearTimeout"], ["setInterval", "clearInterval"]]) {
  const [begin, end] = [window[set], window[clear]];
  window[set] = (act, ...rest) => {
    const id = begin.call(window, (...told) => {
      if (set === "setTimeout") timers.delete(id);
      act(...told);
    }, ...rest);
    timers.set(id, set);
    return id;
  };
  window[clear] = (id) => (timers.delete(id), end.call(window, id));
}
"""


def figure(page: Page, kind: str) -> Any:
    return page.locator(f"[data-tile={kind}] :is(.wall-figure, .board-figure)")


def shows(page: Page, kind: str, text: str) -> None:
    expect(figure(page, kind)).to_have_text(text, timeout=PATIENCE)


def is_old(page: Page, words: str) -> None:
    """The figures stand there as what they are."""
    expect(page.locator("#wall-trouble")).to_contain_text(words, timeout=PATIENCE)
    expect(page.locator("body")).to_have_class("wall is-stale", timeout=PATIENCE)
    expect(page.locator("#wall-age")).to_contain_text("old")


def is_right(page: Page, world: World) -> None:
    """Nothing is wrong any more, nobody reloaded it, and it says what the reports say."""
    expect(page.locator("#wall-trouble, #board-trouble")).to_be_empty(timeout=PATIENCE)
    expect(page.locator(".is-stale, .is-old")).to_have_count(0, timeout=PATIENCE)
    assert page.evaluate("window.mark") == "as it was"
    for kind, text in of_reports(world).items():
        shows(page, kind, text)


def of_reports(world: World) -> dict[str, str]:
    """The figures of today by the reports, as a screen writes them."""
    store = SimpleNamespace(engine=SimpleNamespace(connect=world.runtime.reader))
    day = world.runtime.clock.now().astimezone(ZoneInfo(WARSAW)).date()
    row = reported(cast("Store", store), Period.days(day, day, WARSAW))[""]
    level = row["service_level"]
    share = "–" if level is None else f"{math.floor(level * 100 + 1e-9)} %"
    counts = (str(round(row[name] or 0)) for name in ("offered", "answered", "abandoned"))
    return dict(zip(TODAY, (*counts, share), strict=True))


def talk(page: Page, world: World) -> None:
    """What the screen hears of: one call was answered and is over, one is spoken in."""
    be(world, "operator1", "ready")
    shows(page, "ready", "1")
    world.ring(ONE, call_id="pbx/1")
    world.answer("pbx/1")
    world.hang_up("pbx/1")
    world.ring(SHARED, call_id="pbx/2")
    world.answer("pbx/2")
    shows(page, "talking", "1")


def meanwhile(world: World) -> None:
    """What it does not hear of: that one ends, one hangs up, another one waits."""
    world.hang_up("pbx/2")
    world.ring(ONE, call_id="pbx/3")
    world.hang_up("pbx/3")
    world.ring(UNKNOWN, call_id="pbx/4")


def shows_what_happened_meanwhile(page: Page, world: World) -> None:
    shows(page, "waiting", "1")
    shows(page, "talking", "0")
    is_right(page, world)


def test_a_web_server_that_is_restarted(
    open_wall: Any, world: World, service: WebService, line: Proxy
) -> None:
    page = open_wall(world, line.port)
    talk(page, world)
    service.stop(5)
    line.refuse()
    is_old(page, "No connection to the server")
    meanwhile(world)
    settings = replace(world.runtime.settings, web_bind=BindAddress("127.0.0.1", 0))
    again = WebService(replace(world.runtime, settings=settings))
    again.start()
    line.target = again.port
    line.heal()
    shows_what_happened_meanwhile(page, world)
    again.stop(5)


def test_a_line_that_stands_still_and_a_tab_that_sleeps_meanwhile(
    open_wall: Any, world: World, line: Proxy
) -> None:
    page = open_wall(world, line.port)
    talk(page, world)
    line.freeze()
    is_old(page, "figures")
    chrome = page.context.new_cdp_session(page)
    chrome.send("Page.setWebLifecycleState", {"state": "frozen"})
    meanwhile(world)
    line.cut()
    line.heal()
    chrome.send("Page.setWebLifecycleState", {"state": "active"})
    shows_what_happened_meanwhile(page, world)


def test_a_desk_whose_line_stands_still(chromium: Browser, world: World, line: Proxy) -> None:
    board, _token = make_board(world, tiles=TILES)
    with context_of(chromium) as context:
        page = log_in(context, f"http://127.0.0.1:{line.port}", "supervisor")
        page.goto(f"http://127.0.0.1:{line.port}/wallboard/{board}")
        page.evaluate("window.mark = 'as it was'")
        talk(page, world)
        line.freeze()
        expect(page.locator("#board-trouble")).to_contain_text("figures", timeout=PATIENCE)
        expect(page.locator("#board-age")).to_have_class("board-age is-old")
        meanwhile(world)
        line.cut()
        line.heal()
        shows_what_happened_meanwhile(page, world)


def test_cuts_leave_no_timer_and_no_element_behind(
    open_wall: Any, world: World, line: Proxy
) -> None:
    page = open_wall(world, line.port)
    talk(page, world)

    def cut_and_heal() -> dict[str, int]:
        line.refuse()
        is_old(page, "No connection to the server")
        line.heal()
        is_right(page, world)
        return page.evaluate(
            "({elements: document.querySelectorAll('*').length,"
            " clocks: [...timers.values()].filter((one) => one === 'setInterval').length,"
            " timers: timers.size})"
        )

    first = cut_and_heal()
    later = [cut_and_heal() for _ in range(3)]
    assert [one["elements"] for one in later] == [first["elements"]] * 3
    assert [one["clocks"] for one in later] == [first["clocks"]] * 3
    # A question may be under way: with its patience it is one timer more, never one for each cut.
    assert min(one["timers"] for one in later) <= first["timers"] + 1


def test_a_screen_that_was_revoked_while_the_line_was_cut(
    open_wall: Any, world: World, line: Proxy
) -> None:
    page = open_wall(world, line.port)
    talk(page, world)
    line.refuse()
    is_old(page, "No connection to the server")
    store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    boards.revoke_wall(1, 1, user_id=world.users["admin"], publisher=world.runtime.bus, **store)
    line.heal()
    expect(page.locator("#wall-main")).to_contain_text("was revoked", timeout=PATIENCE)
    # Nor does it show what it showed before, when there is no server that says so.
    line.refuse()
    with page.expect_event("websocket", timeout=PATIENCE):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    with page.expect_event("websocket", timeout=PATIENCE):
        pass  # the first one has failed
    expect(page.locator("#wall-main")).to_contain_text("was revoked")
    expect(page.locator(".wall-figure")).to_have_count(0)


def test_a_pbx_that_is_away(open_wall: Any, world: World, line: Proxy) -> None:
    page = open_wall(world, line.port)
    talk(page, world)
    since = world.runtime.clock.now() - timedelta(minutes=5)
    _link(world, "down", since)
    zone = ZoneInfo(WARSAW)
    there, today = since.astimezone(zone), world.runtime.clock.now().astimezone(zone).date()
    # In the first minutes of a day that was on the day before, and its date is told, too.
    day = "" if there.date() == today else f"{there:%b} {there.day}, "
    is_old(page, f"The PBX pbx has been away since {day}{there:%H:%M}")
    meanwhile(world)
    _link(world, "up", world.runtime.clock.now())
    shows_what_happened_meanwhile(page, world)


def _link(world: World, state: str, at: datetime) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.pbx_links.set("pbx", state, "", at, "22")
        uow.commit()


# --- several processes on PostgreSQL and Redis ------------------------------------------------


@pytest.fixture
def doors(postgres_url: str, own_redis: RedisServer, tmp_path: Path) -> Iterator[World]:
    """The process that hears the PBX."""
    world = make_world(postgres_url, tmp_path, redis_url=own_redis.url)
    yield world
    world.runtime.close()


@pytest.fixture
def web_port(doors: World, front_end: None) -> Iterator[int]:
    """Of another process, which serves screens."""
    other = build(doors.runtime.settings)
    service = WebService(other)
    service.start()
    yield service.port
    service.stop(5)
    other.close()


def test_a_redis_that_is_away_and_comes_back(
    open_wall: Any, doors: World, web_port: int, own_redis: RedisServer
) -> None:
    page = open_wall(doors, web_port)
    talk(page, doors)
    own_redis.kill()
    expect(page.locator("#wall-trouble")).to_contain_text(
        "figures are read from the database every few seconds", timeout=PATIENCE
    )
    meanwhile(doors)
    shows(page, "waiting", "1")
    shows(page, "talking", "0")
    own_redis.start()
    shows_what_happened_meanwhile(page, doors)
    doors.answer("pbx/4")
    shows(page, "talking", "1")
    is_right(page, doors)


def test_a_redis_that_stands_still(
    open_wall: Any, doors: World, web_port: int, own_redis: RedisServer
) -> None:
    page = open_wall(doors, web_port)
    talk(page, doors)
    own_redis.freeze()
    meanwhile(doors)
    expect(page.locator("#wall-trouble")).to_contain_text("News of calls", timeout=PATIENCE)
    shows(page, "waiting", "1")
    own_redis.thaw()
    shows_what_happened_meanwhile(page, doors)


def test_a_database_that_is_locked_and_a_screen_that_is_opened_meanwhile(
    open_wall: Any, doors: World, web_port: int, postgres_url: str
) -> None:
    page = open_wall(doors, web_port)
    talk(page, doors)
    address = postgres_url.replace("+psycopg", "")
    with psycopg.connect(address) as holder:
        holder.execute(b"LOCK TABLE interactions, wall_tokens IN ACCESS EXCLUSIVE MODE")
        expect(page.locator("#wall-trouble")).to_contain_text(
            "The database does not answer", timeout=PATIENCE
        )
        second = page.context.new_page()
        second.goto(page.url)
        expect(second.locator("#wall-main")).to_contain_text("Connecting")
        holder.rollback()
    meanwhile(doors)
    shows_what_happened_meanwhile(page, doors)
    shows(second, "waiting", "1")
