"""The schema's history leads to the tables of the code, and a step that fails changes nothing."""

from __future__ import annotations

import json
import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from callcenter.customers.contacts import contact_key
from callcenter.customers.phone import NumberPlan
from callcenter.queries.customers import search
from callcenter.queries.full_text import holds
from callcenter.services.figures import catch_up
from callcenter.store import engine as store_engine
from callcenter.store import migrate
from callcenter.store.call_json import encode
from callcenter.store.tables import metadata, notes
from tests.support.store import Store, call

_GOOD_STEP = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("people", sa.Column("name", sa.String(40), nullable=False))
    op.execute("insert into people values ('Anna')")
"""
_FAILING_STEP = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.create_table("places", sa.Column("name", sa.String(40)))
    op.add_column("people", sa.Column("age", sa.Integer))
    op.execute("update people set name = 'nobody', age = 1")
    op.execute("insert into no_such_table values (1)")
"""


def _is_compared(name: str | None, kind: str, _parent: object) -> bool:
    """The full text's indexes are made by their step alone: SQLAlchemy cannot say them."""
    return not (kind in ("table", "index") and "_fts" in (name or ""))


_COMPARED = {"compare_type": True, "include_name": _is_compared}


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """A history of our own, to which a test adds steps."""
    folder = tmp_path / "steps"
    (folder / "versions").mkdir(parents=True)
    product = Path(migrate.__file__).parent / "migrations"
    (folder / "env.py").write_text((product / "env.py").read_text())
    (folder / "versions" / "one.py").write_text(_GOOD_STEP)
    return folder


def test_the_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    engine = store_engine.create(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_COMPARED)
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


_BEFORE_THE_LEDGER = ("env.py", "versions/0001_initial.py")


def history(folder: Path, *names: str) -> Path:
    """The product's history as it was when it had only these."""
    product = Path(migrate.__file__).parent / "migrations"
    steps = folder / "first"
    (steps / "versions").mkdir(parents=True)
    for name in names:
        (steps / name).write_text((product / name).read_text())
    return steps


_ROWS_OF_OLD = """
insert into calls (id, pbx, live, direction, result, started_at, ended_at, caller_number,
  caller_name, dialed, trunk, route, queue, talk_seconds, hold_seconds, hangup_by, record,
  updated_at)
values ('pbx/17.1', 'pbx', {false}, 'inbound', 'answered', '2026-03-02 09:00:00.000000',
  '2026-03-02 09:01:00.000000', '+48221234567', 'Anna', '100', '', '', '', 50, 0, '', '{record}',
  '2026-03-02 09:01:00.000000'),
 ('pbx/18.1', 'pbx', {true}, 'inbound', 'unknown', null, null, '', '', '', '', '', '', 0, 0, '',
  '{record}', '2026-03-03 10:00:00.000000');
insert into call_channels values ('17.1', 'pbx', 'pbx/17.1'), ('17.2', 'pbx', 'pbx/17.1'),
  ('18.1', 'pbx', 'pbx/18.1');
insert into call_legs (call_id, uniqueid, channel, endpoint, number, role, result, talk_seconds,
  hold_seconds) values ('pbx/17.1', '17.1', 'c', 'e', 'n', 'caller', 'answered', 50, 0);
insert into interactions (call_id, direction, result, number, number_raw, number_kind, dialed,
  queue, match, started_at, talk_seconds, hold_seconds, explanation, created_at, updated_at)
values ('pbx/17.1', 'inbound', 'answered', '+48221234567', '', 'e164', '', '', 'none',
  '2026-03-02 09:00:00.000000', 50, 0, '{{}}', '2026-03-02 09:00:00.000000',
  '2026-03-02 09:00:00.000000')
"""


def test_a_database_of_the_first_version_keeps_its_calls(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrate.upgrade(empty_database_url, migrations=history(tmp_path, *_BEFORE_THE_LEDGER))
    engine = store_engine.create(empty_database_url)
    sqlite = engine.dialect.name == "sqlite"
    plain = encode(call())
    for later in ("ring_seconds", "park_seconds", "end_seen"):
        del plain[later]
    truths = {"true": "1", "false": "0"} if sqlite else {"true": "true", "false": "false"}
    with engine.begin() as connection:
        for statement in _ROWS_OF_OLD.split(";"):
            told = statement.format(record=json.dumps(plain), **truths)
            connection.exec_driver_sql(told)

    migrate.upgrade(empty_database_url)

    store = Store(engine)
    with store.unit_of_work() as uow:
        near = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        found = uow.calls.id_map("pbx", ["17.1", "17.2", "18.1"], near)
        assert found == {"17.1": "pbx/17.1", "17.2": "pbx/17.1", "18.1": "pbx/18.1"}
        assert uow.calls.id_map("pbx", ["17.1"], near + timedelta(days=9)) == {}
        assert uow.calls.get("pbx/17.1") == call()
        assert uow.calls.settled_at(["pbx/17.1"]) == {}
        assert uow.calls.live_ids("pbx") == ["pbx/18.1"]
    assert store.save(call())["pbx/17.1"] == 1
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=_COMPARED)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


_PEOPLE_OF_OLD = """
insert into users (username, display_name, password_hash, role, created_at) values
 ('anna', 'Anna', 'x', 'operator', '2026-03-02 09:00:00.000000'),
 ('jan', 'Jan', 'x', 'operator', '2026-03-02 09:00:00.000000');
insert into agents (user_id, state, reason, since) values
 (1, 'paused', 'lunch', '2026-03-02 09:00:00.000000'),
 (2, 'talking', '', '2026-03-02 09:00:00.000000')
"""


def test_operators_stay_as_they_chose_to_be_and_a_way_back_is_open(
    empty_database_url: str, tmp_path: Path
) -> None:
    steps = history(tmp_path, *_BEFORE_THE_LEDGER, "versions/0002_ledger.py")
    migrate.upgrade(empty_database_url, migrations=steps)
    engine = store_engine.create(empty_database_url)
    with engine.begin() as connection:
        for statement in _PEOPLE_OF_OLD.split(";"):
            connection.exec_driver_sql(statement)

    migrate.upgrade(empty_database_url)

    with engine.begin() as connection:
        agents = "select user_id, state, chosen, chosen_reason, device from agents order by 1"
        assert connection.execute(text(agents)).all() == [
            (1, "paused", "paused", "lunch", "desk"),
            (2, "talking", "ready", "", "desk"),
        ]
        connection.execute(text("update agents set state = 'wrap_up' where user_id = 2"))
    with engine.begin() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            desk = Path(migrate.__file__).parent / "migrations" / "versions" / "0003_desk.py"
            runpy.run_path(str(desk))["downgrade"]()
        tables = set(inspect(connection).get_table_names())
        assert not tables & {"tasks", "deals", "queue_settings", "recording_pauses"}
        states = connection.execute(text("select state from agents order by user_id"))
        assert states.scalars().all() == ["paused", "ready"]
    engine.dispose()


_CUSTOMERS_OF_OLD = """
insert into users (username, display_name, password_hash, role, created_at) values
 ('anna', 'Anna', 'x', 'supervisor', '2026-03-02 09:00:00.000000');
insert into customers (display_name, given_name, family_name, email, created_at, updated_at,
  sort_name) values
 ('Łucja Ковальская', 'Łucja', 'Ковальская', 'ŁUCJA@Przykład.PL', '2026-03-02 09:00:00.000000',
  '2026-03-02 09:00:00.000000', 'ковальская lucja'),
 ('Groß', '', '', 'gross@STRAßE.de', '2026-03-02 09:00:00.000000',
  '2026-03-02 09:00:00.000000', 'gross');
insert into customer_words (word, customer_id) values ('lucja', 1), ('ковальская', 1), ('gross', 2);
insert into invoices (customer_id, number, amount_minor, currency, due_on, paid_on) values
 (1, 'F/1', 5000, 'PLN', '2026-02-01', '2026-02-02'), (1, 'F/2', 700, 'PLN', '2026-02-01', null);
insert into notes (customer_id, author_id, text, created_at, updated_at) values
 (1, 1, 'Просила перезвонить в ЧЕТВЕРГ', '2026-03-02 09:00:00.000000', '2026-03-02 09:00:00.000000')
"""


def test_customers_of_before_are_found_as_new_ones_are(
    empty_database_url: str, tmp_path: Path
) -> None:
    steps = history(
        tmp_path, *_BEFORE_THE_LEDGER, "versions/0002_ledger.py", "versions/0003_desk.py"
    )
    migrate.upgrade(empty_database_url, migrations=steps)
    engine = store_engine.create(empty_database_url)
    with engine.begin() as connection:
        for statement in _CUSTOMERS_OF_OLD.split(";"):
            connection.exec_driver_sql(statement)
    told: list[str] = []
    plan = NumberPlan(region="PL")

    migrate.upgrade(empty_database_url, tell=told.append)

    assert "0003" in told[0]
    assert [line.split()[0] for line in told[1:3]] == ["0004", "0005"]
    with engine.connect() as connection:
        mails = connection.execute(text("select value, value_key from contact_points order by id"))
        assert mails.all() == [
            (value, contact_key("email", value))
            for value in ("ŁUCJA@Przykład.PL", "gross@STRAßE.de")
        ]
        for typed, whose in (("kovalskaya", 1), ("Ковалская", 1), ("gros", 2)):
            assert [one.id for one in search(connection, typed, plan, 9)] == [whose]
        said = holds(connection, notes, "четв")
        assert said is not None
        assert connection.scalars(select(notes.c.customer_id).where(said)).all() == [1]
        assert connection.execute(text("select number, amount_minor from payments")).all() == [
            ("F/1", 5000)
        ]
    store = Store(engine)
    assert catch_up(unit_of_work=store.unit_of_work, clock=store.clock) == 1
    newcomer = store.add_customer("Adam Nowy")
    with engine.connect() as connection:
        assert [one.id for one in search(connection, "nowi", plan, 9)] == [newcomer]
    with engine.connect() as connection:
        owed = connection.scalars(text("select overdue_minor from customer_figures"))
        assert owed.all() == [700]
    engine.dispose()


def test_a_failing_step_leaves_schema_and_data_as_they_were(
    empty_database_url: str, steps: Path
) -> None:
    migrate.upgrade(empty_database_url, migrations=steps)
    (steps / "versions" / "two.py").write_text(_FAILING_STEP)

    with pytest.raises(Exception, match="no_such_table"):
        migrate.upgrade(empty_database_url, migrations=steps)

    engine = store_engine.create(empty_database_url)
    with engine.connect() as connection:
        assert connection.execute(text("select * from people")).all() == [("Anna",)]
        assert set(inspect(connection).get_table_names()) == {"alembic_version", "people"}
    engine.dispose()
    assert migrate.current(empty_database_url) == "0001"


def test_a_first_upgrade_that_fails_leaves_an_empty_database(
    empty_database_url: str, steps: Path
) -> None:
    (steps / "versions" / "two.py").write_text(_FAILING_STEP)
    with pytest.raises(Exception, match="no_such_table"):
        migrate.upgrade(empty_database_url, migrations=steps)
    assert migrate.current(empty_database_url) is None


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    migrate.upgrade(database_url)
    assert migrate.current(database_url) == migrate.head()
    assert migrate.check(database_url)[0]


def test_two_upgrades_at_once_take_turns(empty_database_url: str) -> None:
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate.upgrade(empty_database_url)
        except BaseException as error:  # noqa: BLE001 (a thread must hand it over)
            failures.append(error)

    threads = [Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrate.state(empty_database_url) == "current"


def test_an_empty_database_is_told_to_be_upgraded(empty_database_url: str) -> None:
    fit, words = migrate.check(empty_database_url)
    assert not fit
    assert "callcenter db upgrade" in words


def test_a_database_of_a_newer_version_is_refused_in_words(database_url: str) -> None:
    engine = store_engine.create(database_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    fit, words = migrate.check(database_url)
    assert not fit
    assert "newer" in words
