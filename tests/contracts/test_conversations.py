"""Conversations on SQLite and on PostgreSQL: begun, found again, answered, handed over, closed;
each with exactly one interaction that tells the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from callcenter.channels.conversation import Conversation
from callcenter.channels.mail import SendFailed
from callcenter.channels.message import RETRIES
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.services import answers, conversations, meetings, sending
from callcenter.services.answers import Answer
from callcenter.store.tables import interactions, messages
from tests.support.mailing import OURS, arrive, outbox_of, room_of
from tests.support.store import NOW, Store


@pytest.fixture
def anna(store: Store) -> int:
    return store.add_user()


@pytest.fixture
def maria(store: Store) -> int:
    return store.add_customer("Maria Kowalska", "+48221234567", email="maria@example.org")


def started(store: Store, **changes: Any) -> Conversation:
    taken = arrive(store, **changes)
    assert taken is not None
    return taken.conversation


def stored(store: Store, conversation: Conversation) -> Conversation:
    with store.unit_of_work() as uow:
        return conversations.existing(uow, conversation.id)


def contacts(store: Store) -> list[Any]:
    with store.unit_of_work() as uow:
        query = select(interactions).order_by(interactions.c.id)
        return list(uow.connection.execute(query).all())


def test_a_mail_is_one_conversation_and_one_interaction_of_whoever_has_the_address(
    store: Store, maria: int
) -> None:
    conversation = started(store)
    assert conversation.customer_id == maria
    (contact,) = contacts(store)
    assert (contact.channel, contact.customer_id, contact.match) == ("email", maria, "one")
    assert (contact.queue, contact.subject, contact.result) == ("support", "Order 1182", "unknown")
    assert contact.number_raw == "maria@example.org"


def test_the_same_mail_told_twice_is_one_message(store: Store, maria: int) -> None:
    started(store)
    assert arrive(store) is None
    assert len(contacts(store)) == 1


def test_an_address_of_two_people_is_a_question_and_a_strangers_is_nobodys(
    store: Store, maria: int
) -> None:
    other = store.add_customer("Jan Kowalski", email="maria@example.org")
    shared = started(store)
    stranger = started(store, address="who@example.net", external_id="<2@x>", thread_key="<2@x>")
    assert (shared.customer_id, stranger.customer_id) == (None, None)
    assert [one.match for one in contacts(store)] == ["several", "none"]
    with store.unit_of_work() as uow:
        found = uow.interactions.get(shared.interaction_id)
    assert found is not None
    assert found.candidate_ids == (maria, other)


def test_an_answer_joins_the_thread_it_names_whoever_wrote_it(store: Store) -> None:
    first = started(store)
    by_id = started(
        store, external_id="<2@x>", names=("<1@example.org>",), address="colleague@example.org"
    )
    by_root = started(store, external_id="<3@x>", names=("<lost@x>",), thread_key="<1@example.org>")
    by_mark = started(store, external_id="<4@x>", thread_key="<4@x>", conversation_id=first.id)
    assert {one.id for one in (by_id, by_root, by_mark)} == {first.id}
    assert by_mark.unread == 4
    assert len(contacts(store)) == 1


def test_short_messages_of_a_number_are_one_conversation_until_days_after_its_end(
    store: Store, anna: int
) -> None:
    maria = store.add_customer("Maria", "+48221234567")
    told: dict[str, Any] = {"channel": "sms", "address": "+48221234567", "thread_key": ""}
    first = started(store, external_id="sms:1", **told)
    assert first.customer_id == maria
    assert started(store, external_id="sms:2", **told).id == first.id
    conversations.close(first.id, user_id=anna, room=room_of(store))
    store.clock.pass_by(3600)
    again = started(store, external_id="sms:3", **told)
    assert (again.id, again.state, again.assigned_to) == (first.id, "open", anna)
    conversations.close(first.id, user_id=anna, room=room_of(store))
    store.clock.pass_by(3 * 86_400)
    assert started(store, external_id="sms:4", **told).id != first.id


def test_who_takes_it_has_it_and_the_interaction_tells_wait_handle_time_and_operator(
    store: Store, anna: int
) -> None:
    conversation = started(store)
    store.clock.pass_by(60)
    conversations.take(conversation.id, user_id=anna, room=room_of(store))
    store.clock.pass_by(120)
    answers.reply(
        conversation.id, Answer(text="It is on its way."), user_id=anna, room=room_of(store)
    )
    conversations.close(conversation.id, user_id=anna, room=room_of(store))
    (contact,) = contacts(store)
    assert (contact.operator_id, contact.result) == (anna, "answered")
    assert (contact.wait_seconds, contact.handle_seconds) == (60, 120)
    assert contact.talk_seconds == 120
    assert contact.answered_at == NOW + timedelta(seconds=180)
    assert contact.ended_at == NOW + timedelta(seconds=180)


def test_two_cannot_take_one(store: Store, anna: int) -> None:
    jan = store.add_user("jan", "1002")
    conversation = started(store)
    conversations.take(conversation.id, user_id=anna, room=room_of(store))
    with pytest.raises(Conflict, match="somebody took"):
        conversations.take(conversation.id, user_id=jan, room=room_of(store))


def test_a_change_made_on_an_old_state_is_refused(store: Store, anna: int) -> None:
    from callcenter.channels.conversation import taken
    from callcenter.channels.figures import figures_of

    conversation = started(store)
    conversations.take(conversation.id, user_id=anna, room=room_of(store))
    late = taken(conversation, anna, NOW)
    with store.unit_of_work() as uow, pytest.raises(Conflict, match="look again"):
        uow.conversations.save(late, figures_of(late))


def test_handed_to_a_colleague_or_a_queue_it_is_theirs(store: Store, anna: int) -> None:
    jan = store.add_user("jan", "1002")
    room = room_of(store)
    conversation = started(store)
    conversations.take(conversation.id, user_id=anna, room=room)
    conversations.assign(conversation.id, jan, user_id=anna, room=room)
    assert stored(store, conversation).assigned_to == jan
    conversations.hand_to_queue(conversation.id, "sales", user_id=jan, room=room)
    waiting = stored(store, conversation)
    assert (waiting.state, waiting.queue, waiting.assigned_to) == ("waiting", "sales", None)
    with pytest.raises(Invalid):
        conversations.hand_to_queue(conversation.id, "nowhere", user_id=jan, room=room)


def test_a_note_among_ourselves_never_stands_in_the_outbox(store: Store, anna: int) -> None:
    conversation = started(store)
    conversations.note(conversation.id, "careful", user_id=anna, room=room_of(store))
    with store.unit_of_work() as uow:
        assert uow.messages.due("email", store.clock.now() + timedelta(days=9), 10) == ()


def test_unread_and_waiting_are_counted_for_whom_they_concern(store: Store, anna: int) -> None:
    conversation = started(store)
    started(store, external_id="<2@x>", thread_key="<2@x>")
    conversations.take(conversation.id, user_id=anna, room=room_of(store))
    with store.unit_of_work() as uow:
        counted = uow.tasks.counts([anna], NOW)[anna]
    assert (counted["conversations_waiting"], counted["conversations_mine"]) == (1, 1)
    conversations.read(conversation.id, user_id=anna, room=room_of(store))
    with store.unit_of_work() as uow:
        assert uow.tasks.counts([anna], NOW)[anna]["conversations_mine"] == 0
    told = [one.payload for one in store.publisher.messages if one.kind == "message"]
    assert [one["event"] for one in told] == ["taken", "read"]
    assert told[-1]["conversation"]["assigned_to"] == anna


class Post:
    """A mail server, or a carrier, that takes everything, or fails as it is told."""

    def __init__(self, failure: SendFailed | None = None) -> None:
        self.failure = failure
        self.sent: list[Any] = []

    def send(self, *given: Any) -> str:
        if self.failure is not None:
            raise self.failure
        self.sent.append(given[0] if len(given) == 1 else given)
        return "carrier-7"


def state_of(store: Store, message_id: int) -> Any:
    with store.unit_of_work() as uow:
        return uow.messages.get(message_id)


def test_an_answer_is_sent_once_in_its_thread_with_the_operators_name(
    store: Store, anna: int
) -> None:
    conversation, post = started(store), Post()
    answer = Answer(text="On its way.", cc=("boss@example.org",))
    message_id = answers.reply(conversation.id, answer, user_id=anna, room=room_of(store))
    assert sending.send_mails(post, outbox_of(store)) == 1
    assert sending.send_mails(post, outbox_of(store)) == 0
    (mail,) = post.sent
    assert (mail.to, mail.cc) == (("maria@example.org",), ("boss@example.org",))
    assert mail.subject.startswith("Re: Order 1182 [#")
    assert (mail.in_reply_to, mail.references) == ("<1@example.org>", ("<1@example.org>",))
    assert mail.text == "On its way.\n\n-- \nAnna"
    assert mail.message_id.endswith("@example.com>")
    assert mail.sender == OURS
    assert state_of(store, message_id).state == "sent"
    answered = started(store, external_id="<2@x>", thread_key="<2@x>", names=(mail.message_id,))
    assert answered.id == conversation.id


def test_a_server_that_is_away_is_tried_again_and_one_that_refuses_is_not(
    store: Store, anna: int
) -> None:
    conversation = started(store)
    first = answers.reply(conversation.id, Answer(text="a"), user_id=anna, room=room_of(store))
    away = Post(SendFailed("away", lasting=False))
    tries = 0
    for _ in range(len(RETRIES) + 3):
        tries += sending.send_mails(away, outbox_of(store))
        store.clock.pass_by(86_400)
    assert tries == len(RETRIES) + 1
    assert (state_of(store, first).state, state_of(store, first).error) == ("failed", "away")
    second = answers.reply(conversation.id, Answer(text="b"), user_id=anna, room=room_of(store))
    sending.send_mails(Post(SendFailed("no such user", lasting=True)), outbox_of(store))
    assert state_of(store, second).state == "failed"
    sending.retry(second, outbox_of(store))
    assert sending.send_mails(Post(), outbox_of(store)) == 1


def test_advertising_needs_consent_and_no_opt_out(store: Store, anna: int, maria: int) -> None:
    conversation, room = started(store), room_of(store)
    offer = Answer(text="Buy now", purpose="marketing")
    with pytest.raises(Forbidden, match="consent"):
        answers.reply(conversation.id, offer, user_id=anna, room=room)
    with store.unit_of_work() as uow:
        from callcenter.customers.consents import ConsentDraft

        uow.consents.add(maria, ConsentDraft(channel="email", given=True), NOW, anna)
        uow.commit()
    message_id = answers.reply(conversation.id, offer, user_id=anna, room=room)
    with store.unit_of_work() as uow:
        uow.consents.add(maria, ConsentDraft(channel="email", given=False), NOW, anna)
        uow.commit()
    post = Post()
    sending.send_mails(post, outbox_of(store))
    assert post.sent == []
    assert state_of(store, message_id).state == "failed"


def test_a_short_message_is_sent_and_its_delivery_told(store: Store, anna: int, maria: int) -> None:
    begun = answers.begin(
        "sms",
        "22 123 45 67",
        Answer(text="Hi"),
        user_id=anna,
        room=room_of(store),
        customer_id=maria,
    )
    assert (begun.address, begun.state, begun.assigned_to) == ("+48221234567", "open", anna)
    post = Post()
    sending.send_texts(post, outbox_of(store))
    assert post.sent == [("message-1", "+48221234567", "Hi")]
    assert sending.delivered("sms:carrier-7", True, "", outbox_of(store))
    assert not sending.delivered("sms:unknown", True, "", outbox_of(store))
    assert state_of(store, 1).delivered_at == NOW
    (contact,) = contacts(store)
    assert (contact.direction, contact.result, contact.wait_seconds) == ("outbound", "answered", 0)


def test_a_carrier_that_gives_one_id_twice_sends_each_message_once(
    store: Store, anna: int, maria: int
) -> None:
    post = Post()
    for text in ("Hi", "Again"):
        begun = {"user_id": anna, "room": room_of(store), "customer_id": maria}
        answers.begin("sms", "22 123 45 67", Answer(text=text), **begun)
        sending.send_texts(post, outbox_of(store))
    store.clock.pass_by(3600)
    sending.send_texts(post, outbox_of(store))
    assert [text for _, _, text in post.sent] == ["Hi", "Again"]
    assert state_of(store, 2).state == "sent"


def test_what_does_not_exist_is_said(store: Store, anna: int) -> None:
    with pytest.raises(NotFound):
        conversations.take(99, user_id=anna, room=room_of(store))


def test_spam_goes_on_to_come_in_and_wakes_nobody(store: Store, anna: int) -> None:
    conversation = started(store)
    conversations.close(conversation.id, user_id=anna, room=room_of(store), how="spam")
    after = started(store, external_id="<2@x>")
    assert (after.id, after.state, after.unread) == (conversation.id, "closed", 0)


def test_a_meeting_is_an_interaction_too(store: Store, anna: int, maria: int) -> None:
    draft = meetings.MeetingDraft(title="Visit", at=NOW - timedelta(hours=2), minutes=45)
    meetings.add_meeting(
        maria, draft, user_id=anna, unit_of_work=store.unit_of_work, clock=store.clock
    )
    (contact,) = contacts(store)
    assert (contact.channel, contact.subject, contact.handle_seconds) == ("meeting", "Visit", 2700)


def test_messages_know_their_words_folded(store: Store) -> None:
    started(store, text="Zażółć gęślą jaźń", subject="Ёлка")
    with store.unit_of_work() as uow:
        found = uow.connection.scalar(select(messages.c.words))
    assert found == "елка zazolc gesla jazn"
