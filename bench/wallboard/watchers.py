"""Those who watch: screens in a process of their own, and one real browser page."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final

from playwright.sync_api import Page, sync_playwright

from bench.wallboard.centre import PASSWORD
from bench.wallboard.screens import Seen, watch
from tests.e2e.conftest import FLAGS

_OPENS: Final = 60.0
"""Seconds within which all screens must have opened."""


class Screens:
    """N screens on a wall. Each notes when a call first stood among those who wait."""

    def __init__(self, address: str, tokens: Sequence[str], screens: int) -> None:
        self._ours, theirs = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(
            target=watch, args=(address, tokens, screens, theirs), daemon=True
        )
        self._process.start()
        if not self._ours.poll(_OPENS):
            self._process.kill()
            raise RuntimeError("the screens did not open in time")
        self._ours.recv()

    def close(self) -> Seen:
        self._ours.send("over")
        told: Seen = self._ours.recv()
        self._process.join(10)
        return told


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
    """What a page costs its browser, in shares of a processor, since made. `page`: the processor
    that its process used, drawing included; `of_main_thread`: how much of the time its main thread
    was at something, which on a machine with too few processors includes waiting for one."""

    def __init__(self, one: Page) -> None:
        self._page = one.context.new_cdp_session(one)
        self._page.send("Performance.enable")
        assert one.context.browser is not None
        self._browser = one.context.browser.new_browser_cdp_session()
        self._began, self._at = self._figures(), time.monotonic()

    def shares(self) -> dict[str, float]:
        seconds, now = time.monotonic() - self._at, self._figures()
        return {name: round((now[name] - self._began[name]) / seconds, 3) for name in now}

    def _figures(self) -> dict[str, float]:
        told = self._page.send("Performance.getMetrics")["metrics"]
        metrics = {one["name"]: float(one["value"]) for one in told}
        processes = self._browser.send("SystemInfo.getProcessInfo")["processInfo"]
        used = [(one["type"] == "renderer", float(one["cpuTime"])) for one in processes]
        return {
            "page": sum(seconds for of_page, seconds in used if of_page),
            "rest_of_browser": sum(seconds for of_page, seconds in used if not of_page),
            "of_main_thread": metrics["TaskDuration"],
            "script": metrics["ScriptDuration"],
            "style": metrics["RecalcStyleDuration"],
            "layout": metrics["LayoutDuration"],
        }
