"""What an operator's screen hears: only its own, numbered, without holes, as the database says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import socketio.exceptions

from callcenter.queries import queues as queue_queries
from callcenter.realtime.messages import Audience, Message
from callcenter.realtime.payloads import queue_payload
from callcenter.rights.policy import BUILTIN
from callcenter.rights.teams import Team
from tests.support.sockets import Desk, Visitor
from tests.support.waiting import wait_until
from tests.support.web import EVIL, MARKUP, ONE, PASSWORD, UNKNOWN, World
from web import realtime, session
from web.app import realtime_of
from web.service import WebService

Open = Callable[..., Desk]


@pytest.fixture
def service(world: World) -> Iterator[WebService]:
    service = WebService(world.runtime)
    service.start()
    yield service
    service.stop(5)


@pytest.fixture
def open_desk(service: WebService, world: World) -> Iterator[Open]:
    opened: list[Desk] = []

    def open_one(username: str = "operator1") -> Desk:
        url = f"http://127.0.0.1:{service.port}"
        role = username if username in ("supervisor", "admin") else "operator"
        me = {"id": world.users[username], "role": role}
        desk = Desk(url, Visitor(url, username, PASSWORD).log_in().cookie, me).open()
        opened.append(desk)
        desk.wait_for("snapshot")
        return desk

    yield open_one
    for desk in opened:
        desk.close()


def state_of(snapshot: dict) -> dict:
    """A snapshot as the browser holds it."""
    return {
        "agent": snapshot["agent"],
        "calls": {call["call_id"]: call for call in snapshot["calls"]},
        "pops": {pop["call_id"]: pop for pop in snapshot["pops"]},
        "queues": {queue["queue"]: queue for queue in snapshot["queues"]},
        "counts": snapshot["counts"],
        "line": {str(message["id"]): message for message in snapshot["line"]},
        "reminders": {str(one["id"]): one for one in snapshot["reminders"]},
        "chats": {str(one["id"]): one for one in snapshot["chats"]},
        "supervision": {str(one["id"]): one for one in snapshot["supervision"]},
        "alerts": {str(one["id"]): one for one in snapshot["alerts"]},
        "ready": True,
    }


def test_a_ringing_call_pops_with_its_customer_on_the_screens_it_rings_only(
    open_desk: Open, world: World
) -> None:
    anna, jan = open_desk("operator1"), open_desk("operator2")
    world.ring(ONE, to=["1001"])
    (pop,) = anna.wait_for("screen_pop")
    assert (pop["phase"], pop["match"]) == ("ringing", "one")
    assert pop["customers"][0]["display_name"] == "Maria Kowalska"
    assert pop["number_text"] == "22 123 45 67"
    world.ring(UNKNOWN, to=["1002"], call_id="pbx/2")
    jan.wait_for("screen_pop")
    assert [one["number"] for one in jan.of("screen_pop")] == [UNKNOWN]
    assert len(anna.of("screen_pop")) == 1


def test_who_is_called_by_their_number_yet_pops_with_it_as_people_dial_it(
    open_desk: Open, world: World
) -> None:
    world.ring(UNKNOWN)
    world.answer()
    world.hang_up()
    anna = open_desk("operator1")
    world.ring(UNKNOWN, to=["1001"], call_id="pbx/2")
    (pop,) = [one for one in anna.wait_for("screen_pop") if one["call_id"] == "pbx/2"]
    assert pop["customers"][0]["display_name"] == pop["number_text"] == "+7 916 123-45-67"


def test_when_one_answers_the_others_pop_goes(open_desk: Open, world: World) -> None:
    anna, jan = open_desk("operator1"), open_desk("operator2")
    world.ring(ONE, to=["1001", "1002"])
    world.answer(by="1002")
    assert [pop["phase"] for pop in anna.wait_for("screen_pop", 2)] == ["ringing", "gone"]
    assert [pop["phase"] for pop in jan.wait_for("screen_pop", 2)] == ["ringing", "answered"]


def test_events_are_numbered_from_the_snapshot_without_a_hole(
    open_desk: Open, world: World
) -> None:
    anna = open_desk()
    world.ring(ONE)
    world.answer()
    world.hang_up()
    wait_until(lambda: anna.of("screen_pop") and anna.of("screen_pop")[-1]["phase"] == "gone")
    numbers = [payload["seq"] for _, payload in anna.events]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("username", ["operator1", "operator2", "supervisor"])
def test_old_snapshot_and_events_are_the_new_snapshot_at_every_step(
    open_desk: Open, world: World, username: str
) -> None:
    desk = open_desk(username)
    steps = (
        lambda: world.ring(ONE, to=["1001", "1002"]),
        lambda: world.ring("+48225550101", to=["1001"], call_id="pbx/2"),
        lambda: world.answer("pbx/1", by="1002"),
        lambda: world.ring("anonymous", to=["1001"], call_id="pbx/3"),
        lambda: world.hang_up("pbx/1"),
        lambda: world.answer("pbx/2", by="1001"),
        lambda: world.hang_up("pbx/3"),
        lambda: world.hang_up("pbx/2"),
    )
    for step in steps:
        step()
        marker = Message(
            kind="message", audience=Audience(users=(desk.me["id"],)), payload={"type": "marker"}
        )
        world.runtime.bus.publish([marker])
        seen = len(desk.of("message"))
        desk.wait_for("message", seen + 1) if not _marked(desk, seen) else None
        wait_until(lambda: _queues_told(desk) == _queues_now(world))
        folded = desk.fold()
        assert set(folded["verdicts"]) == {"apply"}
        assert folded["state"] == state_of(desk.resync())


def _queues_told(desk: Desk) -> dict:
    """Figures come at most once a second, after what changed them."""
    told: dict = {}
    for kind, payload in desk.events:
        for one in payload["queues"] if kind == "snapshot" else [payload] * (kind == "queue"):
            told[one["queue"]] = {name: one[name] for name in one if name != "seq"}
    return told


def _queues_now(world: World) -> dict:
    with world.runtime.reader() as connection:
        views = queue_queries.now(connection, world.runtime.clock.now())
    return {one.figures.queue: queue_payload(one.figures) for one in views}


def _marked(desk: Desk, seen: int) -> bool:
    return len(desk.of("message")) > seen


def test_a_lost_event_is_noticed_and_mended_by_a_new_snapshot(
    open_desk: Open, world: World
) -> None:
    anna = open_desk()
    world.ring(ONE)
    world.answer()
    anna.wait_for("screen_pop", 2)
    lost = [event for event in anna.events if event[1]["seq"] != 2]
    assert "resync" in anna.fold(lost)["verdicts"]
    new = anna.resync()
    assert anna.fold([*lost, ("snapshot", new)])["state"] == state_of(new)


def test_a_reload_in_the_middle_of_a_call_shows_the_call(open_desk: Open, world: World) -> None:
    world.ring(ONE)
    world.answer()
    (snapshot,) = open_desk().of("snapshot")
    assert [pop["phase"] for pop in snapshot["pops"]] == ["answered"]


def test_a_gap_on_the_bus_gives_every_socket_a_new_snapshot(
    open_desk: Open, service: WebService
) -> None:
    anna, ewa = open_desk("operator1"), open_desk("supervisor")
    realtime_of(service.app).refresh_all()
    anna.wait_for("snapshot", 2)
    ewa.wait_for("snapshot", 2)


def test_what_happens_while_a_snapshot_is_read_comes_after_it(
    open_desk: Open, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = open_desk()
    reading, go_on = threading.Event(), threading.Event()
    read = realtime.wire.snapshot

    def slow(*arguments: object) -> dict:
        shown = read(*arguments)
        reading.set()
        go_on.wait(20)
        return shown

    monkeypatch.setattr(realtime.wire, "snapshot", slow)
    anna.client.emit("resync")
    assert reading.wait(20)
    world.ring(ONE)
    go_on.set()
    anna.wait_for("screen_pop")
    assert anna.kinds().index("screen_pop") > len(anna.kinds()) - 1 - anna.kinds()[::-1].index(
        "snapshot"
    )
    numbers = [payload["seq"] for _, payload in anna.events]
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(anna.fold()["state"]["pops"]) == ["pbx/1"]


def test_a_slow_screen_is_not_buffered_for_ever_but_gets_a_new_snapshot(
    open_desk: Open, world: World, service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = open_desk()
    hub = realtime_of(service.app)
    monkeypatch.setattr(hub, "_backlog", lambda _listener: realtime.BACKLOG + 1)
    world.ring(ONE)
    wait_until(lambda: all(one.lagging for one in hub.listeners()))
    world.answer()
    monkeypatch.setattr(hub, "_backlog", lambda _listener: 0)
    snapshot = anna.wait_for("snapshot", 2)[-1]
    assert [pop["phase"] for pop in snapshot["pops"]] == ["answered"]
    assert anna.of("screen_pop") == []


def test_a_pop_carries_markup_as_plain_data(open_desk: Open, world: World) -> None:
    anna = open_desk()
    world.ring(EVIL, name=MARKUP)
    (pop,) = anna.wait_for("screen_pop")
    assert pop["caller_name"] == MARKUP
    assert pop["customers"][0]["display_name"] == MARKUP


def test_the_state_one_chooses_comes_back_over_the_socket(
    open_desk: Open, service: WebService
) -> None:
    anna = open_desk()
    visitor = Visitor(anna.url, "operator1", PASSWORD).log_in()
    assert visitor.post("/desk/state", {"state": "paused", "reason": "lunch"}).status_code == 204
    (agent,) = anna.wait_for("agent")
    assert (agent["state"], agent["reason"]) == ("paused", "lunch")


def test_wrap_up_is_told_prolonged_and_ended(
    open_desk: Open, service: WebService, world: World
) -> None:
    anna = open_desk()
    visitor = Visitor(anna.url, "operator1", PASSWORD).log_in()
    world.ring(ONE)
    world.answer()
    world.hang_up()
    wrapping = anna.wait_for("agent", 3)[-1]
    assert (wrapping["state"], wrapping["chosen"]) == ("wrap_up", "ready")
    assert wrapping["wrap_up"]["call_id"] == "pbx/1"
    assert visitor.post("/desk/wrap-up/more").status_code == 204
    longer = anna.wait_for("agent", 4)[-1]
    assert longer["wrap_up"]["until"] > wrapping["wrap_up"]["until"]
    assert visitor.post("/desk/done").status_code == 204
    assert anna.wait_for("agent", 5)[-1]["state"] == "ready"
    answer = visitor.post("/desk/wrap-up/more")
    assert (answer.status_code, bool(answer.json()["message"])) == (409, True)
    assert visitor.post("/desk/state", {"state": "wrap_up"}).status_code == 422
    assert visitor.post("/desk/state", {"state": "paused", "reason": "nap"}).status_code == 422


# --- who may listen ----------------------------------------------------------------------------


def test_who_is_not_logged_in_gets_no_socket(service: WebService) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Desk(f"http://127.0.0.1:{service.port}", "forged", {}).open()


def test_another_site_gets_no_socket_in_the_users_name(open_desk: Open) -> None:
    anna = open_desk()
    with pytest.raises(socketio.exceptions.ConnectionError):
        Desk(anna.url, anna.cookie, anna.me, origin="http://evil.example").open()


def test_log_out_closes_the_socket(open_desk: Open, service: WebService, world: World) -> None:
    jan = open_desk("operator2")
    visitor = Visitor(jan.url, "operator1", PASSWORD).log_in()
    anna = Desk(jan.url, visitor.cookie, {}).open()
    anna.wait_for("snapshot")
    visitor.post("/logout")
    wait_until(lambda: not anna.client.connected, words="the socket outlived its session")
    assert jan.client.connected


def test_logging_out_everywhere_closes_every_socket_of_that_user(
    open_desk: Open, service: WebService, world: World
) -> None:
    anna, jan = open_desk("operator1"), open_desk("operator2")
    with world.runtime.unit_of_work() as uow:
        uow.users.end_sessions(world.users["operator1"])
        uow.commit()
    realtime_of(service.app).end_dead_sessions()
    wait_until(lambda: not anna.client.connected)
    assert jan.client.connected


def test_a_socket_lives_no_longer_than_its_session_may(
    open_desk: Open, service: WebService, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = open_desk("operator1")
    realtime_of(service.app).end_dead_sessions()
    assert anna.client.connected
    monkeypatch.setattr(session, "LONGEST", timedelta(0))
    realtime_of(service.app).end_dead_sessions()
    wait_until(lambda: not anna.client.connected, words="the socket outlived its session")
    state = httpx.get(f"{anna.url}/session", headers={"Cookie": f"callcenter={anna.cookie}"})
    assert state.status_code == 401


def test_rights_and_teams_that_change_reach_an_open_socket(
    open_desk: Open, service: WebService, world: World
) -> None:
    """It begins anew with what they may see now."""
    ewa, sockets = open_desk("supervisor"), realtime_of(service.app)
    ewa.wait_for("snapshot")
    policy = replace(BUILTIN["supervisor"], code="lead", title="Lead", builtin=False)
    user = world.users["supervisor"]
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(policy)
        uow.users.update(user, {"role_code": "lead"})
        uow.commit()
    sockets.end_dead_sessions()
    before = len(ewa.wait_for("snapshot", 2))
    own: Any = {**policy.scopes, ("wallboard", "read"): "team"}
    with world.runtime.unit_of_work() as uow:
        uow.rights.save_role(replace(policy, scopes=own))
        uow.rights.save_team(Team(id=0, name="Sales", lead_id=user))
        uow.commit()
    sockets.end_dead_sessions()
    ewa.wait_for("snapshot", before + 1)
    (listener,) = sockets.listeners()
    assert len(listener.viewer.team_ids) == 1
    sockets.end_dead_sessions()
    assert len(ewa.wait_for("snapshot", before + 1)) == before + 1


def test_a_port_in_use_is_told_in_words(service: WebService, world: World) -> None:
    from dataclasses import replace

    from callcenter.runtime import StartupError
    from callcenter.settings import BindAddress

    taken = BindAddress("127.0.0.1", service.port)
    runtime = replace(world.runtime, settings=replace(world.runtime.settings, web_bind=taken))
    with pytest.raises(StartupError, match="in use by another program"):
        WebService(runtime).start()
