"""A small company on a real database with the web door before it: people who log in, customers,
and calls that go through the same service as those of a PBX."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from callcenter.accounts.passwords import hash_password
from callcenter.accounts.user import UserDraft
from callcenter.bootstrap import build
from callcenter.calls.events import CallRinging
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.customer import CustomerDraft, StoredPhone
from callcenter.runtime import Runtime
from callcenter.services.handle_calls import CallMemory, handle_call_events
from callcenter.settings import BindAddress, Settings
from callcenter.store.tables import invoices, orders
from tests.support.call_records import call_record
from web.catalogs import ensure_compiled

PASSWORD = "a long enough password"
_HASH = hash_password(PASSWORD)
_ZONES = ("UTC", "Europe/Warsaw", "Europe/Moscow")  # of these people, and of what is stored
MARKUP = '<img src=x onerror="window.broken=1">'

ONE, SHARED, UNKNOWN, EVIL = "+48221234567", "+48225550101", "+79161234567", "+48229998877"


def settings_for(database_url: str, folder: Path, **changes: Any) -> Settings:
    plain = Settings(
        database_url=database_url,
        secret_key="for tests only, no secret at all",
        web_bind=BindAddress("127.0.0.1", 0),
        data_dir=folder,
    )
    return replace(plain, **changes)


@dataclass
class World:
    runtime: Runtime
    users: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    memory: CallMemory = field(default_factory=CallMemory)
    calls: dict[str, CallRecord] = field(default_factory=dict)

    # --- calls ----------------------------------------------------------------------------------

    def tell(self, *records: CallRecord) -> None:
        """What the tracker would tell: these calls, as they are now."""
        handle_call_events(
            [
                CallRinging(call=record, at=record.started_at, endpoint="", uniqueid="")
                for record in records
            ],
            unit_of_work=self.runtime.unit_of_work,
            publisher=self.runtime.bus,
            clock=self.runtime.clock,
            plan_for=self.runtime.settings.number_plan_for,
            memory=self.memory,
        )
        self.calls.update({record.id: record for record in records})

    def ring(
        self, number: str, *, to: Sequence[str] = ("1001",), name: str = "", call_id: str = "pbx/1"
    ) -> CallRecord:
        record = ringing_call(call_id, number, to, name, self.runtime.clock.now())
        self.tell(record)
        return record

    def answer(self, call_id: str = "pbx/1", by: str = "1001") -> CallRecord:
        record = answered(self.calls[call_id], by, self.runtime.clock.now())
        self.tell(record)
        return record

    def hang_up(self, call_id: str = "pbx/1") -> CallRecord:
        record = ended(self.calls[call_id], self.runtime.clock.now())
        self.tell(record)
        return record


def make_world(database_url: str, folder: Path, **changes: Any) -> World:
    ensure_compiled()
    filled = _taken(database_url) if database_url.startswith(_FILE) else None
    world = World(build(settings_for(database_url, folder, **changes)))
    if filled is not None:
        world.users, world.customers = dict(filled.users), dict(filled.customers)
    else:
        _fill(world)
    return world


@dataclass(frozen=True)
class _Filled:
    """A file with the company in it, made anew where a day has begun for any of its people."""

    days: tuple[date, ...]
    empty: bytes
    full: bytes
    users: dict[str, int]
    customers: dict[str, int]


_FILE = "sqlite:///"
_filled: _Filled | None = None


def _taken(database_url: str) -> _Filled | None:
    """Puts the company into a database in which nothing is yet: to write its file is a tenth of the
    work of saying it all again. None where somebody has written there before."""
    global _filled  # noqa: PLW0603 - one of each process
    path = Path(database_url.removeprefix(_FILE))
    now = datetime.now(UTC)
    days = tuple(now.astimezone(ZoneInfo(zone)).date() for zone in _ZONES)
    empty = path.read_bytes()
    if path.with_name(f"{path.name}-wal").exists():
        return None
    if _filled is None or _filled.days != days or _filled.empty != empty:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "full.db"
            copy.write_bytes(empty)
            if not _has_nobody(copy):
                return None
            world = World(build(settings_for(f"{_FILE}{copy}", Path(folder))))
            _fill(world)
            world.runtime.close()
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute("pragma wal_checkpoint(truncate)")
            _filled = _Filled(days, empty, copy.read_bytes(), world.users, world.customers)
    path.write_bytes(_filled.full)
    return _filled


def _has_nobody(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return not any(
            connection.execute(f"select 1 from {table} limit 1").fetchone()
            for table in ("users", "customers", "organizations")
        )


def _fill(world: World) -> None:
    now = world.runtime.clock.now()
    with world.runtime.unit_of_work() as uow:
        for draft in _USERS:
            world.users[draft.username] = uow.users.add(draft, _HASH, now)
        for draft, numbers, organization in _CUSTOMERS:
            company = uow.customers.ensure_organization(organization, now) if organization else None
            phones = [
                StoredPhone(e164=number, kind="mobile", is_primary=at == 0)
                for at, number in enumerate(numbers)
            ]
            key = draft.display_name
            world.customers[key] = uow.customers.add(draft, phones, company, now)
        connection: Any = uow.customers._connection  # type: ignore[attr-defined]
        today = now.astimezone(ZoneInfo("Europe/Warsaw")).date()  # as her operators see it
        _owe(connection, world.customers["Maria Kowalska"], today)
        uow.commit()


def _owe(connection: Any, customer_id: int, today: date) -> None:
    connection.execute(
        insert(invoices).values(
            customer_id=customer_id,
            number="FV/551",
            amount_minor=124000,
            currency="PLN",
            due_on=today - timedelta(days=12),
        )
    )
    connection.execute(
        insert(orders).values(
            customer_id=customer_id,
            number="1182",
            title="Two trucks to Gdynia",
            amount_minor=990000,
            currency="PLN",
            status="open",
            placed_on=today - timedelta(days=3),
        )
    )


_USERS = (
    UserDraft(
        username="operator1",
        display_name="Anna Nowak",
        endpoint="PJSIP/1001",
        extension="1001",
        time_zone="Europe/Warsaw",
    ),
    UserDraft(
        username="operator2",
        display_name="Jan Lis",
        endpoint="PJSIP/1002",
        extension="1002",
        locale="pl",
        time_zone="Europe/Warsaw",
    ),
    UserDraft(
        username="operator3",
        display_name="Ольга Белова",
        endpoint="PJSIP/1003",
        extension="1003",
        locale="ru",
        time_zone="Europe/Moscow",
    ),
    UserDraft(username="supervisor", display_name="Ewa Krol", role="supervisor"),
    UserDraft(username="admin", display_name="Adam Wolski", role="admin"),
)
_CUSTOMERS: tuple[tuple[CustomerDraft, tuple[str, ...], str], ...] = (
    (
        CustomerDraft(
            display_name="Maria Kowalska",
            given_name="Maria",
            family_name="Kowalska",
            position="Buyer",
            email="maria@example.org",
            language="pl",
            city="Warszawa",
            vip_level=1,
        ),
        (ONE,),
        "Nowak Logistics",
    ),
    (
        CustomerDraft(display_name="Piotr Zając", family_name="Zając", city="Kraków"),
        (SHARED,),
        "Zając i synowie",
    ),
    (
        CustomerDraft(display_name="Zofia Zając", family_name="Zając", city="Kraków"),
        (SHARED,),
        "Zając i synowie",
    ),
    (
        CustomerDraft(
            display_name="Иван Петров",
            family_name="Петров",
            language="ru",
            city="Минск",
            blocked=True,
            block_reason="Threats",
        ),
        ("+375291234567",),
        "",
    ),
    (CustomerDraft(display_name=MARKUP, city=MARKUP, remarks=MARKUP), (EVIL,), MARKUP),
)


# --- calls as the tracker would tell them ---------------------------------------------------------


def ringing_call(
    call_id: str, number: str, to: Sequence[str], name: str, now: datetime
) -> CallRecord:
    uniqueid = call_id.partition("/")[2]
    caller = _leg(uniqueid, "PJSIP/trunk", number, "caller", now)
    rung = tuple(_leg(f"{uniqueid}-{one}", f"PJSIP/{one}", one, "callee", now) for one in to)
    legs = (caller, *rung)
    return call_record(
        call_id,
        pbx="pbx",
        direction="inbound",
        result="missed",
        started_at=now - timedelta(seconds=20),
        caller_number=number,
        caller_name=name,
        dialed="+48221000001",
        trunk="PJSIP/trunk",
        queues=("support",),
        legs=legs,
        route="queue-support",
        channels=tuple(leg.channel for leg in legs),
        uniqueids=tuple(leg.uniqueid for leg in legs),
        wait_seconds=20.0,
    )


def answered(record: CallRecord, by: str, now: datetime) -> CallRecord:
    legs = tuple(
        replace(leg, answered_at=now, result="answered")
        if leg.role == "caller" or leg.number == by
        else replace(leg, ended_at=now, result="elsewhere")
        for leg in record.legs
    )
    channel = next(leg.channel for leg in legs if leg.number == by)
    return replace(
        record,
        legs=legs,
        result="answered",
        answered_at=now,
        answered_by=(channel,),
        last_speaker=channel,
    )


def ended(record: CallRecord, now: datetime) -> CallRecord:
    legs = tuple(
        replace(leg, ended_at=leg.ended_at or now, talk_seconds=271.0 if leg.answered_at else 0.0)
        for leg in record.legs
    )
    talked = 271.0 if record.answered_at else 0.0
    return replace(record, live=False, ended_at=now, legs=legs, talk_seconds=talked)


def _leg(uniqueid: str, endpoint: str, number: str, role: Any, now: datetime) -> Leg:
    return Leg(
        channel=f"{endpoint}-{uniqueid}",
        uniqueid=uniqueid,
        endpoint=endpoint,
        number=number,
        name="",
        role=role,
        ringing_at=now,
        answered_at=None,
        ended_at=None,
        result="missed",
        talk_seconds=0.0,
        hold_seconds=0.0,
    )


# --- browsing without a browser -------------------------------------------------------------------


class Browser:
    """Flask's test client that fetches the forgery token the way a page does."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self._token = ""  # of this session: it lasts for many posts

    def token(self, path: str = "/login") -> str:
        text = self.client.get(path).get_data(as_text=True)
        found = re.search(r'csrf[-_]token"[^>]*?(?:value|content)="([^"]+)"', text)
        assert found, f"no token on {path}"
        return found.group(1)

    def log_in(self, username: str, password: str = PASSWORD, **more: str) -> Any:
        data = {"username": username, "password": password, "csrf_token": self.token(), **more}
        self._token = ""
        return self.client.post("/login", data=data)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        self._token = self._token or self.token("/profile")
        headers = {"X-CSRFToken": self._token, **more.pop("headers", {})}
        return self.client.post(path, data=data or {}, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def text(self, path: str, **more: Any) -> str:
        return str(self.client.get(path, **more).get_data(as_text=True))


UTC_NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
