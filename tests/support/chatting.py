"""What tests of chats share: a widget, its visitors, operators at work."""

from __future__ import annotations

from typing import Any

from callcenter.channels.conversation import Conversation
from callcenter.chats.visitor import visitor_key
from callcenter.chats.widget import Widget
from callcenter.queries.chat_view import View, look
from callcenter.services import chats, operator_state
from callcenter.services.chats import Said, Visit
from tests.support.mailing import room_of
from tests.support.store import Store

SITE = "https://shop.example"
WIDGET = Widget(key="shop", title="Shop", queue="support", origins=(SITE,))


def add_widget(store: Store, widget: Widget = WIDGET) -> None:
    with store.unit_of_work() as uow:
        for queue in ("support", "sales"):
            uow.staffing.save_queue(queue, {"title": queue.title()})
        uow.chats.save_widget(widget)
        uow.commit()


def visit(name: str = "maria", widget: Widget = WIDGET) -> Visit:
    return Visit(widget=widget, key=visitor_key(f"token of {name}", widget.key))


def write(store: Store, text: str = "Hello", who: str = "maria", **facts: str) -> Conversation:
    """A new message each time, and the conversation after it."""
    number = len(seen(store, who).messages)
    said = Said(client_id=f"message-{number:04}", text=text, facts=facts)
    chats.say(visit(who), said, room_of(store))
    return stored(store, who)


def stored(store: Store, who: str = "maria") -> Conversation:
    with store.unit_of_work() as uow:
        found = uow.chats.of_visitor(visit(who).key)
    assert found is not None
    return found


def seen(store: Store, who: str = "maria", after: int = 0) -> View:
    one = visit(who)
    with store.engine.connect() as connection:
        return look(connection, one.key, one.widget.queue, after, store.clock.now())


def at_work(store: Store, user_id: int, state: str = "ready") -> None:
    told: dict[str, Any] = {
        "unit_of_work": store.unit_of_work,
        "publisher": store.publisher,
        "clock": store.clock,
    }
    operator_state.set_state(user_id, state, **told)
