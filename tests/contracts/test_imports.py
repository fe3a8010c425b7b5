"""Files taken in: each row once, whatever dies meanwhile; what cannot be taken is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from callcenter.customers.phone import NumberPlan
from callcenter.errors import Conflict, Forbidden, Invalid
from callcenter.imports.job import Import
from callcenter.imports.plan import Plan
from callcenter.services import batches, import_run, imports
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


def test_a_killed_import_goes_on_behind_the_last_lot_and_takes_no_row_twice(
    store: Store, desk: imports.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = take(desk, HEADER + people(20))
    imports.start(import_id, dry_run=False, user_id=None, desk=desk)
    lots = iter(range(10))

    def killed(*_: object) -> None:
        if next(lots) == 2:
            raise KeyboardInterrupt  # nothing catches it, as nothing catches a kill

    monkeypatch.setattr(import_run, "_estimate", killed)
    with pytest.raises(KeyboardInterrupt):
        import_run.advance(desk, store.publisher, lot=4)
    monkeypatch.undo()
    assert stored(desk, import_id).state == "running"
    assert stored(desk, import_id).position == 12

    assert not import_run.advance(desk, store.publisher, lot=4)  # its job may live yet
    store.clock.pass_by(import_run.STALE.total_seconds() + 1)
    assert import_run.advance(desk, store.publisher, lot=4)

    job = stored(desk, import_id)
    assert (job.state, counts(job)) == ("done", (20, 0, 0, 0))
    assert count(store, customers) == 20


def test_a_job_that_was_thought_dead_writes_nothing_more(
    store: Store, desk: imports.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = take(desk, HEADER + people(12))
    imports.start(import_id, dry_run=False, user_id=None, desk=desk)
    estimate = import_run._estimate
    first = iter([True])

    def overtaken(work: import_run.Work, file: Any) -> None:
        estimate(work, file)
        if next(first, False):
            store.clock.pass_by(import_run.STALE.total_seconds() + 1)
            import_run.advance(desk, store.publisher, lot=4)

    monkeypatch.setattr(import_run, "_estimate", overtaken)
    import_run.advance(desk, store.publisher, lot=4)

    assert counts(stored(desk, import_id)) == (12, 0, 0, 0)
    assert count(store, customers) == 12


def test_an_import_is_paused_and_goes_on(store: Store, desk: imports.Desk) -> None:
    import_id = take(desk, HEADER + people(12))
    imports.start(import_id, dry_run=False, user_id=None, desk=desk)
    asked: list[int] = []

    def pause_once(done: int, _total: int) -> None:
        if not asked:
            asked.append(done)
            imports.pause(import_id, user_id=None, desk=desk)

    import_run.advance(desk, store.publisher, lot=4, told=pause_once)
    assert (stored(desk, import_id).state, stored(desk, import_id).position) == ("paused", 4)
    assert not import_run.advance(desk, store.publisher)

    imports.resume(import_id, user_id=None, desk=desk)
    import_run.advance(desk, store.publisher, lot=4)
    assert counts(stored(desk, import_id)) == (12, 0, 0, 0)


def test_a_dry_run_counts_and_keeps_nothing(store: Store, desk: imports.Desk) -> None:
    text = HEADER + people(6) + "V99;Bad;Row;;12;;;\n"
    import_id = take(desk, text)
    job = run(desk, store, import_id, dry_run=True, lot=4)

    assert (job.dry_run, counts(job)) == (True, (6, 0, 0, 1))
    assert count(store, customers) == count(store, changes) == count(store, organizations) == 0

    again = run(desk, store, import_id)
    assert (again.dry_run, counts(again)) == (False, (6, 0, 0, 1))
    assert count(store, import_errors) == 1


def test_every_tenth_row_is_wrong_and_the_others_are_taken(
    store: Store, desk: imports.Desk
) -> None:
    rows = people(100).splitlines(keepends=True)
    text = HEADER + "".join(
        row.replace("60100", "12 ", 1) if n % 10 == 0 else row for n, row in enumerate(rows)
    )
    job = run(desk, store, take(desk, text), lot=30)

    assert counts(job) == (90, 0, 0, 10)
    with store.engine.connect() as connection:
        lines = connection.scalars(select(import_errors.c.line).order_by(import_errors.c.line))
        assert list(lines) == list(range(2, 102, 10))


def test_an_import_is_taken_back_but_for_what_was_changed_since(
    store: Store, desk: imports.Desk
) -> None:
    known = store.add_customer("Jan2 Kowalski2", "+48601000002")
    import_id = take(desk, HEADER + people(5), on_match="fill")
    run(desk, store, import_id)
    with store.unit_of_work() as uow:
        worked_on = uow.imported.customers_by_phone(["+48601000003"])["+48601000003"][0]
        uow.customers.update(worked_on, {"remarks": "Called"}, version=1, at=store.clock.now())
        uow.commit()

    imports.undo(import_id, user_id=None, desk=desk)
    import_run.advance(desk, store.publisher)

    assert stored(desk, import_id).state == "undone"
    with store.engine.connect() as connection:
        left = connection.scalars(select(customers.c.id).where(customers.c.deleted_at.is_(None)))
        assert sorted(left) == sorted([known, worked_on])
    with store.unit_of_work() as uow:
        assert uow.history.documents("customer", [known])[str(known)].get("city", "") == ""


def test_an_import_killed_just_behind_its_undoing_is_told_as_taken_back(
    store: Store, desk: imports.Desk
) -> None:
    import_id = take(desk, HEADER + people(2))
    run(desk, store, import_id)
    imports.undo(import_id, user_id=None, desk=desk)
    batch_id = stored(desk, import_id).batch_id
    assert batch_id is not None
    common = {"unit_of_work": desk.unit_of_work, "publisher": store.publisher, "clock": store.clock}
    batches.undo(batch_id, user_id=None, **common)  # and here the worker died

    import_run.advance(desk, store.publisher)

    assert stored(desk, import_id).state == "undone"
    with store.unit_of_work() as uow:
        batch = uow.batches.get(batch_id)
    assert batch is not None
    assert batch.state == "undone"


def test_rules_say_what_becomes_of_known_people(store: Store, desk: imports.Desk) -> None:
    row = "V1;Johann;Kowalski;;601000001;new@example.org;c;Kraków\n"
    for rule, city, name in (
        ("skip", "Łódź", "Jan1 Kowalski1"),
        ("fill", "Łódź", "Jan1 Kowalski1"),
        ("update", "Kraków", "Johann Kowalski"),
    ):
        run(desk, store, take(desk, HEADER + people(1, 1)))
        run(desk, store, take(desk, HEADER + row, on_match=rule))
        with store.unit_of_work() as uow:
            one = uow.imported.by_external_id("customers", ["V1"])["V1"]
            document = uow.history.documents("customer", [one])[str(one)]
        assert (document["city"], document["display_name"]) == (city, name), rule
    assert count(store, customers) == 1
    assert [one["value"] for one in document["contact_points"]] == [
        "jan1@example.org",
        "new@example.org",
    ]


def test_rows_of_one_file_about_one_person_become_one_card(
    store: Store, desk: imports.Desk
) -> None:
    text = "Full name,Phone,E-mail\nAnna Lis,601000001,\nAnna Lis,601000001,a@example.org\n"
    job = run(desk, store, take(desk, text))
    assert counts(job) == (1, 1, 0, 0)
    assert (count(store, customers), count(store, contact_points)) == (1, 1)


def test_a_row_that_fits_several_is_told_and_not_guessed(store: Store, desk: imports.Desk) -> None:
    store.add_customer("Piotr Zając", "+48601000001")
    store.add_customer("Zofia Zając", "+48601000001")
    job = run(desk, store, take(desk, "Full name,Phone\nKto Inny,601000001\n"))
    assert counts(job) == (0, 0, 0, 1)
    with store.engine.connect() as connection:
        (problem,) = connection.scalars(select(import_errors.c.problems)).one()
    assert problem[1] == "could be any of 2: Piotr Zając, Zofia Zając"


def test_whom_we_erased_no_file_brings_back(store: Store, desk: imports.Desk) -> None:
    with store.unit_of_work() as uow:
        uow.erasures.remember(["number +48601000001"], store.clock.now())
        uow.commit()
    job = run(desk, store, take(desk, HEADER + people(3)))
    assert counts(job) == (2, 0, 0, 1)
    with store.engine.connect() as connection:
        (problem,) = connection.scalars(select(import_errors.c.problems)).one()
    assert "erased" in problem[1]


def test_a_mapping_chosen_once_is_known_the_next_time(store: Store, desk: imports.Desk) -> None:
    text = "Kto;Dokąd\nAnna Lis;601000001\n"
    first = take(desk, text, columns={0: "display_name", 1: "phones"}, match_by=["phone"])
    run(desk, store, first)

    again = Plan.from_json(stored(desk, take(desk, text)).plan)
    assert again.columns == {0: "display_name", 1: "phones"}
    assert again.match_by == ("phone",)


def test_what_is_too_large_leaves_nothing_behind(desk: imports.Desk) -> None:
    with pytest.raises(Invalid, match="larger than the 1 MB"):
        imports.take_in("customers", "a.csv", [b"x" * 700_000] * 2, user_id=None, desk=desk)
    assert list(desk.folder.iterdir()) == []


def test_only_who_may_import_does(store: Store, desk: imports.Desk) -> None:
    operator = store.add_user()
    with pytest.raises(Forbidden):
        imports.take_in("customers", "a.csv", [b"a,b\n"], user_id=operator, desk=desk)


def test_an_import_that_began_is_not_begun_again(store: Store, desk: imports.Desk) -> None:
    import_id = take(desk, HEADER + people(1))
    run(desk, store, import_id)
    with pytest.raises(Conflict):
        imports.start(import_id, dry_run=False, user_id=None, desk=desk)
    with pytest.raises(Conflict):
        imports.remove(import_id, user_id=None, desk=desk)


def test_invoices_find_their_customers_and_pay_their_dues(store: Store, desk: imports.Desk) -> None:
    store.add_customer("Maria Kowalska", "+48601000001")
    text = (
        "Number;Customer phone;Amount;Due\n"
        "FV/1;601 000 001;1 240,50 zł;31.12.2026\n"
        "FV/2;601 000 009;10,00 zł;31.12.2026\n"
    )
    job = run(desk, store, take(desk, text, kind="invoices"))
    assert counts(job) == (1, 0, 0, 1)
    again = run(desk, store, take(desk, text, kind="invoices"))
    assert counts(again) == (0, 0, 1, 1)
    with store.unit_of_work() as uow:
        (record,) = uow.trade.invoices_numbered("FV/1")
    assert (record.values["amount_minor"], record.values["currency"]) == (124050, "PLN")
