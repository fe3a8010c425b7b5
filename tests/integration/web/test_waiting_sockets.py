"""What screens hear of tasks, calls in vain and the message line: their own, and enough of it that
old snapshot and events are the new snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callcenter.channels.conversation import Conversation
from callcenter.chats.widget import Widget
from callcenter.queries import chat_view
from callcenter.realtime.messages import Audience, Message
from callcenter.rooms import room_of
from callcenter.services import (
    chat_desk,
    chat_offers,
    chats,
    line,
    missed_calls,
    operator_state,
    tasks,
)
from callcenter.services.chats import Said, Visit
from callcenter.tasks.task import TaskDraft
from tests.support.sockets import Desk, Visitor
from tests.support.waiting import wait_until
from tests.support.web import ONE, PASSWORD, UNKNOWN, World
from web.service import WebService

Open = Callable[..., Desk]
PARTS = ("counts", "line", "reminders")


@pytest.fixture
def service(world: World) -> Iterator[WebService]:
    service = WebService(world.runtime)
    service.start()
    yield service
    service.stop(5)


@pytest.fixture
def open_desk(service: WebService, world: World) -> Iterator[Open]:
    opened: list[Desk] = []

    def open_one(username: str) -> Desk:
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


def act(world: World) -> dict[str, Any]:
    runtime = world.runtime
    return {
        "unit_of_work": runtime.unit_of_work,
        "publisher": runtime.bus,
        "clock": runtime.clock,
    }


def give(world: World, minutes: float, **more: Any) -> int:
    now = world.runtime.clock.now()
    values = {"title": "Call Maria", "due_at": now + timedelta(minutes=minutes)} | more
    desk = tasks.Desk(**act(world), plan=world.runtime.settings.number_plan)
    return tasks.create_task(TaskDraft(**values), user_id=world.users["admin"], desk=desk)


def lose(world: World, number: str, call_id: str) -> None:
    world.ring(number, call_id=call_id)
    world.tell(replace(world.hang_up(call_id), result="abandoned", wait_seconds=25.0))


def told(desk: Desk, marker: str) -> bool:
    return any(payload.get("marker") == marker for payload in desk.of("message"))


@pytest.mark.parametrize("username", ["operator1", "supervisor"])
def test_old_snapshot_and_events_are_the_new_snapshot_of_what_waits(
    open_desk: Open, world: World, username: str
) -> None:
    desk = open_desk(username)
    anna, ewa = world.users["operator1"], world.users["supervisor"]
    me = tasks.Desk(**act(world), plan=world.runtime.settings.number_plan)
    remind_at = world.runtime.clock.now()
    steps: tuple[Callable[[], object], ...] = (
        lambda: give(world, 1, assignee_id=anna, remind_at=remind_at),
        lambda: give(world, -60, assignee_id=ewa, remind_at=remind_at),
        lambda: give(world, 5, queue="support", remind_at=remind_at),
        lambda: tasks.remind(**act(world)),
        lambda: tasks.put_off_reminder(1, 10, user_id=anna, desk=me),
        lambda: tasks.update_task(3, {"assignee_id": anna}, version=1, user_id=ewa, desk=me),
        lambda: tasks.finish_task(3, user_id=anna, desk=me),
        lambda: tasks.reopen_task(3, user_id=anna, desk=me),
        lambda: lose(world, ONE, "pbx/1"),
        lambda: lose(world, UNKNOWN, "pbx/2"),
        lambda: missed_calls.claim(1, user_id=anna, **act(world)),
        lambda: missed_calls.close(2, "no", user_id=anna, **act(world)),
        lambda: line.write(anna, "May I?", **act(world)),
        lambda: line.write(ewa, "You may", to_user=anna, **act(world)),
        lambda: line.write(ewa, "All of you", to_queue="support", **act(world)),
        lambda: line.read_up_to(ewa, anna, 1, **act(world)),
        lambda: line.read_up_to(anna, anna, 99, **act(world)),
        lambda: line.call_for_help(anna, call_id="pbx/1", **act(world)),
        lambda: line.come(6, user_id=ewa, **act(world)),
        lambda: line.put_away(6, user_id=anna, **act(world)),
    )
    for at, step in enumerate(steps):
        step()
        audience = Audience(users=(desk.me["id"],))
        payload = {"type": "marker", "marker": str(at)}
        world.runtime.bus.publish([Message(kind="message", audience=audience, payload=payload)])
        wait_until(lambda at=at: told(desk, str(at)))  # type: ignore[misc]
        folded = desk.fold()
        fresh = desk.resync()
        for part in PARTS:
            now = fresh[part]
            kept = now if part == "counts" else {str(one["id"]): one for one in now}
            assert folded["state"][part] == kept, (at, part)


def test_nobody_hears_what_is_between_others(open_desk: Open, world: World) -> None:
    jan, adam = open_desk("operator2"), open_desk("admin")
    anna, ewa = world.users["operator1"], world.users["supervisor"]
    give(world, 1, assignee_id=anna, remind_at=world.runtime.clock.now())
    tasks.remind(**act(world))
    line.write(ewa, "Between us", to_user=anna, **act(world))
    line.call_for_help(anna, **act(world))
    adam.wait_for("message")  # the call for help is the supervisors'
    assert jan.of("message") == []
    assert jan.of("task") == []
    assert "Between us" not in str(adam.events)


def test_chats_come_and_go_by_events_as_snapshots_have_them(open_desk: Open, world: World) -> None:
    widget = Widget(key="shop", title="Shop", queue="support")
    with world.runtime.unit_of_work() as uow:
        uow.chats.save_widget(widget)
        uow.commit()
    anna, jan = open_desk("operator1"), open_desk("operator2")
    room = room_of(world.runtime)
    visit = Visit(widget=widget, key="a" * 64)
    for name in ("operator1", "operator2"):
        operator_state.set_state(world.users[name], "ready", **act(world))

    def chat() -> Conversation:
        with world.runtime.reader() as connection:
            found = chat_view.of_visitor(connection, visit.key)
        assert found is not None
        return found

    def chat_id() -> int:
        return chat().id

    def owner() -> int:
        return chat().offered_to or chat().assigned_to or 0

    def other() -> int:
        both = {world.users["operator1"], world.users["operator2"]}
        return (both - {owner()}).pop()

    steps: tuple[Callable[[], Any], ...] = (
        lambda: chats.say(visit, Said(client_id="message-1", text="Hello"), room),
        lambda: chat_offers.accept(chat_id(), user_id=owner(), room=room),
        lambda: chats.say(visit, Said(client_id="message-2", text="Hello?"), room),
        lambda: chat_desk.hand_to_colleague(chat_id(), other(), "", user_id=owner(), room=room),
        lambda: chat_offers.accept(chat_id(), user_id=owner(), room=room),
        lambda: chat_desk.close(chat_id(), user_id=owner(), room=room),
    )
    for at, step in enumerate(steps):
        step()
        audience = Audience(users=(anna.me["id"], jan.me["id"]))
        payload = {"type": "marker", "marker": f"chat {at}"}
        world.runtime.bus.publish([Message(kind="message", audience=audience, payload=payload)])
        for desk in (anna, jan):
            wait_until(lambda desk=desk, at=at: told(desk, f"chat {at}"))  # type: ignore[misc]
            folded = desk.fold()["state"]["chats"]
            assert folded == {str(one["id"]): one for one in desk.resync()["chats"]}
    assert folded == {}
