"""Bringing a plan to a PBX: all or nothing, others' work untouched, everything told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from callcenter.errors import Conflict
from callcenter.pbx import reloads
from callcenter.pbx.folder import ConfigFolder
from callcenter.pbx.plan import Did, PbxPlan
from callcenter.pbx.render import render
from callcenter.ports.pbx_plans import PbxNow, PbxRefusedError
from callcenter.services import pbx_apply, pbx_plan
from callcenter.store import engine as store_engine
from callcenter.store.unit_of_work import SqlUnitOfWork
from tests.support.store import StandingClock

PBX = "office"
NEW = Did(number="+48221000077", kind="queue", target="sales", title="Autumn campaign")


@dataclass
class Asterisk:
    """Reads its folder when it is told to reload, as the real one does."""

    folder: ConfigFolder
    reloads: list[str] = field(default_factory=list)
    deaf: bool = False
    away: bool = False
    loaded: PbxNow = field(default_factory=PbxNow)

    def now(self) -> PbxNow:
        if self.away:
            raise PbxRefusedError("nothing listens on 127.0.0.1:5038")
        return self.loaded

    def reload(self, module: str) -> None:
        self.reloads.append(module)
        if not self.deaf:
            plan = PbxPlan()
            texts = self.folder.texts(["extensions.conf", "queues.conf", "pjsip.conf"])
            want = reloads.wanted(texts, plan)
            self.loaded = PbxNow(want.endpoints, want.queues, want.steps)


@dataclass
class Office:
    door: pbx_plan.Door
    target: pbx_apply.Target
    asterisk: Asterisk
    folder: ConfigFolder

    def apply(self, accepted=None) -> str:
        with self.door.unit_of_work() as uow:
            version = uow.pbx_plans.get(PBX).version
        applied = pbx_apply.ask(self.door, PBX, version, user_id=None)
        result = pbx_apply.carry_out(self.door, applied, self.target, accepted)
        with self.door.unit_of_work() as uow:
            self.steps = uow.pbx_plans.applied(applied).steps
        return result

    def change(self, edit) -> None:
        with self.door.unit_of_work() as uow:
            version = uow.pbx_plans.get(PBX).version
        pbx_plan.change(self.door, PBX, version, edit, what="test", user_id=None)

    def text(self, name: str) -> str:
        return (self.folder.path / name).read_text()


@pytest.fixture
def office(sqlite_url, tmp_path) -> Iterator[Office]:
    engine = store_engine.create(sqlite_url)
    door = pbx_plan.Door(unit_of_work=lambda: SqlUnitOfWork(engine), clock=StandingClock())
    folder = ConfigFolder(tmp_path)
    asterisk = Asterisk(folder)
    ticks = iter(range(10_000))
    target = pbx_apply.Target(
        folder=folder,
        reloader=asterisk,
        sleep=lambda _seconds: None,
        monotonic=lambda: float(next(ticks)),
    )
    pbx_plan.begin(door, PBX, None, user_id=None)
    yield Office(door, target, asterisk, folder)
    engine.dispose()


def with_did(plan: PbxPlan) -> PbxPlan:
    return replace(plan, dids=(*plan.dids, NEW))


def test_only_what_changed_is_written_and_only_its_modules_are_reloaded(office):
    assert office.apply() == "applied"
    office.asterisk.reloads.clear()
    office.change(with_did)
    assert office.apply() == "applied"
    assert office.asterisk.reloads == ["pbx_config.so"]
    assert NEW.number in office.text("extensions.conf")
    assert office.apply() == "nothing"


def test_a_pbx_that_does_not_take_it_gets_back_what_it_had(office):
    office.apply()
    before = office.text("extensions.conf")
    office.change(with_did)
    office.asterisk.deaf = True
    assert office.apply() == "undone"
    assert office.text("extensions.conf") == before
    told = {step.name: step.ok for step in office.steps}
    assert told["check"] is False
    assert told["put_back"]


def test_nothing_is_written_while_the_pbx_does_not_answer(office):
    office.asterisk.away = True
    assert office.apply() == "refused"
    assert not (office.folder.path / "extensions.conf").exists()


def test_what_somebody_else_wrote_stays_until_it_was_seen(office):
    office.apply()
    path = office.folder.path / "queues.conf"
    path.write_text("; mine\n[general]\nautofill = yes\n")
    (office.folder.path / "extensions_custom.conf").write_text("[mine]\n")
    assert office.apply() == "refused"
    assert "queues.conf" in office.steps[-1].words
    states, _files, _plan = pbx_apply.look(office.door, PBX, office.folder)
    (foreign,) = [one for one in states if one.is_written]
    assert foreign.state == "foreign"
    assert "-; mine" in foreign.diff
    path.write_text("; mine again\n")
    assert office.apply({"queues.conf": foreign.here}) == "refused"
    path.write_text("; mine\n[general]\nautofill = yes\n")
    assert office.apply({"queues.conf": foreign.here}) == "applied"
    backups = list((office.folder.path / ".callcenter-backups").rglob("queues.conf"))
    assert any("; mine" in one.read_text() for one in backups)
    assert office.text("extensions_custom.conf") == "[mine]\n"


def test_two_do_not_apply_at_once_but_one_that_died_holds_nobody_up(office):
    first = pbx_apply.ask(office.door, PBX, 1, user_id=None)
    with pytest.raises(Conflict):
        pbx_apply.ask(office.door, PBX, 1, user_id=None)
    office.door.clock.at += timedelta(minutes=4)
    assert pbx_apply.ask(office.door, PBX, 1, user_id=None) != first


def test_no_secret_reaches_the_plan_the_audit_or_a_diff(office):
    plan, _version = pbx_plan.read(office.door, PBX)
    office.change(with_did)
    secrets = [plan.manager.listener, plan.manager.originate]
    secrets += [word for one in plan.operators for word in (one.secret, one.web_secret)]
    with office.door.unit_of_work() as uow:
        shown = str(uow.pbx_plans.get(PBX))
        kept = uow.connection.exec_driver_sql("select detail from audit_log").fetchall()
    states, _files, _plan = pbx_apply.look(office.door, PBX, office.folder)
    shown += str(kept) + "".join(one.diff for one in states)
    assert "••••" in shown
    assert not [word for word in secrets if word in shown]


def test_a_plan_is_rendered_alike_each_time(office):
    first, second = (render(pbx_plan.read(office.door, PBX)[0]) for _ in range(2))
    assert first == second


def test_who_changes_an_older_plan_than_there_is_is_told(office):
    office.change(with_did)
    with pytest.raises(Conflict):
        pbx_plan.change(office.door, PBX, 1, with_did, what="late", user_id=None)


def test_a_number_that_is_there_already_is_refused_beside_its_field(office):
    office.change(with_did)
    with pytest.raises(pbx_plan.Refused) as refused:
        office.change(with_did)
    assert refused.value.field == "number"
    assert refused.value.error.code == "twice"
