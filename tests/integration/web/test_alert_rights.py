"""The pages of alerts, and what a screen hears of them, for whoever leads one team: what concerns
another stands nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from callcenter.alert_work import room_of
from callcenter.alerts.checks import Known
from callcenter.alerts.threshold import Goal
from callcenter.services import staffing
from callcenter.services.alert_news import news_of
from callcenter.services.thresholds import ThresholdDesk
from tests.integration.web.test_alerts import GOOD
from tests.support.alert_lead import make_lead
from tests.support.alert_teams import alert
from tests.support.sockets import Desk, Visitor
from tests.support.waiting import wait_until
from tests.support.web import PASSWORD, Browser, World
from web.service import WebService

SALES = GOOD | {"scope": "queues", "queues": "sales", "title": "Ours"}
SUPPORT = GOOD | {"scope": "queues", "queues": "support", "title": "Theirs"}
MIXED = GOOD | {"scope": "queues", "queues": ["sales", "support"], "title": "Both"}


@pytest.fixture
def teams(world: World) -> tuple[int, int]:
    return make_lead(world)


@pytest.fixture
def supervisor(teams: tuple[int, int], supervisor: Browser) -> Browser:
    """Logged in as the lead of a team."""
    return supervisor


def begin(world: World, *subjects: str) -> list[int]:
    with world.runtime.unit_of_work() as uow:
        now = world.runtime.clock.now()
        at = {"opened_at": now, "level_at": now, "scope": "queues"}
        ids = [uow.alerts.begin(alert(subject=one, title=f"In {one}", **at)) for one in subjects]
        uow.commit()
    return ids


def test_another_teams_alert_is_neither_shown_nor_acknowledged(
    world: World, supervisor: Browser, admin: Browser
) -> None:
    ours, theirs = begin(world, "sales", "support")
    for path in ("/alerts", "/alerts/open"):
        shown = supervisor.text(path)
        assert "In sales" in shown
        assert "In support" not in shown
        assert "In support" in admin.text(path)
    script = {"X-Requested-With": "fetch"}
    answers = [
        supervisor.post(f"/alerts/{one}/acknowledge", {}, headers=script).status_code
        for one in (theirs, ours, ours + theirs)
    ]
    assert answers == [404, 204, 404]
    with world.runtime.unit_of_work() as uow:
        over = {"closed_at": world.runtime.clock.now(), "why": "cleared"}
        uow.alerts.change([(one, over) for one in (ours, theirs)])
        uow.commit()
    past = supervisor.text("/alerts")
    assert "In sales" in past
    assert "In support" not in past
    assert 'value="support"' not in past
    assert "No such alert" in supervisor.text("/alerts?queue=support")
    assert "In support" in admin.text("/alerts?queue=support")


def test_another_teams_thresholds_do_not_exist(supervisor: Browser, admin: Browser) -> None:
    for rule in (SUPPORT, MIXED, GOOD | {"title": "All"}):
        assert admin.post("/thresholds", rule).status_code == 302
    shown = supervisor.text("/thresholds")
    assert "row-link" not in shown
    for way in ("", "/active", "/delete"):
        for threshold_id in (1, 2, 3):
            answer = supervisor.post(f"/thresholds/{threshold_id}{way}", SALES)
            assert answer.status_code == 404, (way, threshold_id)
    assert supervisor.get("/thresholds/1").status_code == 404
    assert admin.text("/thresholds").count("row-link") == 3


def test_a_lead_sets_what_is_watched_of_their_team_alone(
    teams: tuple[int, int], supervisor: Browser
) -> None:
    begun = supervisor.text("/thresholds/new")
    assert 'value="sales" checked' in begun
    assert 'value="support"' not in begun
    assert 'value="overall"' not in begun
    assert f'<option value="{teams[0]}"' in begun
    assert f'<option value="{teams[1]}"' not in begun
    of_others = {"metric": "ready", "scope": "team", "team_id": str(teams[1])}
    for rule, words in (
        (SUPPORT, "These are queues of other teams"),
        (MIXED, "These are queues of other teams"),
        (GOOD, "set by whoever may do so for all of it"),
        (GOOD | of_others, "Choose one of your teams"),
    ):
        answer = supervisor.post("/thresholds", rule)
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True)
    assert supervisor.post("/thresholds", SALES).status_code == 302
    assert "row-link" in supervisor.text("/thresholds")
    assert supervisor.post("/thresholds/1", MIXED).status_code == 422
    assert supervisor.post("/thresholds/1/delete", {}).status_code == 302


def test_goals_of_the_centre_and_of_others_are_not_a_leads(
    world: World, supervisor: Browser, admin: Browser
) -> None:
    room, known = room_of(world.runtime), Known()
    desk = ThresholdDesk(room=room, known=lambda _: known)
    for queue in ("", "support"):
        desk.set_goal(Goal(metric="answered", queue=queue, target=3))
    assert "Goal not reached" not in supervisor.text("/alerts")
    page = supervisor.text("/thresholds")
    assert "Goal not reached" not in page
    assert "Show goals on operators" not in page
    wanted = {"metric": "asa", "target": "20"}
    assert supervisor.post("/thresholds/goals", wanted | {"queue": ""}).status_code == 422
    assert supervisor.post("/thresholds/goals", wanted | {"queue": "support"}).status_code == 422
    assert supervisor.post("/thresholds/goals", wanted | {"queue": "sales"}).status_code == 302
    assert supervisor.post("/thresholds/goals/1/delete", {}).status_code == 404
    assert supervisor.post("/thresholds/goals/desks", {"shown": "no"}).status_code == 403
    assert admin.post("/thresholds/goals/desks", {"shown": "no"}).status_code == 302


def test_roles_say_what_a_teams_alerts_are(admin: Browser) -> None:
    made = admin.post("/roles/copy", {"title": "Lead", "source": "supervisor"})
    page = admin.text(made.headers["Location"])
    assert "Alerts and goals of the team" in page
    (choice,) = page.split('name="alert.read"')[1:]
    assert 'value="team"' in choice.partition("</select>")[0]


@pytest.fixture
def screen(world: World, teams: tuple[int, int]) -> Iterator[Desk]:
    """The lead's."""
    service = WebService(world.runtime)
    service.start()
    url = f"http://127.0.0.1:{service.port}"
    me = {"id": world.users["supervisor"], "role": "supervisor"}
    cookie = Visitor(url, "supervisor", PASSWORD).log_in().cookie
    with closing(Desk(url, cookie, me).open()) as desk:
        desk.wait_for("snapshot")
        yield desk
    service.stop(5)


def test_a_screen_hears_of_its_team_and_of_more_as_soon_as_the_team_works_there(
    world: World, screen: Desk
) -> None:
    begin(world, "support", "sales")
    assert told(screen.resync()) == ["sales"]
    with world.runtime.unit_of_work() as uow:
        news = [news_of(one) for one in uow.alerts.open()]
    world.runtime.bus.publish(news)
    screen.wait_for("wallboard")
    assert [one["alert"]["subject"] for one in screen.of("wallboard")] == ["sales"]
    learn(world, "support", 1)
    wait_until(lambda: told(screen.of("snapshot")[-1]) == ["sales", "support"], words="both")
    world.runtime.bus.publish(news)
    screen.wait_for("wallboard", 3)
    learn(world, "support", 0)
    wait_until(lambda: told(screen.of("snapshot")[-1]) == ["sales"], words="one's own alone")
    world.runtime.bus.publish(news)
    screen.wait_for("wallboard", 4)
    assert [one["alert"]["subject"] for one in screen.of("wallboard")[3:]] == ["sales"]


def told(snapshot: dict[str, Any]) -> list[str]:
    return sorted(one["subject"] for one in snapshot["alerts"])


def learn(world: World, skill: str, level: int) -> None:
    staffing.set_skill(
        world.users["operator1"],
        skill,
        level,
        by=world.users["admin"],
        unit_of_work=world.runtime.unit_of_work,
        publisher=world.runtime.bus,
        clock=world.runtime.clock,
    )
