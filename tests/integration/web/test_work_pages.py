"""Call-backs and messages in the browser: whose they are, who takes them, what came of it; and the
page that says how a queue lets people wait."""

from __future__ import annotations

import math
import struct
import wave
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.rights.teams import Team
from callcenter.services import callback_requests
from callcenter.services.callback_requests import Wish
from tests.support.web import MARKUP, ONE, UNKNOWN, Browser, World


def ask(world: World, number: str = ONE) -> int:
    runtime = world.runtime
    with runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support"})
        uow.commit()
    now = runtime.clock.now()
    wish = Wish(number=number, queue="support", place_at=now - timedelta(minutes=4))
    store = {
        "unit_of_work": runtime.unit_of_work,
        "publisher": runtime.bus,
        "clock": runtime.clock,
    }
    return callback_requests.request(wish, lambda _, at: at, **store).request_id


def leave(world: World, folder: Path | None = None, **more: object) -> None:
    now = world.runtime.clock.now()
    row = {
        "call_id": "pbx/9",
        "number": ONE,
        "queue": "support",
        "pbx": "pbx",
        "file": "9.1-message-support.wav",
        "created_at": now,
        "due_at": now + timedelta(hours=1),
        "seconds": 5.0,
    }
    with world.runtime.unit_of_work() as uow:
        uow.voicemails.add_missing([row | more])
        uow.commit()
    if folder is not None:
        with wave.open(str(folder / "9.1-message-support.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            tone = (int(9000 * math.sin(at / 9)) for at in range(8000))
            sound.writeframes(b"".join(struct.pack("<h", one) for one in tone))


def test_who_asked_to_be_called_back_stands_there_until_somebody_speaks_with_them(
    world: World, operator: Browser
) -> None:
    ask(world)
    page = operator.text("/callbacks")
    assert "Maria Kowalska" in page
    assert "Next when somebody is ready" in page
    world.ring(ONE, call_id="pbx/2")
    world.answer("pbx/2")
    assert "Maria Kowalska" not in operator.text("/callbacks")
    assert "Got through" in operator.text("/callbacks?state=closed")


def test_one_takes_a_call_back_and_another_cannot(
    world: World, operator: Browser, supervisor: Browser
) -> None:
    ask(world)
    assert operator.post("/callbacks/1/take").status_code == 204
    refused = supervisor.post("/callbacks/1/take")
    assert (refused.status_code, refused.json["message"]) == (
        409,
        "Somebody else is calling back already.",
    )
    assert "You call back" in operator.text("/callbacks")
    assert operator.post("/callbacks/1/assign", {"to": "1"}).status_code == 403
    mine = str(world.users["operator1"])
    assert supervisor.post("/callbacks/1/assign", {"to": mine}).status_code == 204


def test_operators_see_what_their_team_calls_back(
    world: World, operator: Browser, supervisor: Browser
) -> None:
    ask(world)
    mine, other = world.users["operator1"], world.users["operator2"]
    supervisor.post("/callbacks/1/assign", {"to": str(other)})
    assert "Maria Kowalska" not in operator.text("/callbacks")
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_team(Team(id=0, name="Support", member_ids=(mine, other)))
        uow.commit()
    assert "Maria Kowalska" in operator.text("/callbacks")


def test_a_call_back_is_cancelled_with_a_word_of_why(world: World, operator: Browser) -> None:
    ask(world, UNKNOWN)
    assert operator.post("/callbacks/1/cancelled").status_code == 422
    assert operator.post("/callbacks/1/cancelled", {"why": MARKUP}).status_code == 204
    closed = operator.text("/callbacks?state=closed")
    assert "Cancelled" in closed
    assert "<img src=x" not in closed
    assert operator.post("/callbacks/1/take").status_code == 409
    assert operator.post("/callbacks/99/take").status_code == 404


@pytest.fixture
def with_sound(world: World, tmp_path: Path) -> World:
    object.__setattr__(world.runtime.settings, "recordings", (("pbx", tmp_path),))
    leave(world, tmp_path)
    return world


def test_a_message_is_heard_and_that_is_noted_once_for_a_playing(
    with_sound: World, operator: Browser
) -> None:
    assert "Maria Kowalska" in operator.text("/voicemails")
    for _ in range(2):
        with operator.get("/voicemails/1/sound?playing=abcdefgh-1") as sound:
            assert (sound.status_code, sound.mimetype) == (200, "audio/wav")
            assert sound.headers["Cache-Control"] == "no-store"
    with with_sound.runtime.unit_of_work() as uow:
        noted = uow.audit.noted(
            user_id=with_sound.users["operator1"],
            action="sound_heard",
            object_type="voicemail",
            object_id="1",
            since=with_sound.runtime.clock.now() - timedelta(hours=1),
        )
    assert len(noted) == 1


def test_a_message_whose_file_is_gone_is_no_error(world: World, operator: Browser) -> None:
    leave(world)
    assert operator.get("/voicemails/1/sound").status_code == 404
    assert operator.get("/voicemails/2/sound").status_code == 404


def test_a_message_is_done_with_what_came_of_it(world: World, operator: Browser) -> None:
    leave(world)
    assert operator.post("/voicemails/1/take").status_code == 204
    assert "You answer it" in operator.text("/voicemails")
    assert operator.post("/voicemails/1/done", {"why": "called back"}).status_code == 204
    assert "called back" in operator.text("/voicemails?state=done")
    assert operator.post("/voicemails/1/reopen").status_code == 204
    assert "No message waits" not in operator.text("/voicemails")


def test_what_is_set_aside_stands_apart(world: World, operator: Browser) -> None:
    leave(world, set_aside="silent")
    assert "No message waits" in operator.text("/voicemails")
    assert "Silent" in operator.text("/voicemails?state=aside")


def test_a_queue_says_how_its_callers_wait(world: World, supervisor: Browser) -> None:
    ask(world)
    form = {
        "title": "Support",
        "wrap_up": "none",
        "announce_position": "yes",
        "announce_seconds": "45",
        "messages": "wait-message",
        "callback_offered": "yes",
        "callback_attempts": "2",
        "overflow": "voicemail",
        "sl_seconds": "30",
        "sl_percent": "90",
    }
    assert supervisor.post("/staffing/queues/support", form).status_code == 302
    with world.runtime.unit_of_work() as uow:
        kept = uow.staffing.queues()["support"]
    assert (kept.announce_position, kept.announce_seconds, kept.messages) == (
        True,
        45,
        "wait-message",
    )
    assert (kept.callback_offered, kept.message_box, kept.overflow) == (True, False, "voicemail")
    assert (kept.sl_seconds, kept.sl_percent) == (30, 90)
    page = supervisor.text("/staffing/queues/support")
    assert '<option value="30" selected>' in page
    assert 'max="99" value="90"' in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("announce_seconds", "5", "at least 15"),
        ("overflow", "queue-support", "Callers would wait in the same queue again"),
        ("overflow", "queue-x;System(1)", "Choose a queue, a call-back or a message"),
        ("callback_attempts", "0", "From 1 to 20, please."),
        ("sl_percent", "101", "From 1 to"),
        ("sl_seconds", "11", "5, 10, 15, 20"),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field(
    world: World, supervisor: Browser, field: str, value: str, words: str
) -> None:
    ask(world)
    refused = supervisor.post("/staffing/queues/support", {"wrap_up": "none", field: value})
    assert refused.status_code == 422
    assert words in refused.text
    assert f'id="{field}-error"' in refused.text or 'aria-invalid="true"' in refused.text


def test_cells_say_what_they_are_where_a_phone_has_no_room_for_heads(
    world: World, operator: Browser
) -> None:
    ask(world)
    leave(world)
    for page, labels in (
        ("/callbacks", ("Waits since", "Queue", "Tried", "Until")),
        ("/voicemails", ("Left", "Queue", "Answer by")),
    ):
        told = operator.text(page)
        assert all(f'<td data-label="{label}">' in told for label in labels)
