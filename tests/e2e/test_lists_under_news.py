"""A list of which news come faster than the server answers is read all the same."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Request, Route, expect

from tests.e2e.test_work_lists import ask
from tests.support.web import UNKNOWN, World

pytestmark = pytest.mark.browser


def test_an_answer_is_shown_while_the_next_one_is_still_on_its_way(
    visit: Callable, world: World
) -> None:
    page = visit()
    page.click('#rail a[href="/callbacks"]')
    rows = page.locator("[data-callback-row]")
    expect(page.locator("#callback-rows")).to_contain_text("Nobody waits to be called back")
    held: list[Route] = []

    def is_list(request: Request) -> bool:
        return urlparse(request.url).path == "/callbacks"

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/callbacks", hold)
    with page.expect_request(is_list):
        ask(world)
    with page.expect_request(is_list):
        ask(world, UNKNOWN)
    held[0].continue_()
    expect(rows).to_have_count(2)
    for late in held[1:]:
        late.continue_()
    expect(rows).to_have_count(2)
