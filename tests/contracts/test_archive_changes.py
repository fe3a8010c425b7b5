"""What happens to contacts after they moved to the archive: corrections, joined cards, conditions
on customers, and files that somebody harmed. On both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from callcenter.archive.months import HARMED
from callcenter.errors import Conflict
from callcenter.queries import customer_list, segments, timeline
from callcenter.queries.timeline import TimelineFilters
from callcenter.rights.viewer import EVERYTHING
from callcenter.segments.columns import Sort
from callcenter.segments.tree import parse
from callcenter.services import archive as service
from callcenter.services import archive_steps, erasure, merging
from callcenter.services.notes import save_note
from callcenter.store.tables import (
    archive_calls,
    audit_log,
    contact_days,
    contact_halves,
    interactions,
    operator_halves,
)
from tests.support.archives import MONTH, OLD, Old, ended, old_calls, visible
from tests.support.mailing import PLAN
from tests.support.report_days import sum_up
from tests.support.store import NOW, TODAY, Store


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    return old_calls(store, tmp_path / "archive")


def correct(old: Old, interaction_id: int) -> None:
    """As whoever writes to an archived contact does."""
    with old.store.unit_of_work() as uow:
        assert uow.archive.bring_back([interaction_id]) == 1
        mine = interactions.c.id == interaction_id
        uow.connection.execute(update(interactions).where(mine).values(talk_seconds=31.0))
        uow.commit()


def sums(old: Old) -> list[str]:
    """Of all half hours, as reports read them."""
    with old.store.unit_of_work() as uow:
        uow.report_facts.mark("contacts", [OLD + timedelta(days=one) for one in range(3)])
        uow.commit()
    sum_up(old.store)
    with old.store.engine.connect() as connection:
        return sorted(
            repr(dict(row._mapping))
            for table in (contact_halves, contact_days, operator_halves)
            for row in connection.execute(select(table))
        )


def test_sums_of_an_archived_half_hour_are_made_anew_from_all_of_its_calls(old: Old) -> None:
    """Two calls without a queue began in the same half hour; one of them is corrected."""
    for one in ("70.1", "80.1"):
        old.ids |= old.store.save(ended(one, OLD, queues=()), operator_id=old.anna)
    newest = old.store.save(ended("90.1", NOW - timedelta(days=2)))
    old.ids |= newest
    before = sums(old)
    old.move()
    assert sums(old) == before
    assert old.live() == {old.ids["pbx/60.1"], *newest.values()}  # nothing stayed behind
    correct(old, old.ids["pbx/70.1"])
    corrected = sums(old)
    assert corrected != before
    old.work()
    assert sums(old) == corrected
    old.restore()
    assert sums(old) == corrected
    assert visible(old) == sorted(old.ids.values())


def whom(old: Old, field: str, op: str, value: Any) -> list[int]:
    told = {"all": [{"field": field, "op": op, "value": value}]}
    with old.store.engine.connect() as connection:
        group = parse(told, segments.fields_for(connection, EVERYTHING))
        context = segments.context_for(connection, EVERYTHING, group, NOW, TODAY)
        listed = customer_list.listed(context, EVERYTHING, group, Sort(), None, 50)
        assert customer_list.count(context, EVERYTHING, group) == len(listed.ids)
    return list(listed.ids)


CONDITIONS = (
    ("contacts", "at_least", {"count": 4, "days": 92}),
    ("contacts", "at_least", {"count": 1, "days": 92, "result": "answered", "queue": "support"}),
    ("contacts", "at_most", {"count": 3, "days": 92}),
    ("contacts", "at_least", {"count": 2, "days": 30}),
    ("last_outcome", "in", [1]),
    ("last_outcome", "in", [2]),
)


def test_conditions_on_customers_count_archived_calls(old: Old) -> None:
    before = [whom(old, *one) for one in CONDITIONS]
    assert [old.maria in one for one in before] == [True, True, False, False, True, False]
    old.move()
    assert [whom(old, *one) for one in CONDITIONS] == before
    save_note(author_id=old.anna, text="Back", interaction_id=old.ids["pbx/11.1"], **old.both)
    assert [whom(old, *one) for one in CONDITIONS] == before
    old.work()
    old.restore()
    assert [whom(old, *one) for one in CONDITIONS] == before
    with old.store.engine.connect() as connection:
        assert connection.execute(select(archive_calls)).all() == []


def of_card(old: Old, customer_id: int) -> list[int]:
    with old.store.engine.connect() as connection:
        page = timeline.page(connection, TimelineFilters(customer_id=customer_id), None, 50, TODAY)
        return [one.id for one in page.items if one.kind == "interaction"]


@pytest.mark.parametrize("moved", ["before", "after"])
def test_cards_joined_before_or_after_their_calls_moved_are_parted_again(
    old: Old, moved: str
) -> None:
    other = old.store.add_customer("M. Kowalska", "+48227654321")
    ways: dict[str, Any] = {"user_id": None, "publisher": old.store.publisher, **old.both}
    theirs = of_card(old, old.maria)
    if moved == "before":
        old.move()
    merge_id = merging.merge(other, old.maria, {}, **ways)
    if moved == "after":
        old.move()
    assert of_card(old, other) == theirs
    assert whom(old, *CONDITIONS[0]) == [other]
    merging.unmerge(merge_id, **ways)
    assert (of_card(old, other), of_card(old, old.maria)) == ([], theirs)
    assert whom(old, *CONDITIONS[0]) == [old.maria]
    old.work()
    assert visible(old) == sorted(old.ids.values())


def harm(old: Old, name: str, told: bytes | None = None) -> None:
    """Without bytes of its own: a file that says nothing, and is otherwise as it should be."""
    [month] = old.known()
    path = old.files.path(month.folder) / f"{name}.parquet"
    if told is None:
        empty = path.with_name("empty")
        old.files.run(
            f"COPY (SELECT * FROM read_parquet('{path}') LIMIT 0) TO '{empty}' (FORMAT parquet)"
        )
        told = empty.read_bytes()
        empty.unlink()
    path.write_bytes(told)


def stopped(old: Old) -> None:
    with pytest.raises(archive_steps.ArchiveError) as raised:
        old.work()
    archive_steps.note_problem(MONTH, str(raised.value), **old.both)


def test_a_harmed_month_is_rebuilt_without_who_was_erased_once_somebody_accepts_it(
    old: Old,
) -> None:
    old.move()
    harm(old, "notes")
    erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
    stopped(old)
    [month] = old.known()
    assert (month.problem, month.harmed, month.stale) == (HARMED, True, True)
    service.accept(MONTH, user_id=None, **old.both)
    old.work()
    [month] = old.known()
    assert (month.problem, month.stale, month.accepted, month.interactions) == ("", False, False, 1)
    assert month.sha256 == old.files.checked(month.folder)
    assert visible(old) == sorted(old.ids.values())
    with old.store.engine.connect() as connection:
        actions = connection.scalars(select(audit_log.c.action).order_by(audit_log.c.id)).all()
    assert [one for one in actions if one.startswith("archive_")][-2:] == [
        "archive_accepted",
        "archive_rebuilt",
    ]


def test_nobody_is_erased_while_files_are_away_and_lists_go_on_without_them(old: Old) -> None:
    old.move()
    [month] = old.known()
    folder, away = old.files.path(month.folder), old.files.path(month.folder).with_name("away")
    folder.rename(away)
    assert visible(old) == [old.ids["pbx/60.1"]]
    with pytest.raises(Conflict, match="away: 2025-12"):
        erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
    stopped(old)
    away.rename(folder)
    whole = (folder / "notes.parquet").read_bytes()
    harm(old, "notes", b"none of ours")
    with pytest.raises(Conflict, match="cannot be read"):
        erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
    harm(old, "notes", whole)
    service.check_again(MONTH, user_id=None, **old.both)
    old.work()
    assert visible(old) == sorted(old.ids.values())
    with pytest.raises(Conflict, match="as they were left"):
        service.give_up(MONTH, user_id=None, **old.both)


def test_a_month_that_moved_before_contacts_were_found_one_by_one_is_read_and_caught_up(
    old: Old,
) -> None:
    old.move()
    [month] = old.known()
    pages = old.files.path(month.folder) / "contacts.pages"
    told = pages.read_bytes()
    pages.unlink()
    old.files.shelf.forget(month.folder)
    with old.store.unit_of_work() as uow:
        files = {name: one for name, one in month.files.items() if name != pages.name}
        uow.archive.save(MONTH, NOW, {"files": files})
        uow.connection.execute(archive_calls.delete())
        uow.commit()
    assert visible(old) == sorted(old.ids.values())
    old.work()
    assert pages.read_bytes() == told
    assert whom(old, *CONDITIONS[0]) == [old.maria]
    pages.write_bytes(told[:30] + bytes(40) + told[70:])
    old.files.shelf.forget(month.folder)
    assert visible(old) == sorted(old.ids.values())
