"""Behind every number that counts contacts are exactly these contacts, in the archive or not."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import insert, select, update

from callcenter.queries.reports import answer, contacts
from callcenter.reports.periods import Period
from callcenter.reports.question import By, Cell, Filters, Question
from callcenter.rights.objects import Scope
from callcenter.rights.policy import Policy
from callcenter.rights.viewer import Viewer
from callcenter.store.tables import (
    assessments,
    customers,
    interactions,
    score_card_versions,
    score_cards,
    tasks,
)
from tests.contracts.test_report_archive import FIRST, direct, old, segment
from tests.support.archives import Old
from tests.support.report_days import Wait, sum_up, told, write
from tests.support.store import NOW

__all__ = ["old"]
DAYS = Period.days(date(2025, 12, 8), date(2025, 12, 10), "Europe/Warsaw")
GROUPS: tuple[tuple[By, ...], ...] = (
    ("day", "direction", "dialed"),
    ("time_of_day", "queue", "operator"),
    ("result", "outcome", "menu_path"),
    ("segment", "channel", "trunk"),
)
"""All that contacts are told by; several at a time, since every list costs some statements."""
COUNTS = ("contacts", "answered", "short_abandoned", "transferred", "reached")
DONE = ("rung", "handled", "placed", "transferred", "repeated")
THERE = {"answered": True}
NARROWED = ({"results": ("missed",)}, {"dialed": ("700",), "directions": ("inbound",)})


def listed(old: Old, question: Question, cell: Cell) -> list[int]:
    """Page by page."""
    found: list[int] = []
    cursor: str | None = None
    with old.store.engine.connect() as connection:
        while True:
            page = contacts(connection, question, cell, cursor)
            found += [one.id for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found


def behind_each_cell(old: Old, question: Question) -> dict[tuple[str, ...], list[int]]:
    """Every number that counts anything, and whom it leads to: as many as it says."""
    with old.store.engine.connect() as connection:
        found = answer(connection, question)
    rows = {row.key: row.values for row in found.rows} if question.by else {(): found.totals}
    there: dict[tuple[str, ...], list[int]] = {}
    for key, values in rows.items():
        for kpi, value in values.items():
            if value:
                ids = there[kpi, *key] = listed(old, question, Cell(kpi=kpi, key=key))
                assert len(ids) == len(set(ids)) == value, (question.by, key, kpi)
    return there


def test_behind_every_number_are_as_many_contacts_as_it_says_wherever_they_are(old: Old) -> None:
    segment(old.store, old.anna, old.maria)
    at = FIRST + timedelta(hours=2)
    short, between = told(205, at, Wait("sales", 2, "abandoned")), direct(215, "internal", **THERE)
    kept = told(206, at, Wait("sales", 9, talk=50), number_of="+48221234567")
    write(old.store, [short, between, kept, direct(216, "inbound", days=1, **THERE)])
    with old.store.engine.begin() as connection:
        mine = interactions.c.call_id.in_(["pbx/211.1", "pbx/216.1"])
        connection.execute(update(interactions).where(mine).values(operator_id=old.anna))
        moments = dict.fromkeys(("due_at", "created_at", "updated_at"), NOW)
        stays = select(interactions.c.id).where(interactions.c.call_id == "pbx/206.1")
        kept_id = connection.scalar(stays)
        row = {"title": "Ring", "interaction_id": kept_id, **moments}
        connection.execute(insert(tasks).values(row))
    sum_up(old.store)
    asked = [Question(kpis=COUNTS, period=DAYS, by=by) for by in GROUPS]
    asked += [
        Question(kpis=COUNTS, period=DAYS, filters=Filters(**only))  # type: ignore[arg-type]
        for only in NARROWED
    ]
    live = [behind_each_cell(old, one) for one in asked]
    old.move()
    assert kept_id in old.live()  # with a task: a part of the month stays
    assert [behind_each_cell(old, one) for one in asked] == live


def test_so_they_are_behind_what_operators_did_and_behind_who_came_again(old: Old) -> None:
    with old.store.engine.begin() as connection:
        mine = interactions.c.call_id == "pbx/211.1"
        connection.execute(update(interactions).where(mine).values(operator_id=old.anna))
    sum_up(old.store)
    groups: tuple[tuple[By, ...], ...] = (("operator",), ("day", "queue"))
    asked = [Question(kpis=DONE, period=DAYS, by=by) for by in groups]
    theirs = Filters(operators=(old.anna,))
    asked.append(Question(kpis=("rung", "answered"), period=DAYS, filters=theirs))
    live = [behind_each_cell(old, one) for one in asked]
    assert {kpi for one in live for kpi, *_ in one} == {*DONE, "answered"}
    old.move()
    assert [month.state for month in old.known()] == ["moved"]
    assert [behind_each_cell(old, one) for one in asked] == live


def test_assessments_and_who_came_again_are_told_by_their_contacts_wherever_these_are(
    old: Old,
) -> None:
    """An assessment stays in the database when its contact moves to the archive."""
    team = segment(old.store, old.anna, old.maria)
    with old.store.engine.begin() as connection:
        row = interactions.c
        sold, missed = (
            connection.scalar(select(row.id).where(row.call_id == f"pbx/{number}.1"))
            for number in (201, 212)
        )
        card = {"title": "Card"}
        card_id = connection.scalar(insert(score_cards).values(card).returning(score_cards.c.id))
        version = {"card_id": card_id, "number": 1, "sections": [], "made_at": NOW}
        made = insert(score_card_versions).values(version).returning(score_card_versions.c.id)
        told = {"card_id": card_id, "card_version_id": connection.scalar(made), "state": "final"}
        told |= {"operator_id": old.anna, "assessor_id": old.anna, "channel": "call"}
        told |= {"contact_at": FIRST, "created_at": NOW}
        for one in (sold, missed):
            connection.execute(insert(assessments).values(told | {"interaction_id": one}))
    narrowed: tuple[dict[str, object], ...] = (
        *({"results": (one,)} for one in ("answered", "missed", "abandoned")),
        *({"directions": (one,)} for one in ("inbound", "outbound")),
        *({"outcomes": (one,)} for one in (1, 2)),
        *({"segments": (one,)} for one in (team, team + 1)),
        *({"dialed": (one,)} for one in ("700", "701")),
        *({"trunks": (one,)} for one in ("", "PJSIP/trunk")),
    )
    asked = [
        Question(kpis=("assessments", "repeated"), period=DAYS, filters=Filters(**only), at=NOW)  # type: ignore[arg-type]
        for only in narrowed
    ]
    asked.append(Question(kpis=("repeated",), period=DAYS, by=("dialed", "trunk")))
    live = [behind_each_cell(old, one) for one in asked]
    assert [len(one.get(("assessments",), ())) for one in live[:9]] == [1, 1, 0, 2, 0, 1, 0, 2, 0]
    assert all(live[-1].values())
    old.move()
    assert sold not in old.live()
    assert [behind_each_cell(old, one) for one in asked] == live


def test_of_who_came_again_one_sees_whom_one_may_on_whatever_page(old: Old) -> None:
    """Maria came again three times; Anna was rung for two of them, Eve for none."""
    ben, eve = old.store.add_user("ben", "1003"), old.store.add_user("eve", "1004")
    with old.store.engine.begin() as connection:
        connection.execute(update(customers).values(owner_id=ben))
    question = Question(kpis=("repeated",), period=DAYS)

    def seen_by(user_id: int, scope: Scope) -> list[int]:
        policy = Policy("few", "operator", scopes={("interaction", "read"): scope})
        viewer = Viewer(user_id=user_id, role="few", base="operator", policy=policy)
        found: list[int] = []
        cursor: str | None = None
        with old.store.engine.connect() as connection:
            while True:
                page = contacts(
                    connection, question, Cell(kpi="repeated"), cursor, limit=1, viewer=viewer
                )
                found += [one.id for one in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return found

    def told() -> list[list[int]]:
        return [seen_by(eve, "all"), seen_by(old.anna, "own"), seen_by(eve, "own")]

    live = told()
    assert [len(set(ids)) for ids in live] == [len(ids) for ids in live] == [3, 2, 0]
    assert set(live[1]) < set(live[0])
    old.move()
    assert told() == live
