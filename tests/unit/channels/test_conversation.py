"""What can happen to a conversation, in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.channels import conversation as steps
from callcenter.channels.conversation import Conversation
from callcenter.channels.figures import figures_of, first_response_seconds, handle_seconds
from callcenter.errors import Conflict, Invalid

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fresh(**changes: object) -> Conversation:
    values: dict[str, object] = {"channel": "email", "opened_at": NOW, "last_message_at": NOW}
    return Conversation(**(values | changes))  # type: ignore[arg-type]


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


USERS = st.integers(1, 3)
STEPS = st.one_of(
    st.tuples(st.just("received")),
    st.tuples(st.just("heard")),
    st.tuples(st.just("replied"), USERS),
    st.tuples(st.just("offered"), USERS),
    st.tuples(st.just("declined")),
    st.tuples(st.just("taken"), USERS),
    st.tuples(st.just("queued"), st.sampled_from(["", "sales"])),
    st.tuples(st.just("closed"), st.sampled_from(["operator", "spam", "visitor", "timeout"])),
)


def step(one: Conversation, what: tuple[Any, ...], at: datetime) -> Conversation:
    name, *given_values = what
    how: dict[str, Callable[..., Conversation]] = {
        "received": lambda: steps.received(one, at, "text"),
        "heard": lambda: steps.heard(one, at, "text"),
        "replied": lambda who: steps.replied(one, who, at, "text"),
        "declined": lambda: steps.declined(one),
        "offered": lambda who: steps.offered(one, who, at),
        "taken": lambda who: steps.taken(one, who, at),
        "queued": lambda queue: steps.queued(one, queue, at),
        "closed": lambda end: steps.closed(one, end, at),
    }
    try:
        return how[name](*given_values)
    except Conflict:
        return one


@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_it_stays_whole(walk: list[tuple[Any, ...]]) -> None:
    one = fresh()
    for number, what in enumerate(walk, 1):
        before, one = one, step(one, what, later(number))
        assert (one.state == "closed") == (one.closed_at is not None) == bool(one.closed_how)
        assert (one.state == "offered") == (one.offered_to is not None)
        assert (one.state == "open") <= (one.assigned_to is not None)
        assert (one.handling_since is not None) <= (one.state in ("open", "offered"))
        assert one.handled_seconds >= before.handled_seconds
        assert one.handled_seconds <= number
        assert one.first_reply_at in (before.first_reply_at, later(number))
        figures = figures_of(one)
        assert (figures.ended_at is not None) == (one.state == "closed")
        assert figures.result != "unknown" or one.state != "closed"
        assert figures.wait_seconds is None or figures.wait_seconds >= 0


def test_wait_ends_with_the_first_who_takes_it_and_handling_pauses_while_it_waits() -> None:
    one = steps.taken(fresh(), 1, later(60))
    one = steps.queued(one, "sales", later(90))
    assert handle_seconds(one, later(200)) == 30
    one = steps.taken(one, 2, later(300))
    assert handle_seconds(one, later(320)) == 50
    one = steps.replied(one, 2, later(330), "hello")
    one = steps.closed(one, "operator", later(360))
    figures = figures_of(one)
    assert (figures.wait_seconds, figures.handle_seconds) == (60, 90)
    assert first_response_seconds(one) == 330


def test_who_gives_up_before_anybody_is_there_has_abandoned() -> None:
    chat = fresh(channel="chat")
    assert figures_of(steps.closed(chat, "visitor", later(30))).result == "abandoned"
    assert figures_of(steps.closed(chat, "timeout", later(30))).result == "missed"
    taken = steps.taken(chat, 1, later(5))
    assert figures_of(steps.closed(taken, "operator", later(30))).result == "answered"


def test_a_message_reopens_for_days_and_then_begins_anew() -> None:
    closed = steps.closed(steps.taken(fresh(), 1, NOW), "operator", NOW)
    assert steps.takes_in(closed, NOW + timedelta(days=14))
    assert not steps.takes_in(closed, NOW + timedelta(days=15))
    assert steps.received(closed, NOW, "again").assigned_to == 1


def test_a_machines_answer_wakes_nobody() -> None:
    closed = steps.closed(steps.taken(fresh(), 1, NOW), "operator", NOW)
    heard = steps.heard(closed, later(9), "out of office")
    assert (heard.state, heard.unread) == ("closed", 0)


def test_what_is_taken_is_not_offered_and_what_is_over_not_taken() -> None:
    with pytest.raises(Conflict):
        steps.offered(steps.taken(fresh(), 1, NOW), 2, NOW)
    closed = steps.closed(fresh(), "operator", NOW)
    with pytest.raises(Conflict):
        steps.taken(closed, 1, NOW)
    with pytest.raises(Conflict):
        steps.queued(closed, "sales", NOW)
    with pytest.raises(Invalid):
        steps.closed(fresh(), "", NOW)
