"""The staffing page: what a week needs, beside what happened."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from callcenter.forecast.arrivals import floor
from callcenter.queries import staffing_plan as queries
from callcenter.store import tables
from tests.support.web import Browser, World

HALF, DAY = timedelta(minutes=30), timedelta(days=1)


@pytest.fixture
def busy(world: World) -> World:
    """Twenty calls of three minutes in each of five half hours around now, for eight weeks; fifteen
    of them answered within twenty seconds."""
    now = floor(world.runtime.clock.now())
    halves = [now + part * HALF - day * DAY for day in range(57) for part in range(-2, 3)]
    row = {"channel": "call", "direction": "inbound", "queue": "support", "dialed": "", "trunk": ""}
    counts = {"offered": 20, "answered": 20, "handled": 20, "talk": 3000.0, "wrap_up": 600.0}
    counts |= {f"answered_in_{bound}": 15 for bound in (20, 25, 30, 40, 45, 60)}
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support"})
        uow.connection.execute(
            insert(tables.contact_halves),
            [row | counts | {"half": half} for half in halves if half < now],
        )
        uow.commit()
    return world


def test_without_a_queue_the_page_says_where_queues_come_from(
    world: World, supervisor: Browser
) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.connection.execute(delete(tables.queue_settings))
        uow.commit()
    assert "No queue yet" in supervisor.text("/staffing")


def test_a_queue_without_calls_says_that_there_is_nothing_to_plan_from(
    world: World, supervisor: Browser
) -> None:
    with world.runtime.unit_of_work() as uow:
        uow.staffing.save_queue("support", {"title": "Support"})
        uow.commit()
    page = supervisor.text("/staffing")
    assert "Nothing to plan from" in page
    assert "Support" in page


def test_operators_are_planned_from_the_weeks_before(busy: World, supervisor: Browser) -> None:
    page = supervisor.text("/staffing?queue=support&patience_seconds=0&shrinkage_percent=30")
    assert "3:00" in page  # as measured
    # 20 calls of three minutes are two erlangs: four answer 80 % within 20 seconds, six are paid.
    assert "<strong>4</strong>" in page
    assert ">6<" in page
    with_more = supervisor.text("/staffing?queue=support&patience_seconds=0&growth=300")
    assert "<strong>9</strong>" in with_more or "<strong>10</strong>" in with_more


def test_the_week_is_taken_away_as_a_table(busy: World, supervisor: Browser) -> None:
    told = supervisor.text("/staffing/plan.csv?queue=support&handle_seconds=180&patience_seconds=0")
    header, *rows = csv.reader(io.StringIO(told.lstrip("\ufeff")))
    assert header[:3] == ["Half hour", "Expected calls", "Operators needed"]
    assert len(rows) in (334, 336, 338)
    assert any(row[1:4] == ["20", "4", "6"] for row in rows)


def test_a_goal_is_saved_and_is_what_the_page_begins_with(busy: World, supervisor: Browser) -> None:
    answer = supervisor.post(
        "/staffing",
        {"queue": "support", "percent": "95", "seconds": "10", "patience_seconds": "60"},
    )
    assert answer.status_code == 302
    with busy.runtime.reader() as connection:
        saved = queries.goals(connection)["support"]
    assert (saved.percent, saved.seconds, saved.patience_seconds) == (95, 10, 60)
    assert 'value="95"' in supervisor.text("/staffing?queue=support")


@pytest.mark.parametrize("told", ["percent=120", "percent=many", "growth=0", "seconds=-5"])
def test_what_cannot_be_a_goal_is_said_beside_its_field(
    busy: World, supervisor: Browser, told: str
) -> None:
    assert "please." in supervisor.text(f"/staffing?queue=support&{told}")
    refused = supervisor.post("/staffing", dict([told.split("="), ["queue", "support"]]))
    assert refused.status_code == 422


def test_an_address_of_nonsense_shows_today_and_a_queue_there_is(
    busy: World, supervisor: Browser
) -> None:
    page = supervisor.text("/staffing?queue=nowhere&day=tomorrow&calendar=nowhere")
    assert "Support" in page
    refused = supervisor.post("/staffing", {"queue": "support", "calendar": "nowhere"})
    assert refused.status_code == 422


def test_whoever_takes_the_last_queue_away_is_asked_for_one_and_shown_no_other_queues_plan(
    busy: World, supervisor: Browser
) -> None:
    page = supervisor.text("/staffing?day=2026-03-02&percent=80")
    assert "Choose at least one queue." in page
    assert "Hours on the phone" not in page
    assert "Save as the goal" not in page
    assert "checked" not in page.partition("staffing-queues")[2].partition("</fieldset>")[0]
    left_open = supervisor.text("/staffing")
    assert "Choose at least one queue." not in left_open


def test_operators_do_not_plan(busy: World, operator: Browser) -> None:
    assert operator.get("/staffing").status_code == 403


def test_what_happened_stands_beside_it(busy: World, supervisor: Browser) -> None:
    day = (floor(busy.runtime.clock.now()) - 7 * DAY).date().isoformat()
    told = supervisor.text(f"/staffing/plan.csv?queue=support&patience_seconds=0&day={day}")
    rows = [row for row in csv.reader(io.StringIO(told)) if row[6] == "20"]
    assert rows
    assert all(row[7:] == ["0", "4", "75.0"] for row in rows)
