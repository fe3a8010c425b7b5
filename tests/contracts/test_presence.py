"""States follow calls in their transaction; the history has no gap, no overlap and no repeat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from callcenter.accounts.user import UserDraft
from callcenter.agents.membership import Worker
from callcenter.calls.events import CallRinging, CallsMerged
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden
from callcenter.ports import PbxCommand
from callcenter.queries import members as member_queries
from callcenter.queries import queues as queue_queries
from callcenter.queries import users as user_queries
from callcenter.realtime.messages import Message
from callcenter.services import accounts, operator_state, presence, staffing
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.store import engine as store_engine
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.call_records import call_record

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class MovedClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class Recorder:
    messages: list[Message] = field(default_factory=list)

    def publish(self, messages: Sequence[Message]) -> None:
        self.messages += messages

    def command(self, command: PbxCommand) -> None:
        raise AssertionError(command)


@dataclass
class Floor:
    engine: Engine
    clock: MovedClock = field(default_factory=MovedClock)
    publisher: Recorder = field(default_factory=Recorder)
    memory: CallMemory = field(default_factory=CallMemory)
    users: dict[str, int] = field(default_factory=dict)

    def unit_of_work(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.engine)

    @property
    def tools(self) -> dict[str, Any]:
        return {
            "unit_of_work": self.unit_of_work,
            "publisher": self.publisher,
            "clock": self.clock,
        }

    def pass_by(self, seconds: float) -> None:
        self.clock.at += timedelta(seconds=seconds)

    def tell(self, *records: CallRecord) -> None:
        self._write([CallRinging(call=r, at=NOON, endpoint="", uniqueid="") for r in records])

    def merge(self, record: CallRecord, absorbed: str) -> None:
        self._write([CallsMerged(call=record, at=NOON, absorbed_id=absorbed)])

    def _write(self, events: Sequence[Any]) -> None:
        handle_call_events(
            events,
            plan_for=lambda _trunk: NumberPlan(region="PL"),
            memory=self.memory,
            **self.tools,
        )

    def choose(self, number: str, state: str, reason: str = "", by: str = "") -> None:
        operator = self.users[by] if by else None
        operator_state.set_state(self.users[number], state, reason, by=operator, **self.tools)

    def policy(self, kind: str, seconds: int = 30, queue: str = "sales", **more: Any) -> None:
        values = {"wrap_up": kind, "wrap_up_seconds": seconds, **more}
        staffing.save_queue(queue, values, user_id=self.users["1001"], **self.tools)

    def state(self, number: str) -> str:
        with self.engine.connect() as connection:
            people = user_queries.agents(connection, self.clock.now())
        return next(s.state for u, s in people if u.id == self.users[number] and s is not None)

    def history(self, number: str) -> list[tuple[str, float, float | None]]:
        """(state, from, until) in seconds after noon."""
        rows = self.rows(
            "SELECT state, began_at, ended_at FROM agent_history WHERE user_id = :user ORDER BY id",
            user=self.users[number],
        )
        return [(row.state, _seconds(row.began_at), _seconds(row.ended_at)) for row in rows]

    def rows(self, sql: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values))


def _seconds(value: Any) -> Any:
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - NOON).total_seconds()


@pytest.fixture
def floor(database_url: str) -> Iterator[Floor]:
    engine = store_engine.create(database_url)
    floor = Floor(engine)
    with floor.unit_of_work() as uow:
        for number in ("1001", "1002"):
            draft = UserDraft(
                username=f"op{number}", display_name=number, endpoint=f"PJSIP/{number}"
            )
            floor.users[number] = uow.users.add(draft, "-", NOON)
        uow.commit()
    for number in floor.users:
        floor.choose(number, "ready")
    floor.policy("timed")
    floor.publisher.messages.clear()
    yield floor
    engine.dispose()


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def leg(number: str, rang: float, lifted: float | None = None, gone: float | None = None) -> Leg:
    return Leg(
        channel=f"PJSIP/{number}-{rang}",
        uniqueid=f"{number}.{rang}",
        endpoint=f"PJSIP/{number}",
        number=number,
        name="",
        role="callee",
        ringing_at=at(rang),
        answered_at=at(lifted) if lifted is not None else None,
        ended_at=at(gone) if gone is not None else None,
        result="answered" if lifted is not None else "elsewhere" if gone is not None else "unknown",
        talk_seconds=1.0 if lifted is not None else 0.0,
        hold_seconds=0.0,
    )


def call(*legs: Leg, call_id: str = "pbx1/1", over: float | None = None) -> CallRecord:
    return call_record(
        call_id,
        queues=("sales",),
        live=over is None,
        started_at=NOON,
        ended_at=at(over) if over is not None else None,
        legs=legs,
        uniqueids=(call_id, *(one.uniqueid for one in legs)),
    )


def talked(floor: Floor) -> CallRecord:
    """1001 rang at 5 and spoke from 10 to 60; it is 61 now."""
    floor.pass_by(5)
    floor.tell(call(leg("1001", 5)))
    floor.pass_by(6)
    floor.tell(call(leg("1001", 5, 10)))
    floor.pass_by(50)
    over = call(leg("1001", 5, 10, 60), over=60)
    floor.tell(over)
    return over


def test_a_call_becomes_ringing_talking_wrap_up_and_ready(floor: Floor) -> None:
    talked(floor)
    assert floor.state("1001") == "wrap_up"
    floor.pass_by(40)
    assert floor.state("1001") == "ready", "read late, it is over all the same"
    assert presence.refresh(**floor.tools) == 1
    assert presence.refresh(**floor.tools) == 0
    assert floor.history("1001") == [
        ("ready", 0, 5),
        ("ringing", 5, 10),
        ("talking", 10, 60),
        ("wrap_up", 60, 90),
        ("ready", 90, None),
    ]


def test_screens_hear_of_each_state_after_the_commit(floor: Floor) -> None:
    talked(floor)
    mine = [m.payload for m in floor.publisher.messages if m.kind == "agent"]
    assert [one["state"] for one in mine] == ["ringing", "talking", "wrap_up"]
    (interaction,) = floor.rows("SELECT id FROM interactions")
    assert mine[-1]["wrap_up"] == {
        "call_id": "pbx1/1",
        "interaction_id": interaction.id,
        "until": at(90).isoformat(),
        "required": False,
    }


def test_telling_a_call_again_changes_nothing(floor: Floor) -> None:
    over = talked(floor)
    before = floor.history("1001")
    floor.memory = CallMemory()
    floor.tell(over)
    assert floor.history("1001") == before
    operator_state.end_wrap_up(floor.users["1001"], **floor.tools)
    before = floor.history("1001")
    floor.memory = CallMemory()
    floor.tell(over)
    assert floor.history("1001") == before
    assert floor.state("1001") == "ready"


def test_a_call_somebody_else_answered_gives_no_wrap_up(floor: Floor) -> None:
    floor.pass_by(5)
    floor.tell(call(leg("1001", 5), leg("1002", 5)))
    floor.pass_by(5)
    floor.tell(call(leg("1001", 5, gone=10), leg("1002", 5, 10)))
    assert (floor.state("1001"), floor.state("1002")) == ("ready", "talking")


def test_after_a_transfer_both_wrap_up_their_part(floor: Floor) -> None:
    floor.pass_by(30)
    floor.tell(call(leg("1001", 5, 10)))
    floor.tell(call(leg("1001", 5, 10, 28), leg("1002", 20, 25)))
    assert (floor.state("1001"), floor.state("1002")) == ("wrap_up", "talking")
    floor.pass_by(10)
    floor.tell(call(leg("1001", 5, 10, 28), leg("1002", 20, 25, 39), over=39))
    assert (floor.state("1001"), floor.state("1002")) == ("wrap_up", "wrap_up")


def test_a_hold_begins_and_ends(floor: Floor) -> None:
    floor.pass_by(20)
    talking = leg("1001", 5, 10)
    floor.tell(call(talking))
    floor.tell(call(replace(talking, held_since=at(15))))
    assert floor.state("1001") == "hold"
    floor.pass_by(5)
    floor.tell(call(talking))
    assert floor.state("1001") == "talking"
    states = [state for state, _from, _until in floor.history("1001")]
    assert states == ["ready", "talking", "hold", "talking"]


def test_a_leg_that_proves_to_be_none_lets_its_operator_go(floor: Floor) -> None:
    floor.tell(call(leg("1001", 5)))
    floor.tell(call())
    assert floor.state("1001") == "ready"


def test_two_calls_that_prove_to_be_one_are_wrapped_up_once(floor: Floor) -> None:
    floor.pass_by(20)
    floor.tell(call(leg("1001", 5, 10), call_id="pbx1/2"))
    joined = call(leg("1001", 5, 10))
    floor.merge(replace(joined, uniqueids=(*joined.uniqueids, "pbx1/2")), "pbx1/2")
    assert floor.state("1001") == "talking"
    floor.pass_by(10)
    floor.tell(call(leg("1001", 5, 10, 29), over=29))
    assert floor.state("1001") == "wrap_up"
    floor.pass_by(60)
    presence.refresh(**floor.tools)
    states = [state for state, _from, _until in floor.history("1001")]
    assert states == ["ready", "talking", "wrap_up", "ready"]


def test_nobody_stays_talking_when_their_call_is_gone_without_a_word(floor: Floor) -> None:
    floor.pass_by(20)
    floor.tell(call(leg("1001", 5, 10)))
    with floor.engine.begin() as connection:
        connection.execute(text("UPDATE calls SET live = false"))
    assert presence.refresh(**floor.tools) == 1
    assert floor.state("1001") == "ready"


def test_a_supervisors_choice_ends_a_wrap_up_and_is_in_the_audit(floor: Floor) -> None:
    floor.policy("until_done")
    talked(floor)
    with pytest.raises(Forbidden):
        floor.choose("1001", "paused", "meeting", by="1002")
    promoted = text("UPDATE users SET role = 'supervisor', role_code = '' WHERE id = :one")
    with floor.engine.begin() as connection:
        connection.execute(promoted, {"one": floor.users["1002"]})
    floor.choose("1001", "paused", "meeting", by="1002")
    assert floor.state("1001") == "paused"
    (entry,) = floor.rows(
        "SELECT user_id, object_id FROM audit_log WHERE action = 'agent_state_forced'"
    )
    assert (entry.user_id, entry.object_id) == (floor.users["1002"], str(floor.users["1001"]))


def test_productive_is_work_and_the_pauses_that_count_as_it(floor: Floor) -> None:
    for reason in ("lunch", "training", "no such reason"):
        floor.pass_by(1)
        floor.choose("1001", "paused", reason)
    floor.pass_by(1)
    floor.choose("1001", "offline")
    rows = floor.rows(
        "SELECT state, reason, productive FROM agent_history WHERE user_id = :user ORDER BY id",
        user=floor.users["1001"],
    )
    assert [(row.state, row.reason, bool(row.productive)) for row in rows] == [
        ("ready", "", True),
        ("paused", "lunch", False),
        ("paused", "training", True),
        ("paused", "no such reason", False),
        ("offline", "", False),
    ]


def test_more_time_is_refused_when_it_is_over(floor: Floor) -> None:
    talked(floor)
    status = operator_state.prolong_wrap_up(floor.users["1001"], **floor.tools)
    assert status.wrap_up is not None
    assert status.wrap_up.until == at(120)
    floor.pass_by(100)
    with pytest.raises(Conflict):
        operator_state.prolong_wrap_up(floor.users["1001"], **floor.tools)


def test_a_device_is_kept_and_told(floor: Floor) -> None:
    operator_state.set_device(floor.users["1001"], "browser", **floor.tools)
    operator_state.set_device(floor.users["1001"], "browser", **floor.tools)
    (message,) = floor.publisher.messages
    assert message.payload["device"] == "browser"


def test_a_queues_figures_are_who_waits_and_who_could_take_them(floor: Floor) -> None:
    def sales() -> tuple[int, Any, int, bool]:
        with floor.engine.connect() as connection:
            views = queue_queries.now(connection, floor.clock.now())
        view = next(one for one in views if one.settings.name == "sales")
        figures = view.figures
        mine = view.is_of(floor.users["1002"])
        return figures.waiting, figures.longest_since, figures.ready, mine

    assert sales() == (0, None, 2, True)
    floor.tell(call(leg("1001", 5)))
    assert sales() == (1, NOON, 1, True)
    staffing.set_skill(floor.users["1001"], "sales", 9, by=floor.users["1001"], **floor.tools)
    assert sales() == (1, NOON, 0, False)
    floor.tell(replace(call(leg("1001", 5)), queued_at=at(4)))  # a greeting came before the queue
    assert sales() == (1, at(4), 0, False)
    floor.pass_by(20)
    floor.tell(call(leg("1001", 5, 10)))
    assert sales() == (0, None, 0, False)


def test_who_was_deactivated_while_ready_is_rung_by_no_queue(floor: Floor) -> None:
    ready, boss = floor.users["1001"], floor.users["1002"]
    accounts.set_user_active(
        ready, False, unit_of_work=floor.unit_of_work, clock=floor.clock, user_id=boss
    )
    assert [one.user_id for one in _at_work(floor)] == [boss]
    with floor.unit_of_work() as uow:  # the phone may be another's meanwhile
        draft = UserDraft(username="op1003", display_name="1003", endpoint="PJSIP/1001")
        floor.users["1003"] = uow.users.add(draft, "-", NOON)
        uow.commit()
    floor.choose("1003", "ready")
    assert {one.user_id for one in _at_work(floor)} == {boss, floor.users["1003"]}
    assert len(_workers(floor)) == 2


def _workers(floor: Floor) -> list[Worker]:
    with floor.engine.connect() as connection:
        return member_queries.workers(connection, floor.clock.now())


def _at_work(floor: Floor) -> list[Worker]:
    workers = _workers(floor)
    assert {one.desk for one in workers} == {"PJSIP/1001", "PJSIP/1002"}
    return [one for one in workers if one.at_work]


def test_whoever_is_paused_by_somebody_else_is_told_by_whom(floor: Floor) -> None:
    with floor.unit_of_work() as uow:
        draft = UserDraft(username="boss", display_name="Ewa Lis", role="supervisor")
        floor.users["boss"] = uow.users.add(draft, "-", NOON)
        uow.commit()
    for by in ("boss", "boss", "1001", ""):
        floor.choose("1001", "paused", "break", by=by)
    told = [one.payload.get("chosen_by") for one in floor.publisher.messages]
    # Once: the second time nothing changed, and what people choose themselves they know.
    assert told == ["Ewa Lis", None, None, None]
