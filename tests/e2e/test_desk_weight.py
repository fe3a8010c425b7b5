"""How much a browser fetches for the desk, and from whom."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.web import ONE, World
from web.assets import DIST, manifest

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
MOST = 400_000
OTHER_PAGES = {"charts.js", "wallboard.js", "wall.js", "wall-styles.css"}
"""What pages with charts and wallboards fetch when they are opened, and the desk never."""


def test_the_desk_with_its_phone_weighs_less_than_400_kilobytes(visit: Visit) -> None:
    page = visit()
    html = page.evaluate("fetch('/desk').then((answer) => answer.text())")
    weights = {name: _sent(built) for name, built in manifest().items() if name not in OTHER_PAGES}
    weights["desk"] = len(gzip.compress(html.encode()))
    assert sum(weights.values()) < MOST, weights


def test_the_browser_fetches_the_files_compressed_and_once(visit: Visit) -> None:
    page = visit()
    seen = page.evaluate(
        "performance.getEntriesByType('resource').map(e => [e.name, e.encodedBodySize])"
    )
    names = [name for name, _ in seen if "/static/" in name]
    assert len(names) == len(set(names))
    assert not [
        built for name, built in manifest().items() if name in OTHER_PAGES and _in(built, names)
    ]
    assert sum(size for _, size in seen) < MOST, seen


def test_no_host_but_our_own_is_asked_for_anything(
    visit: Visit, world: World, address: str
) -> None:
    page, asked = visit(), []
    page.on("request", lambda request: asked.append(_host(request)))
    page.on("websocket", lambda socket: asked.append(urlsplit(socket.url).netloc))
    page.reload()
    world.ring(ONE)
    expect(page.locator("#pop-facts")).to_contain_text("Nowak Logistics")
    page.click('#rail a[href="/customers"]')
    expect(page.locator("h1")).to_have_text("Customers")
    assert set(asked) - {""} == {urlsplit(address).netloc}


def _in(built: str, names: list[str]) -> bool:
    return any(name.endswith(f"/{built}") for name in names)


def _host(request: Request) -> str:
    return urlsplit(request.url).netloc  # "" for what the page itself carries (data:)


def _sent(built: str) -> int:
    compressed = DIST / f"{built}.gz"
    return (compressed if compressed.exists() else DIST / built).stat().st_size
