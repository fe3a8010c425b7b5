"""Alerts from figures to what is told: one evaluator, each told once, restart-safe."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from callcenter.alerts.metrics import Metric
from callcenter.alerts.threshold import Threshold
from callcenter.queries import alert_figures
from callcenter.services import alert_mails, webhooks
from callcenter.store import tables
from tests.support.alerts import HOOK, WAITING, Centre, found
from tests.support.store import NOW, Store


@pytest.fixture
def centre(store: Store) -> Centre:
    return found(store)


def test_an_alert_opens_worsens_and_closes_and_each_is_told_once(centre: Centre) -> None:
    webhooks.create_webhook(
        "Pager", HOOK, ["alert.*"], unit_of_work=centre.store.unit_of_work,
        clock=centre.store.clock, user_id=None,
    )  # fmt: skip
    centre.desk.create(replace(WAITING, webhook=True, mails=("lead@example.com",)))
    watch = centre.watch()
    assert centre.look(watch) == []
    centre.waits("17")
    assert centre.look(watch) == ["support amber"]
    assert centre.look(watch) == ["support amber"]
    assert centre.told() == [("amber", "open")]
    centre.waits("17", "18")
    assert centre.look(watch) == ["support red"]
    centre.waits()
    assert centre.look(watch) == []
    assert centre.look(watch) == []
    assert centre.told() == [("red", "open"), ("red", "closed")]
    assert centre.events() == ["alert.opened", "alert.opened", "alert.closed"]
    (past,) = centre.past()
    assert (past.why, past.worst_level, past.worst_value, past.value) == ("cleared", "red", 2, 0)
    assert past.subject_title == "Support"
    alert_mails.send_mails(centre, centre.room)
    assert [mail.subject for mail in centre.sent] == [
        "Amber: Callers who wait (Support) 1",
        "Red: Callers who wait (Support) 2",
        "Over: Callers who wait (Support) 0",
    ]
    assert not alert_mails.send_mails(centre, centre.room)


def test_a_worker_that_is_started_anew_goes_on_with_what_the_other_saw(centre: Centre) -> None:
    centre.desk.create(replace(WAITING, sustained_minutes=1))
    first = centre.watch("first")
    centre.waits("17")
    for _ in range(3):
        assert centre.look(first, after=16) == []
    again = centre.watch("again")
    assert centre.look(again, after=5) == []  # the first one's lease still holds
    assert centre.look(again, after=24) == ["support amber"]
    assert centre.look(first, after=2) == ["support amber"]
    assert centre.told() == [("amber", "open")]


def test_after_a_gap_the_minutes_begin_anew_and_what_is_open_stays(centre: Centre) -> None:
    centre.desk.create(replace(WAITING, sustained_minutes=1))
    watch = centre.watch()
    centre.waits("17")
    centre.look(watch)
    assert centre.look(watch, after=600) == []
    for _ in range(2):
        assert centre.look(watch, after=20) == []
    assert centre.look(watch, after=20) == ["support amber"]
    assert centre.look(watch, after=600) == ["support amber"]


def test_two_workers_open_one_alert(centre: Centre) -> None:
    centre.desk.create(WAITING)
    centre.waits("17")
    workers = [centre.watch("a"), centre.watch("b")]
    for _ in range(3):
        for one in workers:
            centre.look(one, after=1)
    assert centre.told() == [("amber", "open")]
    assert len(centre.alerts()) == 1


def test_a_clock_set_back_leaves_the_lease_to_whoever_looks(centre: Centre) -> None:
    centre.desk.create(WAITING)
    centre.look(centre.watch("a"))
    centre.store.clock.pass_by(-7200)
    centre.waits("17")
    assert centre.look(centre.watch("b")) == ["support amber"]


def test_while_a_pbx_is_away_nothing_is_concluded_from_who_waits(centre: Centre) -> None:
    centre.desk.create(WAITING)
    centre.desk.create(Threshold(metric="pbx_down", comparison="at_least", red=1))
    watch = centre.watch()
    centre.waits("17")
    link(centre.store, "up")
    assert centre.look(watch) == ["support amber"]
    link(centre.store, "down")
    centre.waits()
    assert centre.look(watch) == [" red", "support amber"]
    link(centre.store, "up")
    assert centre.look(watch) == []


def link(store: Store, state: str) -> None:
    with store.unit_of_work() as uow:
        uow.pbx_links.set("pbx", state, "", store.clock.at + timedelta(seconds=2), "")
        uow.commit()


def test_a_queue_that_goes_takes_its_alert_along(centre: Centre) -> None:
    centre.desk.create(WAITING)
    watch = centre.watch()
    centre.waits("17")
    centre.look(watch)
    with centre.store.engine.begin() as connection:
        connection.execute(tables.queue_settings.delete())
    assert centre.look(watch) == []
    assert [one.why for one in centre.past()] == ["gone"]


def test_figures_name_every_queue_and_team_and_the_whole(centre: Centre) -> None:
    store = centre.store
    anna = store.add_user()
    with store.engine.begin() as connection:
        connection.execute(insert(tables.teams).values(id=3, name="First line"))
        connection.execute(insert(tables.team_members).values(team_id=3, user_id=anna))
        connection.execute(delete(tables.pause_reasons))
        lunch = {"code": "lunch", "title": "Lunch", "limit_seconds": 600}
        connection.execute(insert(tables.pause_reasons).values(lunch))
        paused = {"state": "paused", "reason": "lunch", "since": NOW - timedelta(minutes=11)}
        connection.execute(insert(tables.agents).values(user_id=anna, **paused))
    centre.waits("17")
    wanted: tuple[Metric, ...] = ("waiting", "longest_wait", "ready", "paused_over")
    with store.engine.connect() as connection:
        found = alert_figures.live(connection, wanted, NOW + timedelta(seconds=30))
        counted = alert_figures.counted(
            connection, ("service_level_now", "callbacks_waiting", "abandoned_today"), ["UTC"], NOW
        )
    names = {(metric, subject): value for (metric, _zone, subject), value in found.items()}
    assert names["waiting", "support"] == names["waiting", ""] == 1
    assert names["waiting", "sales"] == names["longest_wait", "sales"] == 0
    assert names["longest_wait", ""] == 30
    assert names["ready", ""] == names["ready", "3"] == names["ready", "support"] == 0
    assert names["paused_over", ""] == names["paused_over", "3"] == 1
    assert counted["service_level_now", "", "support"] is None
    assert counted["callbacks_waiting", "", ""] == 0
    assert counted["abandoned_today", "UTC", "sales"] == 0
