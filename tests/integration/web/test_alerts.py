"""Alerts, thresholds and goals as pages: made and changed, what is refused beside which field, one
supervisor looks after an alert for all, an operator comes in nowhere.
"""

from __future__ import annotations

import pytest
from flask import Flask

from callcenter.alert_work import Watch
from callcenter.alerts.threshold import Alert
from callcenter.alerts.told import TEXTS
from callcenter.queries import alerts as queries
from callcenter.realtime.messages import Message
from callcenter.services import accounts
from tests.support.web import MARKUP, Browser, World
from web.catalogs import TRANSLATED, read_catalog

GOOD = {
    "metric": "longest_wait", "comparison": "at_least", "title": MARKUP, "amber": "0,5",
    "red": "60", "sustained_minutes": "0", "clear_by": "0", "scope": "overall", "calendar": "",
    "browser": "yes", "mails": "", "active": "yes",
}  # fmt: skip


def added(supervisor: Browser, **changes: str | list[str]) -> int:
    answer = supervisor.post("/thresholds", GOOD | changes)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return int(supervisor.text(answer.headers["Location"]).count("row-link"))


def test_a_threshold_is_made_shown_switched_and_deleted(supervisor: Browser) -> None:
    assert "Nothing is watched yet" in supervisor.text("/alerts")
    assert added(supervisor) == 1
    page = supervisor.text("/thresholds")
    assert "Longest wait" in page
    assert MARKUP not in page
    assert supervisor.post("/thresholds/1/active", {"active": "no"}).status_code == 302
    assert "Switch on" in supervisor.text("/thresholds")
    assert supervisor.post("/thresholds/1", GOOD | {"red": "90"}).status_code == 302
    assert 'value="90"' in supervisor.text("/thresholds/1")
    assert supervisor.post("/thresholds/1/delete", {}).status_code == 302
    assert supervisor.get("/thresholds/1").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amber": "70"}, "Amber comes before red"),
        ({"amber": "", "red": ""}, "Give amber, red, or both"),
        ({"amber": "soon"}, "From 0 to 86400"),
        ({"amber": "nan"}, "From 0 to 86400"),
        ({"sustained_minutes": "inf"}, "From 0 (at once) to 240 minutes"),
        ({"scope": "queues", "queues": "nowhere"}, "There is no queue “nowhere” any more"),
        ({"scope": "team"}, "cannot be watched there"),
        ({"metric": "ready", "scope": "team", "team_id": "99"}, "Choose a team"),
        ({"calendar": "moon"}, "These hours are not there"),
        ({"mails": "me@example.com, you"}, "“you” is no mail address"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(
    supervisor: Browser, changes: dict[str, str], words: str
) -> None:
    answer = supervisor.post("/thresholds", GOOD | changes)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "Nothing is watched yet" in supervisor.text("/thresholds")


def test_what_was_typed_stays_where_it_is_wrong(supervisor: Browser) -> None:
    wrong = GOOD | {"amber": "soon", "red": "-5", "clear_by": "7,5"}
    page = supervisor.post("/thresholds", wrong).get_data(as_text=True)
    assert all(f'value="{one}"' in page for one in ("soon", "-5", "7,5"))
    assert "people stop looking" not in page
    goal = {"metric": "asa", "queue": "", "target": "quick"}
    assert 'value="quick"' in supervisor.post("/thresholds/goals", goal).get_data(as_text=True)


def test_a_slip_is_kept_and_warned_of(supervisor: Browser) -> None:
    answer = supervisor.post("/thresholds", {**GOOD, "browser": "", "mails": "me@example.com"})
    page = supervisor.text(answer.headers["Location"])
    assert "Sending mail is not set up" in page
    assert "Saved." in page


def test_one_looks_after_an_alert_for_all(
    world: World, supervisor: Browser, operator: Browser, heard: list[Message]
) -> None:
    added(supervisor, metric="waiting", amber="1", red="")
    world.ring("+48601234567", to=())
    Watch(world.runtime, "test").turn()
    assert "Callers who wait" in supervisor.text("/alerts")
    assert "Callers who wait" in supervisor.text("/alerts/open")
    script = {"X-Requested-With": "fetch"}
    assert operator.post("/alerts/1/acknowledge", {}, headers=script).status_code == 403
    answer = supervisor.post("/alerts/1/acknowledge", {"note": MARKUP}, headers=script)
    assert answer.status_code == 204
    page = supervisor.text("/alerts")
    assert "looks after it" in page
    assert MARKUP not in page
    assert (
        supervisor.post("/alerts/1/acknowledge", {"note": "x" * 300}, headers=script).status_code
        == 422
    )
    assert [one.payload["alert"]["acknowledged_at"] is None for one in heard] == [True, False]
    assert {role for one in heard for role in one.audience.roles} == {"supervisor", "admin"}
    with world.runtime.reader() as connection:
        assert queries.to_tell(connection)[0]["note"] == MARKUP


@pytest.fixture
def heard(world: World) -> list[Message]:
    """Alerts that go over the bus, in their order."""
    found: list[Message] = []
    publish = world.runtime.bus.publish

    def listen(messages: list[Message]) -> None:
        found.extend(one for one in messages if one.payload.get("type") == "alert")
        publish(messages)

    world.runtime.bus.publish = listen  # type: ignore[assignment,method-assign]
    return found


def test_an_alert_of_today_leads_to_its_queue_in_the_reports(
    world: World, supervisor: Browser
) -> None:
    now = world.runtime.clock.now()
    alert = Alert(
        metric="abandoned_today", comparison="at_least", scope="queues", subject="support",
        bound=1, level="red", value=2, worst_level="red", worst_value=2,
        opened_at=now, level_at=now,
    )  # fmt: skip
    with world.runtime.unit_of_work() as uow:
        uow.alerts.begin(alert)
        uow.commit()
    page = supervisor.text("/alerts")
    asked = "period=today&amp;channel=call&amp;zone=UTC&amp;queue=support&amp;figure=abandoned"
    assert asked in page


def test_goals_are_set_shown_and_dropped(supervisor: Browser) -> None:
    assert (
        supervisor.post("/thresholds/goals", {"metric": "asa", "target": "20"}).status_code == 302
    )
    assert "Average speed of answer" in supervisor.text("/alerts")
    refused = supervisor.post("/thresholds/goals", {"metric": "service_level", "target": "180"})
    assert refused.status_code == 422
    assert "From 0 to 100" in refused.get_data(as_text=True)
    assert supervisor.post("/thresholds/goals/1/delete", {}).status_code == 302
    assert supervisor.post("/thresholds/goals/1/delete", {}).status_code == 404


@pytest.mark.parametrize("path", ["/alerts", "/alerts/open", "/thresholds", "/thresholds/new"])
def test_an_operator_comes_in_nowhere(operator: Browser, path: str) -> None:
    assert operator.get(path).status_code == 403


def test_goals_stand_on_a_desk_until_a_supervisor_takes_them_off(
    supervisor: Browser, operator: Browser
) -> None:
    assert operator.text("/desk/goals").strip() == ""
    supervisor.post("/thresholds/goals", {"metric": "answered", "target": "3"})
    supervisor.post("/thresholds/goals", {"metric": "asa", "target": "20"})
    for path in ("/desk", "/desk/goals"):
        shown = operator.text(path)
        assert "Answered calls" in shown
        assert "Goal not reached" in shown
        assert "Nothing to count yet today" in shown
    assert operator.post("/thresholds/goals/desks", {"shown": "no"}).status_code == 403
    assert supervisor.post("/thresholds/goals/desks", {"shown": "no"}).status_code == 302
    assert operator.text("/desk/goals").strip() == ""
    assert "Answered calls" not in operator.text("/desk")
    assert "Answered calls" in supervisor.text("/alerts")


def test_a_figure_without_history_says_so(supervisor: Browser) -> None:
    added(supervisor)
    added(supervisor, metric="ready", comparison="at_most", amber="1", red="")
    told = 'data-untold-of="metric"'
    assert f"{told} hidden" in supervisor.text("/thresholds/1")
    assert f"{told}>No history is kept" in supervisor.text("/thresholds/2")


def test_a_threshold_keeps_the_words_of_whoever_set_it(
    app: Flask, world: World, supervisor: Browser
) -> None:
    accounts.set_preferences(
        world.users["admin"],
        locale="pl",
        time_zone="Europe/Warsaw",
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )
    admin = Browser(app)
    admin.log_in("admin")
    mailed = {"mails": "lead@example.com"}
    added(admin, **mailed)
    assert supervisor.post("/thresholds/1", GOOD | mailed | {"red": "90"}).status_code == 302
    added(supervisor, **mailed)
    with world.runtime.reader() as connection:
        kept = [queries.threshold(connection, one) for one in (1, 2)]
    tags = [(one.words["tag"], one.words["texts"]["Longest wait"]) for one in kept if one]
    assert tags == [("pl", read_catalog("pl")["Longest wait"].string), ("en", "Longest wait")]


def test_every_word_of_an_alert_mail_is_in_the_catalogues() -> None:
    for locale in TRANSLATED:
        known = {message.id for message in read_catalog(locale) if message.string}
        assert [one for one in TEXTS if one not in known] == [], locale


def test_a_history_that_is_asked_for_nonsense_answers_all_the_same(supervisor: Browser) -> None:
    asked = "/alerts?metric=x&level=pink&since=yesterday&until=0001-01-01&queue=nowhere"
    assert "No such alert" in supervisor.text(asked)
    assert supervisor.get("/alerts?cursor=nonsense").status_code in (400, 422)
