"""The worklist of calls in vain in the browser: who waits, who calls back, how it ended."""

from __future__ import annotations

from dataclasses import replace

from callcenter.calls.record import CallRecord
from tests.support.web import EVIL, ONE, UNKNOWN, Browser, World


def lose(world: World, number: str = ONE, call_id: str = "pbx/1") -> CallRecord:
    record = world.ring(number, call_id=call_id)
    lost = replace(world.hang_up(call_id), result="abandoned", wait_seconds=25.0)
    world.tell(lost)
    return record


def test_who_called_in_vain_stands_there_until_spoken_with(world: World, operator: Browser) -> None:
    lose(world)
    page = operator.text("/missed")
    assert "Maria Kowalska" in page
    assert f'data-dial="{ONE}"' in page
    assert "Maria Kowalska" in operator.text("/missed/desk")
    world.ring(ONE, call_id="pbx/2")
    world.answer("pbx/2")
    assert "Maria Kowalska" not in operator.text("/missed")
    closed = operator.text("/missed?state=closed")
    assert "Got through" in closed
    assert "Anna Nowak" in closed


def test_an_unknown_number_and_markup_are_shown_as_text(world: World, operator: Browser) -> None:
    lose(world, UNKNOWN)
    lose(world, EVIL, "pbx/2")
    for path in ("/missed", "/missed/desk", "/missed/1/history", "/missed/2/history"):
        text = operator.text(path)
        assert "<img src=x" not in text
    assert "Unknown caller" in operator.text("/missed")


def test_one_claims_and_another_cannot(
    world: World, operator: Browser, supervisor: Browser
) -> None:
    lose(world)
    assert operator.post("/missed/1/claim").status_code == 204
    refused = supervisor.post("/missed/1/claim")
    assert (refused.status_code, refused.json["message"]) == (
        409,
        "Somebody else is calling back already.",
    )
    assert "Anna Nowak calls back" in supervisor.text("/missed")
    assert operator.post("/missed/1/release").status_code == 204
    assert supervisor.post("/missed/1/claim").status_code == 204


def test_closing_by_hand_needs_a_reason(world: World, operator: Browser) -> None:
    lose(world)
    assert operator.post("/missed/1/close").status_code == 422
    assert operator.post("/missed/1/close", {"why": "x" * 256}).status_code == 422
    assert operator.post("/missed/1/close", {"why": "<b>spoke</b> by mail"}).status_code == 204
    again = operator.post("/missed/1/close", {"why": "again"})
    assert again.status_code == 409
    closed = operator.text("/missed?state=closed")
    assert "&lt;b&gt;spoke" in closed
    assert "Closed by hand" in closed


def test_what_is_not_there_is_said(operator: Browser) -> None:
    assert operator.get("/missed/7/history").status_code == 404
    assert operator.post("/missed/7/claim").status_code == 404
    assert operator.post("/missed/7/explode").status_code == 404
    assert operator.get("/missed?cursor=rubbish").status_code == 422


def test_the_history_has_every_call_since(world: World, operator: Browser) -> None:
    lose(world)
    lose(world, call_id="pbx/2")
    assert operator.text("/missed/1/history").count("timeline-item") == 2
