"""Plans of PBXs on both databases: kept without secrets, told by number, applied in order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert, text

from callcenter.errors import Conflict
from callcenter.pbx.kept import Step
from callcenter.pbx.plan import Did, PbxPlan, Queue
from callcenter.pbx.render import render
from callcenter.queries import pbx_plan as queries
from callcenter.services import call_control, pbx_apply, pbx_plan
from callcenter.store.tables import pbx_applied, pbx_numbers
from tests.support.plans import Plans
from tests.support.store import Store

NEW = Did(number="+48221000077", kind="queue", target="campaign", title="Autumn campaign")


@pytest.fixture
def door(store: Store) -> pbx_plan.Door:
    made = pbx_plan.Door(unit_of_work=store.unit_of_work, clock=store.clock)
    pbx_plan.begin(made, "hq", None, user_id=None)
    return made


def with_campaign(plan: PbxPlan) -> PbxPlan:
    queue = Queue(name="campaign", number="861", strategy="ringall", members=("1001",))
    return replace(plan, queues=(*plan.queues, queue), dids=(*plan.dids, NEW))


def test_numbers_of_a_plan_are_known_to_whoever_asks(store: Store, door: pbx_plan.Door) -> None:
    pbx_plan.change(door, "hq", 1, with_campaign, what="test", user_id=None)
    with store.engine.connect() as connection:
        assert queries.title_of(connection, NEW.number) == NEW.title
        assert queries.title_of(connection, "+48000") == ""
        assert NEW.number in {one.number for one in queries.numbers(connection)}
        kept = queries.plan(connection, "hq")
    assert kept is not None
    assert kept.version == 2
    with store.unit_of_work() as uow:
        assert call_control.queue_numbers(uow)["campaign"] == "861"
        assert "campaign" in uow.staffing.queues()


def test_a_plan_is_restored_as_it_was_kept(store: Store, door: pbx_plan.Door) -> None:
    store.add_user()
    first, _version = pbx_plan.read(door, "hq")
    again, _version = pbx_plan.read(door, "hq")
    assert render(first) == render(again)
    with pytest.raises(Conflict):
        pbx_plan.begin(door, "hq", None, user_id=None)


def test_a_plan_tells_the_crm_the_name_that_the_crm_has_for_its_pbx(door: pbx_plan.Door) -> None:
    rendered = PbxPlan(crm_name="elsewhere")
    pbx_plan.begin(door, "10.0.0.5:5039", rendered, user_id=None)
    asked = {pbx: pbx_plan.read(door, pbx)[0].agi_url for pbx in ("hq", "10.0.0.5:5039")}
    assert {pbx: url.partition("?")[2] for pbx, url in asked.items()} == {
        "hq": "pbx=hq",
        "10.0.0.5:5039": "pbx=10.0.0.5%3A5039",
    }


def test_what_was_applied_is_told_the_latest_first(store: Store, door: pbx_plan.Door) -> None:
    step = Step(name="check", ok=True, seconds=1.5, words="7 endpoints")
    for result in ("applied", "undone"):
        one = pbx_apply.ask(door, "hq", 1, user_id=None)
        with store.unit_of_work() as uow:
            assert uow.pbx_plans.running("hq") is not None
            ended = {"files": {"a.conf": "0"}, "backup": "b", "steps": [step]}
            uow.pbx_plans.end_apply(one, result, at=store.clock.now(), **ended)
            uow.commit()
    with store.engine.connect() as connection:
        assert [one.result for one in queries.applied(connection, "hq")] == ["undone", "applied"]
        last = queries.last_applied(connection, "hq")
    assert last is not None
    assert (last.result, last.steps) == ("applied", (step,))


def test_neither_a_number_nor_the_log_is_found_by_reading_everything(store: Store) -> None:
    with store.unit_of_work() as uow:
        numbers = [
            {"pbx": "hq", "number": f"+48{n}", "kind": "did", "title": "A line"}
            for n in range(3000)
        ]
        log = {"version": 1, "files": {}, "result": "applied", "detail": {"steps": []}}
        done = [{"pbx": f"p{n % 300}", "at": store.clock.now(), **log} for n in range(3000)]
        uow.connection.execute(insert(pbx_numbers), numbers)
        uow.connection.execute(insert(pbx_applied), done)
        if uow.connection.dialect.name == "postgresql":
            uow.connection.execute(text("ANALYZE"))
        uow.commit()
    with store.engine.connect() as connection:
        plans = Plans(connection)
        assert queries.title_of(connection, "+482999") == "A line"
        assert len(queries.applied(connection, "p7", 5)) == 5
        assert queries.last_applied(connection, "p7") is not None
        assert plans.full_scans(("pbx_numbers", "pbx_applied")) == []
