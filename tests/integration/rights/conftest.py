"""One company for every role: three built-in ones, one that sees its own, one that sees masks, one
that may nothing; and records of a colleague that only some of them may reach."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from callcenter.accounts.user import UserDraft
from callcenter.realtime.messages import Message
from callcenter.rights.objects import FIELDS
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.viewer import Viewer
from callcenter.sales.deal import DealDraft
from callcenter.services import accounts, deals, rights, tasks
from callcenter.services.notes import save_note
from callcenter.services.roles import copy_role
from callcenter.tasks.task import TaskDraft
from tests.support.databases import SqliteDatabases
from tests.support.web import ONE, PASSWORD, UNKNOWN, Browser, World, make_world
from web.app import create_app

ROLES = ("operator", "supervisor", "admin", "own", "masked", "none")
HERS = "Maria Kowalska"
DIGITS, MAIL = ONE.removeprefix("+48"), "maria@example.org"
NEW = UNKNOWN.removeprefix("+7")
_SCOPED = ("customer", "organization", "interaction", "deal", "task", "conversation", "recording")


@dataclass
class Company:
    world: World
    app: Flask
    ids: dict[str, int]
    heard: list[Message]
    viewers: dict[str, Viewer] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)
    forms: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, role: str, method: str, path: str) -> Any:
        """As a page asks, or as a program does, whichever door it is."""
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self.tokens[role]}"}
            body = None if method in ("GET", "DELETE") else {}
            return self.app.test_client().open(path, method=method, headers=headers, json=body)
        headers = self.forms[role] if method == "POST" else {}
        return self.browsers[role].client.open(path, method=method, headers=headers)

    def post(self, role: str, path: str, **data: str) -> Any:
        return self.browsers[role].client.post(path, data=data, headers=self.forms[role])


@pytest.fixture(scope="package")
def company(_sqlite_databases: SqliteDatabases) -> Iterator[Company]:
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(_sqlite_databases.migrated(Path(folder) / "company.db"), Path(folder))
        heard: list[Message] = []
        stop = world.runtime.bus.subscribe(heard.append, lambda: None)
        app = create_app(world.runtime, testing=True)
        app.config["PROPAGATE_EXCEPTIONS"] = False  # a mistake is an answer like any other
        made = Company(world, app, _records(world), heard)
        for role in ROLES:
            _add_person(made, role)
        yield made
        stop()
        world.runtime.close()


def _records(world: World) -> dict[str, int]:
    """What operator2 has: a customer who is theirs, a call with them, a deal, a task, a note."""
    runtime, colleague = world.runtime, world.users["operator2"]
    store: Any = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    customer = world.customers[HERS]
    with runtime.unit_of_work() as uow:
        version = uow.customers.version(customer)
        uow.customers.update(
            customer, {"owner_id": colleague}, version=version, at=runtime.clock.now()
        )
        uow.commit()
    world.ring(ONE, to=("1002",))
    world.answer(by="1002")
    world.hang_up()
    with runtime.reader() as connection:
        row = connection.exec_driver_sql("select id from interactions").one()
    save_note(author_id=colleague, text="She waits", interaction_id=row.id, **store)
    deal = deals.create_deal(
        DealDraft(customer_id=customer, title="Trucks", currency="PLN", owner_id=colleague),
        user_id=colleague,
        **store,
    )
    task = tasks.create_task(
        TaskDraft(
            title="Call her", due_at=datetime.now(UTC) + timedelta(days=1), assignee_id=colleague
        ),
        user_id=colleague,
        desk=tasks.Desk(**store, publisher=runtime.bus, plan=runtime.settings.number_plan),
    )
    # Nobody knows this one: the card begins by itself, with the number as its name.
    world.ring(UNKNOWN, to=("1002",), call_id="pbx/2")
    world.answer("pbx/2", by="1002")
    world.hang_up("pbx/2")
    return {
        "customer_id": customer,
        "interaction_id": row.id,
        "deal_id": deal,
        "task_id": task,
        "organization_id": 1,
    }


def _add_person(company: Company, role: str) -> None:
    runtime = company.world.runtime
    store: Any = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    code = role if role in BUILTIN else _make_role(company, role)
    draft = UserDraft(username=f"the_{role}", display_name=role.title(), role=code)  # type: ignore[arg-type]
    user_id = accounts.create_user(draft, PASSWORD, **store)
    with runtime.unit_of_work() as uow:
        company.viewers[role] = rights.viewer_of(uow, user_id)
    company.tokens[role] = accounts.issue_token(user_id, "test", **store)
    browser = Browser(company.app)
    assert browser.log_in(f"the_{role}").status_code == 302
    company.browsers[role] = browser
    company.forms[role] = {"X-CSRFToken": browser.token("/profile")}


def _make_role(company: Company, role: str) -> str:
    runtime = company.world.runtime
    code = copy_role(
        "operator", role, user_id=None, unit_of_work=runtime.unit_of_work, clock=runtime.clock
    )
    with runtime.unit_of_work() as uow:
        base = uow.rights.role(code)
        assert base is not None
        uow.rights.save_role(_limited(base, role))
        uow.commit()
    return code


def _limited(base: Policy, role: str) -> Policy:
    if role == "none":
        hidden = {(one, name): "hidden" for one in FIELDS for name in FIELDS[one]}
        return replace(base, scopes=dict.fromkeys(base.scopes, "none"), fields=hidden)  # type: ignore[arg-type]
    if role == "masked":
        masks = {("customer", "phones"), ("customer", "emails"), ("interaction", "number")}
        masked = {key: "masked" if key in masks else one for key, one in base.fields.items()}
        return replace(base, fields=masked)  # type: ignore[arg-type]
    own = {
        key: "own" if key[0] in _SCOPED and key[1] != "create" and one == "all" else one
        for key, one in base.scopes.items()
    }
    return replace(base, scopes=own)  # type: ignore[arg-type]
