"""Calendars of business hours as pages: what supervisors edit, what is refused and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from callcenter.queries import hours as queries
from callcenter.routing.actions import Voicemail
from callcenter.routing.rules import Condition, Rule
from tests.support.menus import publish_rules
from tests.support.web import MARKUP, Browser, World

WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "9-13, 14-18")
OFFICE = {
    "title": "Office", "time_zone": "Europe/Warsaw", "country": "PL", "observe_holidays": "yes",
}  # fmt: skip


@pytest.fixture
def office(supervisor: Browser) -> str:
    answer = supervisor.post("/hours/new", OFFICE | WEEK)
    assert answer.status_code == 302
    return str(answer.location)


def stored(world: World) -> Any:
    with world.runtime.reader() as connection:
        return queries.load(connection, world.runtime.clock.now())


def test_without_a_calendar_the_page_says_what_one_is_for(supervisor: Browser) -> None:
    assert "No calendar yet" in supervisor.text("/hours")
    assert "New calendar" in supervisor.text("/hours/new")


def test_a_calendar_is_made_shown_and_changed(
    world: World, supervisor: Browser, office: str
) -> None:
    page = supervisor.text("/hours")
    assert "Mon–Fri" in page
    assert "09:00–13:00, 14:00–18:00" in page
    assert "Open until" in page or "Closed (" in page
    form = supervisor.text(office)
    assert "Święto Trzech Króli" in form
    assert "Epiphany" in form
    supervisor.post(office, OFFICE | WEEK | {"title": MARKUP, "sat": "10-14", "country": ""})
    changed = stored(world).calendars["office"]
    assert (changed.title, str(changed.week[5][0])) == (MARKUP[:80], "10:00–14:00")
    assert MARKUP not in supervisor.text("/hours")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mon": "9-13, 12-18"}, "overlap"),
        ({"mon": "18-17"}, "ends before it begins"),
        ({"mon": "22-6"}, "past midnight"),
        ({"mon": "<b>"}, "is not read as hours"),
        ({"time_zone": "Europe/Atlantis"}, "There is no time zone"),
        ({"title": ""}, "Give it a name."),
        (dict.fromkeys(WEEK, ""), "callers would never reach anybody"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    world: World, supervisor: Browser, changes: dict[str, str], told: str
) -> None:
    answer = supervisor.post("/hours/new", OFFICE | WEEK | changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert "<b>" not in answer.text
    assert not stored(world).calendars


def test_the_week_is_looked_through_while_it_is_typed(supervisor: Browser) -> None:
    told = supervisor.post("/hours/week", OFFICE | {"mon": "0:00-23:59"}).text
    assert "Closed from 23:59 to 24:00: is that meant?" in told
    copied = supervisor.post("/hours/week", OFFICE | {"mon": "8-16", "edit": "mon"}).text
    assert copied.count("08:00–16:00") == 5


def test_holidays_and_special_days_are_switched(
    world: World, supervisor: Browser, office: str
) -> None:
    supervisor.post(
        f"{office}/holiday", {"name": "Boże Narodzenie (pierwszy dzień)", "worked": "yes"}
    )
    for unknown in ("Toga day", "\x00", "a" * 9000):
        assert supervisor.post(f"{office}/holiday", {"name": unknown}).status_code == 404
    day = (world.runtime.clock.now() + timedelta(days=30)).date()
    supervisor.post(f"{office}/day", {"day": day.isoformat(), "day_hours": "9-11", "title": "Fair"})
    calendar = stored(world).calendars["office"]
    assert calendar.worked == {"Boże Narodzenie (pierwszy dzień)"}
    assert [(one.day, one.kind, one.title) for one in calendar.special_days] == [
        (day, "open", "Fair")
    ]
    past = supervisor.post(f"{office}/day", {"day": "2020-01-01"})
    assert "This day is over already." in past.text
    assert "Choose a day." in supervisor.post(f"{office}/day", {"day": "soon"}).text
    supervisor.post(f"{office}/day/remove", {"day": day.isoformat()})
    assert stored(world).calendars["office"].special_days == ()


def test_a_closure_holds_at_once_until_it_is_taken_back(
    world: World, supervisor: Browser, office: str
) -> None:
    supervisor.post("/hours/close", {"calendar": "office", "for": "60"})
    supervisor.post("/hours/close", {"for": "today", "reason": "Water"})
    now = world.runtime.clock.now()
    found = stored(world)
    assert found.state("office", now + timedelta(minutes=1)).why.code == "closure"
    assert {one.calendar for one in found.closures} == {"", "office"}
    page = supervisor.text("/hours")
    assert "Closed now" in page
    for one in found.closures:
        assert supervisor.post(f"/hours/closures/{one.id}/end").status_code == 302
    assert stored(world).closures == ()
    assert supervisor.post(f"/hours/closures/{found.closures[0].id}/end").status_code == 404


def test_a_closures_message_is_chosen_shown_and_told_when_a_call_is_tried(
    world: World, supervisor: Browser, office: str
) -> None:
    shut = Condition("open", of="office", negated=True)
    rule = Rule(id="away", name="away", conditions=(shut,), action=Voicemail("support"))
    publish_rules(world.runtime, (rule,))
    asked = {"calendar": "office", "for": "60", "message": "gone"}
    refused = supervisor.post("/hours/close", asked)
    assert (refused.status_code, stored(world).closures) == (422, ())
    assert "There is no such announcement any more." in refused.text
    supervisor.post("/hours/close", asked | {"message": "closed"})
    assert "callers hear “closed”" in supervisor.text("/hours")
    tried = supervisor.text("/routing/try?ask=yes&hidden=yes")
    assert "Office is closed: for a time; its message “closed” is played first" in tried
    assert "announcement “closed”, then: message box “" in tried


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"ends_at": "2020-01-01T10:00"}, "It ends before it begins."),
        ({"starts_at": "2020-01-01T09:00", "ends_at": "2020-01-01T10:00"}, "over already"),
        ({"ends_at": "whenever"}, "Choose a day and a time."),
        ({"ends_at": "0001-01-01T00:00"}, "It ends before it begins."),
        ({"ends_at": "9998-12-31T23:59"}, "Longer than a year."),
    ],
)
def test_a_closure_that_cannot_be_is_refused(
    supervisor: Browser, office: str, values: dict[str, str], told: str
) -> None:
    answer = supervisor.post("/hours/close", values)
    assert answer.status_code == 422
    assert told in answer.text


def test_operators_do_not_come_in_and_a_calendar_is_deleted(
    world: World, supervisor: Browser, operator: Browser, office: str
) -> None:
    assert operator.get("/hours").status_code == 403
    assert operator.post("/hours/close", {"for": "60"}).status_code == 403
    assert supervisor.post(f"{office}/delete").status_code == 302
    assert not stored(world).calendars
    for nothing in (office, "/hours/calendars/%00", "/hours/calendars/%F0%9F%98%80"):
        assert supervisor.get(nothing).status_code == 404
