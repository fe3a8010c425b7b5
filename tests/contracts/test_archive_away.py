"""The archive's whole folder is missing: not mounted, or taken away. Its months are away then, as
a single one may be: nothing is silently less, and nothing is lost. On both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from callcenter.archive.months import HARMED
from callcenter.calls.ledger import LedgerBatch, LedgerCall
from callcenter.calls.topology import Topology
from callcenter.errors import Conflict
from callcenter.queries import explanations, interactions, personal_data, recordings
from callcenter.queries.interactions import InteractionFilters
from callcenter.rights.viewer import EVERYTHING
from callcenter.services import archive as service
from callcenter.services import archive_steps, erasure
from callcenter.services.call_identity import CallMemory
from callcenter.services.notes import save_note
from callcenter.services.settle_calls import settle_calls
from callcenter.store import archive, archive_left_out
from callcenter.store.tables import contact_halves
from callcenter.store.tables import interactions as interactions_table
from tests.support.archives import MONTH, OLD, Old, ended, old_calls, visible
from tests.support.mailing import PLAN
from tests.support.report_days import sum_up
from tests.support.store import NOW, TODAY, Store

EARLIER = OLD - timedelta(days=30)


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    return old_calls(store, tmp_path / "archive")


@contextmanager
def missing(folder: Path) -> Iterator[None]:
    away = folder.with_name("away")
    folder.rename(away)
    yield
    shutil.rmtree(folder, ignore_errors=True)  # DuckDB wants a place for what it spills
    away.rename(folder)


def test_readers_name_every_month_of_a_folder_that_is_missing(old: Old, tmp_path: Path) -> None:
    old.move()
    one = old.ids["pbx/10.1"]
    with missing(tmp_path / "archive"), old.store.engine.connect() as connection:
        readers = {
            "list": lambda: interactions.page(connection, InteractionFilters(), None, 9, TODAY),
            "contact": lambda: interactions.get(connection, one, TODAY),
            "explained": lambda: explanations.get(connection, one, TODAY),
            "journal": lambda: explanations.journal(connection, "pbx/10.1"),
            "sound": lambda: recordings.hearable(connection, list(old.ids.values()), EVERYTHING),
        }
        for name, reader in readers.items():
            archive_left_out.begin()
            reader()
            assert archive_left_out.months() == (MONTH,), name
        copy = personal_data.everything(connection, old.maria)
        assert copy is not None
        assert copy.sections["months_not_read"] == [{"month": MONTH}]
    assert visible(old) == sorted(old.ids.values())


def test_nobody_is_erased_and_nothing_written_while_the_folder_is_missing(
    old: Old, tmp_path: Path
) -> None:
    old.move()
    with missing(tmp_path / "archive"):
        with pytest.raises(Conflict, match="away: 2025-12"):
            erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
        with pytest.raises(Conflict, match="away: 2025-12"):
            save_note(author_id=old.anna, text="!", interaction_id=old.ids["pbx/10.1"], **old.both)
    erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
    assert visible(old) == sorted(old.ids.values())


def test_sums_of_what_is_away_stand_while_the_folder_is_missing(old: Old, tmp_path: Path) -> None:
    with old.store.engine.begin() as connection:  # met no queue: told by the archive alone
        connection.execute(update(interactions_table).values(queue=""))

    def again() -> list[tuple[object, ...]]:
        with old.store.unit_of_work() as uow:
            uow.report_facts.mark("contacts", [OLD, OLD + timedelta(days=1)])
            uow.commit()
        sum_up(old.store)
        with old.store.engine.connect() as connection:
            return sorted(tuple(one) for one in connection.execute(select(contact_halves)))

    before = again()
    assert before
    old.move()
    with missing(tmp_path / "archive"):
        assert again() == before
    assert again() == before


@pytest.mark.parametrize("state", ["deleting", "restoring"])
def test_a_month_half_way_comes_to_no_end_while_its_files_are_away(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr(archive_steps, "_LOT", 1)
    old.ask_move()
    if state == "restoring":
        old.work()
        old.ask_restore()
    while [(one.state, one.done) for one in old.known()] != [(state, 2)]:
        old.step()
    [before] = old.known()
    with missing(tmp_path / "archive"), pytest.raises(archive_steps.ArchiveError, match="back-up"):
        old.work()
    assert old.known() == [before]
    assert visible(old) == sorted(old.ids.values())
    old.work()
    assert [one.state for one in old.known()] == (["moved"] if state == "deleting" else [])
    assert visible(old) == sorted(old.ids.values())


def test_a_month_is_not_made_anew_without_files_that_went_away_meanwhile(
    old: Old, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old.move()
    save_note(author_id=old.anna, text="Again", interaction_id=old.ids["pbx/10.1"], **old.both)
    [before], folder = old.known(), old.files.path(old.known()[0].folder)
    write = old.files.write

    def gone(month: str) -> object:
        folder.rename(tmp_path / "gone")
        return write(month)

    with monkeypatch.context() as patched:
        patched.setattr(old.files, "write", gone)
        with pytest.raises(archive_steps.ArchiveError, match="back-up"):
            old.work()
    assert old.known() == [before]
    (tmp_path / "gone").rename(folder)
    old.work()
    assert visible(old) == sorted(old.ids.values())


def settled(old: Old, number: str, at: object) -> int:
    told = ended(number, at, talk_seconds=31.0)  # type: ignore[arg-type]
    done = settle_calls(
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
    return done.repaired.total() + done.confirmed


def test_the_ledger_mends_a_call_of_another_month_than_the_one_that_is_away(old: Old) -> None:
    newest = NOW - timedelta(days=2)
    for number, at in (("80.1", newest), ("70.1", EARLIER), ("90.1", newest)):
        old.ids |= old.store.save(ended(number, at))
    old.move()
    old.move("2025-11")
    november, _ = old.known()
    folder = old.files.path(november.folder)
    folder.rename(folder.with_name("away"))
    live = old.live()
    assert settled(old, "12.1", OLD + timedelta(days=2)) == 1
    assert old.live() - live == {old.ids["pbx/12.1"]}
    with pytest.raises(Conflict, match="away: 2025-11"):
        settled(old, "70.1", EARLIER)
    folder.with_name("away").rename(folder)
    assert settled(old, "70.1", EARLIER) == 1
    assert old.live() - live == {old.ids["pbx/12.1"], old.ids["pbx/70.1"]}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_away_is_taken_up_again_once_somebody_says_that_it_is_there(
    old: Old, tmp_path: Path
) -> None:
    old.move()
    with missing(tmp_path / "archive"):
        with pytest.raises(archive_steps.ArchiveError) as raised:
            old.work()
        assert str(raised.value) == HARMED
        archive_steps.note_problem(MONTH, str(raised.value), **old.both)
    with old.store.engine.connect() as connection:
        assert archive.view(connection) is not None
    service.check_again(MONTH, user_id=None, **old.both)
    assert not old.step()
    assert visible(old) == sorted(old.ids.values())
