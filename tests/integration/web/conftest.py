from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support.web import Browser, World, make_world
from web.app import create_app


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path)
    yield made
    made.runtime.close()


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.runtime, testing=True)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def operator(app: Flask) -> Browser:
    return _logged_in(app, "operator1")


@pytest.fixture
def supervisor(app: Flask) -> Browser:
    return _logged_in(app, "supervisor")


@pytest.fixture
def admin(app: Flask) -> Browser:
    return _logged_in(app, "admin")


def _logged_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    assert browser.log_in(username).status_code == 302
    return browser
