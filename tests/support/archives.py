"""Old calls for the archive, with all that can hang on one, and the worker's turns by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from callcenter.archive.months import Month
from callcenter.archive_work import ArchiveLoop, turn
from callcenter.calls.journal import JournalPart
from callcenter.calls.repair import Repair
from callcenter.gateways.parquet_archive import ParquetArchive
from callcenter.queries import interactions
from callcenter.queries.interactions import InteractionFilters
from callcenter.runtime import Runtime
from callcenter.services import archive as service
from callcenter.services import archive_steps
from callcenter.store import archive
from callcenter.store.archive_shapes import SHAPES, TABLES, plain
from callcenter.store.tables import (
    call_channels,
    interaction_candidates,
    interaction_outcomes,
    leg_quality,
    metadata,
    notes,
    outcomes,
    recording_pauses,
)
from tests.support.store import NOW, StandingClock, Store, call, leg

MONTH = "2025-12"
OLD = datetime.fromisoformat("2025-12-05T10:00:00+00:00")
HOSTILE = "She said \"no\", \\ {'x': 1}\n\t,;|$1 %s \u2028 Ёлки 漢字 😀 NULL"


@dataclass
class Old:
    """A store whose engine has an archive."""

    store: Store
    files: ParquetArchive
    anna: int = 0
    maria: int = 0
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def both(self) -> dict[str, Any]:
        return {"unit_of_work": self.store.unit_of_work, "clock": self.store.clock}

    def ask_move(self, month: str = MONTH) -> None:
        service.ask_move(month, user_id=None, **self.both)

    def ask_restore(self, month: str = MONTH) -> None:
        service.ask_restore(month, user_id=None, **self.both)

    def known(self) -> list[Month]:
        with self.store.engine.connect() as connection:
            return archive.months(connection)

    def step(self, unit_of_work: Any = None, journals_since: datetime | None = None) -> bool:
        """One step of the first month that has one."""
        both = {**self.both, "unit_of_work": unit_of_work or self.store.unit_of_work}
        both["journals_since"] = journals_since
        return any(archive_steps.work_on(one, files=self.files, **both) for one in self.known())

    def work(self) -> None:
        while self.step():
            pass

    def move(self, month: str = MONTH) -> None:
        self.ask_move(month)
        self.work()

    def restore(self, month: str = MONTH) -> None:
        self.ask_restore(month)
        self.work()

    def rows(self) -> dict[str, list[str]]:
        """Everything in the tables that move."""
        with self.store.engine.connect() as connection:
            return {
                name: sorted(
                    repr(plain(name, dict(row._mapping)))
                    for row in connection.execute(select(metadata.tables[name]))
                )
                for name in TABLES
            }

    def live(self) -> set[int]:
        with self.store.engine.connect() as connection:
            return set(connection.scalars(select(metadata.tables["interactions"].c.id)))


def starve(runtime: Runtime, folder: Path) -> StandingClock:
    """All tries in which a month lacks memory until it waits a day, and when the last one was. The
    memory is truly too little: less than one buffer that DuckDB reads JSON into."""
    files = ParquetArchive(folder, SHAPES, memory="16MB", threads=1)
    clock = StandingClock(runtime.clock.now())
    for seconds in (0, 60, 600):
        clock.pass_by(seconds)
        assert not turn(replace(runtime, clock=clock), ArchiveLoop(runtime), files)
    files.close()
    return clock


def visible(old: Old) -> list[int]:
    """Every contact that the list shows, page by page, as often as it shows it."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        with old.store.engine.connect() as connection:
            page = interactions.page(connection, InteractionFilters(), cursor, 2)
        found += [one.id for one in page.items]
        if page.next_cursor is None:
            return sorted(found)
        cursor = page.next_cursor


def old_calls(store: Store, folder: Path, *, many: int = 3) -> Old:
    """`many` calls of Maria's in December, one of an unknown number, one this month."""
    files = ParquetArchive(folder, SHAPES, memory="128MB", threads=1)
    archive.attach(store.engine, files)
    anna = store.add_user()
    maria = store.add_customer("Maria Kowalska", "+48221234567")
    made = Old(store, files, anna, maria)
    for one in range(many):
        made.ids |= store.save(
            ended(f"{10 + one}.1", OLD + timedelta(days=one)),
            customer_id=maria,
            match="one",
            operator_id=anna,
        )
    made.ids |= store.save(
        ended("50.1", OLD, result="abandoned", caller_number="+48229999999"), number="+48229999999"
    )
    made.ids |= store.save(ended("60.1", NOW - timedelta(days=2)), customer_id=maria, match="one")
    adorn(made, "pbx/10.1")
    return made


def ended(number: str, at: datetime, **changes: object) -> Any:
    serial, _, counter = number.partition(".")
    callee = f"{serial}.{int(counter) + 1}"
    values: dict[str, object] = {
        "result": "answered",
        "live": False,
        "started_at": at,
        "answered_at": at + timedelta(seconds=3, microseconds=7),
        "ended_at": at + timedelta(seconds=63),
        "wait_seconds": 3.000007,
        "talk_seconds": 59.999993,
        "caller_name": HOSTILE[:100],
        "legs": (
            leg(number, "PJSIP/trunk", "caller", ended_at=at),
            leg(callee, "PJSIP/1001", "callee", ringing_at=at, ended_at=at, result="answered"),
        ),
    }
    return call(number, **(values | changes))


def adorn(made: Old, call_id: str) -> None:
    """One of everything that a call may have."""
    one = made.ids[call_id]
    with made.store.unit_of_work() as uow:
        told = {"call_id": call_id, "pbx": "pbx", "started_at": OLD, "events": 2}
        uow.journal.add([JournalPart(**told, source="live", data=bytes(range(256)))])
        told = {"call_id": call_id, "at": OLD, "cause": "differs", "field": "talk_seconds"}
        uow.repairs.record([Repair(**told, before="58", after="60")])
        uow.calls.settled([call_id], OLD)
        run = uow.connection.execute
        outcome = run(
            insert(outcomes).values(label="Sold", labels={"pl": "Sprzedano"}, requires=[])
        ).inserted_primary_key[0]
        run(
            insert(interaction_outcomes).values(
                interaction_id=one,
                outcome_id=outcome,
                user_id=made.anna,
                at=OLD,
                details={"note": HOSTILE, "n": None, "x": [1.5, True]},
            )
        )
        run(
            insert(notes).values(
                interaction_id=one,
                author_id=made.anna,
                text=HOSTILE,
                created_at=OLD,
                updated_at=OLD,
                words="she said ёлки",
            )
        )
        run(insert(interaction_candidates).values(interaction_id=one, customer_id=made.maria))
        run(
            insert(leg_quality).values(
                call_id=call_id, uniqueid="10.2", user_id=made.anna, mos=4.123456789, at=OLD
            )
        )
        run(
            insert(recording_pauses).values(
                call_id=call_id,
                channel="PJSIP/1001-1",
                user_id=made.anna,
                cause="button",
                began_at=OLD,
                resume_at=OLD,
                resumed_at=OLD,
            )
        )
        run(
            insert(call_channels).values(
                uniqueid="10.99", pbx="pbx", call_id=call_id, at=OLD + timedelta(microseconds=1)
            )
        )
        uow.commit()
