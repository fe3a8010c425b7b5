"""Those who watch: screens in a process of their own, and one real browser page."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import socketio
from playwright.sync_api import Page, sync_playwright

from bench.wallboard.centre import PASSWORD
from tests.e2e.conftest import FLAGS


class Screens:
    """N screens on a wall. Each notes when a call first stood among those who wait."""

    def __init__(self, address: str, tokens: Sequence[str], screens: int) -> None:
        self._ours, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(
            target=_watch, args=(address, tokens, screens, theirs), daemon=True
        )
        self._process.start()
        self._ours.recv()

    def close(self) -> dict[str, Any]:
        """`seen`: for each screen, call id → when; `frames`, `bytes_` of all together; `fastest`:
        the least seconds between two changes of one tile on one screen."""
        self._ours.send("over")
        told: dict[str, Any] = self._ours.recv()
        self._process.join(10)
        return told


def _watch(address: str, tokens: Sequence[str], screens: int, pipe: Connection) -> None:
    seen: list[dict[str, float]] = [{} for _ in range(screens)]
    frames, fastest = [0], [float("inf")]
    clients = []
    for at in range(screens):
        client = socketio.Client(reconnection=False, websocket_extra_options={"origin": address})
        client.on("wallboard", _taker(seen[at], frames, fastest), namespace="/wallboard")
        client.connect(
            address,
            auth={"token": tokens[at % len(tokens)]},
            transports=["websocket"],
            namespaces=["/wallboard"],
        )
        clients.append(client)
    pipe.send("open")
    pipe.recv()
    for client in clients:
        client.disconnect()
    pipe.send({"seen": seen, "frames": frames[0], "fastest": fastest[0]})


def _taker(seen: dict[str, float], frames: list[int], fastest: list[float]) -> Any:
    changed: dict[str, float] = {}

    def take(frame: dict[str, Any]) -> None:
        now = time.time()
        frames[0] += 1
        for name, tile in frame["tiles"].items():
            if not frame["whole"] and name in changed:
                fastest[0] = min(fastest[0], now - changed[name])
            changed[name] = now
            if name.startswith("queue:") and tile:
                for caller in tile["callers"]:
                    seen.setdefault(caller["call"], now)

    return take


@contextmanager
def page(address: str) -> Iterator[Page]:
    """A supervisor's wallboard in Chromium, drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        one = browser.new_page(viewport={"width": 1440, "height": 900})
        one.goto(f"{address}/login")
        one.fill("#username", "admin")
        one.fill("#password", PASSWORD)
        one.click("button[type=submit]")
        one.wait_for_selector("html[data-link=up]")
        one.goto(f"{address}/wallboard/all")
        one.wait_for_selector("[data-tile=waiting]")
        yield one
        browser.close()


class Cost:
    """What a page costs its browser's main thread, in shares of a processor, since made."""

    def __init__(self, one: Page) -> None:
        self._session = one.context.new_cdp_session(one)
        self._session.send("Performance.enable")
        self._began, self._at = self._figures(), time.monotonic()

    def shares(self) -> dict[str, float]:
        seconds, now = time.monotonic() - self._at, self._figures()
        names = {"TaskDuration": "all", "ScriptDuration": "script", "LayoutDuration": "layout"}
        return {
            word: round((now[name] - self._began[name]) / seconds, 3)
            for name, word in names.items()
        }

    def _figures(self) -> dict[str, float]:
        told = self._session.send("Performance.getMetrics")["metrics"]
        return {one["name"]: float(one["value"]) for one in told}
