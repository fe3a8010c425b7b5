"""Files of a month that somebody harmed: whoever reads goes on without them, and says so."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, select, update

from callcenter.archive.months import bounds
from callcenter.errors import Conflict
from callcenter.queries import (
    archive_months,
    explanations,
    interactions,
    personal_data,
    recordings,
    timeline,
)
from callcenter.queries.interactions import InteractionFilters
from callcenter.queries.reports import answer, contacts
from callcenter.queries.timeline import TimelineFilters
from callcenter.report_files import writing
from callcenter.reporting.address import Asked
from callcenter.reporting.catalog import REPORTS
from callcenter.reports.periods import Period
from callcenter.reports.question import Cell, Filters, Question, ServiceLevel
from callcenter.rights.viewer import EVERYTHING
from callcenter.services import archive_steps, erasure
from callcenter.store import archive, archive_left_out, tables
from tests.contracts.test_archive_changes import PLAN
from tests.support.archives import MONTH, OLD, Old, ended, old_calls
from tests.support.store import NOW, TODAY, Store

_PERIOD: Final = Period.days(date(2025, 12, 1), date(2026, 3, 2), "UTC")
_BY_RESULT: Final = Question(kpis=("contacts",), period=_PERIOD, by=("result",))
_CELL: Final = Cell(kpi="contacts", key=("answered",))


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Old:
    made = old_calls(store, tmp_path / "archive")
    with store.engine.begin() as connection:  # met no queue: told by the archive alone
        connection.execute(update(tables.interactions).values(queue=""))
    made.move()
    return made


def flipped(path: Path) -> None:
    """In the data pages, and of the same size."""
    told = bytearray(path.read_bytes())
    told[4 : len(told) // 2] = bytes(one ^ 0x5A for one in told[4 : len(told) // 2])
    path.write_bytes(told)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def of_another_month(path: Path) -> None:
    path.write_bytes(path.with_name("call_legs.parquet").read_bytes())


def unreadable(path: Path) -> None:
    path.unlink()
    path.mkdir()


HARMS = (flipped, cut, of_another_month, unreadable, Path.unlink)


def read(old: Old, connection: Connection) -> dict[str, Any]:
    """All that reads the archive, and what it says was left out."""
    one, call_id = old.ids["pbx/10.1"], "pbx/10.1"
    readers: dict[str, Callable[[], Any]] = {
        "list": lambda: interactions.page(connection, InteractionFilters(), None, 9, TODAY).items,
        "narrowed": lambda: (
            interactions.page(connection, InteractionFilters(text="SHE SAID"), None, 9, TODAY).items
        ),
        "timeline": lambda: (
            timeline.page(connection, TimelineFilters(customer_id=old.maria), None, 9, TODAY).items
        ),
        "contact": lambda: interactions.get(connection, one, TODAY),
        "explained": lambda: explanations.get(connection, one, TODAY),
        "journal": lambda: explanations.journal(connection, call_id),
        "sound": lambda: recordings.hearable(connection, list(old.ids.values()), EVERYTHING),
        "figures": lambda: answer(connection, _BY_RESULT).rows,
        "behind": lambda: contacts(connection, _BY_RESULT, _CELL, today=TODAY).items,
    }
    found: dict[str, Any] = {}
    for name, reader in readers.items():
        archive_left_out.begin()
        found[name] = reader(), archive_left_out.months()
    return found


def written(connection: Connection, folder: Path) -> list[str]:
    """The lines of a report's file."""
    report = REPORTS["outcomes"]
    asked = Asked(
        report=report,
        preset="",
        first=date(2025, 12, 1),
        last=date(2026, 3, 2),
        period=_PERIOD,
        by=("outcome",),
        filters=Filters(),
        sl=ServiceLevel(),
    )
    order = writing.Order(asked=asked, viewer=EVERYTHING, form="csv", today=TODAY)
    writing.write(connection, order, folder / "report.csv")
    return (folder / "report.csv").read_text(encoding="utf-8").splitlines()


def test_whatever_happened_to_a_file_all_the_rest_is_shown_and_the_month_named(
    old: Old, tmp_path: Path
) -> None:
    [month] = old.known()
    folder, kept = old.files.path(month.folder), tmp_path / "kept"
    shutil.copytree(folder, kept)
    with old.store.engine.connect() as connection:
        whole = read(old, connection)
        assert {told for _, told in whole.values()} == {()}
        for harm in HARMS:
            (folder / "contacts.pages").unlink()
            harm(folder / "interactions.parquet")
            old.files.shelf.forget(month.folder)
            found = read(old, connection)
            assert {name: told for name, (_, told) in found.items()} == dict.fromkeys(
                found, (MONTH,)
            ), harm
            assert [one.id for one in found["list"][0]] == [old.ids["pbx/60.1"]]
            assert whole["figures"][0] != found["figures"][0]
            assert [row.values["contacts"] for row in found["figures"][0]] == [1.0]
            assert written(connection, tmp_path)[-1].endswith(f"cannot be read: {MONTH}")
            copy = personal_data.everything(connection, old.maria)
            assert copy is not None
            assert copy.sections["months_not_read"] == [{"month": MONTH}]
            assert not old.files.intact(month.folder, month.files)
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            old.files.shelf.forget(month.folder)
            assert read(old, connection) == whole  # brought from a back-up


def test_a_file_that_goes_while_it_is_being_read_takes_nothing_else_along(old: Old) -> None:
    [month] = old.known()
    contact = tables.interactions.c
    with old.store.engine.connect() as connection:
        view = archive.view(connection)
        assert view is not None
        assert len(view.scalars(select(contact.id)).all()) == 4
        (old.files.path(month.folder) / "interactions.parquet").write_bytes(b"PAR1")
        archive_left_out.begin()
        assert view.scalars(select(contact.id)).all() == []
        assert archive_left_out.months() == (MONTH,)
        assert archive.view(connection, strict=True) is not None


@pytest.fixture
def two(old: Old) -> Old:
    """November in files as well; its contact is the last of `ids`."""
    earlier, newest = OLD - timedelta(days=30), NOW - timedelta(days=2)
    for number, at in (("80.1", newest), ("70.1", earlier), ("90.1", newest)):
        old.ids |= old.store.save(ended(number, at))
    old.move("2025-11")
    assert [one.state for one in old.known()] == ["moved", "moved"]
    return old


def test_a_view_looks_at_no_month_that_nobody_asks_for_and_at_none_twice(
    two: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    sound = two.files.sound

    def seen(folder: str, told: Any) -> bool:
        looked.append(folder.split(".", maxsplit=1)[0])
        return sound(folder, told)

    monkeypatch.setattr(two.files, "sound", seen)
    begin, end = bounds(MONTH)
    with two.store.engine.connect() as connection:
        view = archive.view(connection)
        assert view is not None
        assert looked == []
        [december] = view.within(begin, end)
        assert view.of([two.ids["pbx/10.1"]]) == view.group([december]).all() == [december]
        assert looked == [MONTH]
        assert len(view.all()) == 2
        assert looked == [MONTH, "2025-11"]


def test_a_month_that_is_away_hinders_nobody_who_asks_for_another_one(two: Old) -> None:
    november, _ = two.known()
    folder = two.files.path(november.folder)
    folder.rename(folder.with_name("away"))
    begin, end = bounds(MONTH)
    with two.store.engine.connect() as connection:
        for asked, told in (
            (InteractionFilters(since=begin, until=end), ()),
            (InteractionFilters(until=end), ("2025-11",)),
        ):
            archive_left_out.begin()
            assert len(interactions.page(connection, asked, None, 9, TODAY).items) == 4
            assert archive_left_out.months() == told
    with two.store.unit_of_work() as uow:
        assert uow.archive.bring_back([two.ids["pbx/10.1"]]) == 1
        with pytest.raises(Conflict, match="away: 2025-11"):
            uow.archive.bring_back([two.ids["pbx/70.1"]])


def test_a_month_says_how_many_erased_contacts_lie_in_its_harmed_files(old: Old) -> None:
    [month] = old.known()
    flipped(old.files.path(month.folder) / "notes.parquet")
    with pytest.raises(archive_steps.ArchiveError):
        archive_steps.look_at(month, files=old.files)
    (old.files.path(month.folder) / "notes.parquet").unlink()
    erasure.erase_customer(old.maria, plan_for=lambda _: PLAN, **old.both)
    with old.store.engine.connect() as connection:
        assert archive_months.erased_in(connection, [MONTH]) == {MONTH: 3}
