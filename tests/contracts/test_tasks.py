"""Tasks on SQLite and on PostgreSQL: kept, counted, reminded of once, closed by conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from callcenter.calls.record import CallRecord
from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.realtime.messages import Message
from callcenter.services import tasks as services
from callcenter.services.after_calls import FollowUps
from callcenter.services.call_rows import write_calls
from callcenter.tasks.task import Task, TaskDraft
from tests.support.store import NOW, Store, call, leg

NUMBER = "+48221234567"


@pytest.fixture
def anna(store: Store) -> int:
    return store.add_user()


def desk_of(store: Store) -> services.Desk:
    return services.Desk(store.unit_of_work, store.publisher, store.clock, NumberPlan(region="PL"))


def give(store: Store, assignee: int | None, **more: Any) -> int:
    values = {"title": "Call back", "due_at": NOW + timedelta(hours=1), "assignee_id": assignee}
    return services.create_task(
        TaskDraft(**(values | more)), user_id=assignee or 1, desk=desk_of(store)
    )


def read(store: Store, task_id: int) -> Task:
    with store.unit_of_work() as uow:
        found = uow.tasks.get(task_id)
    assert found is not None
    return found


def counts(store: Store, user_id: int) -> dict[str, int]:
    with store.unit_of_work() as uow:
        return uow.tasks.counts([user_id], store.clock.now())[user_id]


def reminders(messages: Sequence[Message]) -> list[Any]:
    return [m.payload["reminder"]["id"] for m in messages if m.payload.get("reminder")]


def test_figures_are_by_the_clock_and_the_day(store: Store, anna: int) -> None:
    give(store, anna)
    give(store, anna, due_at=NOW - timedelta(minutes=1))
    give(store, anna, due_at=NOW + timedelta(days=2))
    found = counts(store, anna)
    assert (found["tasks_due"], found["tasks_overdue"]) == (1, 1)
    store.clock.pass_by(3600)
    assert counts(store, anna)["tasks_overdue"] == 2


def test_time_alone_is_told_to_whom_it_concerns(store: Store, anna: int) -> None:
    give(store, anna, due_at=NOW + timedelta(seconds=30))
    store.publisher.messages.clear()
    store.clock.pass_by(60)
    act = {"unit_of_work": store.unit_of_work, "publisher": store.publisher, "clock": store.clock}
    services.tell_time(NOW, **act)  # type: ignore[arg-type]
    (news,) = store.publisher.messages
    assert (news.audience.users, news.payload["counts"]["tasks_overdue"]) == ((anna,), 1)
    store.publisher.messages.clear()
    services.tell_time(store.clock.now(), **act)  # type: ignore[arg-type]
    assert store.publisher.messages == []


def test_a_reminder_is_told_once_and_again_after_a_kill_in_between(store: Store, anna: int) -> None:
    task_id = give(store, anna, remind_at=NOW)
    act: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}

    class Killed:
        def publish(self, _messages: Sequence[Message]) -> None:
            raise SystemExit

    with pytest.raises(SystemExit):
        services.remind(publisher=Killed(), **act)  # type: ignore[arg-type]
    assert services.remind(publisher=store.publisher, **act) == 1
    assert reminders(store.publisher.messages) == [task_id]
    assert services.remind(publisher=store.publisher, **act) == 0
    services.put_off_reminder(task_id, 10, user_id=anna, desk=desk_of(store))
    store.clock.pass_by(599)
    assert services.remind(publisher=store.publisher, **act) == 0
    store.clock.pass_by(1)
    assert services.remind(publisher=store.publisher, **act) == 1


def test_a_reminder_put_off_while_others_are_told_is_still_to_come(store: Store, anna: int) -> None:
    task_id = give(store, anna, remind_at=NOW + timedelta(minutes=10))
    with store.unit_of_work() as uow:  # read as due a moment ago, when it was
        uow.tasks.reminded([task_id], NOW)
        uow.commit()
    store.clock.pass_by(600)
    act: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    assert services.remind(publisher=store.publisher, **act) == 1


def test_a_done_task_reminds_nobody(store: Store, anna: int) -> None:
    task_id = give(store, anna, remind_at=NOW)
    services.finish_task(task_id, user_id=anna, desk=desk_of(store))
    act: dict[str, Any] = {"unit_of_work": store.unit_of_work, "clock": store.clock}
    assert services.remind(publisher=store.publisher, **act) == 0


def test_whoever_saw_an_older_version_changes_nothing(store: Store, anna: int) -> None:
    task_id = give(store, anna)
    desk = desk_of(store)
    assert services.update_task(task_id, {"title": "New"}, version=1, user_id=anna, desk=desk) == 2
    with pytest.raises(Conflict, match="somebody else changed this task"):
        services.update_task(task_id, {"title": "Old"}, version=1, user_id=anna, desk=desk)
    with pytest.raises(Conflict):
        services.finish_task(task_id, user_id=anna, desk=desk, version=1)
    assert read(store, task_id).title == "New"


def test_what_is_refused(store: Store, anna: int) -> None:
    task_id, desk = give(store, anna), desk_of(store)
    other = store.add_user("jan", "1002")
    with pytest.raises(Forbidden):
        services.finish_task(task_id, user_id=other, desk=desk)
    with pytest.raises(NotFound):
        services.finish_task(999, user_id=anna, desk=desk)
    with pytest.raises(Invalid, match="not a field"):
        services.update_task(task_id, {"state": "done"}, version=1, user_id=anna, desk=desk)
    with pytest.raises(Invalid):
        give(store, anna, number="not a number")


def test_postponing_moves_the_reminder_along(store: Store, anna: int) -> None:
    remind_at = NOW + timedelta(minutes=50)
    task_id = give(store, anna, remind_at=remind_at)
    services.postpone_task(task_id, NOW + timedelta(hours=3), user_id=anna, desk=desk_of(store))
    moved = read(store, task_id)
    assert (moved.due_at, moved.remind_at) == (
        NOW + timedelta(hours=3),
        NOW + timedelta(hours=2, minutes=50),
    )


def spoken(minute: float, **changes: Any) -> CallRecord:
    """Anna reached the number."""
    at = NOW + timedelta(minutes=minute)
    values: dict[str, Any] = {
        "live": False,
        "direction": "outbound",
        "result": "answered",
        "dialed": NUMBER,
        "caller_number": "1001",
        "queues": (),
        "started_at": at - timedelta(seconds=10),
        "answered_at": at,
        "ended_at": at + timedelta(minutes=3),
        "legs": (leg("17.1", "PJSIP/1001", "caller"), leg("17.2", "PJSIP/trunk", "callee")),
    }
    return call("17.1", **(values | changes))


def write(store: Store, record: CallRecord) -> list[Message]:
    with store.unit_of_work() as uow:
        written = write_calls(
            uow, {record.id: record}, {}, lambda _: NumberPlan(region="PL"), store.clock
        )
        news = FollowUps()(uow, written, store.clock)
        uow.commit()
    return news


def test_a_call_back_is_done_when_its_assignee_reached_the_customer(
    store: Store, anna: int
) -> None:
    jan = store.add_user("jan", "1002")
    mine = give(store, anna, kind="callback", number=NUMBER)
    others = give(store, jan, kind="callback", number=NUMBER)
    plain = give(store, anna, number=NUMBER)
    store.clock.pass_by(600)
    news = write(store, spoken(5))
    assert [read(store, one).state for one in (mine, others, plain)] == ["done", "open", "open"]
    assert read(store, mine).result == "reached"
    assert [m.payload["closed"]["id"] for m in news if m.payload.get("closed")] == [mine]


def test_opened_again_it_stays_open_when_the_same_call_is_told_once_more(
    store: Store, anna: int
) -> None:
    task_id = give(store, anna, kind="callback", number=NUMBER)
    store.clock.pass_by(600)
    write(store, spoken(5))
    services.reopen_task(task_id, user_id=anna, desk=desk_of(store))
    write(store, spoken(5))
    assert read(store, task_id).open


def test_a_call_back_agreed_upon_in_the_call_is_not_done_by_it(store: Store, anna: int) -> None:
    store.clock.pass_by(360)
    task_id = give(store, anna, kind="callback", number=NUMBER)
    write(store, spoken(5))
    assert read(store, task_id).open


def test_what_follows_a_call_that_rings_costs_no_look_up(store: Store, anna: int) -> None:
    """Of calls in vain and of call-backs; states of operators are another matter."""
    asked: list[str] = []
    event.listen(
        store.engine, "before_cursor_execute", lambda *args: asked.append(args[2]), named=False
    )
    write(store, call())
    ringing = [one for one in asked if "missed_calls" in one or "tasks" in one]
    assert ringing == []
    asked.clear()
    write(store, spoken(5))
    ended = [one for one in asked if "missed_calls" in one or "FROM tasks" in one]
    assert len(ended) == 2, ended
