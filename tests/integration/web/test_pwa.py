"""What makes the product installable, and what its worker may keep."""

from __future__ import annotations

import re

from tests.support.web import Browser


def test_the_manifest_names_icons_that_are_there(browser: Browser) -> None:
    answer = browser.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    told = answer.get_json(force=True)
    assert (told["display"], told["start_url"]) == ("standalone", "/desk")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        with browser.get(icon["src"], headers={"Accept-Encoding": "gzip"}) as file:
            mimetype, data = file.mimetype, file.data
        assert (mimetype, data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
        width = int.from_bytes(data[16:20], "big")
        assert f"{width}x{width}" == icon["sizes"]


def test_the_worker_has_the_whole_site_and_is_never_stale(browser: Browser) -> None:
    answer = browser.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_for_no_connection_shows_nobodys_data(browser: Browser, operator: Browser) -> None:
    for one in (browser, operator):
        page = one.text("/offline")
        assert "cannot be reached" in page
        assert "Anna" not in page
        assert not re.search(r"csrf", page)


def test_every_page_names_the_manifest_and_allows_the_worker(operator: Browser) -> None:
    answer = operator.get("/desk")
    assert 'rel="manifest"' in answer.get_data(as_text=True)
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]
