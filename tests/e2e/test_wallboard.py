"""The wallboard in a browser: figures follow calls, and a screen on a wall stands alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from callcenter.agents.staffing import QueueSettings
from callcenter.services import boards
from callcenter.wallboard.layout import Layout
from tests.e2e.desks import wall_of
from tests.integration.web.test_wallboard import be, make_board
from tests.support.web import ONE, SHARED, UNKNOWN, World

pytestmark = pytest.mark.browser


_PLACES = """
[...document.querySelectorAll(".board-tile, .board-queues tr, .board-operator, .wall-tile")]
  .filter((one) => one.closest("[data-tile], [data-queue], [data-operator], [data-call]"))
  .map((one) => {
    const {top, left, width, height} = one.getBoundingClientRect();
    const at = (value) => Math.round(value * 10) / 10;
    const {tile, operator, call} = one.dataset;
    const queue = one.closest("[data-queue]")?.dataset.queue;
    const key = [tile, queue, one.rowIndex, operator, call].filter((part) => part !== undefined);
    return [key.join(" "), [top, left, width, height].map(at).join(" ")];
  })
"""


def _places(page: Any) -> dict[str, str]:
    """Everything that stands on a board, and where."""
    return dict(page.evaluate(_PLACES))


def _tile(page: Any, kind: str) -> Any:
    return page.locator(f"[data-tile={kind}] :is(.board-figure, .wall-figure)")


def test_a_supervisor_watches_a_call_arranges_tiles_and_is_told_of_a_pbx_that_is_away(
    visit: Callable[..., Any], world: World, address: str
) -> None:
    board, _token = make_board(world)
    be(world, "operator1", "ready")
    page = visit("supervisor")
    page.click("#rail a[href='/wallboard']")
    expect(_tile(page, "ready")).to_have_text("1")
    world.ring(ONE)
    row = page.locator("tbody[data-queue=support]")
    expect(row.locator("[data-figure=waiting]")).to_have_text("1")
    expect(row.locator(".board-callers")).to_contain_text("Maria Kowalska")
    expect(row.locator(".board-callers")).to_contain_text("VIP 1")
    world.answer()
    expect(_tile(page, "waiting")).to_have_text("0")
    expect(_tile(page, "talking")).to_have_text("1")
    expect(page.locator(".board-operator.state-talking")).to_contain_text("Anna Nowak")
    page.click(".board-operator.state-talking summary")
    expect(page.locator("[data-step-in='pbx/1'][data-mode=listen]")).to_be_visible()
    page.keyboard.press("Escape")
    world.hang_up()
    expect(_tile(page, "talking")).to_have_text("0")

    with world.runtime.unit_of_work() as uow:
        gone = world.runtime.clock.now() - timedelta(minutes=5)
        uow.pbx_links.set("pbx", "up", "", gone, "22")
        uow.commit()
    expect(page.locator("#board-trouble")).to_contain_text(
        "The PBX pbx has been away since", timeout=20000
    )

    page.goto(f"{address}/wallboard/{board}/edit")
    page.wait_for_selector("html[data-link=up]")
    page.focus("#down-waiting")
    page.keyboard.press("Enter")
    expect(page.locator(".tile-list li").nth(1)).to_have_id("tile-waiting")
    page.keyboard.press("Enter")
    expect(page.locator(".tile-list li").nth(2)).to_have_id("tile-waiting")
    page.click("#board-form .btn-primary")
    expect(page.locator("#board-tiles .board-tile").nth(2)).to_have_attribute(
        "data-tile", "waiting"
    )


def test_a_screen_on_a_wall_shows_large_figures_without_a_log_in_until_it_is_revoked(
    chromium: Any, world: World, address: str
) -> None:
    board, token = make_board(world)
    be(world, "operator1", "ready")
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/wall?lang=en#{token}")
        expect(_tile(page, "ready")).to_have_text("1")
        world.ring(ONE)
        expect(_tile(page, "waiting")).to_have_text("1")
        sizes = page.evaluate(
            "[...document.querySelectorAll('.wall-figure')]"
            ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert len(sizes) <= 12
        assert min(sizes) >= 64
        assert page.evaluate("document.documentElement.scrollHeight") <= 1080
        assert not any(token in url.partition("#")[0] for url in asked)
        assert "Maria" not in page.content()
        store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
        admin, bus = world.users["admin"], world.runtime.bus
        boards.revoke_wall(board, 1, user_id=admin, publisher=bus, **store)
        expect(page.locator("#wall-main")).to_contain_text("This screen was revoked")
    finally:
        context.close()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_at_a_desk_and_on_a_telephone_nothing_moves_when_callers_come_and_go(
    visit: Callable[..., Any], world: World, address: str, size: tuple[int, int]
) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("zeta", {"title": QueueSettings(name="zeta").shown})
        uow.commit()
    be(world, "operator2", "ready")
    page = visit("supervisor", viewport={"width": size[0], "height": size[1]})
    page.goto(f"{address}/wallboard/all")
    waiting = page.locator("tbody[data-queue=support] [data-figure=waiting]")
    expect(waiting).to_have_text("0")
    expect(page.locator(".board-operator")).to_have_count(1)
    empty = _places(page)
    assert len(empty) > 12
    for call, number in enumerate((ONE, SHARED, UNKNOWN, *(f"+4822700{n:04}" for n in range(9)))):
        world.ring(number, to=(), call_id=f"pbx/{call}")
    expect(waiting).to_have_text("12")
    expect(page.locator("tbody[data-queue=support] .board-callers")).to_contain_text("more")
    assert _places(page) == empty
    world.hang_up("pbx/0")
    expect(waiting).to_have_text("11")
    assert _places(page) == empty


def _change(world: World, board: int, **changes: Any) -> None:
    layout = Layout(**{"id": board, "title": "First floor", "zone": "Europe/Warsaw"} | changes)
    store = {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}
    boards.save_board(layout, user_id=world.users["admin"], publisher=world.runtime.bus, **store)


def test_a_board_that_is_changed_is_drawn_anew_and_the_page_around_it_stays_as_it_is(
    visit: Callable[..., Any], world: World, address: str
) -> None:
    board, _token = make_board(world)
    be(world, "operator1", "ready")
    world.ring(ONE)
    page = visit("supervisor")
    page.goto(f"{address}/wallboard/{board}")
    expect(_tile(page, "waiting")).to_have_text("1")
    page.evaluate("window.mark = 'as it was'")
    page.click("[data-open=palette]")
    page.fill("#palette-input", "half a name")
    tiles = ("ready", "asa_today", "queues")
    _change(world, board, title="Second floor", tiles=tiles)
    expect(page.locator("#board-tiles .board-tile")).to_have_count(2)
    expect(page.locator("h1")).to_have_text("Second floor")
    expect(page).to_have_title("Second floor · Call center")
    expect(page.locator("#palette-input")).to_be_focused()
    expect(page.locator("#palette-input")).to_have_value("half a name")
    expect(page.locator(".board-of-operators")).to_have_count(0)
    page.keyboard.press("Escape")

    page.focus("[data-tile=ready] a")
    _change(world, board, tiles=("waiting", "ready", "queues", "callers", "operators"))
    expect(_tile(page, "waiting")).to_have_text("1")
    expect(page.locator("[data-tile=ready] a")).to_be_focused()
    expect(page.locator("tbody[data-queue=support] .board-callers")).to_contain_text("Maria")
    expect(page.locator(".board-operator")).to_have_count(1)
    world.answer()  # it follows calls as before
    expect(_tile(page, "waiting")).to_have_text("0")

    page.click(".board-operator summary")
    _change(world, board, tiles=("talking", "operators"))
    expect(page.locator(".board-operator details[open]")).to_have_count(1)
    expect(_tile(page, "waiting")).to_have_text("0")  # not under an open menu
    page.keyboard.press("Escape")
    expect(_tile(page, "talking")).to_have_text("1")
    expect(page.locator(".board-of-queues")).to_have_count(0)
    assert page.evaluate("window.mark") == "as it was"


def test_a_layout_that_cannot_be_read_is_asked_for_again_while_the_figures_go_on(
    visit: Callable[..., Any], world: World, address: str
) -> None:
    board, _token = make_board(world)
    page = visit("supervisor")
    page.goto(f"{address}/wallboard/{board}")
    expect(_tile(page, "waiting")).to_have_text("0")
    cut = page.context.new_cdp_session(page)
    cut.send("Network.enable")
    cut.send("Network.setBlockedURLs", {"urls": [f"*/wallboard/{board}"]})
    with page.expect_event("requestfailed"):
        _change(world, board, tiles=("ready", "waiting"))
    world.ring(ONE, to=(), call_id="pbx/1")
    expect(_tile(page, "waiting")).to_have_text("1")
    expect(page.locator(".board-of-queues")).to_have_count(1)
    cut.send("Network.setBlockedURLs", {"urls": []})
    expect(page.locator("#board-tiles .board-tile")).to_have_count(2, timeout=20_000)
    expect(_tile(page, "waiting")).to_have_text("1")
    page.complaints.clear()  # of the request that was cut


@pytest.mark.parametrize("width", [1280, 390])
def test_a_row_of_a_board_that_shows_no_callers_is_one_line_and_stays_so(
    visit: Callable[..., Any], world: World, address: str, width: int
) -> None:
    board, _token = make_board(world, tiles=("waiting", "queues"))
    page = visit("supervisor", viewport={"width": width, "height": 844})
    page.goto(f"{address}/wallboard/{board}")
    waiting = page.locator("tbody[data-queue=support] [data-figure=waiting]")
    expect(waiting).to_have_text("0")
    empty = _places(page)
    rows = page.locator("tbody[data-queue=support]")
    if width > 720:
        assert rows.bounding_box()["height"] == pytest.approx(36, abs=1)
    world.ring(ONE, to=(), call_id="pbx/1")
    expect(waiting).to_have_text("1")
    assert _places(page) == empty
    expect(rows).not_to_contain_text("Maria")


def test_on_a_wall_whoever_waits_stays_where_they_stand_while_others_come_and_go(
    chromium: Any, world: World, address: str
) -> None:
    _board, token = make_board(world, tiles=("callers",), callers_shown="full", rotate_seconds=300)
    world.ring(ONE, to=(), call_id="pbx/1")
    world.ring(SHARED, to=(), call_id="pbx/2")
    with wall_of(chromium, address, token) as page:
        expect(page.locator("[data-call='pbx/2']")).to_be_visible()
        before = _places(page)
        world.hang_up("pbx/1")
        expect(page.locator("[data-call='pbx/1']")).to_have_count(0)
        world.ring(UNKNOWN, to=(), call_id="pbx/3")
        expect(page.locator("[data-call='pbx/3']")).to_be_visible()
        after = _places(page)
        assert (after["pbx/2"], after["pbx/3"]) == (before["pbx/2"], before["pbx/1"])


def test_a_wall_leaves_the_page_of_callers_when_nobody_waits_any_more(
    chromium: Any, world: World, address: str
) -> None:
    _board, token = make_board(world, tiles=("callers", "operators"), rotate_seconds=300)
    be(world, "operator2", "ready")
    world.ring(ONE, to=(), call_id="pbx/1")
    with wall_of(chromium, address, token) as page:
        expect(page.locator("[data-call='pbx/1']")).to_be_visible()
        expect(page.locator("#wall-page")).to_have_text("1 / 2")
        world.hang_up("pbx/1")
        expect(page.locator("[data-operator]")).to_have_count(1)
        expect(page.locator("#wall-page")).to_have_text("")
