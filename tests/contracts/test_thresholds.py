"""Thresholds, goals and alerts as people change them: rights, refusals, who looks after what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, select

from callcenter.alerts.threshold import Goal
from callcenter.errors import Conflict, Forbidden, Invalid, NotFound
from callcenter.queries import alerts as queries
from callcenter.realtime.messages import Message
from callcenter.services import alerts
from callcenter.services.thresholds import Unfit
from callcenter.store import tables
from tests.support.alerts import WAITING, Centre, found, supervisor
from tests.support.store import NOW, Store


@pytest.fixture
def centre(store: Store) -> Centre:
    return found(store)


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


def test_a_desk_has_the_goals_of_the_centre_and_of_its_own_queues(centre: Centre) -> None:
    anna, boris = centre.store.add_user(), centre.store.add_user("boris", "1002")
    skills = [
        {"user_id": anna, "skill": "support", "level": 5},
        {"user_id": boris, "skill": "sales", "level": 5},
    ]
    with centre.store.engine.begin() as connection:
        connection.execute(insert(tables.user_skills), skills)
    assert desk_of(centre, anna) == []
    for queue in ("", "support", "sales"):
        centre.desk.set_goal(Goal(metric="answered", target=9, queue=queue))
    assert desk_of(centre, anna) == ["", "support"]
    assert desk_of(centre, boris) == ["", "sales"]


def test_goals_leave_the_desks_where_a_supervisor_says_so(centre: Centre) -> None:
    anna, sue = centre.store.add_user(), supervisor(centre.store)
    centre.desk.set_goal(Goal(metric="answered", target=9))
    centre.store.publisher.messages.clear()
    with pytest.raises(Forbidden):
        replace(centre.desk, user_id=anna).show_goals(shown=False)
    hers = replace(centre.desk, user_id=sue)
    hers.show_goals(shown=False)
    assert desk_of(centre, anna) == []
    hers.show_goals(shown=True)
    assert desk_of(centre, anna) == [""]
    heard = [(one.payload, "operator" in one.audience.roles) for one in told_of(centre)]
    assert heard == [({"type": "goals"}, True)] * 2
    with centre.store.engine.connect() as connection:
        row = tables.audit_log.c
        query = select(row.user_id, row.detail).where(row.action == "goals_shown")
        told = connection.execute(query.order_by(row.id)).all()
    assert [one.user_id for one in told] == [sue, sue]
    assert told[0].detail == {"before": {"on_desks": True}, "after": {"on_desks": False}}


def told_of(centre: Centre) -> list[Message]:
    return list(centre.store.publisher.messages)


def desk_of(centre: Centre, user_id: int) -> list[str]:
    with centre.store.engine.connect() as connection:
        return [one.goal.queue for one in queries.goals_of(connection, user_id, NOW)]
