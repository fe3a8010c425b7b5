"""A batch of call events becomes rows and pops: on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from callcenter.accounts.user import UserDraft
from callcenter.calls import signals as s
from callcenter.calls.events import CallEvent
from callcenter.calls.signals import ResyncEnded, Signal
from callcenter.calls.tracker import Tracker
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Invalid
from callcenter.ports import PbxCommand
from callcenter.realtime.messages import Message
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.store import engine as store_engine
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.unit.calls.stories import Story, answered_queue_call, at

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class StandingClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Recorder:
    messages: list[Message] = field(default_factory=list)

    def publish(self, messages: Sequence[Message]) -> None:
        self.messages += messages

    def command(self, command: PbxCommand) -> None:
        raise AssertionError(command)

    def pops(self) -> list[tuple[int, str]]:
        return [
            (m.audience.users[0], m.payload["phase"])
            for m in self.messages
            if m.kind == "screen_pop"
        ]


@dataclass
class Desk:
    """The product's call side on a database of its own."""

    engine: Engine
    publisher: Recorder = field(default_factory=Recorder)
    memory: CallMemory = field(default_factory=CallMemory)
    tracker: Tracker = field(default_factory=lambda: Tracker("pbx"))
    users: dict[str, int] = field(default_factory=dict)

    def unit_of_work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.engine)

    def hear(self, signals: Sequence[Signal], *, batch: int = 1000) -> None:
        events = [o for o in self.tracker.fold(signals) if isinstance(o, CallEvent)]
        for start in range(0, len(events), batch):
            self.write(events[start : start + batch])

    def write(self, events: Sequence[CallEvent]) -> None:
        handle_call_events(
            events,
            unit_of_work=self.unit_of_work,
            publisher=self.publisher,
            clock=StandingClock(),
            plan_for=lambda _trunk: NumberPlan(region="PL"),
            memory=self.memory,
        )

    def restart(self) -> None:
        """The process died: nothing in memory survives."""
        self.memory, self.tracker = CallMemory(), Tracker("pbx")

    def rows(self, sql: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql)).mappings())

    @property
    def interaction(self) -> Any:
        (row,) = self.rows("SELECT * FROM interactions")
        return row

    def add_customer(self, name: str, e164: str) -> int:
        with self.unit_of_work() as uow:
            customer_id = uow.customers.add(
                CustomerDraft(display_name=name), [StoredPhone(e164=e164)], None, NOW
            )
            uow.commit()
        return customer_id


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    engine = store_engine.create(database_url)
    desk = Desk(engine)
    with desk.unit_of_work() as uow:
        for number in ("1001", "1002"):
            draft = UserDraft(
                username=f"op{number}",
                display_name=f"Operator {number}",
                role="operator",
                endpoint=f"PJSIP/{number}",
                extension=number,
            )
            desk.users[number] = uow.users.add(draft, "-", NOW)
        uow.commit()
    yield desk
    engine.dispose()


def test_a_call_of_a_known_customer_is_one_interaction_on_their_card(desk: Desk) -> None:
    maria = desk.add_customer("Maria Kowalska", "+48601234567")
    desk.hear(answered_queue_call().signals)
    row = desk.interaction
    assert (row["customer_id"], row["match"], row["result"]) == (maria, "one", "answered")
    assert row["operator_id"] == desk.users["1001"]
    assert (row["wait_seconds"], row["talk_seconds"]) == (6.0, 20.0)
    assert row["queue"] == "support"


def test_the_pop_rings_is_answered_and_goes(desk: Desk) -> None:
    desk.add_customer("Maria Kowalska", "+48601234567")
    desk.hear(answered_queue_call().signals, batch=1)
    operator = desk.users["1001"]
    assert desk.publisher.pops() == [
        (operator, "ringing"),
        (operator, "answered"),
        (operator, "gone"),
    ]
    pop = next(m for m in desk.publisher.messages if m.kind == "screen_pop").payload
    assert [c["display_name"] for c in pop["customers"]] == ["Maria Kowalska"]
    assert pop["interaction_id"] == desk.interaction["id"]


def test_two_people_on_one_number_are_both_offered_and_neither_is_taken(desk: Desk) -> None:
    ids = {desk.add_customer(name, "+48601234567") for name in ("Anna", "Jan")}
    desk.hear(answered_queue_call().signals)
    assert (desk.interaction["match"], desk.interaction["customer_id"]) == ("several", None)
    candidates = desk.rows("SELECT customer_id FROM interaction_candidates")
    assert {row["customer_id"] for row in candidates} == ids


@pytest.mark.parametrize(
    ("number", "match"), [("anonymous", "withheld"), ("+48609999999", "none"), ("", "withheld")]
)
def test_hidden_and_unknown_callers_match_nobody(desk: Desk, number: str, match: str) -> None:
    desk.add_customer("Maria Kowalska", "+48601234567")
    desk.hear(Story().caller(number=number).queue(0).gone("caller", 5).signals)
    assert (desk.interaction["match"], desk.interaction["customer_id"]) == (match, None)


def test_writing_the_same_events_again_changes_nothing(desk: Desk) -> None:
    outputs = Tracker("pbx").fold(answered_queue_call().signals)
    calls = [output for output in outputs if isinstance(output, CallEvent)]
    desk.write(calls)
    before = desk.rows("SELECT id, record FROM calls"), desk.rows("SELECT * FROM call_legs")
    desk.write(calls)
    desk.restart()
    desk.write(calls)
    assert (
        desk.rows("SELECT id, record FROM calls"),
        desk.rows("SELECT * FROM call_legs"),
    ) == before
    assert desk.interaction["result"] == "answered"


@pytest.mark.parametrize("cut", range(1, 16))
def test_a_listener_killed_anywhere_in_a_call_leaves_one_interaction(desk: Desk, cut: int) -> None:
    """What the dead process wrote and what its successor sees is one call, not made poorer."""
    signals = answered_queue_call().signals
    desk.hear(signals[:cut], batch=1)
    desk.restart()
    desk.hear(signals[cut:], batch=1)
    alive: frozenset[str] = frozenset()
    desk.hear([ResyncEnded(pbx="pbx", at=at(60), alive=alive)])
    assert len(desk.rows("SELECT id FROM interactions")) == 1
    assert len(desk.rows("SELECT id FROM calls WHERE merged_into IS NULL")) == 1


def test_calls_that_meet_are_one_interaction_under_the_first_ones_card(desk: Desk) -> None:
    story = Story().caller().phone("1001", 0).lifts("1001", 2).enters("1001", 2)
    story.enters("caller", 2)
    story.channel("second", 5, "PJSIP/1001-00000009", number="1001", exten="1002")
    story.phone("1002", 5, by="second").lifts("1002", 7, by="second")
    story.enters("second", 7, "b2").enters("1002", 7, "b2")
    desk.hear(story.signals, batch=1)
    assert len(desk.rows("SELECT id FROM interactions")) == 2
    told = len(story.signals)
    story.enters("caller", 9, "b2")
    desk.hear(story.signals[told:], batch=1)
    row = desk.interaction
    assert row["number"] == "+48601234567"


def test_nothing_is_published_when_the_commit_fails(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_self: SqlUnitOfWork) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(SqlUnitOfWork, "commit", fail)
    with pytest.raises(RuntimeError):
        desk.hear(answered_queue_call().signals)
    assert desk.publisher.messages == []
    assert desk.rows("SELECT id FROM interactions") == []


def test_an_older_channel_that_turns_up_late_in_one_batch_makes_no_second_call(desk: Desk) -> None:
    """The phone was heard of before the caller: the call is renamed, never doubled."""
    signals = answered_queue_call().signals
    phone = [s for s in signals if getattr(s, "uniqueid", "").endswith(".2")]
    late = [s for s in signals if s not in phone]
    tracker = Tracker("pbx", deferred=True)
    events: list[CallEvent] = []
    for part in (phone[:1], late, phone[1:]):
        tracker.fold(part)
        events += tracker.settle()
    assert len({event.call.id for event in events}) == 2
    desk.write(events)
    assert desk.interaction["result"] == "answered"
    assert desk.rows("SELECT id FROM calls WHERE live AND merged_into IS NULL") == []


def test_a_failed_commit_forgets_nothing_of_what_an_earlier_process_knew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals = answered_queue_call().signals
    desk.hear(signals[:9], batch=1)
    desk.restart()
    desk.tracker.fold(signals[9:])
    events = [o for o in Tracker("pbx").fold(signals[9:]) if isinstance(o, CallEvent)]
    commit = SqlUnitOfWork.commit

    def locked(_self: SqlUnitOfWork) -> None:
        raise RuntimeError("database is locked")

    monkeypatch.setattr(SqlUnitOfWork, "commit", locked)
    with pytest.raises(RuntimeError):
        desk.write(events)
    monkeypatch.setattr(SqlUnitOfWork, "commit", commit)
    desk.write(events)
    desk.write(events)
    row = desk.interaction
    assert (row["number"], row["queue"], row["result"]) == ("+48601234567", "support", "answered")


def test_a_phone_that_stopped_ringing_while_nobody_looked_rings_no_longer(desk: Desk) -> None:
    story = Story().caller().phone("1001", 0).rings("1001", 0.2)
    desk.hear(story.signals, batch=1)
    desk.restart()
    later = Story().caller(20).channel("unused", 20, "PJSIP/trunk-00000009").phone("1002", 20)
    later.rings("1002", 20.2)
    desk.hear([s for s in later.signals if getattr(s, "channel", "") != "PJSIP/trunk-00000009"])
    assert (desk.users["1001"], "gone") in desk.publisher.pops()
    (leg,) = desk.rows("SELECT ended_at FROM call_legs WHERE endpoint = 'PJSIP/1001'")
    assert leg["ended_at"] is not None


def two_calls_of_one_operator() -> Story:
    """A caller speaks with 1001, who consults 1002 on another line."""
    story = Story().caller().phone("1001", 0).rings("1001", 0).lifts("1001", 2).enters("1001", 2)
    story.enters("caller", 2)
    story.channel("second", 5, "PJSIP/1001-00000009", number="1001", exten="1002")
    story.phone("1002", 5, by="second").rings("1002", 6).lifts("1002", 7, by="second")
    return story.enters("1002", 9, "b2").enters("second", 9, "b2")


def test_a_call_that_an_earlier_process_showed_leaves_the_screens_when_it_is_joined(
    desk: Desk,
) -> None:
    story = two_calls_of_one_operator()
    desk.hear(story.signals)
    before = len(story.signals)
    desk.restart()
    desk.publisher.messages.clear()
    desk.hear(story.enters("caller", 20, "b2").enters("1002", 20, "b2").signals[before:])
    calls = [m for m in desk.publisher.messages if m.kind == "call"]
    (told,) = [m for m in calls if m.payload["call"].get("merged_into")]
    assert told.payload["call"]["call_id"] == f"pbx/{story.uniqueid('second')}"
    assert set(told.audience.users) == set(desk.users.values())


def test_what_proves_to_be_a_spy_only_after_it_was_shown_ends_all_the_same(desk: Desk) -> None:
    story = Story().channel("spy", 0, "PJSIP/1001-00000001", number="1001", exten="*55")
    desk.hear(story.signals)
    before = len(story.signals)
    desk.hear(story.add(s.SpyStarted, 1, "spy").gone("spy", 9).signals[before:])
    assert not desk.rows("SELECT id FROM calls WHERE live")
    assert desk.publisher.messages[-1].payload["call"]["live"] is False
    assert not desk.memory.shown


def test_a_name_too_long_for_an_index_is_not_taken_for_a_database_that_is_away(desk: Desk) -> None:
    """The writer would try it again for ever, and every other call would wait."""
    letters = "".join(random.Random(1).choices("0123456789abcdefghijklmnopqrstuvwxyz", k=6000))
    seen = s.ChannelSeen(
        pbx="pbx", at=at(0), uniqueid=letters, linkedid=letters, channel="PJSIP/1001-00000001"
    )
    with suppress(Invalid):  # SQLite takes it
        desk.hear([seen])


def test_two_calls_that_the_ledger_joined_stay_one_while_live_tells_them_apart(desk: Desk) -> None:
    story = two_calls_of_one_operator()
    desk.hear(story.signals)
    kept, other = (f"pbx/{story.uniqueid(key)}" for key in ("caller", "second"))
    with desk.unit_of_work() as uow:
        uow.interactions.merge(other, kept)
        uow.calls.merge(other, kept)
        uow.commit()
    desk.memory.disown([kept, other])
    before = len(story.signals)
    desk.hear(story.gone("caller", 30).gone("1002", 30).signals[before:])
    assert desk.interaction["call_id"] == kept
    legs = desk.rows(f"SELECT uniqueid, ended_at FROM call_legs WHERE call_id = '{kept}'")
    ended = {leg["uniqueid"]: str(leg["ended_at"])[14:19] for leg in legs}
    assert set(ended) == {story.uniqueid(key) for key in ("caller", "1001", "second", "1002")}
    assert ended[story.uniqueid("caller")] == ended[story.uniqueid("1002")] == "00:30"
