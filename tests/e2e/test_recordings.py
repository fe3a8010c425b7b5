"""A recording is played, drawn, searched and paused in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callcenter.calls.record import CallRecord
from callcenter.realtime.messages import Audience, Message
from tests.support.sounds import put, recorded, silence, tone, wav
from tests.support.web import ONE, World, make_world

pytestmark = pytest.mark.browser
Visit = Callable


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    return tmp_path / "monitor"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, monitor: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, recordings=(("", monitor),))
    yield made
    made.runtime.close()


def talked(world: World, *, seconds: float = 12, pause: tuple[float, float] = (4, 8)) -> int:
    """A recorded call of Maria's that Anna Nowak answered; its interaction."""
    world.ring(ONE)
    start = world.answer().answered_at
    assert start is not None
    record = world.hang_up()
    end = start + timedelta(seconds=seconds)
    caller, callee = record.legs
    legs = (replace(caller, answered_at=start, ended_at=end), replace(callee, ended_at=end))
    record = replace(record, legs=legs, ended_at=end)
    world.tell(recorded(record, "1.wav", began=start, pauses=(pause,)))
    return interaction_of(world, record)


def interaction_of(world: World, record: CallRecord) -> int:
    with world.runtime.unit_of_work() as uow:
        return uow.interactions.identified([record.id])[record.id].id


def live(world: World) -> None:
    world.ring(ONE)
    world.tell(recorded(world.answer(), "1.wav"))


@pytest.fixture
def interaction(world: World, monitor: Path) -> int:
    put(monitor, "1.wav", wav(tone(4, 0.3) + silence(4) + tone(4, 0.7)))
    return talked(world)


def seconds_of(page, now: str = ".recording-clock") -> int:
    shown = page.locator(now).inner_text().partition(" /")[0]
    minutes, _, seconds = shown.partition(":")
    return int(minutes) * 60 + int(seconds)


def test_a_recording_is_played_and_the_listening_is_on_record(
    visit: Visit, address: str, interaction: int
) -> None:
    page = visit()
    page.goto(f"{address}/interactions/{interaction}")
    expect(page.locator(".recording-clock")).to_have_text("0:00 / 0:12")
    expect(page.locator(".recording-words")).to_contain_text("0:04–0:08 Paused for card data")
    expect(page.locator(".recording-words")).to_contain_text("Anna Nowak joins")
    page.locator(".recording-speed").select_option("2")
    page.get_by_role("button", name=re.compile("^Play: Recording of")).click()
    expect(page.get_by_role("button", name=re.compile("^Pause: Recording of"))).to_be_visible()
    expect(page.locator(".recording-clock")).to_have_text(re.compile("^0:0[3-9] / 0:12"))
    page.get_by_role("button", name=re.compile("^Pause: Recording of")).click()
    chief = visit("supervisor")
    chief.goto(f"{address}/interactions/{interaction}")
    chief.locator(".recording-listeners summary").click()
    expect(chief.locator(".recording-listeners li")).to_have_count(1)
    expect(chief.locator(".recording-listeners li")).to_contain_text("Anna Nowak")
    assert not page.complaints


def test_the_place_is_chosen_by_keys_pointer_and_words(
    visit: Visit, address: str, interaction: int
) -> None:
    page = visit()
    page.goto(f"{address}/interactions/{interaction}")
    slider = page.get_by_role("slider", name="Position in the recording")
    expect(slider).to_have_attribute("aria-valuemax", "12")
    slider.focus()
    for key, place in (("ArrowRight", "5"), ("End", "12"), ("ArrowLeft", "7"), ("Home", "0")):
        page.keyboard.press(key)
        expect(slider).to_have_attribute("aria-valuenow", place)
    box = slider.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    expect(slider).to_have_attribute("aria-valuetext", "0:06 of 0:12")
    page.get_by_role("button", name="0:04–0:08 Paused for card data").click()
    expect(slider).to_have_attribute("aria-valuenow", "4")
    slider.focus()
    page.keyboard.press(" ")
    expect(slider).to_have_attribute("aria-valuenow", re.compile("^[5-9]|1[012]$"))
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name=re.compile("^Play: "))).to_be_visible()


def test_it_is_drawn_loud_where_somebody_speaks_and_hatched_where_nothing_was_kept(
    visit: Visit, address: str, interaction: int
) -> None:
    page = visit(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/interactions/{interaction}")
    expect(page.locator(".recording-words")).to_contain_text("Paused")
    inked = """(canvas, [from, until]) => {
      const pen = canvas.getContext("2d"), {width, height} = canvas;
      const x = Math.round(from * width), wide = Math.round((until - from) * width);
      const {data} = pen.getImageData(x, 0, wide, height);
      let count = 0;
      for (let at = 3; at < data.length; at += 4) if (data[at] > 40) count += 1;
      return count / (data.length / 4);
    }"""
    canvas = page.locator(".recording-wave canvas")
    quiet, gap, loud = (
        canvas.evaluate(inked, list(part)) for part in ((0.05, 0.3), (0.36, 0.64), (0.7, 0.95))
    )
    assert 0.1 < quiet < loud
    assert gap > 0.9


def test_the_timeline_plays_in_its_place(
    visit: Visit, address: str, interaction: int, world: World
) -> None:
    page = visit()
    page.goto(f"{address}/customers/{world.customers['Maria Kowalska']}")
    page.locator("ol.timeline .recording-offer").first.click()
    expect(page.get_by_role("button", name=re.compile("^Pause: Recording of"))).to_be_visible()
    page.locator("ol.timeline .recording-offer").first.click()
    expect(page.locator(".recording")).to_have_count(0)
    other = visit("operator2")
    other.goto(f"{address}/customers/{world.customers['Maria Kowalska']}")
    expect(other.locator("ol.timeline [data-sound]")).not_to_have_count(0)
    expect(other.locator(".recording-offer")).to_have_count(0)


def test_the_recording_stands_still_while_a_card_field_is_filled_in(
    visit: Visit, address: str, world: World
) -> None:
    page = visit()
    live(world)
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    page.evaluate(
        "document.querySelector('#main').insertAdjacentHTML('beforeend',"
        '\'<input id="card" data-card-data aria-label="Card">\')'
    )
    asked: list[str] = []
    world.runtime.bus.serve_commands(lambda command: answer(world, command, asked))
    page.focus("#card")
    expect(page.locator("#callbar-recording")).to_contain_text("Recording paused")
    expect(page.locator(".recording-left")).to_have_text(re.compile("^(2:00|1:5[0-9])$"))
    page.reload()
    expect(page.locator("#callbar-recording")).to_contain_text("Recording paused")
    page.get_by_role("button", name="Resume recording").click()
    expect(page.locator("#callbar-recording")).to_be_empty()
    assert asked == ["mute_recording", "unmute_recording"]


def test_leaving_the_card_field_lets_the_recording_go_on(
    visit: Visit, address: str, world: World
) -> None:
    page = visit()
    live(world)
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    page.evaluate(
        "document.querySelector('#main').insertAdjacentHTML('beforeend',"
        '\'<input id="card" data-card-data><input id="other">\')'
    )
    asked: list[str] = []
    world.runtime.bus.serve_commands(lambda command: answer(world, command, asked))
    page.focus("#card")
    expect(page.locator("#callbar-recording")).to_contain_text("Recording paused")
    page.focus("#other")
    expect(page.locator("#callbar-recording")).to_be_empty()
    assert asked == ["mute_recording", "unmute_recording"]


def test_a_pbx_that_refuses_is_told_in_plain_words(
    visit: Visit, address: str, world: World
) -> None:
    page = visit()
    live(world)
    expect(page.locator("#callbar")).to_have_attribute("data-phase", "answered")
    world.runtime.bus.serve_commands(lambda command: answer(world, command, [], ok=False))
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('recording:pause', {detail: {on: true}}))"
    )
    expect(page.locator("#toasts")).to_contain_text("could not be paused and still runs")
    expect(page.locator("#callbar-recording")).to_be_empty()


def answer(world: World, command, asked: list[str], *, ok: bool = True) -> None:
    """What the manager door would say."""
    asked.append(command.action)
    payload = {"type": "command", "id": command.id, "action": command.action, "ok": ok}
    payload |= {"why": "" if ok else "refused", "detail": "" if ok else "no such channel"}
    audience = Audience(users=(command.user_id,))
    world.runtime.bus.publish([Message(kind="message", audience=audience, payload=payload)])
