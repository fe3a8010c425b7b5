"""What was given out and is taken in again is what it was; what a spreadsheet would run is not."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from callcenter.customers.phone import NumberPlan
from callcenter.exports import workbook
from callcenter.exports.cells import exported
from callcenter.exports.writing import csv_chunks
from callcenter.fields.definition import Choice, FieldDraft
from callcenter.imports.kinds import KINDS
from callcenter.queries import export_rows
from callcenter.queries.export_rows import Wanted
from callcenter.rights.policy import BUILTIN
from callcenter.rights.viewer import EVERYTHING, Viewer
from callcenter.services import import_run, imports
from callcenter.store.tables import customers
from tests.support import vtiger_file
from tests.support.store import NOW, TODAY, Store

WORK = "work: +48221234567 #12 (invalid, opted-out)"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> imports.Desk:
    return imports.Desk(
        unit_of_work=store.unit_of_work,
        clock=store.clock,
        folder=tmp_path / "imports",
        numbers=NumberPlan(),
        limit=1024**2,
    )


@pytest.fixture
def filled(store: Store, desk: imports.Desk) -> Store:
    store.add_user("anna")
    drafts = (
        FieldDraft(key="score", label="Score", kind="number"),
        FieldDraft(key="signed", label="Signed", kind="date"),
        FieldDraft(key="limit", label="Limit", kind="money", currency="PLN"),
        FieldDraft(
            key="grade", label="Grade", kind="choice", choices=(Choice(key="a", label="A"),)
        ),
    )
    with store.unit_of_work() as uow:
        for draft in drafts:
            uow.fields.add(draft)
        uow.commit()
    take(store, desk, _people())
    return store


def _people() -> bytes:
    header = [
        "External ID",
        "Full name",
        "First name",
        "Last name",
        "Organization",
        "Position",
        "Phones",
        "E-mails",
        "Telegram",
        "Website",
        "City",
        "Street",
        "Postal code",
        "Address city",
        "Region",
        "Country",
        "Language",
        "Time zone",
        "VIP level",
        "Blocked",
        "Block reason",
        "Owner",
        "Tags",
        "Remarks",
        "Score",
        "Signed",
        "Limit",
        "Grade",
    ]
    rows = [
        header,
        [
            "A1",
            'Maria "Żaba" Kowalska',
            "Maria",
            "Kowalska",
            "=Acme, Sp. z o.o.",
            "-Buyer",
            f"mobile: +48601000001; {WORK}; +79161234567 (shared)",
            "work: m@acme.pl; b@x.org (invalid)",
            "@maria",
            "https://acme.pl/?a=1;b=2".replace(";", "%3B"),
            "Łódź",
            "ul. Długa 5",
            "90-001",
            "",
            "łódzkie",
            "PL",
            "pl",
            "Europe/Warsaw",
            "2",
            "yes",
            "Threats",
            "anna",
            '"a; b"; vip; "x ""y"""',
            "=1+1\n+2\n\n-3",
            "-12.5",
            "2026-01-31",
            "1240.50",
            "A",
        ],
        ["", "'=cmd|' /C calc'!A0", "", "", "", "", "+48601000002", *[""] * 21],
        ["A3", "الاسم עברית", "", "", "Firma", "", "", "x@y.pl", *[""] * 20],
        ["A4", "@SUM(A1)", "", "", "firma", "", "601000004", *[""] * 21],
    ]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def take(store: Store, desk: imports.Desk, data: bytes, **plan: Any) -> Any:
    import_id = imports.take_in("customers", "a.csv", [data], user_id=None, desk=desk)
    if plan:
        imports.change_plan(import_id, plan, user_id=None, desk=desk)
    imports.start(import_id, dry_run=False, user_id=None, desk=desk)
    import_run.advance(desk, store.publisher)
    with store.unit_of_work() as uow:
        job = uow.imports.get(import_id)
    assert job is not None
    assert (job.problem, job.failed) == ("", 0), errors_of(store, import_id)
    return job


def errors_of(store: Store, import_id: int) -> Any:
    from callcenter.queries import imports as queries

    with store.engine.connect() as connection:
        return [one.problems for one in queries.errors(connection, import_id)]


def wanted(store: Store, viewer: Viewer = EVERYTHING, **more: Any) -> Wanted:
    with store.engine.connect() as connection:
        columns = tuple(one.name for one in exported(export_rows.kind_of(connection, "customers")))
    return Wanted(kind="customers", columns=columns, viewer=viewer, now=NOW, today=TODAY, **more)


def table(store: Store, what: Wanted) -> list[tuple[str, ...]]:
    with store.engine.connect() as connection:
        header = export_rows.sheet(connection, what).header
        return [header, *export_rows.rows(connection, what)]


def as_csv(rows: list[tuple[str, ...]]) -> bytes:
    return b"".join(csv_chunks(rows))


def test_an_export_taken_in_again_changes_nobody(filled: Store, desk: imports.Desk) -> None:
    job = take(filled, desk, as_csv(table(filled, wanted(filled))), on_match="update")
    assert (job.created, job.updated, job.unchanged) == (0, 0, 4)


def test_an_export_makes_the_same_people_where_there_are_none(
    filled: Store, desk: imports.Desk
) -> None:
    before = table(filled, wanted(filled))
    with filled.engine.begin() as connection:
        connection.execute(update(customers).values(deleted_at=NOW))
    take(filled, desk, as_csv(before))
    assert table(filled, wanted(filled)) == before


def test_a_workbook_is_the_same_table(filled: Store, desk: imports.Desk, tmp_path: Path) -> None:
    rows = table(filled, wanted(filled))
    workbook.write(tmp_path / "a.xlsx", rows[0], rows[1:])
    job = take(filled, desk, (tmp_path / "a.xlsx").read_bytes(), on_match="update")
    assert (job.created, job.updated, job.unchanged) == (0, 0, 4)


def test_no_cell_of_a_table_is_a_formula(filled: Store) -> None:
    text = as_csv(table(filled, wanted(filled))).decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell]
    assert "'@SUM(A1)" in cells
    assert "'+48601000002" in cells
    assert [one for one in cells if one[0] in "=+@\t\r" or one[:2].startswith("-B")] == []


def test_masked_numbers_stay_masked_on_the_way_out(filled: Store) -> None:
    from dataclasses import replace

    admin = BUILTIN["admin"]
    fields = {**admin.fields, ("customer", "phones"): "masked", ("customer", "emails"): "hidden"}
    policy = replace(admin, code="shy", fields=fields, builtin=False)
    rows = table(filled, wanted(filled, Viewer(1, "shy", "admin", frozenset(), policy)))
    phones, mails = rows[0].index("Phones"), rows[0].index("E-mails")
    assert all("601000" not in row[phones] for row in rows[1:])
    assert "•" in rows[1][phones]
    assert all(not row[mails] for row in rows[1:])


def test_only_those_of_a_filter_are_given_out(filled: Store) -> None:
    with filled.engine.connect() as connection:
        ids = tuple(connection.scalars(select(customers.c.id).order_by(customers.c.id)))
    assert len(table(filled, wanted(filled, ids=ids[:2]))) == 3


def test_a_messy_export_of_vtigercrm_is_taken(store: Store, desk: imports.Desk) -> None:
    store.add_user("administrator")
    data = vtiger_file.contacts(1000)
    import_id = imports.take_in("customers", "Contacts.csv", [data], user_id=None, desk=desk)
    imports.start(import_id, dry_run=False, user_id=None, desk=desk)
    import_run.advance(desk, store.publisher)
    with store.unit_of_work() as uow:
        job = uow.imports.get(import_id)
        assert job is not None
        assert (job.position, job.failed) == (1000, 40)
        assert (job.created, job.unchanged) == (950, 10)
        one = uow.imported.by_external_id("customers", ["CON1"])["CON1"]
        document = uow.history.documents("customer", [one])[str(one)]
    assert document["display_name"] == "Łukasz Żółkiewska1"
    assert [phone["opted_out"] for phone in document["phones"]] == [True, True]
    assert document["addresses"][0]["city"] == "Łódź"


def test_every_kind_says_what_it_gives_out() -> None:
    assert all(exported(kind) for kind in KINDS.values())
