"""Alerts from figures to what is told: one evaluator, each told once, restart-safe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from callcenter.alert_work import Watch
from callcenter.alerts.checks import Known
from callcenter.alerts.metrics import Metric
from callcenter.alerts.threshold import Alert, Goal, Threshold
from callcenter.channels.mail import OutboundMail, SendFailed
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import alert_figures
from callcenter.queries import alerts as queries
from callcenter.queries.alerts import AlertFilters
from callcenter.realtime.in_process import InProcessBus
from callcenter.runtime import Runtime
from callcenter.services import alert_mails, alerts, webhooks
from callcenter.services.alert_news import AlertRoom
from callcenter.services.thresholds import ThresholdDesk, Unfit
from callcenter.settings import Settings
from callcenter.store import tables
from tests.support.plans import Plans
from tests.support.store import NOW, Store, call

KNOWN = Known(queues=frozenset({"support", "sales"}))
WAITING = Threshold(
    metric="waiting", comparison="at_least", scope="queues", queues=("support",), amber=1, red=2
)
HOOK = "https://example.com/hook"


@dataclass
class Centre:
    """A store with a watching worker, and hands for what people do."""

    store: Store
    sent: list[OutboundMail] = field(default_factory=list)
    refuses: list[SendFailed] = field(default_factory=list)

    @property
    def room(self) -> AlertRoom:
        store = self.store
        return AlertRoom(
            unit_of_work=store.unit_of_work,
            publisher=store.publisher,
            clock=store.clock,
            mail_from="desk@example.com",
        )

    @property
    def desk(self) -> ThresholdDesk:
        return ThresholdDesk(room=self.room, known=lambda _: KNOWN)

    def watch(self, name: str = "one") -> Watch:
        runtime = Runtime(
            settings=Settings(),
            clock=self.store.clock,
            bus=InProcessBus(),
            unit_of_work=self.store.unit_of_work,
            reader=self.store.engine.connect,
        )
        watch = Watch(runtime, name)
        watch._room = self.room
        return watch

    def waits(self, *numbers: str) -> None:
        """Who waits from now on."""
        with self.store.unit_of_work() as uow:
            uow.connection.execute(update(tables.calls).values(live=False))
            uow.commit()
        self.store.save(*(call(f"{one}.1", started_at=self.store.clock.at) for one in numbers))

    def look(self, watch: Watch, *, after: float = 2.0) -> list[str]:
        self.store.clock.pass_by(after)
        watch.turn()
        return self.open()

    def open(self) -> list[str]:
        return [f"{one.subject} {one.level}" for one in self.alerts()]

    def alerts(self) -> tuple[Alert, ...]:
        with self.store.engine.connect() as connection:
            return queries.open(connection)

    def past(self, **asked: Any) -> list[Alert]:
        with self.store.engine.connect() as connection:
            return list(queries.history(connection, AlertFilters(**asked), None, 50).items)

    def events(self) -> list[str]:
        with self.store.engine.connect() as connection:
            row = tables.webhook_deliveries.c
            return list(connection.scalars(select(row.event).order_by(row.id)))

    def told(self) -> list[tuple[str, str]]:
        """What screens heard, and forgets it."""
        heard = [one.payload["alert"] for one in self.store.publisher.messages]
        self.store.publisher.messages.clear()
        return [(one["level"], "closed" if one["closed_at"] else "open") for one in heard]

    def send(self, mail: OutboundMail) -> None:
        if self.refuses:
            raise self.refuses.pop()
        self.sent.append(mail)


@pytest.fixture
def centre(store: Store) -> Centre:
    with store.engine.begin() as connection:
        connection.execute(delete(tables.queue_settings))
        queues = [{"name": "support", "title": "Support"}, {"name": "sales", "title": "Sales"}]
        connection.execute(insert(tables.queue_settings), queues)
    return Centre(store)


def supervisor(store: Store, name: str = "sue", role: str = "supervisor") -> int:
    user_id = store.add_user(name, "")
    with store.engine.begin() as connection:
        mine = update(tables.users).where(tables.users.c.id == user_id)
        connection.execute(mine.values(role=role, role_code=role))
    return user_id


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


def test_a_threshold_edited_while_open_goes_on_or_is_closed(centre: Centre) -> None:
    threshold_id = centre.desk.create(WAITING)
    watch = centre.watch()
    centre.waits("17")
    centre.look(watch)
    centre.desk.save(threshold_id, replace(WAITING, red=1.0, amber=None))
    assert centre.look(watch) == ["support red"]
    centre.desk.save(threshold_id, replace(WAITING, amber=5, red=9))
    assert centre.look(watch) == []
    centre.desk.save(threshold_id, WAITING)
    assert centre.look(watch) == ["support amber"]
    centre.desk.save(threshold_id, replace(WAITING, scope="overall", queues=()))
    assert centre.open() == []
    assert centre.look(watch) == [" amber"]
    centre.desk.switch(threshold_id, active=False)
    assert centre.look(watch) == []
    centre.desk.switch(threshold_id, active=True)
    assert centre.look(watch) == [" amber"]
    centre.desk.remove(threshold_id)
    assert centre.look(watch) == []
    whys = ["deleted", "switched_off", "changed", "cleared"]
    assert [one.why for one in centre.past()] == whys
    assert {one.threshold_id for one in centre.past()} == {None}


def test_a_queue_that_goes_takes_its_alert_along(centre: Centre) -> None:
    centre.desk.create(WAITING)
    watch = centre.watch()
    centre.waits("17")
    centre.look(watch)
    with centre.store.engine.begin() as connection:
        connection.execute(tables.queue_settings.delete())
    assert centre.look(watch) == []
    assert [one.why for one in centre.past()] == ["gone"]


def test_one_supervisor_acknowledges_for_all_and_a_worse_level_asks_again(centre: Centre) -> None:
    sue, tom = supervisor(centre.store), supervisor(centre.store, "tom")
    centre.desk.create(WAITING)
    watch = centre.watch()
    centre.waits("17")
    centre.look(watch)
    (found,) = centre.alerts()
    alerts.acknowledge(found.id, " I call two more ", sue, centre.room)
    alerts.acknowledge(found.id, "", sue, centre.room)
    with pytest.raises(Conflict, match="Sue looks after it already"):
        alerts.acknowledge(found.id, "", tom, centre.room)
    (seen,) = centre.alerts()
    assert (seen.acknowledged_name, seen.note) == ("Sue", "I call two more")
    centre.waits("17", "18")
    centre.look(watch)
    assert centre.alerts()[0].acknowledged_by is None
    alerts.acknowledge(found.id, "", tom, centre.room)
    with centre.store.engine.connect() as connection:
        row = tables.audit_log.c
        actions = connection.scalars(select(row.action).order_by(row.id)).all()
    assert actions == ["threshold_created", "alert_acknowledged", "alert_acknowledged"]


def test_an_operator_acknowledges_nothing_and_sets_nothing(centre: Centre) -> None:
    anna = centre.store.add_user()
    centre.desk.create(WAITING)
    centre.waits("17")
    centre.look(centre.watch())
    with pytest.raises(Forbidden):
        alerts.acknowledge(centre.alerts()[0].id, "", anna, centre.room)
    with pytest.raises(Forbidden):
        replace(centre.desk, user_id=anna).create(WAITING)
    with pytest.raises(NotFound):
        alerts.acknowledge(999, "", supervisor(centre.store), centre.room)


def test_a_mail_server_that_refuses_is_told_and_tried_again(centre: Centre) -> None:
    centre.desk.create(replace(WAITING, mails=("lead@example.com",)))
    centre.waits("17")
    centre.look(centre.watch())
    centre.refuses = [
        SendFailed("the mail server said 550: no", lasting=True),
        SendFailed("the mail server is away (timeout)", lasting=False),
    ]
    alert_mails.send_mails(centre, centre.room)
    assert problems(centre) == [("the mail server is away (timeout)", True)]
    assert not alert_mails.send_mails(centre, centre.room)
    centre.store.clock.pass_by(61)
    alert_mails.send_mails(centre, centre.room)
    assert problems(centre) == [("the mail server said 550: no", False)]
    with centre.store.engine.connect() as connection:
        (mail,) = queries.mail_problems(connection)
    alert_mails.retry_mail(mail.id, supervisor(centre.store), centre.room)
    alert_mails.send_mails(centre, centre.room)
    assert problems(centre) == []
    assert len(centre.sent) == 1


def problems(centre: Centre) -> list[tuple[str, bool]]:
    with centre.store.engine.connect() as connection:
        return [(one.error, one.next_at is not None) for one in queries.mail_problems(connection)]


def test_a_threshold_that_swings_fills_no_mailbox(centre: Centre) -> None:
    centre.desk.create(replace(WAITING, mails=("lead@example.com",)))
    watch = centre.watch()
    for _ in range(20):
        centre.waits("17")
        centre.look(watch)
        centre.waits()
        centre.look(watch)
    alert_mails.send_mails(centre, centre.room)
    alert_mails.send_mails(centre, centre.room)
    assert len(centre.sent) == 30


def test_what_is_wrong_is_refused_and_nothing_is_stored(centre: Centre) -> None:
    with pytest.raises(Unfit):
        centre.desk.create(replace(WAITING, amber=3, red=2))
    with pytest.raises(Unfit):
        centre.desk.set_goal(Goal(metric="service_level", target=180))
    with pytest.raises(Invalid):
        alerts.acknowledge(1, "x" * 300, supervisor(centre.store), centre.room)
    with centre.store.engine.connect() as connection:
        assert queries.all_thresholds(connection) == ()
        assert queries.all_goals(connection) == ()


def test_a_goal_takes_the_place_of_the_one_before(centre: Centre) -> None:
    goal = Goal(metric="service_level", target=80, queue="support")
    centre.desk.set_goal(goal)
    centre.desk.set_goal(replace(goal, target=90))
    with centre.store.engine.connect() as connection:
        (found,) = queries.goals_now(connection, NOW)
    assert (found.goal.target, found.value, found.reached, found.share) == (90, None, None, 0)
    centre.desk.drop_goal(found.goal.id)
    with pytest.raises(NotFound):
        centre.desk.drop_goal(found.goal.id)


def past(number: int) -> dict[str, Any]:
    return {
        "metric": "waiting" if number % 2 else "ready",
        "scope": "queues",
        "subject": f"q{number % 50}",
        "comparison": "at_least",
        "bound": 1,
        "level": "red",
        "worst_level": "red" if number % 3 else "amber",
        "value": number,
        "worst_value": number,
        "opened_at": NOW + timedelta(minutes=number // 2),
        "level_at": NOW,
        "closed_at": NOW + timedelta(minutes=30 + number),
        "why": "cleared",
    }


def test_history_pages_without_a_hole_and_filters(centre: Centre) -> None:
    many = [past(number) for number in range(9)]
    with centre.store.engine.begin() as connection:
        connection.execute(insert(tables.alerts), many)
    seen: list[float] = []
    cursor = None
    with centre.store.engine.connect() as connection:
        while True:
            page = queries.history(connection, AlertFilters(), cursor, 2)
            seen += [one.value for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert [one.value for one in centre.past(metric="ready", level="amber")] == [6, 0]
    assert len(centre.past(since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=2))) == 2
    assert alerts.prune(centre.room, timedelta(days=-1)) == 9


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


def test_years_of_alerts_are_read_by_indexes(centre: Centre) -> None:
    many, store = 3000, centre.store
    mails = [
        {"alert_id": n + 1, "message_id": f"<{n}@x>", "recipients": [], "subject": "s"}
        | {"text": "t", "state": "sent", "created_at": NOW}
        for n in range(many)
    ]
    with store.engine.begin() as connection:
        connection.execute(insert(tables.alerts), [past(number) for number in range(many)])
        connection.execute(insert(tables.alert_mails), mails)
        connection.exec_driver_sql("ANALYZE")
    with store.engine.connect() as connection:
        plans = Plans(connection)
        queries.open(connection)
        page = queries.history(connection, AlertFilters(), None, 50)
        queries.history(connection, AlertFilters(), page.next_cursor, 50)
        queries.history(connection, AlertFilters(subject="q7", since=NOW), None, 50)
        queries.mail_is_due(connection, NOW)
        queries.mail_problems(connection)
        assert plans.full_scans(["alerts", "alert_mails"]) == []
    with store.unit_of_work() as uow:
        plans = Plans(uow.connection)
        uow.alerts.take_mails(NOW, NOW, 10)
        uow.alerts.mails_since(1, NOW)
        uow.alerts.prune(NOW - timedelta(days=1), 10)
        assert plans.full_scans(["alerts", "alert_mails"]) == []
