"""A wall on a telephone: labels that differ in their last word are told apart."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.integration.web.test_wallboard import make_board
from tests.support.web import World

pytestmark = pytest.mark.browser


def test_labels_are_read_to_their_last_word(chromium: Any, world: World, address: str) -> None:
    tiles = ("service_level_now", "service_level_today", "ready")
    _board, token = make_board(world, tiles=tiles)
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    try:
        page = context.new_page()
        page.goto(f"{address}/wall?lang=ru#{token}")
        labels = page.locator(".wall-label > span")
        expect(labels).to_have_count(3)
        cut = labels.evaluate_all("all => all.filter((one) => one.scrollHeight > one.clientHeight)")
        assert cut == []
    finally:
        context.close()
