"""Files taken in: each row once, whatever dies meanwhile; what cannot be taken is told row by row."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid
from callcenter.imports.job import Import
from callcenter.imports.plan import Plan
from callcenter.services import import_run, imports
from callcenter.store.tables import (
    changes,
    contact_points,
    customer_words,
    customers,
    import_errors,
    organizations,
    phone_numbers,
)
from tests.support.store import Store

HEADER = "External ID;First name;Last name;Organization;Mobile phone;E-mails;Tags;City\n"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> imports.Desk:
    return imports.Desk(
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        folder=tmp_path / "imports",
        numbers=NumberPlan(),
        limit=1024**2,
    )


def people(count: int, start: int = 0) -> str:
    rows = (
        f"V{n};Jan{n};Kowalski{n};Firma {n % 7};{601000000 + n};jan{n}@example.org;a; b;Łódź\n"
        for n in range(start, start + count)
    )
    return "".join(row.replace("a; b", '"a; b"') for row in rows)


def take(desk: imports.Desk, text: str | bytes, kind: str = "customers", **plan: Any) -> int:
    data = text.encode() if isinstance(text, str) else text
    import_id = imports.take_in(kind, "people.csv", [data], user_id=None, desk=desk)
    if plan:
        imports.change_plan(import_id, plan, user_id=None, desk=desk)
    return import_id


def run(desk: imports.Desk, store: Store, import_id: int, **how: Any) -> Import:
    imports.start(import_id, dry_run=how.pop("dry_run", False), user_id=None, desk=desk)
    while import_run.advance(desk, store.publisher, **how):
        pass
    return stored(desk, import_id)


def stored(desk: imports.Desk, import_id: int) -> Import:
    with desk.unit_of_work() as uow:
        job = uow.imports.get(import_id)
    assert job is not None
    return job


def count(store: Store, table: Any) -> int:
    with store.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def counts(job: Import) -> tuple[int, int, int, int]:
    return (job.created, job.updated, job.unchanged, job.failed)


def test_a_file_becomes_people_with_all_that_it_says(store: Store, desk: imports.Desk) -> None:
    job = run(desk, store, take(desk, HEADER + people(12)), lot=5)

    assert (job.state, counts(job)) == ("done", (12, 0, 0, 0))
    assert count(store, customers) == count(store, phone_numbers) == 12
    assert (count(store, organizations), count(store, contact_points)) == (7, 12)
    assert count(store, customer_words) > 12
    with store.unit_of_work() as uow:
        ids = uow.imported.customers_by_phone(["+48601000003"])["+48601000003"]
        document = uow.history.documents("customer", ids)[str(ids[0])]
    assert document["display_name"] == "Jan3 Kowalski3"
    assert document["tags"] == ["a", "b"]
    assert document["city"] == "Łódź"


def test_the_same_file_again_changes_nothing(store: Store, desk: imports.Desk) -> None:
    run(desk, store, take(desk, HEADER + people(8)))
    told = count(store, changes)

    again = run(desk, store, take(desk, HEADER + people(8)))

    assert counts(again) == (0, 0, 8, 0)
    assert count(store, changes) == told
