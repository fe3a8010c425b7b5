"""A small call center behind the API: one user of each role, some people, some calls."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from flask_babel import Babel
from flask_openapi3.openapi import OpenAPI
from werkzeug.test import TestResponse

from callcenter import bootstrap
from callcenter.accounts.user import ROLES, UserDraft
from callcenter.calls.record import CallRecord, Leg
from callcenter.customers.customer import CustomerDraft, PhoneDraft
from callcenter.customers.phone import parse_number
from callcenter.interactions.interaction import interaction_of
from callcenter.queries import users as user_queries
from callcenter.runtime import Runtime
from callcenter.services import accounts
from callcenter.services.customers import create_customer
from callcenter.settings import Settings
from web import api, health, metrics
from web.catalogs import TRANSLATIONS, ensure_compiled
from web.rules import LateRule

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class StandingClock:
    def now(self) -> datetime:
        return NOW


def make_app(runtime: Runtime) -> OpenAPI:
    """The API alone; `web.create_app` adds the pages."""
    app = OpenAPI("api_under_test", doc_ui=False)
    app.url_rule_class = LateRule
    ensure_compiled()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    Babel(app)
    api.register(app, runtime)
    health.register(app, runtime)
    metrics.register(app, runtime)
    return app


@dataclass
class World:
    runtime: Runtime
    app: OpenAPI
    client: FlaskClient
    users: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    calls: int = 0

    def ask(self, method: str, path: str, role: str | None = "admin", **rest: Any) -> TestResponse:
        headers = dict(rest.pop("headers", {}))
        if role is not None:
            headers.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        url = path if path.startswith("/api") else f"/api/v1{path}"
        return self.client.open(url, method=method, headers=headers, **rest)

    def get(self, path: str, role: str | None = "admin", **rest: Any) -> TestResponse:
        return self.ask("GET", path, role, **rest)

    def post(self, path: str, body: Any, role: str = "admin", **rest: Any) -> TestResponse:
        return self.ask("POST", path, role, json=body, **rest)

    def patch(self, path: str, body: Any, role: str = "admin", **rest: Any) -> TestResponse:
        return self.ask("PATCH", path, role, json=body, **rest)

    def add_user(self, role: str, username: str | None = None, endpoint: str = "") -> int:
        draft = UserDraft(
            username=username or role, display_name=role.title(), role=role, endpoint=endpoint
        )
        with self.runtime.unit_of_work() as uow:  # no password: hashing one takes its time
            user_id = uow.users.add(draft, "no log-in", NOW)
            uow.commit()
        return user_id

    def add_token(self, username: str, *scopes: str) -> str:
        with self.runtime.reader() as connection:
            user = user_queries.by_username(connection, username)
        assert user is not None
        return accounts.issue_token(
            user.id,
            "test",
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
            scopes=scopes or ("read", "write", "ledger"),
        )

    def add_customer(self, name: str, *numbers: str, **fields: Any) -> int:
        draft = CustomerDraft(
            display_name=name,
            phones=tuple(PhoneDraft(number=number) for number in numbers),
            **fields,
        )
        return create_customer(
            draft,
            unit_of_work=self.runtime.unit_of_work,
            clock=self.runtime.clock,
            plan=self.runtime.settings.number_plan,
            user_id=self.users.get("admin"),
        )

    def add_call(
        self, number: str, *, live: bool = False, endpoint: str = "PJSIP/1001", **fields: Any
    ) -> tuple[str, int]:
        """One inbound call with its interaction: (call id, interaction id)."""
        self.calls += 1
        record = call_record(self.calls, number, live=live, endpoint=endpoint, **fields)
        parsed = parse_number(number, self.runtime.settings.number_plan)
        with self.runtime.unit_of_work() as uow:
            devices = uow.users.endpoint_map()
            uow.calls.save_many([record], devices)
            found = uow.customers.find_ids_by_number(parsed.e164, NOW.date()) if parsed.e164 else []
            row = interaction_of(record, parsed, [brief.id for brief in found], devices)
            ids = uow.interactions.upsert_many([row])
            uow.commit()
        return record.id, ids[record.id]


def call_record(
    serial: int,
    number: str,
    *,
    live: bool,
    endpoint: str,
    started: datetime | None = None,
    **f: Any,
) -> CallRecord:
    start = started or NOW - timedelta(hours=5) + timedelta(minutes=serial)
    answered, ended = start + timedelta(seconds=8), None if live else start + timedelta(seconds=68)
    caller = f"PJSIP/trunk-{serial:08x}"
    agent = f"{endpoint}-{serial:08x}"
    uniqueids = (f"1767225600.{serial * 2}", f"1767225600.{serial * 2 + 1}")
    legs = (
        _leg(caller, uniqueids[0], "PJSIP/trunk", number, "caller", start, ended),
        _leg(agent, uniqueids[1], endpoint, "1001", "callee", answered, ended),
    )
    values: dict[str, Any] = {
        "id": f"pbx1/{uniqueids[0]}",
        "pbx": "pbx1",
        "live": live,
        "direction": "inbound",
        "result": "answered",
        "started_at": start,
        "answered_at": answered,
        "ended_at": ended,
        "caller_number": number,
        "caller_name": "",
        "dialed": "+48221000001",
        "trunk": "PJSIP/trunk",
        "queues": ("support",),
        "legs": legs,
        "answered_by": (agent,),
        "last_speaker": agent,
        "transfers": (),
        "wait_seconds": 8.0,
        "talk_seconds": 60.0,
        "hold_seconds": 0.0,
        "hangup_by": "",
        "hangup_cause": None if live else 16,
        "route": "queue-support",
        "channels": (caller, agent),
        "uniqueids": uniqueids,
        "linkedids": (uniqueids[0],),
    }
    return CallRecord(**{**values, **f})


def _leg(  # noqa: PLR0917
    channel: str,
    uniqueid: str,
    endpoint: str,
    number: str,
    role: Any,
    answered: datetime,
    ended: datetime | None,
) -> Leg:
    return Leg(
        channel=channel,
        uniqueid=uniqueid,
        endpoint=endpoint,
        number=number,
        name="",
        role=role,
        ringing_at=answered - timedelta(seconds=4),
        answered_at=answered,
        ended_at=ended,
        result="answered",
        talk_seconds=60.0,
        hold_seconds=0.0,
    )


@contextmanager
def open_world(database_url: str, folder: Path) -> Iterator[World]:
    settings = Settings(database_url=database_url, data_dir=folder, secret_key="k" * 16)
    runtime = bootstrap.build(settings, clock=StandingClock())
    app = make_app(runtime)
    app.config.update(API_TOKEN_LIMIT="100000 per minute", API_GUESS_LIMIT="1000 per minute")
    world = World(runtime, app, app.test_client())
    for number, role in enumerate(ROLES):
        endpoint = "PJSIP/1001" if number == 0 else ""
        world.users[role] = world.add_user(role, endpoint=endpoint)
        world.tokens[role] = world.add_token(role)
    try:
        yield world
    finally:
        runtime.close()
