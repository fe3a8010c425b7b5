"""Tasks in the browser: lists, forms, steps, the calendar, who may do what, what cannot be read."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from callcenter.services import tasks as services
from callcenter.tasks.task import Task, TaskDraft
from tests.support.web import MARKUP, ONE, Browser, World

WARSAW = ZoneInfo("Europe/Warsaw")


def desk_of(world: World) -> services.Desk:
    runtime = world.runtime
    return services.Desk(
        runtime.unit_of_work, runtime.bus, runtime.clock, runtime.settings.number_plan
    )


def give(world: World, title: str = "Send the offer", to: str = "operator1", **more: object) -> int:
    due = world.runtime.clock.now() + timedelta(hours=1)
    values = {"title": title, "due_at": due, "assignee_id": world.users[to] if to else None} | more
    return services.create_task(
        TaskDraft(**values),  # type: ignore[arg-type]
        user_id=world.users["supervisor"],
        desk=desk_of(world),
    )


def task(world: World, task_id: int) -> Task:
    with world.runtime.unit_of_work() as uow:
        found = uow.tasks.get(task_id)
    assert found is not None
    return found


def test_a_task_made_in_a_form_is_due_at_the_time_on_the_wall(
    world: World, operator: Browser
) -> None:
    form = {
        "title": "Call Maria back",
        "kind": "callback",
        "due_at": "2026-07-01T09:30",
        "remind": "10",
        "number": "22 123 45 67",
        "assignee_id": str(world.users["operator1"]),
        "customer_id": str(world.customers["Maria Kowalska"]),
    }
    assert operator.post("/tasks/new", form).status_code == 302
    made = task(world, 1)
    assert made.due_at == datetime(2026, 7, 1, 9, 30, tzinfo=WARSAW)
    assert (made.number, made.kind) == (ONE, "callback")
    assert made.remind_at == made.due_at - timedelta(minutes=10)
    page = operator.text("/tasks")
    assert "Call Maria back" in page
    assert "data-dial" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "  ", "Say what is to be done"),
        ("due_at", "yesterday", "This is not a date and time"),
        ("number", "none", "This is not a telephone number"),
        ("assignee_id", "999", "It is not there any more"),
        ("remind", "-5", "Say how many minutes"),
        ("kind", "wish", "Must be one of"),
        ("due_at", "9999-12-31T23:59", "This date is too far away"),
        ("customer_id", "999", "It is not there any more"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(
    operator: Browser, field: str, value: str, words: str
) -> None:
    form = {"title": "Typed by hand", "due_at": "2026-07-01T09:30", "remind": ""} | {field: value}
    answer = operator.post("/tasks/new", form)
    text = answer.get_data(as_text=True)
    assert (answer.status_code, words in text) == (422, True), text[:2000]


def test_lists_say_whose_and_when(world: World, operator: Browser, supervisor: Browser) -> None:
    give(world, "Mine and later")
    give(world, "Mine and late", due_at=world.runtime.clock.now() - timedelta(hours=2))
    give(world, "Another's", to="operator2")
    give(world, "The team's", to="", queue="support")
    mine = operator.text("/tasks")
    assert "Mine and later" in mine
    assert "Another" not in mine
    overdue = operator.text("/tasks?when=overdue")
    assert ("Mine and late<" in overdue, "Mine and later" in overdue) == (True, False)
    team = operator.text("/tasks?scope=team")
    assert ("The team" in team, "Another" in team) == (True, False)
    assert "Another" not in operator.text("/tasks?scope=all")
    assert "Another" in supervisor.text("/tasks?scope=all")


def test_a_list_is_unfolded_by_its_address(world: World, operator: Browser) -> None:
    for n in range(52):
        give(world, f"Number {n:03}")
    first = operator.text("/tasks?when=open")
    assert first.count("data-task-row") == 50
    address = first.split('data-unfold="task-rows"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert address == "/tasks?when=open&amp;shown=100"
    rest = operator.text("/tasks?when=open&shown=100", headers={"HX-Target": "task-rows"})
    assert rest.count("data-task-row") == 52
    assert "data-unfold" not in rest
    assert operator.get("/tasks?cursor=nonsense").status_code == 422


def test_steps_with_a_task(world: World, operator: Browser) -> None:
    task_id = give(world, remind_at=world.runtime.clock.now())
    version = task(world, task_id).version
    assert operator.post(f"/tasks/{task_id}/done", {"version": version}).status_code == 204
    assert operator.post(f"/tasks/{task_id}/done", {}).status_code == 204  # twice is once
    assert task(world, task_id).state == "done"
    assert operator.post(f"/tasks/{task_id}/reopen").status_code == 204
    before = task(world, task_id)
    assert operator.post(f"/tasks/{task_id}/hour").status_code == 204
    after = task(world, task_id)
    assert (before.open, after.due_at > before.due_at) == (True, True)
    assert operator.post(f"/tasks/{task_id}/tomorrow").status_code == 204
    assert operator.post(f"/tasks/{task_id}/remind", {"minutes": "10"}).status_code == 204
    assert operator.post(f"/tasks/{task_id}/remind", {"minutes": "-1"}).status_code == 422
    assert operator.post(f"/tasks/{task_id}/remind", {}).status_code == 422
    assert operator.post(f"/tasks/{task_id}/explode").status_code == 404


def test_two_who_change_the_same_task_are_told(world: World, operator: Browser) -> None:
    task_id = give(world)
    form = {"title": "First", "due_at": "2026-07-01T09:30", "remind": "", "version": "1"}
    form["assignee_id"] = str(world.users["operator1"])
    assert operator.post(f"/tasks/{task_id}", form).status_code == 302
    answer = operator.post(f"/tasks/{task_id}", form | {"title": "Second"})
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.get_data(as_text=True)
    late = operator.post(f"/tasks/{task_id}/done", {"version": "1"})
    assert (late.status_code, "Somebody else" in late.json["message"]) == (409, True)


def test_an_operator_changes_no_task_of_others(
    world: World, operator: Browser, supervisor: Browser
) -> None:
    others = give(world, to="operator2", customer_id=world.customers["Maria Kowalska"])
    secret = give(world, "A word about wages", to="operator2")
    assert operator.post(f"/tasks/{others}/done").status_code == 403
    assert "you can read it" in operator.text(f"/tasks/{others}")
    assert operator.get(f"/tasks/{secret}").status_code == 404
    assert operator.post(f"/tasks/{secret}/done").status_code == 404
    assert operator.post(f"/tasks/{others}/remind", {"minutes": "0"}).status_code == 403
    assert supervisor.post(f"/tasks/{others}/done").status_code == 204


def test_whoever_of_the_team_takes_it_has_it(world: World, operator: Browser) -> None:
    task_id = give(world, to="", queue="support")
    assert "Take it" in operator.text("/tasks?scope=team")
    assert operator.post(f"/tasks/{task_id}/take").status_code == 204
    assert task(world, task_id).assignee_id == world.users["operator1"]


def test_the_calendar_shows_days_of_ones_own_zone(world: World, operator: Browser) -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=WARSAW)
    give(world, "At the end of March", due_at=late)
    march = operator.text("/tasks/calendar?day=2026-03-15")
    assert "At the end of March" in march
    assert "23:30" in march
    week = operator.text("/tasks/calendar?view=week&day=2026-04-06")
    assert "At the end of March" not in week
    assert operator.get("/tasks/calendar?day=the+ides").status_code == 200
    assert operator.get("/tasks/calendar?day=0001-01-01").status_code == 200
    assert operator.get("/tasks/calendar?day=9999-12-31").status_code == 200


def test_the_desk_has_what_comes_next_and_what_is_open_for_the_caller(
    world: World, operator: Browser
) -> None:
    maria = world.customers["Maria Kowalska"]
    give(world, "Mine next")
    give(world, "Hers, by another", to="operator2", customer_id=maria)
    assert "Hers" not in operator.text("/tasks/desk")
    piece = operator.text(f"/tasks/desk?customer={maria}")
    assert "Mine next" in piece
    assert "Hers, by another" in piece


def test_nothing_typed_becomes_markup(world: World, operator: Browser) -> None:
    give(world, MARKUP, details=MARKUP, customer_id=world.customers[MARKUP])
    for path in ("/tasks", "/tasks/1", "/tasks/desk", "/tasks/calendar"):
        assert "<img src=x" not in operator.text(path)


def test_a_form_goes_back_to_a_page_of_ours_only(world: World, operator: Browser) -> None:
    form = {"title": "A", "due_at": "2026-07-01T09:30", "remind": "", "back": "//evil.example"}
    assert operator.post("/tasks/new", form).headers["Location"] == "/tasks"
    form["back"] = "/customers/1"
    assert operator.post("/tasks/new", form).headers["Location"] == "/customers/1"


def test_a_task_cannot_be_due_before_there_was_a_calendar(operator: Browser) -> None:
    task = {"title": "Call back", "remind": "60"}
    for due_at in ("0001-01-01T00:00", "0001-01-01T00:30+00:00", "9999-12-31T23:59"):
        assert operator.post("/tasks/new", {**task, "due_at": due_at}).status_code == 422
