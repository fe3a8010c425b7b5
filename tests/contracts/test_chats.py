"""Web chats on SQLite and on PostgreSQL: written, offered, taken, handed on, ended; each with
exactly one interaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from callcenter.chats.offers import LEFT_IN_PEACE, OFFER_LASTS
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import chats as queries
from callcenter.services import chat_desk, chat_offers, chats
from callcenter.services.chats import Said
from callcenter.store.tables import chat_offers as offer_rows
from callcenter.store.tables import chat_visits, interactions, messages, tasks
from tests.support.chatting import WIDGET, add_widget, at_work, seen, stored, visit, write
from tests.support.mailing import room_of
from tests.support.store import Store


@pytest.fixture
def anna(store: Store) -> int:
    add_widget(store)
    return store.add_user()


@pytest.fixture
def jan(store: Store) -> int:
    return store.add_user("jan", "1002")


def rows(store: Store, table: Any) -> list[Any]:
    with store.unit_of_work() as uow:
        return list(uow.connection.execute(select(table)).all())


def talking_to(store: Store, user_id: int, **facts: str) -> int:
    at_work(store, user_id)
    chat = write(store, **facts)
    chat_offers.accept(chat.id, user_id=user_id, room=room_of(store))
    return chat.id


def answer(store: Store, chat_id: int, user_id: int, text: str, client_id: str) -> int:
    told = chat_desk.Answer(text=text, client_id=client_id)
    return chat_desk.write(chat_id, told, user_id=user_id, room=room_of(store))


def test_a_first_message_is_a_chat_offered_at_once_to_whoever_is_there(
    store: Store, anna: int
) -> None:
    at_work(store, anna)
    chat = write(store, "Where is my order?")
    assert (chat.state, chat.offered_to, chat.queue) == ("offered", anna, "support")
    (contact,) = rows(store, interactions)
    assert (contact.channel, contact.queue, contact.result) == ("chat", "support", "unknown")
    with store.unit_of_work() as uow:
        (shown,) = queries.mine(uow.connection, anna, store.clock.now())
    assert (shown["id"], shown["state"], shown["last_text"]) == (
        chat.id,
        "offered",
        "Where is my order?",
    )


def test_a_message_sent_twice_is_one_message(store: Store, anna: int) -> None:
    said = Said(client_id="the-same-one", text="Hello")
    first = chats.say(visit(), said, room_of(store))
    assert chats.say(visit(), said, room_of(store)).id == first.id
    assert len(rows(store, messages)) == 1
    assert stored(store).unread == 1


def test_the_same_id_of_another_visitor_is_another_message(store: Store, anna: int) -> None:
    said = Said(client_id="the-same-one", text="Hello")
    for who in ("maria", "piotr"):
        chats.say(visit(who), said, room_of(store))
    assert len(rows(store, messages)) == 2
    assert [one.text for one in seen(store, "piotr").messages] == ["Hello"]


def test_who_takes_and_answers_it_is_the_operator_of_the_one_interaction(
    store: Store, anna: int
) -> None:
    at_work(store, anna)
    chat = write(store)
    store.clock.pass_by(5)
    chat_offers.accept(chat.id, user_id=anna, room=room_of(store))
    chat_offers.accept(chat.id, user_id=anna, room=room_of(store))
    store.clock.pass_by(55)
    answer(store, chat.id, anna, "On its way.", "answer-0001")
    answer(store, chat.id, anna, "On its way.", "answer-0001")
    write(store, "Thank you")
    store.clock.pass_by(60)
    chat_desk.close(chat.id, user_id=anna, room=room_of(store))
    (contact,) = rows(store, interactions)
    assert (contact.result, contact.operator_id) == ("answered", anna)
    assert (contact.wait_seconds, contact.handle_seconds) == (5, 115)
    view = seen(store)
    assert [one.text for one in view.messages] == ["Hello", "On its way.", "Thank you"]
    assert (view.state, view.names) == ("closed", {anna: "Anna"})
    assert rows(store, chat_visits) == []


def test_an_offer_not_answered_in_time_goes_to_the_next(store: Store, anna: int, jan: int) -> None:
    at_work(store, anna)
    store.clock.pass_by(60)
    at_work(store, jan)
    chat = write(store)
    assert chat.offered_to == anna  # idle for longer
    store.clock.pass_by(OFFER_LASTS.total_seconds())
    chat_offers.turn(room_of(store))
    assert stored(store).offered_to == jan
    with pytest.raises(Conflict, match="not offered to you"):
        chat_offers.accept(chat.id, user_id=anna, room=room_of(store))
    assert [(one.user_id, one.answer) for one in rows(store, offer_rows)] == [
        (anna, "timeout"),
        (jan, ""),
    ]
    gone = [one for one in store.publisher.messages if one.payload.get("type") == "chat_gone"]
    assert [one.audience.users for one in gone] == [(anna,)]


def test_who_declines_is_left_in_peace_for_a_while(store: Store, anna: int) -> None:
    at_work(store, anna)
    chat = write(store)
    chat_offers.decline(chat.id, user_id=anna, room=room_of(store))
    assert stored(store).state == "waiting"
    assert chat_offers.turn(room_of(store)) == 0
    store.clock.pass_by(LEFT_IN_PEACE.total_seconds())
    chat_offers.turn(room_of(store))
    assert stored(store).offered_to == anna


def test_nobody_gets_more_chats_at_once_than_the_widget_says(store: Store, anna: int) -> None:
    add_widget(store, replace(WIDGET, most_chats=2))
    at_work(store, anna)
    for who in ("a", "b", "c"):
        write(store, who=who)
    assert [stored(store, who).state for who in ("a", "b", "c")] == [
        "offered",
        "offered",
        "waiting",
    ]
    assert seen(store, "c").ahead == 0


def test_only_those_with_the_skill_are_asked(store: Store, anna: int, jan: int) -> None:
    with store.unit_of_work() as uow:
        uow.staffing.set_skill(jan, "support", 5)
        uow.commit()
    at_work(store, anna)
    write(store)
    assert (stored(store).state, seen(store).state) == ("waiting", "nobody")
    at_work(store, jan)
    chat_offers.turn(room_of(store))
    assert stored(store).offered_to == jan


def test_whose_it_is_follows_from_number_and_mail_and_is_told_to_no_visitor(
    store: Store, anna: int
) -> None:
    maria = store.add_customer("Maria Kowalska", "+48221234567")
    chat = write(store, phone="22 123 45 67", name="M.")
    assert chat.customer_id == maria
    (contact,) = rows(store, interactions)
    assert (contact.number, contact.match) == ("+48221234567", "one")
    assert "Kowalska" not in repr(seen(store))


def test_who_says_later_who_they_are_is_found_then_unless_we_chose(store: Store, anna: int) -> None:
    maria = store.add_customer("Maria Kowalska", "+48221234567")
    other = store.add_customer("Jan Kowalski", "+48225550101")
    chat = write(store)
    assert chat.customer_id is None
    chats.identify(visit(), {"phone": "+48221234567"}, room_of(store))
    assert stored(store).customer_id == maria
    with store.unit_of_work() as uow:
        uow.interactions.link(chat.interaction_id, other, "chosen")
        uow.commit()
    chats.identify(visit(), {"phone": "+48225559999"}, room_of(store))
    (contact,) = rows(store, interactions)
    assert (contact.customer_id, contact.match) == (other, "chosen")


def test_handed_to_a_colleague_it_is_offered_to_them_with_the_note(
    store: Store, anna: int, jan: int
) -> None:
    chat_id = talking_to(store, anna)
    with pytest.raises(Invalid, match="not at work"):
        chat_desk.hand_to_colleague(chat_id, jan, "", user_id=anna, room=room_of(store))
    at_work(store, jan)
    chat_desk.hand_to_colleague(chat_id, jan, "wants a discount", user_id=anna, room=room_of(store))
    handed = stored(store)
    assert (handed.offered_to, handed.visitor["handed_by"]) == (jan, "Anna")
    chat_offers.accept(chat_id, user_id=jan, room=room_of(store))
    assert (stored(store).assigned_to, stored(store).queue) == (jan, "support")
    with store.unit_of_work() as uow:
        told = [(one.direction, one.text) for one in uow.messages.of(chat_id)]
    assert told == [("in", "Hello"), ("note", "wants a discount"), ("system", "→ Jan")]
    assert [one.text for one in seen(store).messages] == ["Hello"]
    with pytest.raises((Conflict, Forbidden)):
        answer(store, chat_id, anna, "late", "answer-0009")


def test_handed_to_a_queue_it_waits_there_and_is_not_offered_back(store: Store, anna: int) -> None:
    chat_id = talking_to(store, anna)
    chat_desk.hand_to_queue(chat_id, "sales", "", user_id=anna, room=room_of(store))
    assert (stored(store).state, stored(store).queue) == ("waiting", "sales")
    assert len(rows(store, interactions)) == 1


def test_a_visitor_gone_before_anybody_answered_is_abandoned_after_it_answered(
    store: Store, anna: int
) -> None:
    write(store, who="early")
    talking_to(store, anna)
    answer(store, stored(store).id, anna, "Hi", "answer-0001")
    store.clock.pass_by(WIDGET.gone_minutes * 60)
    assert chat_offers.end_forgotten(room_of(store)) == 2
    found = {one.wait_seconds: one.result for one in rows(store, interactions)}
    assert sorted(found.values()) == ["abandoned", "answered"]
    assert rows(store, tasks) == []


def test_who_is_still_there_is_not_ended(store: Store, anna: int) -> None:
    chat = write(store)
    store.clock.pass_by(WIDGET.gone_minutes * 60 - 1)
    chats.is_there(chat.id, room_of(store))
    store.clock.pass_by(WIDGET.gone_minutes * 60 - 1)
    chat_offers.end_forgotten(room_of(store))
    assert stored(store).live


def test_who_leaves_a_number_when_nobody_is_there_becomes_a_task_of_the_team(
    store: Store, anna: int
) -> None:
    chat = write(store, "Please call me")
    assert seen(store).state == "nobody"
    with pytest.raises(Invalid):
        chats.identify(visit(), {"name": "Maria"}, room_of(store), leave=True)
    chats.identify(visit(), {"phone": "+48221234567"}, room_of(store), leave=True)
    (task,) = rows(store, tasks)
    assert (task.kind, task.number, task.queue) == ("callback", "+48221234567", "support")
    assert (task.interaction_id, task.assignee_id) == (chat.interaction_id, None)
    assert "Please call me" in task.details
    (contact,) = rows(store, interactions)
    assert contact.result == "missed"


def test_who_comes_back_after_the_end_stands_in_the_queue_anew(store: Store, anna: int) -> None:
    chat_id = talking_to(store, anna, name="Maria")
    chats.leave(visit(), room_of(store))
    chats.leave(visit(), room_of(store))
    again = write(store, "One more thing")
    assert again.id != chat_id
    assert (again.state, again.visitor["name"]) == ("offered", "Maria")
    assert len(seen(store).messages) == 2
    assert len(rows(store, interactions)) == 2


def test_an_outcome_that_the_queue_asks_for_is_given_before_the_end(
    store: Store, anna: int
) -> None:
    from callcenter.outcomes.outcome import OutcomeDraft

    with store.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"outcome_required": True})
        uow.outcomes.add(OutcomeDraft(queue="", label="Solved"))
        uow.commit()
    chat_id = talking_to(store, anna)
    with pytest.raises(Invalid, match="outcome"):
        chat_desk.close(chat_id, user_id=anna, room=room_of(store))


def test_an_offer_that_nobody_withdrew_is_cleared(store: Store, anna: int, jan: int) -> None:
    from callcenter.services import conversations

    at_work(store, anna)
    chat = write(store)
    conversations.close(chat.id, user_id=jan, room=room_of(store))
    chat_offers.end_forgotten(room_of(store))
    (offer,) = rows(store, offer_rows)
    assert offer.answer == "withdrawn"


def test_a_message_nobody_may_read_or_write_is_refused(store: Store, anna: int, jan: int) -> None:
    chat_id = talking_to(store, anna)
    with pytest.raises((Conflict, Forbidden, NotFound)):
        answer(store, chat_id, jan, "mine", "answer-0001")
    with pytest.raises(Invalid):
        answer(store, chat_id, anna, " ", "answer-0001")
