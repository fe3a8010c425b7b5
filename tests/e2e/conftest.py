"""A browser before the running door: Chromium by Playwright, the company of `tests.support.web`."""

from __future__ import annotations

import fcntl
import os
import random
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

import web.service
from tests.e2e.desks import PATIENCE
from tests.support.require import require
from tests.support.web import PASSWORD, World, make_world
from web.assets import DIST, manifest
from web.service import WebService

FLAGS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = Path(__file__).with_name("chromium")
FRONTEND = Path(__file__).parents[2] / "web" / "frontend"


def slowly(wsgi: Callable, longest: float) -> Callable:
    """A WSGI application whose answers come late by chance, so not in the order of the asking."""
    chance = random.Random()

    def late(environ: dict, start_response: Callable) -> object:
        if not environ["PATH_INFO"].startswith(("/static", "/socket.io")):
            time.sleep(chance.uniform(0, longest))
        return wsgi(environ, start_response)

    return late


@pytest.fixture(scope="session", autouse=True)
def late_answers() -> Iterator[None]:
    """CALLCENTER_TEST_LATE=400: each answer of the web door comes up to 400 ms late."""
    longest = float(os.environ.get("CALLCENTER_TEST_LATE", "0")) / 1000
    made = web.service.create_app

    def create_late(*args: object) -> object:
        app = made(*args)
        app.wsgi_app = slowly(app.wsgi_app, longest)
        return app

    if longest:
        web.service.create_app = create_late
    yield
    web.service.create_app = made


@pytest.fixture(scope="session")
def front_end() -> None:
    """The browser side as of these sources."""
    if not (FRONTEND / "node_modules").is_dir():
        require("node")
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FRONTEND, check=True)
    newest = max(path.stat().st_mtime for path in (FRONTEND / "src").rglob("*"))
    built = DIST / "manifest.json"
    with (FRONTEND / "node_modules" / ".building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # other workers want it too
        if not built.exists() or built.stat().st_mtime < newest:
            require("node")
            subprocess.run(["node", "build.mjs"], cwd=FRONTEND, check=True)
            manifest.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    require("chromium")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path)
    yield made
    made.runtime.close()


@pytest.fixture
def service(world: World, front_end: None) -> Iterator[WebService]:
    service = WebService(world.runtime)
    service.start()
    yield service
    service.stop(5)


@pytest.fixture
def address(service: WebService) -> str:
    return f"http://127.0.0.1:{service.port}"


def enter(context: BrowserContext, address: str, username: str) -> str:
    """Log in by the door of the form, whose page is not drawn: who looks at it is `desks.log_in`.
    Returns the address that one is led to."""
    page = context.request.get(f"{address}/login").text()
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, page
    form = {"username": username, "password": PASSWORD, "csrf_token": token[1], "next": ""}
    answer = context.request.post(f"{address}/login", form=form, max_redirects=0)
    assert answer.status == 302, answer.text()
    return f"{address}{answer.headers['location']}"


@pytest.fixture
def visit(chromium, address: str) -> Iterator[Callable]:
    """Open a window, logged in as somebody; its console errors fail the test."""
    contexts, complaints = [], []

    def visit(username: str = "operator1", **options: object):
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: (
                complaints.append(f"{said.text} at {said.location}")
                if said.type == "error"
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(enter(context, address, username))
        page.wait_for_selector("html[data-link=up]")
        page.complaints = complaints
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []
