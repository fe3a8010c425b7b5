"""One list over all channels of a customer, on SQLite and on PostgreSQL: complete, in order, by
pages, by filters, by words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from callcenter.customers.stored_file import FileRow
from callcenter.errors import Invalid
from callcenter.queries import conversations as conversation_queries
from callcenter.queries import timeline
from callcenter.queries.conversations import ConversationFilters
from callcenter.queries.timeline import TimelineEntry, TimelineFilters
from callcenter.services import answers, conversations, meetings
from callcenter.services.answers import Answer
from callcenter.services.notes import save_note
from callcenter.services.tasks import Desk, create_task, finish_task
from callcenter.tasks.task import TaskDraft
from tests.support.mailing import PLAN, arrive, room_of
from tests.support.store import NOW, Store, call

NUMBER = "+48221234567"


@pytest.fixture
def anna(store: Store) -> int:
    return store.add_user()


@pytest.fixture
def maria(store: Store, anna: int) -> int:
    """With one of each, a minute apart."""
    customer_id = store.add_customer("Maria Kowalska", NUMBER, email="maria@example.org")
    ids = store.save(
        call(result="answered", live=False, ended_at=NOW), customer_id=customer_id, match="one"
    )
    both = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    save_note(author_id=anna, text="Zażalenie o fakturę", interaction_id=ids["pbx/17.1"], **both)
    store.clock.pass_by(60)
    arrive(store, text="Gdzie jest moja przesyłka?")
    store.clock.pass_by(60)
    save_note(author_id=anna, text="Lubi Ёлки", customer_id=customer_id, **both)
    store.clock.pass_by(60)
    meeting = meetings.MeetingDraft(title="Wizyta", at=store.clock.now(), notes="umowa podpisana")
    meetings.add_meeting(customer_id, meeting, user_id=anna, **both)
    store.clock.pass_by(60)
    with store.unit_of_work() as uow:
        row = FileRow(
            name="Umowa.pdf",
            media_type="application/pdf",
            size=7,
            sha256="",
            stored_as="",
            customer_id=customer_id,
            uploaded_by=anna,
        )
        uow.files.add(row, store.clock.now())
        uow.commit()
    store.clock.pass_by(60)
    desk = Desk(store.unit_of_work, store.publisher, store.clock, PLAN)
    draft = TaskDraft(
        title="Send the contract", due_at=NOW, assignee_id=anna, customer_id=customer_id
    )
    finish_task(create_task(draft, user_id=anna, desk=desk), user_id=anna, desk=desk)
    return customer_id


def listed(store: Store, customer_id: int, **asked: Any) -> list[TimelineEntry]:
    filters = TimelineFilters(customer_id=customer_id, **asked)
    found: list[TimelineEntry] = []
    cursor = None
    with store.engine.connect() as connection:
        while True:
            page = timeline.page(connection, filters, cursor, 2)
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found


def names(entries: list[TimelineEntry]) -> list[str]:
    return [one.interaction.channel if one.interaction else one.kind for one in entries]


def test_everything_stands_in_one_list_the_newest_first_page_by_page(
    store: Store, maria: int
) -> None:
    entries = listed(store, maria)
    assert names(entries) == ["task", "document", "meeting", "note", "email", "call"]
    assert [one.at for one in entries] == sorted((one.at for one in entries), reverse=True)
    mail = entries[4].interaction
    assert mail is not None
    assert mail.conversation_id == 1
    assert (mail.subject, entries[4].said) == ("Order 1182", "Gdzie jest moja przesyłka?")


def test_it_can_be_narrowed_by_channel_person_and_time(store: Store, maria: int, anna: int) -> None:
    assert names(listed(store, maria, kinds=frozenset({"email", "note"}))) == ["note", "email"]
    assert "email" not in names(listed(store, maria, person=anna))
    assert names(listed(store, maria, since=NOW + timedelta(seconds=290))) == ["task"]
    assert names(listed(store, maria, until=NOW + timedelta(seconds=1))) == ["call"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zazalenie", ["call"]),
        ("PRZESYŁKA", ["email"]),
        ("przes gdzie", ["email"]),
        ("елки", ["note"]),
        ("umowa", ["document", "meeting"]),
        ("contract", ["task"]),
        ("nothing such", []),
        ("%_'\"*:&|!", []),
    ],
)
def test_words_are_found_in_any_spelling_by_their_beginning(
    store: Store, maria: int, words: str, found: list[str]
) -> None:
    assert names(listed(store, maria, text=words)) == found


def test_what_is_written_anew_is_found_and_what_was_there_no_more(
    store: Store, maria: int, anna: int
) -> None:
    both = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    save_note(author_id=anna, text="zwrot", interaction_id=1, **both)
    assert names(listed(store, maria, text="zwrot")) == ["call"]
    assert listed(store, maria, text="zazalenie") == []


def test_a_strange_cursor_is_refused(store: Store, maria: int) -> None:
    with store.engine.connect() as connection, pytest.raises(Invalid):
        timeline.page(connection, TimelineFilters(customer_id=maria), "x")


def test_lists_of_conversations_are_mine_waiting_and_all(
    store: Store, maria: int, anna: int
) -> None:
    room = room_of(store)
    arrive(store, external_id="<2@x>", thread_key="<2@x>", address="who@example.net")
    store.clock.pass_by(60)
    conversations.take(1, user_id=anna, room=room)
    answers.reply(1, Answer(text="Jest w drodze"), user_id=anna, room=room)

    def ids(**asked: Any) -> list[int]:
        filters = ConversationFilters(user_id=anna, **asked)
        with store.engine.connect() as connection:
            page = conversation_queries.page(connection, filters, None, 50)
        return [one.id for one in page.items]

    assert (ids(scope="mine"), ids(scope="waiting"), ids()) == ([1], [2], [1, 2])
    assert ids(text="drodze") == [1]
    assert ids(text="who@example.net") == [2]
    with store.engine.connect() as connection:
        told = conversation_queries.written(connection, 1)
        view = conversation_queries.get(connection, 1)
    assert [one.message.direction for one in told.items] == ["in", "out"]
    assert told.items[1].author is not None
    assert view is not None
    assert view.customer is not None
    assert view.customer.id == maria
