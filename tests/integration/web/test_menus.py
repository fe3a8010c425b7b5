"""Voice menus and prompts as pages: what supervisors edit, what is refused and why."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from tests.support.prompts import tone
from tests.support.web import MARKUP, Browser, World

ROOM = {
    "name": "main",
    "prompt": "menu-main",
    "invalid": "menu-invalid",
    "nothing": "",
    "seconds": "5",
    "tries": "3",
    "key-1": "queue:sales",
    "key-2": "go:night",
    "key-3": "serve:balance",
    "key-*": "repeat:",
    "key-9": "outside:",
    "key-9-number": "+48 501 501 501",
}
NIGHT = ROOM | {"name": "night", "key-2": "back:", "key-3": "speak:pl", "key-9": ""}


@pytest.fixture
def menu(supervisor: Browser) -> str:
    answer = supervisor.post("/menus", {"key": "main", "title": "Front desk"})
    assert answer.status_code == 302
    return str(answer.location)


def room(name: str) -> str:
    return f"/menus/main/rooms/{name}"


def test_a_menu_is_made_read_as_a_script_and_published(
    world: World, supervisor: Browser, menu: str
) -> None:
    assert "No voice menu yet" not in supervisor.text("/menus")
    assert supervisor.post(room("+"), NIGHT).status_code == 302
    assert supervisor.post(room("main"), ROOM).status_code == 302
    script = supervisor.text(f"{menu}?language=en")
    for words in ("Welcome. For sales", "on to “night”", "after number and PIN", "501 501 501"):
        assert words in script
    assert "the same, language: Polish" in script
    assert supervisor.post(f"{menu}/publish").status_code == 302
    assert "Live: version 1" in supervisor.text(menu)
    with world.runtime.unit_of_work() as uow:
        live = uow.menus.get("main").live
    assert [one["name"] for one in live.definition["rooms"]] == ["main", "night"]


def test_an_announcement_is_followed_by_whatever_is_chosen_but_another_one(
    world: World, supervisor: Browser, menu: str
) -> None:
    chosen = {
        "key-1": "announce:closed",
        "key-1-then": "queue:sales",
        "key-2": "announce:closed",
        "key-2-then": "outside:",
        "key-2-number": "+48 501 501 501",
        "key-3": "announce:closed",
        "key-3-then": "announce:closed",
        "key-4": "queue:support",
        "key-4-then": "queue:sales",  # of a prompt that was chosen before
        "key-5": "announce:closed",
        "key-5-then": "dialed:",
    }
    assert supervisor.post(room("main"), ROOM | chosen).status_code == 302
    with world.runtime.unit_of_work() as uow:
        (kept,) = uow.menus.get("main").draft.definition["rooms"]
    actions = {one["key"]: one["action"] for one in kept["keys"] if one["step"] == "act"}
    thens = {key: (one.get("then") or {}).get("do") for key, one in actions.items()}
    assert thens == {"1": "queue", "2": "outside", "3": None, "4": None, "5": "dialed", "9": None}
    assert actions["2"]["then"]["number"] == "+48501501501"
    script = supervisor.text(menu)
    for words in ("then queue", "then call 501 501 501", "then hang up"):
        assert words in script, words
    form = supervisor.get(room("main")).get_data(as_text=True)
    assert form.count('value="announce:closed" selected') == 4
    after = form.partition('name="key-1-then"')[2].partition("</select>")[0]
    assert 'value="queue:sales" selected' in after
    assert "announce:" not in after
    assert 'name="key-2-number" value="+48501501501"' in form
    whole = {"title": "Front desk", "otherwise": "announce:goodbye", "otherwise-then": "box:sales"}
    supervisor.post(menu, whole)
    assert 'value="box:sales" selected' in supervisor.get(menu).get_data(as_text=True)


def test_what_is_wrong_stands_in_the_way_of_publishing_and_is_told(
    supervisor: Browser, menu: str
) -> None:
    lost = NIGHT | {"key-1": "", "key-2": "go:night", "prompt": "nowhere"}
    supervisor.post(room("+"), lost)
    supervisor.post(room("main"), ROOM | {"key-2": "go:night", "key-5": "queue:nowhere"})
    refused = supervisor.post(f"{menu}/publish")
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    for words in (
        "There is no queue “nowhere”",
        "There is no prompt “nowhere”",
        "No key leads out",
    ):
        assert words in page
    assert "Never published" in supervisor.text(menu)


def test_a_room_that_is_renamed_takes_its_keys_with_it(supervisor: Browser, menu: str) -> None:
    supervisor.post(room("+"), NIGHT)
    supervisor.post(room("main"), ROOM)
    supervisor.post(room("night"), NIGHT | {"name": "evening"})
    assert "on to “evening”" in supervisor.text(menu)
    assert supervisor.post(room("evening"), NIGHT | {"name": "main"}).status_code == 422
    assert supervisor.post(room("evening"), NIGHT | {"seconds": "x"}).status_code == 422


def test_a_version_is_taken_up_again_and_a_draft_dropped(supervisor: Browser, menu: str) -> None:
    supervisor.post(f"{menu}/publish")
    supervisor.post(room("main"), ROOM | {"key-2": ""})
    supervisor.post(f"{menu}/publish")
    supervisor.post(f"{menu}/versions/1")
    assert "Draft" in supervisor.text(menu)
    supervisor.post(f"{menu}/drop")
    assert "Live: version 2" in supervisor.text(menu)
    assert supervisor.post(f"{menu}/remove").status_code == 302
    assert supervisor.get(menu).status_code == 404


def test_a_prompt_has_texts_and_sounds_and_wrong_files_are_refused_in_words(
    supervisor: Browser, operator: Browser
) -> None:
    assert supervisor.post("/prompts", {"key": "Bad key", "title": ""}).status_code == 422
    supervisor.post("/prompts", {"key": "welcome", "title": MARKUP})
    assert MARKUP not in supervisor.text("/prompts")
    supervisor.post("/prompts/welcome", {"title": "Welcome", "text-pl": "Dzień dobry"})
    assert "Dzień dobry" in supervisor.text("/prompts/welcome")

    def upload(content: bytes) -> str:
        data = {"file": (io.BytesIO(content), "a.wav")}
        answer = supervisor.post("/prompts/welcome/pl/upload", data, follow_redirects=True)
        return answer.get_data(as_text=True)

    assert "This is a MP3 file" in upload(b"ID3" + bytes(100))
    assert "This is not a sound file" in upload(b"hello")
    assert "uploaded, 0.2 s" in upload(tone(rate=44_100, channels=2))
    sound = supervisor.get("/prompts/welcome/pl.wav")
    assert (sound.mimetype, len(sound.data)) == ("audio/wav", 44 + 2 * 2000)
    supervisor.post("/prompts/welcome/pl/take-away")
    assert "read by the machine" in supervisor.text("/prompts/welcome")
    page = supervisor.post("/prompts/welcome/pl/record", follow_redirects=True)
    assert "*96" in page.get_data(as_text=True)
    assert operator.get("/prompts").status_code == 403


def test_a_colleague_sets_a_pin_that_is_shown_once_and_kept_as_a_hash(
    world: World, supervisor: Browser
) -> None:
    maria = world.customers["Maria Kowalska"]
    path = f"/customers/{maria}/pin"
    assert "No PIN" in supervisor.text(path)
    assert "too easy to guess" in supervisor.post(path, {"pin": "0000"}).get_data(as_text=True)
    page = supervisor.post(path, {"pin": ""}).get_data(as_text=True)
    assert "it is not shown again" in page
    with world.runtime.unit_of_work() as uow:
        assert uow.pins.of(maria).digest.startswith("$argon2")
        uow.pins.failed(maria, 5, world.runtime.clock.now() + timedelta(minutes=5))
        uow.commit()
    assert "Locked until" in supervisor.text(path)
    assert "PIN set" in supervisor.post(f"{path}/unlock").get_data(as_text=True)
    assert "No PIN" in supervisor.post(f"{path}/remove").get_data(as_text=True)
