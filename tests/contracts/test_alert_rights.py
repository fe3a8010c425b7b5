"""Who has the right to alerts for their team sees, hears, looks after and watches what concerns it,
and nothing else, however the request is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from callcenter.alerts.threshold import Goal, Threshold
from callcenter.channels.mail import SendFailed
from callcenter.errors import Forbidden, NotFound
from callcenter.queries import alerts as queries
from callcenter.queries import rights as rights_queries
from callcenter.services import alert_mails, alerts, webhooks
from callcenter.services.alert_news import news_of
from callcenter.services.thresholds import Unfit
from tests.support.alert_teams import House, alert, every_kind, house_of, named
from tests.support.alerts import HOOK, WAITING
from tests.support.store import Store
from web import hearing

SALES = replace(WAITING, queues=("sales",))
MIXED = replace(WAITING, queues=("sales", "support"))
OVERALL = replace(WAITING, scope="overall", queues=())
LINKS = Threshold(metric="pbx_down", comparison="at_least", red=1)
READY = Threshold(metric="ready", comparison="at_most", scope="team", team_id=0, red=1)
OURS = {"waiting in sales", "ready of sales"}
EVERYTHING = {
    *OURS,
    "waiting in support",
    "ready of support",
    "waiting in gone",
    "waiting over all",
    "pbx_down over all",
}


@pytest.fixture
def house(store: Store) -> House:
    return house_of(store)


def test_a_lead_sees_hears_and_looks_after_what_concerns_their_team(house: House) -> None:
    ids = house.begin(every_kind(house.teams))
    assert seen(house, "adam") == EVERYTHING
    assert seen(house, "ewa") == OURS
    for name, alert_id in ids.items():
        if name in OURS:
            alerts.acknowledge(alert_id, "mine", house.people["ewa"], house.centre.room)
            continue
        with pytest.raises(NotFound):
            alerts.acknowledge(alert_id, "mine", house.people["ewa"], house.centre.room)
        alerts.acknowledge(alert_id, "all is mine", house.people["adam"], house.centre.room)


def seen(house: House, by: str) -> set[str]:
    """What is open to them: in lists, in the snapshot, in news, and in the history once over."""
    viewer = house.viewer(by)
    known = every_kind(house.teams)
    heard = {named(one) for one in known if hearing.heard(viewer, news_of(one))}
    assert house.open(by) == heard
    with house.store.engine.connect() as connection:
        assert len(queries.to_tell(connection, viewer)) == len(heard)
    return heard


def test_the_history_is_a_teams_own_page_after_page(house: House) -> None:
    over = {"closed_at": house.store.clock.at, "why": "cleared"}
    house.begin(replace(one, **over) for one in every_kind(house.teams))
    assert house.past("adam") == EVERYTHING
    assert house.past("ewa") == OURS
    house.disband("sales")
    assert house.past("ewa") == set()


def test_whose_teams_work_in_every_queue_see_what_is_over_all_and_leave_it_as_it_is(
    house: House,
) -> None:
    house.begin(every_kind(house.teams))
    rule, links = (house.desk("adam").create(one) for one in (OVERALL, LINKS))
    assert house.rules("ewa") == []
    house.skill("anna", "support", 3)
    assert seen(house, "ewa") == {*OURS, "waiting in support", "waiting over all"}
    assert house.rules("ewa") == [rule]
    refused(house, rule, Forbidden)
    refused(house, links, NotFound)
    with pytest.raises(Unfit) as found:
        house.desk("ewa").create(OVERALL)
    assert [one.code for one in found.value.problems] == ["scope_of_centre"]


def test_a_lead_keeps_the_rules_of_their_queues_and_team(house: House) -> None:
    desk = house.desk("ewa")
    for rule in (SALES, replace(READY, team_id=house.teams["sales"])):
        threshold_id = desk.create(rule)
        desk.save(threshold_id, replace(rule, red=3))
        desk.switch(threshold_id, active=False)
        assert house.rule(threshold_id) == replace(rule, id=threshold_id, red=3, active=False)
        assert threshold_id in house.rules("ewa")
        desk.remove(threshold_id)
    assert house.rules("adam") == []


def test_no_rule_watches_another_team_by_the_doing_of_a_lead(house: House) -> None:
    theirs = replace(READY, team_id=house.teams["support"])
    mine = house.desk("ewa").create(SALES)
    for rule, code in (
        (WAITING, "queues_of_others"),
        (MIXED, "queues_of_others"),
        (OVERALL, "scope_of_centre"),
        (LINKS, "scope_of_centre"),
        (theirs, "team_of_others"),
    ):
        with pytest.raises(Unfit) as created:
            house.desk("ewa").create(rule)
        with pytest.raises(Unfit) as saved:
            house.desk("ewa").save(mine, rule)
        assert [one.code for one in created.value.problems] == [code]
        assert [one.code for one in saved.value.problems] == [code]
        refused(house, house.desk("adam").create(rule), NotFound)
    assert house.rule(mine) == replace(SALES, id=mine)


def refused(house: House, threshold_id: int, error: type[Exception]) -> None:
    before, desk = house.rule(threshold_id), house.desk("ewa")
    with pytest.raises(error):
        desk.save(threshold_id, SALES)
    with pytest.raises(error):
        desk.switch(threshold_id, active=False)
    with pytest.raises(error):
        desk.remove(threshold_id)
    assert house.rule(threshold_id) == before


def test_of_a_rule_over_several_teams_each_hears_its_own_alerts(house: House) -> None:
    house.desk("adam").create(MIXED)
    assert house.rules("ewa") == []
    house.centre.waits("17")
    house.centre.look(house.centre.watch())
    assert house.open("adam") == {"waiting in support"}
    assert house.open("ewa") == set()
    with house.store.engine.connect() as connection:
        assert queries.have_thresholds(connection, house.viewer("ewa"))


def test_goals_are_a_teams_for_its_queues_alone(house: House) -> None:
    lead, admin = house.desk("ewa"), house.desk("adam")
    ours = Goal(metric="answered", target=3, queue="sales")
    for goal in (replace(ours, queue=""), replace(ours, queue="support")):
        with pytest.raises(Unfit):
            lead.set_goal(goal)
        admin.set_goal(goal)
    lead.set_goal(ours)
    with house.store.engine.connect() as connection:
        known = {one.queue: one.id for one in queries.all_goals(connection)}
        assert [one.queue for one in queries.all_goals(connection, house.viewer("ewa"))] == [
            "sales"
        ]
    for queue in ("", "support"):
        with pytest.raises(NotFound):
            lead.drop_goal(known[queue])
    lead.drop_goal(known["sales"])
    with pytest.raises(Forbidden):
        lead.show_goals(shown=False)
    admin.show_goals(shown=False)


def test_who_is_told_by_a_lead_hears_no_more_when_the_right_is_narrowed(house: House) -> None:
    webhooks.create_webhook(
        "Pager", HOOK, ["alert.*"], unit_of_work=house.store.unit_of_work,
        clock=house.store.clock, user_id=None,
    )  # fmt: skip
    told = replace(WAITING, mails=("ewa@example.com",), webhook=True)
    house.skill("anna", "support", 3)
    rule = house.desk("ewa").create(told)
    assert told_of(house, rule) == (2, ["alert.opened", "alert.closed"])
    house.skill("anna", "support", 0)
    assert told_of(house, rule) == (0, [])
    house.skill("anna", "support", 3)
    assert told_of(house, rule) == (2, ["alert.opened", "alert.closed"])
    with house.store.unit_of_work() as uow:
        uow.users.update(house.people["ewa"], {"active": False})
        uow.commit()
    assert told_of(house, rule) == (0, [])
    house.desk("adam").save(rule, told)
    assert told_of(house, rule) == (2, ["alert.opened", "alert.closed"])
    with house.store.unit_of_work() as uow:
        uow.users.update(house.people["adam"], {"active": False})
        uow.commit()
    assert told_of(house, rule) == (2, ["alert.opened", "alert.closed"])


def told_of(house: House, rule: int) -> tuple[int, list[str]]:
    """Mails and webhooks of an alert that comes and goes; the list of thresholds says it if there
    are none."""
    centre, watch = house.centre, house.centre.watch()
    mails, events = len(centre.sent), len(centre.events())
    for waiting in (("17",), ()):
        centre.waits(*waiting)
        centre.look(watch, after=25)
    alert_mails.send_mails(centre, centre.room)
    found = len(centre.sent) - mails, centre.events()[events:]
    with house.store.engine.connect() as connection:
        resting = queries.resting(connection, queries.all_thresholds(connection))
    assert resting == (frozenset() if found[0] else {rule})
    return found


def test_whoever_chooses_who_is_told_answers_for_it(house: House) -> None:
    """An address that a lead put on a rule of the centre leaves with them."""
    rule = house.desk("adam").create(replace(SALES, mails=("desk@example.com",)))
    house.desk("ewa").save(rule, replace(SALES, red=3, mails=("desk@example.com",)))
    house.disband("sales")
    with house.store.engine.connect() as connection:
        known = queries.all_thresholds(connection)
        assert queries.resting(connection, known) == frozenset()
    house.skill("ewa", "sales", 1)
    with house.store.unit_of_work() as uow:
        uow.rights.set_teams_of(house.people["ewa"], [house.teams["sales"]])
        uow.commit()
    house.desk("ewa").save(rule, replace(SALES, mails=("desk@example.com", "ewa@example.com")))
    house.disband("sales")
    with house.store.engine.connect() as connection:
        known = queries.all_thresholds(connection)
        assert queries.resting(connection, known) == {rule}


def test_a_mail_of_another_teams_alert_is_neither_shown_nor_sent_again(house: House) -> None:
    house.desk("adam").create(replace(WAITING, mails=("lead@example.com",)))
    house.centre.refuses = [SendFailed("no", lasting=True)]
    house.centre.waits("17")
    house.centre.look(house.centre.watch())
    alert_mails.send_mails(house.centre, house.centre.room)
    with house.store.engine.connect() as connection:
        (mail,) = queries.mail_problems(connection, house.viewer("adam"))
        assert queries.mail_problems(connection, house.viewer("ewa")) == []
    with pytest.raises(NotFound):
        alert_mails.retry_mail(mail.id, house.people["ewa"], house.centre.room)
    house.skill("anna", "support", 3)
    with house.store.engine.connect() as connection:
        assert queries.mail_problems(connection, house.viewer("ewa")) == [mail]
    alert_mails.retry_mail(mail.id, house.people["ewa"], house.centre.room)


def test_many_viewers_read_together_reach_what_each_reaches_alone(house: House) -> None:
    with house.store.unit_of_work() as uow:
        people = [uow.users.get(one) for one in house.people.values()]
    with house.store.engine.connect() as connection:
        together = rights_queries.viewers(connection, [one for one in people if one is not None])
    assert together == {house.people[name]: house.viewer(name) for name in house.people}
    assert together[house.people["ewa"]].team_queues == {"sales"}


def test_a_right_for_a_team_is_nothing_to_who_is_in_none(house: House) -> None:
    """A queue that needs a skill nobody has is every team's, but nobody's without a team."""
    house.skill("jan", "support", 0)
    assert house.viewer("ewa").every_queue
    house.disband("sales")
    house.begin([alert(scope="queues", subject="support")])
    assert house.open("ewa") == set()
