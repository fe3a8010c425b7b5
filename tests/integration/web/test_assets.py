"""The built front end as browsers get it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.web import Browser
from web import assets


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "dist"
    folder.mkdir()
    monkeypatch.setattr(assets, "DIST", folder)
    yield folder
    for kept in (assets._read, assets.manifest):  # a page of an error has asked for it too
        kept.cache_clear()


def test_a_browser_that_can_gets_it_compressed(browser: Browser, dist: Path) -> None:
    (dist / "frame-1.js").write_bytes(b"let a;")
    (dist / "frame-1.js.gz").write_bytes(gzip.compress(b"let a;"))
    answer = browser.get("/static/dist/frame-1.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == b"let a;"
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]


def test_another_gets_it_plain(browser: Browser, dist: Path) -> None:
    (dist / "icon-2.png").write_bytes(b"png")
    (dist / "icon-2.png.gz").write_bytes(gzip.compress(b"png"))
    answer = browser.get("/static/dist/icon-2.png", headers={"Accept-Encoding": "identity"})
    assert (answer.data, answer.mimetype) == (b"png", "image/png")
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("path", ["../secret", "%2e%2e/secret", "nothing.js", "..%2fsecret"])
def test_nothing_else_is_given_out(browser: Browser, dist: Path, path: str) -> None:
    (dist.parent / "secret").write_text(json.dumps("hidden"))
    assert browser.get(f"/static/dist/{path}").status_code == 404


def test_what_is_built_later_is_found_then(browser: Browser, dist: Path) -> None:
    assert browser.get("/static/dist/late-1.css").status_code == 404
    (dist / "late-1.css").write_bytes(b"a{}")
    assert browser.get("/static/dist/late-1.css").data == b"a{}"
