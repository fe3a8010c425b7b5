"""Whoever reads a contact does not see that its month is in the archive, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from callcenter.calls.ledger import LedgerBatch, LedgerCall
from callcenter.calls.topology import Topology
from callcenter.queries import (
    archived,
    calls,
    card,
    decisions,
    explanations,
    interactions,
    outcomes,
    personal_data,
    recordings,
    reports,
    timeline,
)
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.timeline import TimelineFilters
from callcenter.reports.periods import Period
from callcenter.reports.question import Cell, Filters, Question
from callcenter.rights.objects import Scope
from callcenter.rights.policy import Policy
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.services import erasure
from callcenter.services.call_identity import CallMemory
from callcenter.services.notes import save_note
from callcenter.services.settle_calls import settle_calls
from callcenter.store import figure_facts, visibility
from callcenter.store.tables import customers, queue_visits, routing_decisions
from callcenter.store.tables import interactions as interactions_table
from tests.support.archives import OLD, Old, ended, old_calls, visible
from tests.support.mailing import PLAN
from tests.support.store import TODAY, Store


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    made = old_calls(store, tmp_path / "archive")
    save_note(author_id=made.anna, text="Likes tea", customer_id=made.maria, **made.both)
    with store.unit_of_work() as uow:
        uow.connection.execute(
            insert(routing_decisions).values(
                pbx="pbx",
                uniqueid="10.1",
                number="",
                dialed="",
                route="queue",
                rule="",
                facts={},
                failed_open=False,
                micros=1,
                decided_at=OLD,
            )
        )
        uow.commit()
    return made


def pages(read: Callable[[str | None], Any]) -> list[Any]:
    found, cursor = [], None
    while True:
        page = read(cursor)
        found.append(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return found


LISTS = {
    "all": InteractionFilters(),
    "number": InteractionFilters(phone="+48229999999"),
    "result": InteractionFilters(result=("answered", "missed")),
    "abandoned": InteractionFilters(result="abandoned", direction="inbound", channel="call"),
    "queue": InteractionFilters(queue="support"),
    "since": InteractionFilters(since=OLD + timedelta(days=1)),
    "until": InteractionFilters(until=OLD + timedelta(days=1)),
    "name": InteractionFilters(text="kowalska"),
    "as it was": InteractionFilters(text="+48229999999"),
    "corrected": InteractionFilters(corrected=True),
    "outcome": InteractionFilters(outcome_id=1),
    "operator": InteractionFilters(operator_id=1),
    "customer": InteractionFilters(customer_id=1),
    "nothing": InteractionFilters(queue="sales"),
}
TIMELINES = {
    "all": {},
    "calls": {"kinds": frozenset({"call"})},
    "notes": {"kinds": frozenset({"note"})},
    "words": {"text": "Ёлки she"},
    "no words": {"text": "?!"},
    "other words": {"text": "somethingelse"},
    "person": {"person": 1},
    "days": {"since": OLD + timedelta(days=1), "until": OLD + timedelta(days=2)},
}


def everything(connection: Connection, old: Old) -> dict[str, Any]:
    """All that any page, list, file or API tells of these contacts."""
    found: dict[str, Any] = {}
    for name, asked in LISTS.items():
        found[f"list {name}"] = pages(
            lambda cursor, asked=asked: interactions.page(connection, asked, cursor, 3, TODAY)
        )
    for name, asked in TIMELINES.items():
        wanted = TimelineFilters(customer_id=old.maria, **asked)
        found[f"timeline {name}"] = pages(
            lambda cursor, wanted=wanted: timeline.page(connection, wanted, cursor, 3, TODAY)
        )
    found["card"] = card.card(connection, old.maria, TODAY)
    found["last"] = figure_facts.contacts(connection, [old.maria])
    told = personal_data.everything(connection, old.maria)
    assert told is not None
    found["copy"] = (told.sections, sorted(told.calls, key=lambda one: one.id))
    ids = sorted(old.ids.values())
    found["hearable"] = sorted(recordings.hearable(connection, ids, EVERYTHING))
    found["behind a number"] = archived.contacts(connection, ids, TODAY)
    for call_id in ("pbx/10.1", "pbx/50.1", "pbx/60.1"):  # with everything, of nobody, of today
        one = old.ids[call_id]
        found[f"one {call_id}"] = (
            interactions.get(connection, one, TODAY),
            explanations.get(connection, one, TODAY),
            explanations.journal(connection, call_id),
            explanations.of_call(connection, call_id),
            calls.get(connection, call_id),
            decisions.of_call(connection, call_id),
            recordings.of_interaction(connection, one),
            outcomes.desk(connection, one, old.anna, TODAY),
        )
    return found


def test_every_reader_tells_the_same_before_and_after(old: Old) -> None:
    with old.store.engine.connect() as connection:
        before = everything(connection, old)
    old.move()
    with old.store.engine.connect() as connection:
        after = everything(connection, old)
    assert after.keys() == before.keys()
    for name, told in before.items():
        assert after[name] == told, name


def test_cards_that_were_joined_are_followed_when_an_archived_call_is_read(old: Old) -> None:
    old.move()
    other = old.store.add_customer("Maria K.")
    with old.store.unit_of_work() as uow:
        uow.connection.execute(
            update(customers).where(customers.c.id == old.maria).values(merged_into=other)
        )
        uow.commit()
    with old.store.engine.connect() as connection:
        asked = TimelineFilters(customer_id=other, kinds=frozenset({"call"}))
        found = timeline.page(connection, asked, None, 50, TODAY).items
        assert [one.id for one in found] == [old.ids[f"pbx/{n}.1"] for n in (12, 11, 10)]
        assert {one.interaction.customer.id for one in found if one.interaction} == {other}


@pytest.mark.parametrize(("owner", "seen"), [("nobody", True), ("other", False)])
def test_a_scope_reaches_archived_calls_as_it_reaches_others(
    old: Old, owner: str, seen: bool
) -> None:
    ben = old.store.add_user("ben", "1003")
    if owner == "other":
        with old.store.unit_of_work() as uow:
            uow.connection.execute(update(customers).values(owner_id=old.anna))
            uow.commit()
    own = Policy("few", "operator", scopes={("interaction", "read"): "own"})
    viewer = Viewer(user_id=ben, role="few", base="operator", policy=own)
    one = old.ids["pbx/11.1"]

    def told() -> tuple[object, ...]:
        with old.store.engine.connect() as connection:
            page = interactions.page(connection, InteractionFilters(), None, 50, viewer=viewer)
            reached = visibility.reaches(connection, viewer, "interaction", "read", one)
            return [item.id for item in page.items], reached

    before = told()
    assert before[1] is seen
    old.move()
    assert told() == before


def test_one_goes_on_seeing_customers_that_one_spoke_with_long_ago(old: Old) -> None:
    ben = old.store.add_user("ben", "1003")
    with old.store.unit_of_work() as uow:
        uow.connection.execute(update(customers).values(owner_id=ben))
        newest = interactions_table.c.id == old.ids["pbx/60.1"]
        uow.connection.execute(update(interactions_table).where(newest).values(operator_id=None))
        uow.commit()
    own = Policy("few", "operator", scopes={("customer", "read"): "own"})
    for viewer_id, seen in ((old.anna, True), (old.store.add_user("eve", "1004"), False)):
        viewer = Viewer(user_id=viewer_id, role="few", base="operator", policy=own)

        def told(viewer: Viewer = viewer) -> bool:
            with old.store.engine.connect() as connection:
                return visibility.reaches(connection, viewer, "customer", "read", old.maria)

        assert told() is seen
        if seen:
            old.move()
            assert told() is seen


@pytest.mark.parametrize("scope", ["all", "own"])
def test_a_number_of_a_report_leads_to_archived_contacts(old: Old, scope: Scope) -> None:
    ben = old.store.add_user("ben", "1003")
    shared = {"half": OLD, "queue": "support", "direction": "inbound", "how": "answered"}
    with old.store.unit_of_work() as uow:
        uow.connection.execute(update(customers).values(owner_id=ben))
        rows = [
            {"call_id": call_id, "number_in_call": 1, "operator_id": old.anna, "entered_at": OLD}
            | {"interaction_id": old.ids[call_id], **shared}
            for call_id in ("pbx/10.1", "pbx/11.1")
        ]
        uow.connection.execute(insert(queue_visits), rows)
        uow.commit()
    period = Period.days(OLD.date(), OLD.date(), "UTC")
    question = Question(kpis=("answered",), period=period, filters=Filters(queues=("support",)))

    def behind(user_id: int) -> set[str | None]:
        policy = Policy("few", "operator", scopes={("interaction", "read"): scope})
        viewer = Viewer(user_id=user_id, role="few", base="operator", policy=policy)
        with old.store.engine.connect() as connection:
            page = reports.contacts(connection, question, Cell(kpi="answered"), viewer=viewer)
            return {one.call_id for one in page.items}

    eve = old.store.add_user("eve", "1004")
    before = behind(old.anna), behind(eve)
    assert before == ({"pbx/10.1", "pbx/11.1"}, before[0] if scope == "all" else set())
    old.move()
    assert (behind(old.anna), behind(eve)) == before


def test_an_erasure_reaches_archived_months_and_leaves_no_byte_there(old: Old) -> None:
    old.move()
    erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
    old.work()
    [month] = old.known()
    assert (month.stale, month.interactions) == (False, 1)
    for path in old.files.path(month.folder).glob("*.parquet"):
        [(rows,)] = old.files.run("SELECT count(*) FROM read_parquet($1)", [[str(path)]])
        told = old.files.run("SELECT * FROM read_parquet($1)", [[str(path)]])
        assert "48221234567" not in repr(told)
        assert rows == len(told)
    with old.store.engine.connect() as connection:
        gone = interactions.get(connection, old.ids["pbx/11.1"], TODAY)
        assert gone is not None
        assert (gone.number, gone.customer) == ("", None)
    assert visible(old) == sorted(old.ids.values())


def test_the_ledger_mends_an_archived_call_and_makes_no_second_one(old: Old) -> None:
    old.move()
    told = ended("12.1", OLD + timedelta(days=2), talk_seconds=31.0)
    settled = settle_calls(
        LedgerBatch(
            pbx="pbx", source="file", calls=(LedgerCall(record=told, lines=(), signals=()),)
        ),
        unit_of_work=old.store.unit_of_work,
        publisher=old.store.publisher,
        clock=old.store.clock,
        plan_for=lambda _: PLAN,
        signals_of=lambda _: (),
        topology=Topology(),
        memory=CallMemory(),
    )
    assert settled.repaired.total() + settled.confirmed == 1
    assert old.live() == {old.ids["pbx/12.1"], old.ids["pbx/60.1"]}
    with old.store.unit_of_work() as uow:
        around = OLD + timedelta(days=1)
        assert uow.archive.bring_back_calls("pbx", {"11.2": around + timedelta(days=400)}) == 0
        assert uow.archive.bring_back_calls("pbx", {"11.2": around}) == 1
        assert uow.calls.id_map("pbx", ["11.2"], around) == {"11.2": "pbx/11.1"}
        uow.commit()
    old.work()
    assert visible(old) == sorted(old.ids.values())
