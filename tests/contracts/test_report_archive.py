"""Whoever asks for figures does not see that a month is in the archive; and people who are in two
segments count once in the whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from callcenter.calls.record import Transfer
from callcenter.errors import Invalid
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.queries import menu_paths
from callcenter.queries.reports import answer, contacts
from callcenter.reports.periods import Period
from callcenter.reports.question import Answer, By, Cell, Filters, Question, ServiceLevel
from callcenter.store import archive
from callcenter.store.archive_shapes import SHAPES
from callcenter.store.tables import (
    customers,
    interaction_outcomes,
    interactions,
    outcomes,
    segment_members,
    segments,
)
from tests.support.archives import Old
from tests.support.report_days import Wait, sum_up, told, write
from tests.support.store import NOW, Store, call, leg

MONTH = Period.month(2025, 12, "Europe/Warsaw")
WHOLE = Period.days(date(2025, 12, 1), date(2026, 3, 3), "UTC")
FIRST = datetime(2025, 12, 8, 9, 0, tzinfo=UTC)
FIGURES = ("contacts", "offered", "answered", "abandoned", "placed", "reached", "talk")
_Table = dict[tuple[str, ...], tuple[object, ...]]


def direct(
    number: int, direction: str, *, answered: bool, days: int = 0, handed_on: bool = False
) -> object:
    """Without a queue: to anna's own number, or from her phone."""
    moves = (Transfer(kind="blind", by="PJSIP/1001", to="2", at=FIRST + timedelta(seconds=30)),)
    at = FIRST + timedelta(days=days)
    since = at + timedelta(seconds=4)
    there = leg(
        f"{number}.2",
        "PJSIP/1001" if direction == "inbound" else "PJSIP/trunk",
        "callee",
        ringing_at=at,
        answered_at=since if answered else None,
        ended_at=at + timedelta(seconds=64),
        result="answered" if answered else "missed",
        ring_seconds=4.0,
        talk_seconds=60.0 if answered else 0.0,
    )
    return call(
        f"{number}.1",
        live=False,
        direction=direction,
        result="answered" if answered else "missed",
        started_at=at,
        answered_at=since if answered else None,
        ended_at=at + timedelta(seconds=64),
        caller_number="+48221234567" if direction == "inbound" else "1001",
        dialed="700" if direction == "inbound" else "+48221234567",
        wait_seconds=4.0,
        queues=(),
        talk_seconds=60.0 if answered else 0.0,
        ring_seconds=4.0,
        legs=(leg(f"{number}.1", "PJSIP/trunk", "caller"), there),
        transfers=moves if handed_on else (),
        uniqueids=(f"{number}.1", f"{number}.2"),
    )


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    """December: three of support's visits, two direct calls in, two placed; one visit in March."""
    files = ParquetArchive(tmp_path / "archive", SHAPES, memory="128MB", threads=1)
    archive.attach(store.engine, files)
    anna, maria_id = store.add_user(), store.add_customer("Maria Kowalska", "+48221234567")
    made = Old(store, files, anna, maria_id)
    maria = {"number_of": "+48221234567"}
    visits = [
        told(201, FIRST, Wait("support", 17, talk=100), **maria),
        told(202, FIRST + timedelta(days=1), Wait("support", 18, "abandoned"), **maria),
        told(203, FIRST + timedelta(hours=1), Wait("support", 5, talk=30)),
        told(204, NOW - timedelta(days=3), Wait("support", 5, talk=10), **maria),
    ]
    others = [
        direct(211, "inbound", answered=True, handed_on=True),
        direct(212, "inbound", answered=False, days=2),
        direct(213, "outbound", answered=True),
        direct(214, "outbound", answered=False, days=3),
    ]
    menu = replace(visits[0], menu=("1", "2"))
    write(store, [menu, *visits[1:], *others])  # type: ignore[list-item]
    with store.engine.begin() as connection:
        sold = connection.scalar(
            select(interactions.c.id).where(interactions.c.call_id == "pbx/201.1")
        )
        values = {"label": "Sold", "labels": {}, "kind": "good", "requires": []}
        outcome = connection.scalar(insert(outcomes).values(values).returning(outcomes.c.id))
        connection.execute(
            insert(interaction_outcomes).values(
                interaction_id=sold,
                outcome_id=outcome,
                user_id=made.anna,
                at=FIRST,
                details={},
            )
        )
    sum_up(store)
    return made


def segment(
    store: Store,
    owner: int,
    *members: int,
    shared: bool = False,
    live: dict[str, object] | None = None,
) -> int:
    row = {"name": "s", "filter": live or {}, "frozen": live is None, "shared": shared}
    row |= {"owner_id": owner}
    with store.engine.begin() as connection:
        values = row | {"columns": [], "created_at": NOW, "updated_at": NOW}
        made = connection.scalar(insert(segments).values(values).returning(segments.c.id))
        for one in members:
            connection.execute(insert(segment_members).values(segment_id=made, customer_id=one))
    return int(made or 0)


def ask(
    old: Old,
    *by: By,
    period: Period = MONTH,
    sl: int | None = None,
    kpis: tuple[str, ...] = FIGURES,
    **more: object,
) -> Answer:
    question = Question(
        kpis=(*kpis, "service_level") if sl else kpis,
        period=period,
        by=by,
        sl=ServiceLevel(seconds=sl),
        filters=Filters(**more),  # type: ignore[arg-type]
        at=NOW,
    )
    with old.store.engine.connect() as connection:
        return answer(connection, question)


def behind(old: Old, keys: str) -> int:
    question = Question(kpis=FIGURES, period=MONTH, by=("menu_path",))
    with old.store.engine.connect() as connection:
        return len(contacts(connection, question, Cell(kpi="contacts", key=(keys,))).items)


def taken(old: Old, kpi: str) -> int:
    """Contacts behind a figure of anna's."""
    question = Question(kpis=(kpi,), period=MONTH, by=("operator",))
    with old.store.engine.connect() as connection:
        return len(contacts(connection, question, Cell(kpi=kpi, key=(str(old.anna),))).items)


def table(found: Answer) -> _Table:
    rows: _Table = {row.key: tuple(row.values.values()) for row in found.rows}
    return rows | {("all",): tuple(found.totals.values())}


#          contacts offered answered abandoned placed reached talk
BY_RESULT: _Table = {
    ("answered",): (4, 3, 3, 0, 1, 1, 250.0),
    ("abandoned",): (1, 1, 0, 1, 0, 0, 0.0),
    ("missed",): (2, 1, 0, 0, 1, 0, 0.0),
    ("all",): (7, 5, 3, 1, 2, 1, 250.0),
}
WITH_MARCH: _Table = BY_RESULT | {
    ("answered",): (5, 4, 4, 0, 1, 1, 260.0),
    ("all",): (8, 6, 4, 1, 2, 1, 260.0),
}


def test_figures_of_a_month_are_the_same_before_and_after_it_moves(old: Old) -> None:
    team = segment(old.store, old.anna, old.maria, shared=True)
    for _ in ("in the database", "in the archive"):
        assert table(ask(old, "result")) == BY_RESULT
        assert table(ask(old, "result", period=WHOLE)) == WITH_MARCH
        menus = table(ask(old, "menu_path"))
        assert menus["1 2",] == (1, 1, 1, 0, 0, 0, 100.0)
        assert menus["all",] == BY_RESULT["all",]
        sold = {key: row[0] for key, row in table(ask(old, "outcome")).items()}
        assert sold == {("",): 6, ("1",): 1, ("all",): 7}
        of_team = ask(old, "segment", "queue")
        assert {row.key: row.values["contacts"] for row in of_team.rows} == {
            (str(team), ""): 4,
            (str(team), "support"): 2,
        }
        assert ask(old, results=("missed",)).totals["contacts"] == 2
        moved = ask(old, "queue", kpis=("transferred",))
        assert table(moved) == {("",): (1,), ("support",): (0,), ("all",): (1,)}
        did = ("answered", "handled", "rung", "placed", "transferred")
        assert table(ask(old, "operator", kpis=did))[str(old.anna),][: len(did)] == (3, 3, 4, 0, 1)
        assert [taken(old, kpi) for kpi in did] == [3, 3, 4, 0, 1]
        by_whom = table(ask(old, "operator", kpis=("transferred",)))
        assert by_whom[str(old.anna),] == by_whom["all",] == (1,)
        # 17 and 18 seconds are no bounds: from the visits, with direct calls out of the archive
        exact = ask(old, "day", sl=17)
        assert exact.totals["contacts"] == 7
        assert exact.totals["service_level"] == pytest.approx(3 / 5)
        if not old.known():
            old.move()
    assert [month.state for month in old.known()] == ["moved"]


def test_keys_of_menus_lead_to_the_contacts_that_pressed_them(old: Old) -> None:
    assert [behind(old, keys) for keys in ("1 2", "1", "")] == [1, 0, 6]


def test_who_is_in_two_segments_counts_in_both_and_once_in_all(old: Old) -> None:
    first, second = (segment(old.store, old.anna, old.maria) for _ in range(2))
    found = ask(old, "segment")
    assert {row.key[0]: row.values["contacts"] for row in found.rows} == {
        str(first): 6,
        str(second): 6,
    }
    assert found.totals["contacts"] == 6
    assert found.overlap
    assert [row.key for row in ask(old, "segment", segments=(second,)).rows] == [(str(second),)]


def test_nobody_is_told_of_the_size_of_somebody_elses_segment(old: Old) -> None:
    ewa = old.store.add_user("ewa", "1002")
    mine, shared = (segment(old.store, old.anna, old.maria, shared=one) for one in (False, True))

    def seen(whose: int) -> set[str]:
        return {row.key[0] for row in ask(old, "segment", segments_of=whose).rows}

    assert seen(old.anna) == {str(mine), str(shared)}
    assert seen(ewa) == {str(shared)}
    assert seen(0) == set()
    assert ask(old, segments=(mine,), segments_of=ewa).totals["contacts"] == 0
    assert ask(old, segments=(shared,), segments_of=ewa).totals["contacts"] == 6


def test_who_came_again_is_told_across_the_archive_and_for_a_year(old: Old) -> None:
    """Maria came in on the 8th three times at once, then on the 9th and the 10th."""
    year = Period.days(date(2025, 3, 1), date(2026, 3, 3), "UTC")
    for _ in ("in the database", "in the archive"):
        question = Question(kpis=("repeated", "repeat_rate", "fcr"), period=year)
        with old.store.engine.connect() as connection:
            found = answer(connection, question).totals
        # 201, 202, 203 (of a number alone), 204, 211, 212; again: 211 (or 201), 202, 212
        assert found["repeated"] == 3
        assert found["repeat_rate"] == pytest.approx(3 / 6)
        # answered: 201 and 211 were followed, 203 and 204 were not
        assert found["fcr"] == pytest.approx(2 / 4)
        if not old.known():
            old.move()


def test_more_than_is_told_at_once_is_refused_in_words(old: Old) -> None:
    years = Period.days(date(2024, 1, 1), date(2026, 3, 3), "UTC")
    question = Question(kpis=("fcr",), period=years)
    with old.store.engine.connect() as connection, pytest.raises(Invalid) as refused:
        answer(connection, question)
    assert "400" in str(refused.value)


def test_who_came_again_is_told_across_both_ends_of_an_archived_month(old: Old) -> None:
    """Petr and Olga on both sides of midnights of UTC, where December begins and ends; Olga
    first by her number alone, whose card comes weeks later."""
    petr, olga = (old.store.add_customer(name) for name in ("Petr", "Olga"))
    came = [
        (petr, "+1", (2025, 11, 27, 10), "answered"),
        (petr, "+1", (2025, 12, 2, 10), "answered"),  # again
        (None, "+2", (2025, 12, 15, 10), "answered"),  # Olga's, as January tells
        (olga, "+3", (2025, 12, 20, 10), "missed"),  # again
        (petr, "+1", (2025, 12, 29, 10), "answered"),
        (petr, "+1", (2025, 12, 31, 23), "answered"),  # again, in January of Warsaw
        (petr, "+1", (2026, 1, 4, 10), "missed"),  # again
        (olga, "+2", (2026, 1, 20, 10), "answered"),
        (None, "+2", (2026, 1, 24, 10), "answered"),  # again
        (None, "", (2026, 1, 25, 10), "answered"),  # nobody we know
    ]
    with old.store.engine.begin() as connection:
        for customer, number, (year, month, day, hour), result in came:
            at = datetime(year, month, day, hour, tzinfo=UTC)
            row = {"channel": "call", "direction": "inbound", "match": "none", "explanation": {}}
            row |= {"number_raw": number, "number_kind": "e164", "dialed": "700"}
            row |= {"talk_seconds": 0, "hold_seconds": 0}
            row |= {"customer_id": customer, "number": number, "result": result, "queue": "late"}
            times = dict.fromkeys(("started_at", "ended_at", "created_at", "updated_at"), at)
            connection.execute(insert(interactions).values(row | times))

    def asked(period: Period, *by: By, **more: object) -> _Table:
        filters = Filters(queues=("late",), **more)  # type: ignore[arg-type]
        asked = Question(
            kpis=("repeated", "repeat_rate", "fcr"), period=period, by=by, filters=filters
        )
        with old.store.engine.connect() as connection:
            return table(answer(connection, asked))

    def listed(kpi: str, period: Period, *key: str) -> list[datetime]:
        filters, by = Filters(queues=("late",)), ("month",) if key else ()
        question = Question(kpis=(kpi,), period=period, by=by, filters=filters)  # type: ignore[arg-type]
        with old.store.engine.connect() as connection:
            found = contacts(connection, question, Cell(kpi=kpi, key=key)).items
        return [one.started_at for one in found]

    def moments(*told: int) -> list[datetime]:
        return [datetime(*came[one][2], tzinfo=UTC) for one in told]

    theirs = segment(old.store, old.anna, petr)
    winter = Period.days(date(2025, 11, 1), date(2026, 1, 31), "Europe/Warsaw")
    for _ in ("in the database", "in the archive"):
        assert asked(MONTH)["all",] == (1, 1 / 4, 2 / 3)  # nobody knows yet that +2 is Olga's
        found = asked(winter, "month")
        assert found["2025-11",] == (0, 0, 0)  # petr came again in December
        assert found["2025-12",] == (2, 2 / 4, 1 / 3)
        assert found["2026-01",] == (3, 3 / 4, 1 / 3)
        assert found["all",] == (5, 5 / 9, 2 / 7)
        assert asked(winter, "weekday", "result")["4", "answered"] == (1, 1 / 2, 0)
        assert asked(winter, segments=(theirs,))["all",] == (3, 3 / 5, 1 / 4)
        assert listed("repeated", winter) == moments(8, 6, 5, 3, 1)
        assert listed("repeat_rate", winter, "2025-12") == moments(3, 1)
        assert listed("fcr", winter) == moments(8, 1)
        assert listed("fcr", MONTH) == moments(2, 1)
        if not old.known():
            old.move()
    assert old.known()[0].interactions == 12  # five of these among them


FRENCH: dict[str, object] = {"all": [{"field": "language", "op": "is", "value": "fr"}]}


def test_a_live_segment_counts_who_belongs_to_it_as_it_is_read(old: Old) -> None:
    ewa = old.store.add_user("ewa", "1002")
    live = segment(old.store, old.anna, shared=True, live=FRENCH)
    mine = segment(old.store, old.anna, live=FRENCH)
    gone = {"all": [{"field": "custom:none", "op": "filled"}]}
    segment(old.store, old.anna, shared=True, live=gone)  # its field was put away
    week = Period.days(date(2025, 12, 8), date(2025, 12, 14), "UTC")

    def counted(**more: object) -> dict[str, object]:
        found = ask(old, "segment", **more)
        assert found.live_segments
        return {row.key[0]: row.values["contacts"] for row in found.rows}

    def listed(segment_id: int, whose: int | None) -> int:
        filters = Filters(segments=(segment_id,), segments_of=whose)
        alone = Question(kpis=FIGURES, period=MONTH, filters=filters, at=NOW)
        by = replace(alone, by=("segment",))
        with old.store.engine.connect() as connection:
            key = Cell(kpi="contacts", key=(str(segment_id),))
            rows = [
                contacts(connection, by, key),
                contacts(connection, alone, Cell(kpi="contacts")),
            ]
        assert rows[0] == rows[1]
        return len(rows[0].items)

    speak(old, "fr")
    for _ in ("in the database", "in the archive"):
        assert counted() == {str(live): 6, str(mine): 6}
        assert ask(old, "segment").totals["contacts"] == 6
        assert counted(segments_of=ewa) == {str(live): 6}
        assert ask(old, segments=(mine,), segments_of=ewa).totals["contacts"] == 0
        assert ask(old, segments=(live,), kpis=("repeated",), period=week).totals["repeated"] == 3
        assert (listed(live, ewa), listed(mine, ewa), listed(mine, None)) == (6, 0, 6)
        if not old.known():
            old.move()
    speak(old, "pl")
    assert ask(old, "segment").rows == ()


def speak(old: Old, language: str) -> None:
    with old.store.engine.begin() as connection:
        mine = update(customers).where(customers.c.id == old.maria)
        connection.execute(mine.values(language=language))


def test_the_report_of_menus_tells_the_same_of_months_in_the_archive(old: Old) -> None:
    def told() -> tuple[Any, list[int]]:
        with old.store.engine.connect() as connection:
            page = menu_paths.contacts(
                connection, MONTH, ("1", "2"), cursor=None, limit=5, today=NOW.date()
            )
            return menu_paths.paths(connection, MONTH), [one.id for one in page.items]

    live = told()
    assert [one.keys for one in live[0].paths] == [("1", "2")]
    assert len(live[1]) == 1
    old.move()
    assert [month.state for month in old.known()] == ["moved"]
    assert told() == live
