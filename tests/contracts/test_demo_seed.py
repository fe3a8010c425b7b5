"""The demo company: believable, the same everywhere, written once, with passwords of its own."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import phonenumbers
import pytest
from sqlalchemy import Connection, func, select

from callcenter import bootstrap
from callcenter.calls.record import CallRecord
from callcenter.queries import customers as queries
from callcenter.runtime import Runtime
from callcenter.seed import company, demo
from callcenter.seed.history import history
from callcenter.seed.people import SWITCHBOARD, people
from callcenter.services import accounts
from callcenter.settings import Settings
from callcenter.store import tables
from tests.support.customer_pages import customers_with
from tests.support.store import NOW, StandingClock, Store

_FILLED = (
    tables.users,
    tables.customers,
    tables.organizations,
    tables.phone_numbers,
    tables.orders,
    tables.invoices,
    tables.interactions,
    tables.survey_answers,
    tables.notes,
    tables.outcomes,
    tables.interaction_outcomes,
    tables.scripts,
    tables.deals,
    tables.tasks,
    tables.calibrations,
    tables.assessments,
    tables.callback_requests,
)


@pytest.fixture(scope="module")
def runtime(
    shared_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runtime]:
    """Seeded by whichever test comes first: another seed changes nothing, as one of them shows."""
    folder = tmp_path_factory.mktemp("seeded") / "var"
    settings = Settings(database_url=shared_database_url, data_dir=folder, secret_key="k" * 32)
    runtime = bootstrap.build(settings, clock=StandingClock())
    yield runtime
    runtime.close()


def counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in _FILLED
    }


def no_two_at_once(states: Sequence[Any]) -> bool:
    """Nobody is in two states in one moment."""
    ordered = sorted(states, key=lambda row: (row.user_id, row.began_at))
    return all(
        one.began_at <= one.ended_at
        and (one.user_id != after.user_id or one.ended_at <= after.began_at)
        for one, after in pairwise(ordered)
    )


def test_the_company_is_whole_and_a_second_seed_changes_nothing(runtime: Runtime) -> None:
    first = dict(demo.seed(runtime))
    with runtime.reader() as connection:
        before = counts(connection)
        stories = {
            name: len(customers_with(connection, name).items)
            for name in ("vip", "debtor", "blocked")
        }
        shared = queries.briefs_by_number(connection, SWITCHBOARD)
        states = connection.execute(select(tables.agent_history)).all()
        asked = connection.scalars(select(tables.survey_answers.c.answered_at)).all()
        skills = set(connection.scalars(select(tables.user_skills.c.skill)))
    assert 120 <= before["customers"] <= 150
    assert before["organizations"] == 35
    assert before["interactions"] > 300
    assert before["notes"] > 100
    assert before["calibrations"] == 2
    reasons = {row.reason for row in states if row.state == "paused"}
    assert reasons == {"break", "lunch", "meeting", "paperwork", "training"}
    assert no_two_at_once(states)
    assert any(at is not None and at > NOW - timedelta(days=7) for at in asked)
    assert skills == {"support", "sales", "vip", "debtors"}  # so that people can be moved
    assert before["callback_requests"] > 10
    assert before["assessments"] > 20
    assert stories == {"vip": 12, "debtor": 11, "blocked": 1}
    assert [one.display_name for one in shared] == ["Maria Kowalska", "Игорь Новак"]
    assert dict(demo.seed(runtime)) == first
    with runtime.reader() as connection:
        assert counts(connection) == before


def test_the_printed_passwords_open_and_are_kept_for_the_owner_alone(runtime: Runtime) -> None:
    words = dict(demo.seed(runtime))
    assert list(words) == ["operator1", "operator2", "operator3", "supervisor", "admin"]
    deps = {"unit_of_work": runtime.unit_of_work, "clock": runtime.clock}
    assert accounts.authenticate("operator1", words["operator1"], **deps)  # type: ignore[arg-type]
    path = runtime.settings.data_dir / "demo-credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == words
    assert words["admin"] not in repr(demo.seed(runtime))

    path.unlink()
    renewed = dict(demo.seed(runtime))
    assert renewed["operator1"] != words["operator1"]
    assert accounts.authenticate("operator1", renewed["operator1"], **deps)  # type: ignore[arg-type]


def test_the_supervisor_of_an_earlier_demo_gets_the_phone_that_a_new_one_has(store: Store) -> None:
    leader = next(user for user in company.USERS if user.role == "supervisor")
    draft = replace(leader, endpoint="", extension="")
    with store.unit_of_work() as uow:
        user_id = uow.users.add(draft, "", NOW)
        company.give_phone(uow)
        user = uow.users.get(user_id)
        assert user is not None
        assert (user.endpoint, user.extension) == ("PJSIP/1004", "1004")
        uow.users.update(user_id, {"endpoint": "PJSIP/1009", "extension": "1009"})
        company.give_phone(uow)
        user = uow.users.get(user_id)
        assert user is not None
        assert user.endpoint == "PJSIP/1009"


def test_everyone_has_a_name_of_their_own_and_numbers_that_exist() -> None:
    everyone = people()
    assert len({person.display_name for person in everyone}) == len(everyone)
    for person in everyone:
        for number in person.numbers:
            assert phonenumbers.is_valid_number(phonenumbers.parse(number)), number


def test_the_past_lies_before_the_seed_and_is_the_same_each_time() -> None:
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    calls = history(people(), now, 3)
    assert calls == history(people(), now, 3)
    records: list[CallRecord] = [one.record for one in calls]
    assert len({record.id for record in records}) == len(records)
    assert all(record.ended_at is not None and record.ended_at < now for record in records)


def test_callers_of_every_story_call_in() -> None:
    callers = demo.demo_callers()
    known = {number for person in people() for number in person.numbers}
    stories = {caller.story for caller in callers}
    assert stories == {"known", "vip", "debtor", "blocked", "shared", "unknown", "hidden"}
    for caller in callers:
        assert (caller.number in known) == (caller.story not in ("unknown", "hidden"))
