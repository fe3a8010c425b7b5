"""The wallboard over the wire: a process's board is the database's, and only who may hears it."""

from __future__ import annotations

import html
import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import socketio
import socketio.exceptions
from sqlalchemy.exc import OperationalError

from callcenter.agents.staffing import QueueSettings
from callcenter.queries import wallboard as queries
from callcenter.realtime.messages import Audience, Message
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team
from callcenter.services import accounts, boards, operator_state
from callcenter.wallboard.board import Board
from callcenter.wallboard.layout import Layout
from tests.support.sockets import Visitor
from tests.support.waiting import wait_until
from tests.support.web import ONE, PASSWORD, SHARED, UNKNOWN, Browser, World
from web import board_watch
from web.board_state import BoardState
from web.service import WebService

Open = Callable[..., "Screen"]


class Screen:
    """A browser that watches one board; what it would show."""

    def __init__(self, url: str, headers: dict[str, str], auth: dict[str, Any]) -> None:
        self.tiles: dict[str, Any] = {}
        self.frames: list[dict[str, Any]] = []
        self.client = socketio.Client(reconnection=False, websocket_extra_options={"origin": url})
        self.client.on("wallboard", self._take, namespace="/wallboard")
        refusals: list[object] = []
        self.client.on("connect_error", refusals.append, namespace="/wallboard")
        try:
            self.client.connect(
                url, headers=headers, auth=auth, transports=["websocket"], namespaces=["/wallboard"]
            )
        except socketio.exceptions.ConnectionError as error:
            error.add_note(f"told: {refusals}")
            raise

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        self.tiles = {} if frame["whole"] else self.tiles
        self.tiles |= frame["tiles"]

    def wait_for(self, shows: Callable[[dict[str, Any]], Any]) -> None:
        wait_until(lambda: self.tiles and shows(self.tiles), words="another board than wanted")

    def close(self) -> None:
        if self.client.connected:
            self.client.eio.ws.shutdown()


@pytest.fixture
def open_screen(world: World) -> Iterator[Open]:
    service = WebService(world.runtime)
    service.start()
    url = f"http://127.0.0.1:{service.port}"
    opened: list[Screen] = []

    def open_one(username: str = "", **auth: Any) -> Screen:
        cookie = Visitor(url, username, PASSWORD).log_in().cookie if username else ""
        screen = Screen(url, {"Cookie": f"callcenter={cookie}"} if cookie else {}, auth)
        opened.append(screen)
        return screen

    yield open_one
    for screen in opened:
        screen.close()
    service.stop(5)


def _store(world: World) -> dict[str, Any]:
    return {"unit_of_work": world.runtime.unit_of_work, "clock": world.runtime.clock}


def make_board(world: World, **changes: Any) -> tuple[int, str]:
    """A board, and the token of a screen that shows it."""
    layout = Layout(title="First floor", zone="Europe/Warsaw", **changes)
    user = world.users["admin"]
    board = boards.save_board(layout, user_id=user, publisher=world.runtime.bus, **_store(world))
    return board, boards.open_wall(board, "By the door", "en", user_id=user, **_store(world))


def be(world: World, username: str, state: str, reason: str = "") -> None:
    with world.runtime.unit_of_work() as uow:
        uow.agents.begin(world.users[username], world.runtime.clock.now())
        uow.commit()
    operator_state.set_state(
        world.users[username], state, reason, publisher=world.runtime.bus, **_store(world)
    )


def test_what_is_folded_from_the_bus_is_what_the_database_holds(world: World) -> None:
    folded, heard = Board.empty(), list[Message]()
    world.runtime.bus.subscribe(heard.append, lambda: None)
    be(world, "operator1", "ready")
    be(world, "operator2", "paused", "lunch")
    world.ring(ONE, to=("1001",), call_id="pbx/1")
    world.ring(SHARED, to=("1001",), call_id="pbx/2")
    world.ring(UNKNOWN, to=(), call_id="pbx/3")
    world.answer("pbx/1")
    world.hang_up("pbx/3")
    wait_until(lambda: any(_ends(one, "pbx/3") for one in heard), words="the last message")
    for message in [*heard, *heard]:
        folded.fold(message.kind, message.payload)
    now = world.runtime.clock.now()
    with world.runtime.reader() as connection:
        stored = queries.board(connection, now)
    assert folded.parts(now) == stored.parts(now)
    assert {"call:pbx/1", "call:pbx/2"} <= stored.parts(now).keys()


def _ends(message: Message, call_id: str) -> bool:
    call = message.payload.get("call") or {}
    return call.get("call_id") == call_id and not call.get("live")


def test_a_comparison_finds_what_was_missed_and_the_database_wins(world: World) -> None:
    state = BoardState(world.runtime)
    state.make()
    world.ring(ONE)
    assert state.check() == 1
    assert list(state.copy().calls) == ["pbx/1"]
    assert state.check() == 0
    assert state.checked.differences == 1


def test_tiles_follow_a_call_and_name_the_caller_to_who_may_know(
    open_screen: Open, world: World
) -> None:
    screen = open_screen("supervisor")
    screen.wait_for(lambda tiles: tiles["sum"]["waiting"] == 0)
    world.ring(ONE)
    screen.wait_for(lambda tiles: tiles["sum"]["waiting"] == 1)
    (caller,) = screen.tiles["queue:support"]["callers"]
    assert (caller["name"], caller["number"]) == ("Maria Kowalska", ONE)
    world.answer()
    screen.wait_for(lambda tiles: tiles["queue:support"]["talking"] == 1)
    world.hang_up()
    screen.wait_for(lambda tiles: tiles["sum"]["talking"] == 0)
    assert [one["seq"] for one in screen.frames] == sorted({one["seq"] for one in screen.frames})


def test_a_screen_on_a_wall_needs_no_log_in_and_learns_nobodys_name(
    open_screen: Open, world: World
) -> None:
    _board, token = make_board(world)
    be(world, "operator1", "ready")
    screen = open_screen(token=token)
    world.ring(ONE)
    screen.wait_for(lambda tiles: tiles["sum"]["waiting"] == 1)
    assert "Maria" not in str(screen.frames)
    assert ONE not in str(screen.frames)


def test_a_revoked_screen_goes_dark_at_once_and_opens_no_more(
    open_screen: Open, world: World
) -> None:
    board, token = make_board(world)
    screen = open_screen(token=token)
    screen.wait_for(lambda tiles: "sum" in tiles)
    boards.revoke_wall(
        board, 1, user_id=world.users["admin"], publisher=world.runtime.bus, **_store(world)
    )
    wait_until(lambda: not screen.client.connected, words="a screen still connected")
    with pytest.raises(socketio.exceptions.ConnectionError):
        open_screen(token=token)


def test_a_screen_opens_while_nothing_can_be_written(open_screen: Open, world: World) -> None:
    _board, token = make_board(world)
    with closing(sqlite3.connect(str(world.runtime.settings.database_url)[10:])) as writer:
        writer.execute("BEGIN IMMEDIATE")
        screen = open_screen(token=token)
        screen.wait_for(lambda tiles: "sum" in tiles)


def test_a_screen_that_cannot_be_let_in_just_now_is_told_so(
    open_screen: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _board, token = make_board(world)

    def locked(*_told: object) -> None:
        raise OperationalError("SELECT", None, Exception("database is locked"))

    monkeypatch.setattr(board_watch.board_queries, "wall_of", locked)
    with pytest.raises(socketio.exceptions.ConnectionError, match=r"told: .*later"):
        open_screen(token=token)


def test_whoever_watches_is_told_how_far_the_news_reaches(open_screen: Open, world: World) -> None:
    screen = open_screen("supervisor")
    screen.wait_for(lambda tiles: tiles["troubles"] == [])
    began = screen.frames[0]["as_of"]
    wait_until(lambda: screen.frames[-1]["as_of"] > began, words="news that reaches no further")


def test_a_process_that_hears_no_news_says_so_and_reads_the_database(
    open_screen: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = open_screen("supervisor")
    screen.wait_for(lambda tiles: tiles["sum"]["waiting"] == 0)
    monkeypatch.setattr(world.runtime.bus, "publish", lambda _messages: None)
    world.ring(ONE)
    screen.wait_for(lambda tiles: tiles["troubles"] == ["bus"])
    screen.wait_for(lambda tiles: tiles["sum"]["waiting"] == 1)
    monkeypatch.undo()
    screen.wait_for(lambda tiles: tiles["troubles"] == [])


def test_an_address_that_got_about_opens_so_many_screens_and_no_more(
    open_screen: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_watch, "MOST_SCREENS", 1)
    _board, token = make_board(world)
    screen = open_screen(token=token)
    screen.wait_for(lambda tiles: "sum" in tiles)
    with pytest.raises(socketio.exceptions.ConnectionError):
        open_screen(token=token)
    assert screen.client.connected


@pytest.mark.parametrize("auth", [{}, {"token": "made up"}, {"token": "' or 1=1"}])
def test_nobody_else_hears_a_board(open_screen: Open, auth: dict[str, str]) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        open_screen(**auth)


def test_an_operator_without_the_right_hears_no_board(open_screen: Open) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        open_screen("operator1")


def test_a_lead_sees_and_hears_boards_of_their_team_and_reads_those_of_everybody(
    open_screen: Open, world: World, supervisor: Browser
) -> None:
    ours, theirs = make_lead(world)
    be(world, "operator1", "ready")
    be(world, "operator2", "ready")
    shared, _token = make_board(world)
    own, others = make_board(world, team_id=ours)[0], make_board(world, team_id=theirs)[0]
    answers = {one: supervisor.get(f"/wallboard/{one}").status_code for one in (own, shared)}
    assert answers == {own: 200, shared: 200}
    form = {"title": "Taken", "zone": "UTC", "rotate_seconds": "20", "tiles": "waiting"}
    for way in ("", "/edit", "/walls"):
        assert supervisor.get(f"/wallboard/{others}{way}").status_code == 404
    for way in ("/edit", "/walls", "/delete", "/walls/1/revoke"):
        assert supervisor.post(f"/wallboard/{others}{way}", form).status_code == 404
        assert supervisor.post(f"/wallboard/{shared}{way}", form).status_code == 403
    assert supervisor.post("/wallboard/new", {**form, "team_id": theirs}).status_code == 422
    begun = supervisor.text("/wallboard/new")
    assert f'<option value="{ours}" selected>' in begun
    assert f'<option value="{theirs}"' not in begun
    listed = supervisor.text("/wallboard/boards")
    assert f"/wallboard/{own}/walls" in listed
    assert f"/wallboard/{shared}/walls" not in listed
    assert f"/wallboard/{others}" not in listed
    with pytest.raises(socketio.exceptions.ConnectionError):
        open_screen("supervisor", board=others)
    everything = open_screen("supervisor")
    everything.wait_for(lambda tiles: f"operator:{world.users['operator1']}" in tiles)
    assert f"operator:{world.users['operator2']}" not in everything.tiles


def test_a_screen_goes_dark_when_its_maker_loses_the_right(open_screen: Open, world: World) -> None:
    ours, _theirs = make_lead(world)
    board, _token = make_board(world, team_id=ours, queues=("support",))
    maker = world.users["supervisor"]
    token = boards.open_wall(board, "Door", "en", user_id=maker, **_store(world))
    screen = open_screen(token=token)
    screen.wait_for(lambda tiles: "sum" in tiles)
    accounts.set_user_active(maker, False, user_id=world.users["admin"], **_store(world))
    world.runtime.bus.publish([sessions_changed()])
    wait_until(lambda: not screen.client.connected, words="a screen still connected")
    with pytest.raises(socketio.exceptions.ConnectionError):
        open_screen(token=token)


def sessions_changed() -> Message:
    payload = {"type": "sessions_changed"}
    return Message(kind="message", audience=Audience(), payload=payload)


def make_lead(world: World) -> tuple[int, int]:
    """The supervisor keeps the boards of one team alone; that team, and another."""
    usual, lead = BUILTIN["supervisor"], world.users["supervisor"]
    own: Any = {("wallboard", "read"): "team", ("wallboard", "change"): "team"}
    scopes = {**usual.scopes, **own}
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(Policy("lead", "supervisor", "Lead", scopes, usual.fields))
        uow.users.update(lead, {"role": "supervisor", "role_code": "lead"})
        members = (world.users["operator1"],)
        ours = uow.rights.save_team(Team(id=0, name="A", lead_id=lead, member_ids=members))
        others = (world.users["operator2"],)
        theirs = uow.rights.save_team(Team(id=0, name="B", member_ids=others))
        uow.commit()
    return ours, theirs


def test_a_changed_board_is_shown_as_it_is_now(open_screen: Open, world: World) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("sales", {"title": QueueSettings(name="sales").shown})
        uow.commit()
    board, token = make_board(world)
    screen = open_screen(token=token)
    screen.wait_for(lambda tiles: "sales" in tiles["order"])
    boards.save_board(
        Layout(id=board, title="Sales alone", queues=("sales",)),
        user_id=world.users["admin"],
        publisher=world.runtime.bus,
        **_store(world),
    )
    screen.wait_for(lambda tiles: tiles["board"]["title"] == "Sales alone")
    assert screen.tiles["order"] == ["sales"]


def test_a_board_is_kept_by_form_and_its_changes_are_written_down(
    supervisor: Browser, world: World
) -> None:
    told = {"title": "Mine", "zone": "Europe/Warsaw", "rotate_seconds": "20", "tiles": "waiting"}
    refused = supervisor.post("/wallboard/new", {**told, "title": ""})
    assert refused.status_code == 422
    assert "title-error" in refused.get_data(as_text=True)
    made = supervisor.post("/wallboard/new", told)
    assert made.location == "/wallboard/1"
    supervisor.post("/wallboard/1/edit", {**told, "title": "Ours"})
    opened = supervisor.post("/wallboard/1/walls", {"name": "Door", "language": "pl"})
    assert "/wall?lang=pl#ccrm_" in opened.get_data(as_text=True)
    with world.runtime.reader() as connection:
        rows = connection.exec_driver_sql(
            "select action, detail from audit_log where object_type = 'board' order by id"
        ).all()
    assert [action for action, _detail in rows] == ["board_saved", "board_saved", "wall_opened"]
    assert '"before":{"title":"Mine"}' in rows[1].detail
    assert "ccrm_" not in str(rows)


def test_a_tile_moves_in_the_editor_before_anything_is_saved(supervisor: Browser) -> None:
    told = {"title": "Mine", "tiles": ["waiting", "ready"], "edit": "down:waiting add:paused"}
    page = supervisor.post("/wallboard/check", told).get_data(as_text=True)
    order = [page.index(f'id="tile-{kind}"') for kind in ("ready", "waiting", "paused")]
    assert order == sorted(order)


def test_the_page_of_a_wall_holds_nothing_and_tells_nobody_where_it_was(browser: Browser) -> None:
    page = browser.get("/wall?lang=pl")
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'lang="pl"' in page.get_data(as_text=True)


def test_a_figure_opens_the_contacts_that_it_counts(supervisor: Browser, world: World) -> None:
    world.ring(ONE)
    world.answer()
    world.hang_up()
    world.ring(SHARED, call_id="pbx/2")
    page = supervisor.text("/wallboard/all")
    told = {name: html.unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', page)}
    assert "&queue=support" in told["queues"]
    links = json.loads(told["links"])

    def opened(kind: str, queues: str) -> str:
        return supervisor.text(links[kind].replace("{queues}", queues))

    assert "Maria Kowalska" in opened("answered_today", told["queues"])
    assert "Maria Kowalska" not in opened("abandoned_today", told["queues"])
    assert "Maria Kowalska" not in opened("answered_today", "&queue=sales")
    assert "<h1" in opened("service_level_now", "&queue=support")
    assert "<h1" in opened("asa_today", "&queue=support")
    assert "<h1" in opened("forecast", "&queue=support")
    waiting = opened("waiting", "&queue=support")
    assert 'data-waiting="yes"' in waiting
    assert """data-queues='["support"]'""" in waiting
