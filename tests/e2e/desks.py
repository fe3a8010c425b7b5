"""Windows of operators who are logged in, and how long a screen takes until it is right again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.web import PASSWORD

PATIENCE = 30_000
"""Milliseconds: for a broken screen, not a measurement."""


@contextmanager
def context_of(chromium: Browser, **options: object) -> Iterator[BrowserContext]:
    """One person's browser; its windows share the log-in."""
    context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    context.set_default_timeout(PATIENCE)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def wall_of(chromium: Browser, address: str, token: str) -> Iterator[Page]:
    """A screen on the wall, where nobody logs in."""
    with context_of(chromium, viewport={"width": 1920, "height": 1080}) as context:
        page = context.new_page()
        page.goto(f"{address}/wall?lang=en#{token}")
        yield page


def log_in(context: BrowserContext, address: str, username: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("html[data-link=up]")
    return page


def seconds_until(looks_right: Callable[[], object]) -> float:
    """`looks_right` waits by itself (`expect`)."""
    began = time.monotonic()
    looks_right()
    return round(time.monotonic() - began, 2)
