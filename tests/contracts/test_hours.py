"""Calendars and closures as they are kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from callcenter.errors import Conflict, NotFound
from callcenter.hours.calendar import NEVER, Calendar, Closure, Interval, SpecialDay
from callcenter.queries import hours as queries
from callcenter.services.hours import HoursDesk, Unfit
from callcenter.speech.prompts import Prompt
from callcenter.store.tables import audit_log
from tests.support.store import NOW, Store

OFFICE = Calendar(key="", title="Biuro główne", time_zone="Europe/Warsaw", country="PL")


@pytest.fixture
def desk(store: Store) -> HoursDesk:
    return HoursDesk(store.unit_of_work, store.clock, store.add_user())


def test_a_calendar_is_read_as_it_was_saved(store: Store, desk: HoursDesk) -> None:
    key = desk.create(OFFICE)
    lunch = ((Interval(540, 780), Interval(840, 1440)), *NEVER[1:])
    desk.save(key, replace(OFFICE, title="Office", week=lunch))
    desk.keep_holiday(key, "Dzień Bożego Ciała", worked=True)
    fair = SpecialDay(
        day=date(2026, 3, 7), kind="open", title="Fair",
        intervals=(Interval(540, 600), Interval(660, 720)),
    )  # fmt: skip
    desk.set_day(key, replace(fair, intervals=(Interval(0, 60),)))
    desk.set_day(key, fair)
    desk.set_day(key, SpecialDay(day=date(2026, 3, 9), kind="closed"))
    with store.engine.connect() as connection:
        found = queries.get(connection, key)
    assert found is not None
    assert (found.key, found.title, found.week) == ("biuro-glowne", "Office", lunch)
    assert found.worked == {"Dzień Bożego Ciała"}
    assert found.special_days == (fair, SpecialDay(day=date(2026, 3, 9), kind="closed"))
    desk.remove_day(key, date(2026, 3, 9))
    with pytest.raises(NotFound):
        desk.remove_day(key, date(2026, 3, 9))


def test_every_change_gives_another_stamp_and_a_line_in_the_audit(
    store: Store, desk: HoursDesk
) -> None:
    stamps = [_stamp(store)]

    def changed() -> None:
        stamps.append(_stamp(store))
        store.clock.pass_by(1)

    key = desk.create(OFFICE)
    changed()
    desk.set_day(key, SpecialDay(day=date(2026, 3, 9), kind="closed"))
    changed()
    closure = desk.close(_closure(store, calendar=key))
    changed()
    desk.reopen(closure)
    changed()
    desk.remove(key)
    changed()
    assert all(before != after for before, after in pairwise(stamps))
    with store.engine.connect() as connection:
        lines = connection.execute(select(audit_log.c.action, audit_log.c.detail)).all()
    assert [line.action for line in lines] == [
        "calendar_created", "calendar_day_changed", "closure_created", "closure_ended",
        "calendar_deleted",
    ]  # fmt: skip
    assert lines[-1].detail["before"]["title"] == "Biuro główne"


def test_a_closure_is_there_until_it_is_over_or_taken_back(store: Store, desk: HoursDesk) -> None:
    key = desk.create(OFFICE)
    every = desk.close(_closure(store))
    mine = desk.close(_closure(store, calendar=key, after=2))
    assert [one.calendar for one in _open(store)] == ["", key]
    store.clock.pass_by(60)
    desk.reopen(every)
    desk.reopen(mine)
    assert _open(store) == ()
    with pytest.raises(NotFound):
        desk.reopen(mine)


def test_what_is_wrong_is_refused_whole(store: Store, desk: HoursDesk) -> None:
    with pytest.raises(Unfit) as refused:
        desk.create(replace(OFFICE, title="", week=NEVER))
    assert {one.code for one in refused.value.problems} == {"title_missing", "never_open"}
    key = desk.create(OFFICE)
    with pytest.raises(Unfit):
        desk.close(_closure(store, after=-9))
    with pytest.raises(NotFound):
        desk.close(_closure(store, calendar="nowhere"))
    with pytest.raises(Conflict):
        desk.remove(key, ["rule “closed”"])
    assert _open(store) == ()


def test_keys_of_calendars_of_one_name_differ(desk: HoursDesk) -> None:
    keys = [
        desk.create(replace(OFFICE, title=title)) for title in ("Office", "office!", "24/7", "Офис")
    ]
    assert keys == ["office", "office-2", "hours-24-7", "ofis"]


def test_a_timetable_of_the_store_says_when_we_are_there(store: Store, desk: HoursDesk) -> None:
    key = desk.create(OFFICE)
    with store.engine.connect() as connection:
        table = queries.load(connection, NOW)
    assert table.told(NOW) == {key: (True, "hours")}
    desk.close(_closure(store))
    with store.engine.connect() as connection:
        table = queries.load(connection, NOW)
    assert table.told(NOW) == {key: (False, "closure")}


def test_a_message_is_told_while_its_prompt_is_there(store: Store, desk: HoursDesk) -> None:
    key = desk.create(OFFICE)
    closure = replace(_closure(store), reason="Inventory", message="inventory")
    with pytest.raises(Unfit):
        desk.close(closure)
    with store.unit_of_work() as uow:
        uow.prompts.save(Prompt(key="inventory", title="We count"), NOW)
        uow.commit()
    desk.close(closure)
    assert _messages(store) == {key: ("Inventory", "inventory")}
    before = _stamp(store)
    with store.unit_of_work() as uow:
        uow.prompts.remove("inventory")
        uow.commit()
    assert _stamp(store) != before
    assert _messages(store) == {}


def _messages(store: Store) -> dict[str, tuple[str, str]]:
    with store.engine.connect() as connection:
        return queries.load(connection, NOW).messages(NOW)


def _closure(store: Store, calendar: str = "", after: int = 0) -> Closure:
    start = store.clock.now() + timedelta(hours=after)
    return Closure(starts_at=start, ends_at=start + timedelta(hours=1), calendar=calendar)


def _open(store: Store) -> tuple[Closure, ...]:
    with store.engine.connect() as connection:
        return queries.open_closures(connection, store.clock.now())


def _stamp(store: Store) -> str:
    with store.engine.connect() as connection:
        return queries.stamp(connection)
