"""Conversations and the timeline in the browser: read, taken, answered with files and templates,
handed over, closed; nothing that a mail brought becomes markup."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from callcenter.channels.incoming import Incoming
from callcenter.channels.template import ReplyTemplate
from callcenter.rooms import room_of
from callcenter.services import conversations
from callcenter.services.inbound import TakenIn, take_in
from tests.support.web import MARKUP, Browser, World

MAIL = {"channel": "email", "account": "desk@example.com", "queue": "support"}


def arrive(world: World, number: int = 1, **changes: Any) -> TakenIn:
    runtime = world.runtime
    values: dict[str, Any] = {
        **MAIL,
        "address": "who@example.net",
        "sender": "Wanda Nowak <who@example.net>",
        "at": runtime.clock.now(),
        "text": "Where is my order?",
        "subject": "Order 1182",
        "external_id": f"<{number}@x>",
        "thread_key": f"<{number}@x>",
    } | changes
    with runtime.unit_of_work() as uow:
        plan = runtime.settings.number_plan
        taken = take_in(uow, Incoming(**values), clock=runtime.clock, plan=plan)
        assert taken is not None
        uow.commit()
    return taken


def written(world: World, conversation_id: int = 1) -> list[Any]:
    with world.runtime.unit_of_work() as uow:
        return list(uow.messages.of(conversation_id))


def test_a_mail_waits_is_taken_and_answered_with_a_file(world: World, operator: Browser) -> None:
    arrive(world)
    waiting = operator.text("/conversations?scope=waiting")
    assert "Order 1182" in waiting
    assert "No conversation is yours" in operator.text("/conversations")
    assert operator.post("/conversations/1/take").status_code == 302
    assert "Order 1182" in operator.text("/conversations")
    answer = {
        "text": "On its way.",
        "as": "reply",
        "close": "1",
        "files": (io.BytesIO(b"%PDF"), "bill.pdf"),
    }
    assert operator.post("/conversations/1/reply", answer).status_code == 302
    page = operator.text("/conversations/1")
    assert "On its way." in page
    assert "bill.pdf" in page
    assert written(world)[-1].state == "queued"
    link = re.search(r'href="(/files/\d+)"', page)
    assert link is not None
    sent = operator.get(link.group(1))
    assert (sent.data, sent.headers["X-Content-Type-Options"]) == (b"%PDF", "nosniff")
    sent.close()
    assert "Order 1182" in operator.text("/conversations?scope=all&text=way&state=closed")


def test_what_a_mail_brought_is_text(world: World, operator: Browser) -> None:
    arrive(world, subject=MARKUP, text=MARKUP, sender=f"{MARKUP} <x@example.net>")
    for path in (
        "/conversations?scope=all",
        "/conversations/1",
        "/interactions",
        "/interactions/1",
    ):
        assert MARKUP not in operator.text(path)


def test_an_empty_answer_says_so_and_keeps_the_page(world: World, operator: Browser) -> None:
    arrive(world)
    answer = operator.post("/conversations/1/reply", {"text": " ", "as": "reply"})
    assert answer.status_code == 422
    assert "Write something first." in answer.get_data(as_text=True)
    assert len(written(world)) == 1


def test_a_note_is_kept_among_us(world: World, operator: Browser) -> None:
    arrive(world)
    operator.post("/conversations/1/reply", {"text": "a difficult one", "as": "note"})
    assert [one.direction for one in written(world)] == ["in", "note"]
    assert "Internal note" in operator.text("/conversations/1")


def test_another_operators_conversation_is_theirs_to_change(
    world: World, operator: Browser, supervisor: Browser
) -> None:
    arrive(world)
    conversations.take(1, user_id=world.users["operator2"], room=room_of(world.runtime))
    assert operator.post("/conversations/1/close").status_code == 403
    assert operator.post("/conversations/1/reply", {"text": "mine"}).status_code == 403
    assert len(written(world)) == 1
    assert supervisor.post("/conversations/1/close").status_code == 302


def test_a_stranger_becomes_a_card_with_the_address(world: World, operator: Browser) -> None:
    arrive(world)
    assert operator.post("/conversations/1/card").status_code == 302
    with world.runtime.unit_of_work() as uow:
        conversation = uow.conversations.get(1)
        assert conversation is not None
        assert conversation.customer_id is not None
        assert uow.conversations.people_at("email", "who@example.net") == (
            conversation.customer_id,
        )
    card = operator.text(f"/customers/{conversation.customer_id}")
    assert "Wanda Nowak" in card
    timeline = operator.text(f"/customers/{conversation.customer_id}/timeline")
    assert "Order 1182" in timeline
    assert "/conversations/1" in timeline


def test_handed_to_a_queue_it_waits_there(world: World, operator: Browser) -> None:
    arrive(world)
    operator.post("/conversations/1/take")
    assert operator.post("/conversations/1/queue", {"queue": "sales"}).status_code == 302
    assert operator.post("/conversations/1/queue", {"queue": "nowhere"}).status_code == 422
    with world.runtime.unit_of_work() as uow:
        moved = uow.conversations.get(1)
    assert moved is not None
    assert (moved.queue, moved.assigned_to) == ("sales", None)


def test_templates_are_filled_for_the_conversation(world: World, operator: Browser) -> None:
    arrive(world)
    with world.runtime.unit_of_work() as uow:
        text = "About {conversation.subject}: yours, {operator.name}"
        uow.reply_templates.add(ReplyTemplate(title="Short", text=text))
        uow.commit()
    assert "Short" in operator.text("/conversations/1")
    filled = operator.get("/conversations/1/template/1").get_json()["text"]
    assert filled.startswith("About Order 1182: yours, ")


def test_a_meeting_is_written_down_on_the_card(world: World, operator: Browser) -> None:
    maria = world.customers["Maria Kowalska"]
    form = {"title": "Visit", "at": "2026-07-01T09:30", "minutes": "45", "place": "Warsaw"}
    answer = operator.post(f"/customers/{maria}/meetings", form)
    assert answer.status_code == 200
    assert "Visit" in answer.get_data(as_text=True)
    refused = operator.post(f"/customers/{maria}/meetings", {**form, "at": "soon"})
    assert refused.status_code == 422
    found = operator.text(f"/customers/{maria}/timeline?text=warsaw&kind=meeting")
    assert "Visit" in found
    assert "Nothing fits" in operator.text(f"/customers/{maria}/timeline?text=zzz")


@pytest.mark.parametrize("path", ["/conversations/99", "/customers/99999/timeline"])
def test_what_is_not_there_is_not_found(world: World, operator: Browser, path: str) -> None:
    assert operator.get(path).status_code == 404


def test_writing_first_needs_a_way_to_send(world: World, operator: Browser) -> None:
    assert "Sending is not set up" in operator.text("/conversations/new")


def test_supervisors_keep_the_texts_to_answer_with(
    world: World, supervisor: Browser, operator: Browser
) -> None:
    form = {"title": "Short", "kind": "reply", "text": "Hello {customer.name}"}
    assert supervisor.post("/reply-templates", form).status_code == 302
    assert "Hello {customer.name}" in supervisor.text("/reply-templates")
    refused = supervisor.post("/reply-templates/1", {**form, "text": "{customer.secret}"})
    assert refused.status_code == 422
    assert supervisor.post("/reply-templates/1/delete").status_code == 302
    assert "No texts yet" in supervisor.text("/reply-templates")
    assert operator.get("/reply-templates").status_code == 403
