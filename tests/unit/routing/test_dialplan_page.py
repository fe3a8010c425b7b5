"""docs/dialplan-variables.md is what people write their dialplan from: it may not lag behind."""

from __future__ import annotations

import re
from pathlib import Path

from agi_scripts import variables
from callcenter.routing.actions import FIXED_ROUTES
from callcenter.routing.rules import FIRST_RULES

ROUTES = {"", "queue-NAME", *FIXED_ROUTES}
PAGE = Path(__file__).parents[3].joinpath("docs/dialplan-variables.md").read_text("utf-8")


def rows(heading: str) -> list[str]:
    section = PAGE.split(heading, 1)[1].split("\n## ", 1)[0]
    return [line for line in section.splitlines() if line.startswith("| ")]


def test_the_page_names_the_variables_in_the_order_they_are_set():
    table = PAGE.split("\n## ", 1)[0]
    assert tuple(re.findall(r"^\| \d+ \| `(\w+)`", table, re.M)) == variables.ROUTE_ORDER
    assert variables.CRM_PING in PAGE


def test_the_page_names_every_route():
    named = {re.match(r"\| `{1,2} ?([A-Za-z-]*)`", row)[1] for row in rows("## `CRM_ROUTE`")[1:]}
    assert named == ROUTES


def test_the_page_names_every_rule():
    section = PAGE.split("## `CRM_REASON`", 1)[1].split("\n## ", 1)[0]
    assert {rule.name for rule in FIRST_RULES} | {"failed-open"} <= set(
        re.findall(r"`([a-z-]+)`", section)
    )
