"""Two web processes behind one proxy: they share the users, the counting and the log-outs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.bootstrap import build
from callcenter.realtime.messages import Audience, Message
from tests.support.sockets import Desk, Visitor
from tests.support.waiting import wait_until
from tests.support.web import ONE, PASSWORD, Browser, World, make_world
from web.app import create_app
from web.service import WebService


@pytest.fixture
def first(sqlite_url: str, redis_url: str, tmp_path: Path) -> Iterator[World]:
    world = make_world(sqlite_url, tmp_path, redis_url=redis_url)
    yield world
    world.runtime.close()


@pytest.fixture
def second(first: World) -> Iterator[World]:
    world = World(build(first.runtime.settings), users=first.users)
    yield world
    world.runtime.close()


def test_a_session_ended_at_one_is_ended_at_the_other(first: World, second: World) -> None:
    here, there = Browser(create_app(first.runtime)), Browser(create_app(second.runtime))
    here.log_in("operator1")
    cookie = here.client.get_cookie("callcenter")
    assert cookie is not None
    there.client.set_cookie("callcenter", cookie.value)
    assert there.get("/desk").status_code == 200
    here.post("/logout")
    assert there.get("/desk").status_code == 302


def test_guesses_are_counted_together(first: World, second: World) -> None:
    apps = [create_app(world.runtime) for world in (first, second)]
    for app in apps:
        app.config["LOGIN_LIMIT_NAME"] = "2 per minute"
    tries = [apps[0], apps[1], apps[0]]
    statuses = [Browser(app).log_in("operator1", "guess").status_code for app in tries]
    assert statuses == [401, 401, 429]


def test_a_call_told_at_one_pops_on_a_screen_at_the_other(first: World, second: World) -> None:
    service = WebService(second.runtime)
    service.start()
    try:
        url = f"http://127.0.0.1:{service.port}"
        visitor = Visitor(url, "operator1", PASSWORD).log_in()
        desk = Desk(url, visitor.cookie, {}).open()
        desk.wait_for("snapshot")
        first.ring(ONE)
        (pop,) = desk.wait_for("screen_pop")
        assert pop["customers"][0]["display_name"] == "Maria Kowalska"
        other = Browser(create_app(first.runtime))
        other.client.set_cookie("callcenter", visitor.cookie)
        other.post("/logout")
        wait_until(
            lambda: not desk.client.connected, words="log-out elsewhere left the socket open"
        )
    finally:
        service.stop(5)


def test_log_in_and_out_go_on_while_redis_is_away(first: World, own_redis) -> None:
    settings = replace(first.runtime.settings, redis_url=own_redis.url)
    app = create_app(replace(first.runtime, settings=settings))
    own_redis.close()
    browser = Browser(app)
    assert browser.log_in("operator1").status_code == 302
    assert browser.get("/desk").status_code == 200
    assert browser.post("/logout").status_code == 302
    assert browser.get("/desk").status_code == 302


def test_nobody_hears_what_is_for_others(first: World, second: World) -> None:
    service = WebService(second.runtime)
    service.start()
    try:
        url = f"http://127.0.0.1:{service.port}"
        desk = Desk(url, Visitor(url, "operator1", PASSWORD).log_in().cookie, {}).open()
        desk.wait_for("snapshot")
        me = first.users["operator1"]
        for audience in (Audience(users=(me + 1,)), Audience(roles=("supervisor",)), Audience()):
            first.runtime.bus.publish([Message(kind="task", audience=audience)])
        first.runtime.bus.publish(
            [Message(kind="message", audience=Audience(users=(me,)), payload={"type": "last"})]
        )
        desk.wait_for("message")
        # Having logged in, and the queues' figures, may come late: those are one's own.
        heard = [kind for kind in desk.kinds() if kind not in ("agent", "queue")]
        assert heard == ["snapshot", "message"]
        assert {told["agent"]["user_id"] for told in desk.of("agent")} <= {me}
    finally:
        service.stop(5)
