"""Recordings over HTTP: who may hear which, pieces of a file, names that lead elsewhere, states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.sounds import put, recorded, silence, tone, wav
from tests.support.web import ONE, Browser, World, make_world
from web.app import create_app


@pytest.fixture
def monitor(tmp_path: Path) -> Path:
    folder = tmp_path / "monitor"
    folder.mkdir()
    return folder


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path, monitor: Path) -> Iterator[World]:
    made = make_world(sqlite_url, tmp_path, recordings=(("", monitor),))
    yield made
    made.runtime.close()


@pytest.fixture
def other(app: Flask) -> Browser:
    browser = Browser(app)
    browser.log_in("operator2")
    return browser


SOUND = wav(tone(1) + silence(1) + tone(2))


def call_with(
    world: World, *files: str, live: bool = False, call_id: str = "pbx/1", **more: Any
) -> int:
    """A call that operator1 answered; its interaction."""
    world.ring(ONE, call_id=call_id)
    record = world.answer(call_id)
    if not live:
        record = world.hang_up(call_id)
    world.tell(recorded(record, *files, **more))
    with world.runtime.unit_of_work() as uow:
        return uow.interactions.identified([call_id])[call_id].id


@pytest.fixture
def heard(world: World, monitor: Path) -> str:
    put(monitor, "1.wav", SOUND)
    return f"/recordings/{call_with(world, '1.wav')}"


def listening(supervisor: Browser, address: str) -> str:
    return supervisor.text(f"{address}?listeners=yes").partition("Heard by")[2]


@pytest.mark.parametrize(
    ("username", "status"),
    [("operator1", 200), ("operator2", 403), ("supervisor", 200), ("admin", 200), ("", 302)],
)
def test_who_spoke_hears_it_a_colleague_does_not_and_supervisors_do(
    heard: str, app: Flask, username: str, status: int
) -> None:
    who = Browser(app)
    if username:
        who.log_in(username)
    for path in (heard, f"{heard}/1", f"{heard}/1/peaks"):
        assert who.get(path, buffered=True).status_code == status, path
    number = heard.rpartition("/")[2]
    asked = who.get(f"/recordings/of?ids={number},999,x,")
    if username:
        assert asked.json == {"ids": [int(number)] if status == 200 else []}
    else:
        assert asked.status_code == 302


def test_what_is_not_there_is_not_found(heard: str, supervisor: Browser) -> None:
    for path in (
        "/recordings/999",
        "/recordings/999/1",
        f"{heard}/2",
        f"{heard}/0",
        f"{heard}/2/peaks",
    ):
        assert supervisor.get(path).status_code == 404, path


def test_a_player_gets_the_pieces_that_it_asks_for(heard: str, operator: Browser) -> None:
    whole = operator.get(f"{heard}/1", buffered=True)
    assert whole.data == SOUND
    assert whole.mimetype == "audio/wav"
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Cache-Control"] == "no-store"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    size = len(SOUND)
    for asked, told, data in (
        ("bytes=0-99", f"bytes 0-99/{size}", SOUND[:100]),
        ("bytes=100-", f"bytes 100-{size - 1}/{size}", SOUND[100:]),
        ("bytes=-10", f"bytes {size - 10}-{size - 1}/{size}", SOUND[-10:]),
    ):
        piece = operator.get(f"{heard}/1", headers={"Range": asked}, buffered=True)
        assert piece.status_code == 206
        assert piece.headers["Content-Range"] == told
        assert piece.data == data
    beyond = operator.get(f"{heard}/1", headers={"Range": f"bytes={size}-"}, buffered=True)
    assert beyond.status_code == 416


def test_one_playing_is_one_listening_however_many_pieces(
    heard: str, operator: Browser, supervisor: Browser
) -> None:
    for start in (0, 100, 200):
        headers = {"Range": f"bytes={start}-"}
        operator.get(f"{heard}/1?playing=0123456789ab", headers=headers, buffered=True)
    operator.get(f"{heard}/1/peaks", buffered=True)
    assert listening(supervisor, heard).count("Anna Nowak") == 1
    operator.get(f"{heard}/1?playing=another-time", buffered=True)
    operator.get(f"{heard}/1", buffered=True)
    operator.get(f"{heard}/1?playing=%3Cb%3E", buffered=True)
    assert listening(supervisor, heard).count("Anna Nowak") == 4
    taken = operator.get(f"{heard}/1?take=yes", buffered=True)
    assert "attachment" in taken.headers["Content-Disposition"]
    assert "downloaded" in listening(supervisor, heard)
    assert "Heard by" not in operator.text(f"{heard}?listeners=yes")


def test_the_picture_shows_the_sound_its_gaps_and_who_came(
    world: World, monitor: Path, operator: Browser
) -> None:
    put(monitor, "1.wav", SOUND)
    world.ring(ONE)
    start = world.answer().answered_at
    assert start is not None
    record = world.hang_up()
    caller, callee = record.legs

    end = start + timedelta(seconds=4)
    legs = (replace(caller, answered_at=start, ended_at=end), replace(callee, ended_at=end))
    record = replace(record, legs=legs, ended_at=end)
    world.tell(recorded(record, "1.wav", began=start, pauses=((1.0, 2.0),)))
    with world.runtime.unit_of_work() as uow:
        number = uow.interactions.identified([record.id])[record.id].id
    drawn = operator.get(f"/recordings/{number}/1/peaks").json
    assert drawn["seconds"] == 4.0
    assert drawn["pauses"] == [[1.0, 2.0]]
    assert drawn["marks"][0] == {"at": 0.0, "kind": "joined", "who": "Anna Nowak"}
    quarter = len(drawn["peaks"]) // 4
    assert min(drawn["peaks"][: quarter - 1]) > 40
    assert max(drawn["peaks"][quarter + 1 : 2 * quarter - 1]) == 0


@pytest.mark.parametrize(
    "told",
    [
        "../secret.wav",
        "/etc/passwd",
        "..",
        "../../callcenter.db",
        "link.wav",
        "a\0.wav",
        "%2e%2e/secret.wav",
    ],
)
def test_no_name_leads_out_of_the_folder(
    world: World, monitor: Path, supervisor: Browser, told: str
) -> None:
    secret = put(monitor.parent, "secret.wav", SOUND)
    (monitor / "link.wav").symlink_to(secret)
    number = call_with(world, told)
    assert supervisor.get(f"/recordings/{number}/1").status_code == 404
    assert supervisor.get(f"/recordings/{number}/1/peaks").status_code == 404


def test_a_call_under_way_is_not_heard_yet(world: World, monitor: Path, operator: Browser) -> None:
    put(monitor, "1.wav", SOUND)
    number = call_with(world, "1.wav", live=True)
    assert "Still being recorded" in operator.text(f"/recordings/{number}")
    assert operator.get(f"/recordings/{number}/1").status_code == 404


def test_a_missing_file_is_told_and_supervisors_learn_where_it_was_looked_for(
    world: World, monitor: Path, operator: Browser, supervisor: Browser
) -> None:
    number = call_with(world, "gone.wav")
    assert "not there" in operator.text(f"/recordings/{number}")
    assert str(monitor) not in operator.text(f"/recordings/{number}")
    assert str(monitor / "gone.wav") in supervisor.text(f"/recordings/{number}")


def test_a_file_that_was_there_once_was_deleted(
    heard: str, monitor: Path, operator: Browser
) -> None:
    assert operator.get(f"{heard}/1/peaks", buffered=True).status_code == 200
    (monitor / "1.wav").unlink()
    assert "deleted from the archive" in operator.text(heard)
    assert operator.get(f"{heard}/1", buffered=True).status_code == 404


def test_a_sound_that_browsers_cannot_play_is_offered_as_a_file(
    world: World, monitor: Path, operator: Browser
) -> None:
    put(monitor, "1.WAV", wav(b"\0" * 1625, tag=0x31, bits=0, per_second=1625))
    put(monitor, "2.gsm", b"\0" * 330)
    number = call_with(world, "1.WAV", "2.gsm")
    text = operator.text(f"/recordings/{number}")
    assert text.count("Browsers cannot play") == 2
    assert operator.get(f"/recordings/{number}/2?take=yes", buffered=True).data == b"\0" * 330


def test_a_call_without_recordings_says_so(world: World, operator: Browser) -> None:
    number = call_with(world)
    assert "was not recorded" in operator.text(f"/recordings/{number}")
    assert 'id="recordings"' in operator.text(f"/interactions/{number}")


def test_without_the_setting_supervisors_are_told_what_to_set(
    sqlite_url: str, tmp_path: Path
) -> None:
    world = make_world(sqlite_url, tmp_path)
    number = call_with(world, "1.wav")
    app = create_app(world.runtime, testing=True)
    for username, shown in (("operator1", False), ("supervisor", True)):
        browser = Browser(app)
        browser.log_in(username)
        text = browser.text(f"/recordings/{number}")
        assert "cannot be heard here yet" in text
        assert ("RECORDINGS_PATH" in text) is shown
    world.runtime.close()


def test_an_erased_call_is_not_heard_any_more(
    heard: str, world: World, supervisor: Browser
) -> None:
    number = int(heard.rpartition("/")[2])
    with world.runtime.unit_of_work() as uow:
        uow.erasures.blank_interactions([number], whole=True)
        uow.commit()
    assert "can be heard any more" in supervisor.text(heard)
    assert supervisor.get(f"{heard}/1", buffered=True).status_code == 404
    assert supervisor.get(f"/recordings/of?ids={number}").json == {"ids": []}


def test_the_own_live_call_is_paused_and_resumed(
    world: World, operator: Browser, other: Browser
) -> None:
    call_with(world, "1.wav", live=True)
    call = {"call_id": "pbx/1"}
    assert other.post("/recordings/pause", call).status_code == 403
    answer = operator.post("/recordings/pause", {**call, "cause": "field"})
    assert answer.status_code == 202
    assert len(answer.json["commands"]) == 1
    asked = operator.get("/recordings/paused?call_id=pbx/1").json
    assert asked == {"paused_until": answer.json["paused_until"]}
    assert other.get("/recordings/paused?call_id=pbx/1").json == {"paused_until": None}
    assert operator.post("/recordings/resume", call).json == {"paused_until": None}
    assert operator.get("/recordings/paused?call_id=pbx/1").json == {"paused_until": None}
    assert operator.client.post("/recordings/pause", data=call).status_code == 400
    world.hang_up()
    over = operator.post("/recordings/pause", call)
    assert (over.status_code, over.json["message"]) == (404, "This call is over.")


def test_a_call_that_is_not_recorded_cannot_be_paused_and_says_so(
    world: World, operator: Browser
) -> None:
    call_with(world, live=True)
    answer = operator.post("/recordings/pause", {"call_id": "pbx/1"})
    assert (answer.status_code, answer.json["message"]) == (422, "This call is not recorded.")
