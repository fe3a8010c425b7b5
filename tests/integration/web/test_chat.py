"""The visitors' door: which sites, whose chat, how much; and nothing of ours or of others."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callcenter.chats.widget import Widget
from callcenter.rooms import room_of
from callcenter.services import chat_desk, chat_offers, operator_state
from tests.support.web import MARKUP, ONE, Browser, World

SITE = "https://shop.example"
OURS = "http://localhost"
EVIL_SITE = "https://evil.example"


@pytest.fixture
def widget(world: World) -> Widget:
    made = Widget(key="shop", title="Shop", queue="support", origins=(SITE,))
    with world.runtime.unit_of_work() as uow:
        uow.chats.save_widget(made)
        uow.chats.save_widget(Widget(key="off", title="Off", active=False, origins=(SITE,)))
        uow.commit()
    return made


class Visitor:
    def __init__(self, app: Flask, origin: str = OURS, key: str = "shop") -> None:
        self.client: FlaskClient = app.test_client()
        self.base, self.origin = f"/chat/{key}", origin
        self.token = self.post("/visits", {}).get_json().get("token", "")

    @property
    def headers(self) -> dict[str, str]:
        token = getattr(self, "token", "")
        told = {"Origin": self.origin} if self.origin else {}
        return told | ({"Authorization": f"Bearer {token}"} if token else {})

    def post(self, path: str, body: Any, **more: Any) -> Any:
        return self.client.post(self.base + path, json=body, headers=self.headers, **more)

    def get(self, path: str) -> Any:
        return self.client.get(self.base + path, headers=self.headers)

    def say(self, text: str = "Hello", client_id: str = "message-0001", **facts: Any) -> Any:
        return self.post("/messages", {"text": text, "client_id": client_id, **facts})

    def news(self, after: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/messages?after={after}").get_json()
        return found


@pytest.fixture
def visitor(app: Flask, widget: Widget) -> Visitor:
    return Visitor(app)


def at_work(world: World, username: str = "operator1") -> int:
    runtime = world.runtime
    told: dict[str, Any] = {
        "unit_of_work": runtime.unit_of_work,
        "publisher": runtime.bus,
        "clock": runtime.clock,
    }
    operator_state.set_state(world.users[username], "ready", **told)
    return world.users[username]


def chat_of(world: World) -> Any:
    with world.runtime.reader() as connection:
        return connection.exec_driver_sql(
            "select * from conversations order by id desc limit 1"
        ).one()


def test_what_a_visitor_writes_is_theirs_to_read_again(visitor: Visitor) -> None:
    assert visitor.say("Hello").status_code == 201
    assert visitor.say("Hello").status_code == 201
    visitor.say("again", "message-0002")
    told = visitor.news()
    assert [(one["from"], one["text"]) for one in told["messages"]] == [
        ("you", "Hello"),
        ("you", "again"),
    ]
    assert told["state"] == "nobody"
    assert visitor.news(told["messages"][0]["id"])["messages"] == told["messages"][1:]


def test_a_wrong_key_and_a_widget_that_is_off_are_not_there(app: Flask, widget: Widget) -> None:
    client = app.test_client()
    for key in ("nothing", "off", "x" * 300):
        for path in ("/frame", "/widget.js", "/demo"):
            assert client.get(f"/chat/{key}{path}").status_code == 404
        answer = client.post(f"/chat/{key}/visits", headers={"Origin": OURS})
        assert answer.status_code == 404


@pytest.mark.parametrize("origin", [EVIL_SITE, "null", "", "https://shop.example.evil.example"])
def test_who_asks_from_another_site_is_refused_and_reads_nothing(
    app: Flask, widget: Widget, origin: str
) -> None:
    answer = app.test_client().post("/chat/shop/visits", headers={"Origin": origin})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_site_of_the_widget_may_read_the_answers_and_no_other(app: Flask, widget: Widget) -> None:
    client = app.test_client()
    asked = client.options("/chat/shop/messages", headers={"Origin": SITE})
    assert asked.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in asked.headers
    evil = client.options("/chat/shop/messages", headers={"Origin": EVIL_SITE})
    assert "Access-Control-Allow-Origin" not in evil.headers
    assert Visitor(app, SITE).say().status_code == 201


def test_the_frame_may_be_shown_by_its_sites_alone(app: Flask, widget: Widget) -> None:
    answer = app.test_client().get("/chat/shop/frame?lang=pl")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {OURS} {SITE}")
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert 'lang="pl"' in answer.get_data(as_text=True)
    assert app.test_client().get("/login").headers["X-Frame-Options"] == "DENY"


def test_a_token_that_is_not_ours_opens_nothing(app: Flask, visitor: Visitor) -> None:
    visitor.say("secret")
    for token in ("", "x", visitor.token[:-1] + ("0" if visitor.token[-1] != "0" else "1")):
        answer = app.test_client().get(
            "/chat/shop/messages", headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 401


def test_another_visitor_sees_nothing_whatever_ids_they_know(
    app: Flask, visitor: Visitor, world: World
) -> None:
    visitor.say("secret")
    sent = visitor.client.post(
        "/chat/shop/files",
        data={"client_id": "file-000001", "file": (io.BytesIO(b"hello"), "a.txt")},
        headers=visitor.headers,
    )
    assert sent.status_code == 201
    (file,) = visitor.news()["messages"][-1]["files"]
    assert visitor.get(f"/files/{file['id']}").data == b"hello"
    other = Visitor(app)
    assert other.news()["messages"] == []
    assert other.get(f"/files/{file['id']}").status_code == 404
    assert other.get("/files/999999999999999999999").status_code == 404
    assert other.say("mine", "message-0001").status_code == 201
    assert [one["text"] for one in other.news()["messages"]] == ["mine"]


def test_the_database_holds_no_token(visitor: Visitor, world: World) -> None:
    visitor.say()
    row = chat_of(world)
    assert visitor.token not in repr(row)
    assert len(row.thread_key) == 64


def test_a_file_of_an_odd_kind_or_before_any_word_is_refused(visitor: Visitor) -> None:
    def send(name: str) -> int:
        data = {"client_id": f"file-{len(name):06}", "file": (io.BytesIO(b"x"), name)}
        answer = visitor.client.post("/chat/shop/files", data=data, headers=visitor.headers)
        return int(answer.status_code)

    assert send("a.txt") == 409
    visitor.say()
    assert send("page.html") == 422
    assert send("../../etc/passwd.txt") == 201
    assert visitor.news()["messages"][-1]["text"] == "passwd.txt"


@pytest.mark.parametrize(
    "body",
    [[], "x", None, {}, {"text": 1, "client_id": "message-1"}, {"text": "x", "client_id": "a b"},
     {"text": "x", "client_id": ["message-1"]}, {"text": "\x00 ", "client_id": "message-1"},
     {"text": "x" * 5000, "client_id": "message-1"},
     {"text": "x", "client_id": "message-1", "email": "nobody"}],
)  # fmt: skip
def test_what_cannot_be_understood_is_refused_in_words(visitor: Visitor, body: Any) -> None:
    answer = visitor.post("/messages", body)
    assert answer.status_code in (400, 422)
    assert visitor.news()["messages"] == []


def test_lone_surrogates_and_odd_facts_break_nothing(visitor: Visitor) -> None:
    raw = '{"text": "a\\ud800b", "client_id": "message-1", "name": "\\udfffM\\u202e", "page": 5}'
    answer = visitor.client.post(
        "/chat/shop/messages",
        data=raw,
        headers=visitor.headers | {"Content-Type": "application/json"},
    )
    assert answer.status_code == 201
    assert visitor.news()["messages"][0]["text"] == "ab"


def test_a_body_too_large_is_refused(visitor: Visitor) -> None:
    answer = visitor.post("/messages", {"text": "x" * 40_000, "client_id": "message-1"})
    assert answer.status_code == 413


def test_a_flood_is_stopped_for_one_visitor_and_for_one_address(app: Flask, widget: Widget) -> None:
    app.config.update(CHAT_WRITES_OF_VISITOR="3 per minute", CHAT_WRITES="5 per minute")
    first, second = Visitor(app), Visitor(app)
    codes = [first.say(client_id=f"message-{one}").status_code for one in range(4)]
    assert codes == [201, 201, 201, 429]
    codes = [second.say(client_id=f"message-{one}").status_code for one in range(3)]
    assert codes[-1] == 429


def test_markup_stays_text_for_visitor_and_operator(
    app: Flask, visitor: Visitor, world: World, operator: Browser
) -> None:
    user = at_work(world)
    visitor.say(MARKUP, name=MARKUP)
    chat = chat_of(world)
    chat_offers.accept(chat.id, user_id=user, room=room_of(world.runtime))
    told = operator.get(f"/chats/{chat.id}/messages").get_json()
    assert told["messages"][0]["text"] == MARKUP
    for path in (f"/chats/{chat.id}/card", f"/conversations/{chat.id}"):
        assert MARKUP not in operator.text(path)


def test_a_visitor_learns_nothing_of_the_customer_they_claim_to_be(
    visitor: Visitor, world: World
) -> None:
    at_work(world)
    visitor.say("Hello", phone=ONE)
    assert chat_of(world).customer_id == world.customers["Maria Kowalska"]
    assert "Kowalska" not in visitor.get("/messages").get_data(as_text=True)


def test_answers_notes_and_hand_overs_on_the_desk(
    visitor: Visitor, world: World, app: Flask, operator: Browser
) -> None:
    at_work(world)
    colleague = at_work(world, "operator2")
    visitor.say()
    chat = chat_of(world)
    asked = {world.users["operator1"]: "operator1", colleague: "operator2"}[chat.offered_to]
    mine, other = _desks(app)[asked], _desks(app)[_other(asked)]
    assert other.post(f"/chats/{chat.id}/accept").status_code in (403, 404, 409)
    assert mine.post(f"/chats/{chat.id}/accept").status_code == 204
    written = {"text": "Good day", "client_id": "answer-0001"}
    for _twice in range(2):
        assert mine.post(f"/chats/{chat.id}/write", written).status_code == 204
    assert mine.post(f"/chats/{chat.id}/note", {"text": "careful"}).status_code == 204
    told = visitor.news()
    assert [one["text"] for one in told["messages"]] == ["Hello", "Good day"]
    assert told["operator"]
    target = world.users[_other(asked)]
    handed = mine.post(f"/chats/{chat.id}/transfer", {"to": f"user:{target}", "note": "yours"})
    assert handed.status_code == 204
    assert other.post(f"/chats/{chat.id}/accept").status_code == 204
    assert other.post(f"/chats/{chat.id}/close").status_code == 204
    assert visitor.news()["state"] == "closed"


def test_a_request_that_waits_is_answered_when_something_is_said(
    visitor: Visitor, world: World, app: Flask
) -> None:
    """Waits for nothing: what is said before it looks again is found at once."""
    user = at_work(world)
    visitor.say()
    chat = chat_of(world)
    chat_offers.accept(chat.id, user_id=user, room=room_of(world.runtime))
    told = visitor.news()
    answer = chat_desk.Answer(text="Here", client_id="answer-0001")
    chat_desk.write(chat.id, answer, user_id=user, room=room_of(world.runtime))
    after = told["messages"][-1]["id"]
    again = visitor.get(f"/messages?after={after}&version={told['version']}&wait=1").get_json()
    assert [one["text"] for one in again["messages"]] == ["Here"]
    app.config["CHAT_WAIT_SECONDS"] = 0.01
    still = visitor.get(
        f"/messages?after={again['messages'][-1]['id']}&version={again['version']}&wait=1"
    ).get_json()
    assert (still["messages"], still["version"]) == ([], again["version"])


def test_widgets_are_made_and_changed_by_administrators(
    admin: Browser, supervisor: Browser, world: World
) -> None:
    assert supervisor.get("/chat-widgets").status_code == 403
    assert "No chat widget yet" in admin.text("/chat-widgets")
    typed = {
        "title": "Shop",
        "origins": "shop.example\nhttp://localhost:8080",
        "greeting": MARKUP,
        "colour": "#aa0000",
        "most_chats": "2",
        "gone_minutes": "5",
        "active": "yes",
    }
    refused = admin.post("/chat-widgets/new", typed | {"origins": "*"})
    assert refused.status_code == 422
    made = admin.post("/chat-widgets/new", typed)
    place = made.headers["Location"]
    page = admin.text(place)
    assert "/widget.js" in page
    assert "https://shop.example" in page
    assert MARKUP not in page
    assert admin.post(place, typed | {"active": ""}).status_code == 302
    key = place.rpartition("/")[2]
    assert admin.get(f"/chat/{key}/frame").status_code == 404


def _other(username: str) -> str:
    return "operator2" if username == "operator1" else "operator1"


@pytest.fixture(autouse=True)
def _clean() -> None:
    _KNOWN.clear()


_KNOWN: dict[str, Browser] = {}


def _desks(app: Flask) -> dict[str, Browser]:
    if not _KNOWN:
        for name in ("operator1", "operator2"):
            _KNOWN[name] = Browser(app)
            _KNOWN[name].log_in(name)
    return _KNOWN
