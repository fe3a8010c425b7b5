"""What a supervisor who means harm writes into addresses and forms of their own pages: it is
refused in words or shows nothing, and breaks nothing. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.web import Browser, World, make_world

LONG = "9" * 5000
BEFORE_TIME = "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ"
"""A cursor of the year 1 in a zone where UTC is still in the year 0."""
CELLS = (
    f"by=time_of_day&row={LONG}:00",
    f"by=time_of_day&row={LONG[:30]}:00",
    f"by=weekday&row={LONG[:30]}",
    f"by=operator&row={LONG[:30]}",
    "by=queue&row=%00",
    "by=queue&row=' or 1=1 --",
    "by=day&row=nonsense",
)
ADDRESSES = (
    *(f"/reports/speed/contacts?figure=offered&{cell}" for cell in CELLS),
    "/supervision?cursor=0001-01-01T00:00:00%2B14:00_1",
    "/alerts?queue=%00",
    "/staffing?seconds=1e309&percent=-1&patience_seconds=NaN&calendar=%00",
)
BOARD = {"title": "Ours", "zone": "UTC", "tiles": "waiting", "rotate_seconds": "20"}


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    made = make_world(database_url, tmp_path)
    yield made
    made.runtime.close()


def test_nothing_that_is_written_leads_to_an_error_of_ours(supervisor: Browser) -> None:
    write_addresses(supervisor)
    write_forms(supervisor)
    keep_views(supervisor)


def write_addresses(supervisor: Browser) -> None:
    answers = {one: supervisor.get(one).status_code for one in ADDRESSES}
    assert set(answers.values()) == {200}
    refused = supervisor.get(f"/reports/speed/contacts?figure=offered&cursor={BEFORE_TIME}")
    assert refused.status_code == 200
    assert "cursor" in refused.text


def write_forms(supervisor: Browser) -> None:
    assert supervisor.post("/wallboard/new", {**BOARD, "zone": "Europe"}).status_code == 422
    named = {**BOARD, "title": "O\0urs", "queues": "sales\0"}
    assert supervisor.post("/wallboard/new", named).location == "/wallboard/1"
    wall = {"name": "D\0oor" * 500, "language": "en"}
    assert supervisor.post("/wallboard/1/walls", wall).status_code == 200
    calendar = {"queue": "support", "calendar": "\0"}
    assert supervisor.post("/staffing", calendar).status_code in {302, 422}


def keep_views(supervisor: Browser) -> None:
    """A view leads to its report, whatever was written as its address."""
    told = {"title": "Mine", "address": "by=queue&x=1\r\nSet-Cookie: a=b"}
    assert supervisor.post("/reports/speed/views", told).location == "/reports/speed?by=queue"
    for address in ("&a=1" * 499 + "&a" * 20, "queue=\0"):
        kept = supervisor.post("/reports/speed/views", {"title": "Mine", "address": address})
        assert kept.location == "/reports/speed"
