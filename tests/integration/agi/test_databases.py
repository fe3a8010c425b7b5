"""Decisions from real databases: found, kept, and survived when the database does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import select

from agi_scripts.service import AgiService
from callcenter import bootstrap
from callcenter.customers.customer import CustomerDraft, PhoneDraft
from callcenter.runtime import Runtime
from callcenter.services.customers import create_customer
from callcenter.settings import BindAddress, Settings
from callcenter.store.tables import routing_decisions
from tests.support.agi import ask
from tests.support.databases import PostgresDatabases
from tests.support.servers import PostgresServer
from tests.support.waiting import wait_until

VIP, BLOCKED, SHARED, STRANGER = "+48601000001", "+48601000002", "+48601000003", "+48601000009"


@contextmanager
def serving(database_url: str) -> Iterator[tuple[AgiService, Runtime]]:
    settings = Settings(
        database_url=database_url, agi_bind=BindAddress("127.0.0.1", 0), secret_key="x" * 40
    )
    runtime = bootstrap.build(settings)
    service = AgiService(runtime)
    service.start()
    try:
        yield service, runtime
    finally:
        service.stop(5.0)
        runtime.close()


def add(runtime: Runtime, number: str, **facts) -> int:
    draft = CustomerDraft(display_name="Jan", phones=(PhoneDraft(number=number),), **facts)
    return create_customer(
        draft,
        unit_of_work=runtime.unit_of_work,
        clock=runtime.clock,
        plan=runtime.settings.number_plan,
        user_id=None,
    )


def test_callers_are_routed_by_what_the_database_says_of_them(database_url):
    with serving(database_url) as (agi, runtime):
        vip = add(runtime, VIP, vip_level=3, language="pl")
        add(runtime, BLOCKED, blocked=True)
        add(runtime, SHARED)
        add(runtime, SHARED)
        assert ask(agi.port, callerid="601 000 001") == {
            "CRM_CUSTOMER_ID": str(vip),
            "CRM_PRIORITY": "30",
            "CRM_LANGUAGE": "pl",
            "CRM_REASON": "vip",
            "CRM_ROUTE": "queue-vip",
        }
        assert ask(agi.port, callerid=BLOCKED)["CRM_ROUTE"] == "blocked"
        assert ask(agi.port, callerid=SHARED)["CRM_REASON"] == "several"
        assert ask(agi.port, callerid=STRANGER)["CRM_REASON"] == "unknown"


def test_a_decision_is_kept_and_hostile_text_does_not_keep_it_out(database_url):
    with serving(database_url) as (agi, runtime):
        ask(agi.port, callerid=VIP, uniqueid="pbx1-1.2\0" + "x" * 500, dnid="\0Ж';--" * 90)

        def rows():
            with runtime.reader() as connection:
                return connection.execute(select(routing_decisions)).all()

        wait_until(rows)
        assert rows()[0].uniqueid.startswith("pbx1-1.2x")
        assert (rows()[0].rule, rows()[0].number) == ("unknown", VIP)


@pytest.mark.postgresql
def test_a_locked_table_costs_the_decision_and_not_the_call(postgres_url):
    with serving(postgres_url) as (agi, runtime):
        add(runtime, VIP, vip_level=1)
        assert ask(agi.port, callerid=VIP)["CRM_ROUTE"] == "queue-vip"
        with psycopg.connect(postgres_url.replace("+psycopg", "")) as other:
            other.execute("lock table customers in access exclusive mode")
            assert ask(agi.port, callerid=VIP)["CRM_REASON"] == "failed-open"
        wait_until(lambda: ask(agi.port, callerid=VIP)["CRM_ROUTE"] == "queue-vip")


@pytest.mark.postgresql
def test_a_database_that_was_killed_is_used_again_when_it_is_back():
    server = PostgresServer(in_memory=True)
    try:
        with serving(server.url(PostgresDatabases(server).migrated())) as (agi, runtime):
            add(runtime, VIP, vip_level=1)
            assert ask(agi.port, callerid=VIP)["CRM_ROUTE"] == "queue-vip"
            server.kill()
            assert ask(agi.port, callerid=VIP)["CRM_REASON"] == "failed-open"
            server.start()  # without fsync the crash may have cost the VIP, not the answer
            wait_until(lambda: ask(agi.port, callerid=VIP)["CRM_REASON"] in ("vip", "unknown"))
    finally:
        server.close()
