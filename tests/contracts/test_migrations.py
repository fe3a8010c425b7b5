"""The schema's history leads to the tables of the code, and a step that fails changes nothing."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from callcenter.store import engine as store_engine
from callcenter.store import migrate
from callcenter.store.tables import metadata

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
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


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
