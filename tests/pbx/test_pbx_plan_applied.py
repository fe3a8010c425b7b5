"""A plan that is changed in pages and applied to a real Asterisk: calls ring where it says, others
go on meanwhile, and what Asterisk does not take is put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ami.config.desk import ConfigDesk, door_of
from ami.lab.pbx import LabPbx
from ami.lab.phones import Behaviour, Call, DeskPhone, call_in
from callcenter.pbx.kept import Applied
from callcenter.pbx.plan import ManagerSecrets, PbxPlan, new_secret
from callcenter.pbx.render import render
from callcenter.queries import pbx_plan as queries
from callcenter.services import pbx_apply, pbx_plan
from callcenter.settings_forms import parse_ami_urls
from tests.support.lab import MakeLab, lab_pbx, make_lab  # noqa: F401
from tests.support.waiting import wait_until
from tests.support.web import Browser, World, make_world
from web.app import create_app

pytestmark = pytest.mark.pbx

SUPPORT, NEW, NEVER = "+48221000001", "+48221000077", "+48221000078"
PLAN = "/pbx/plan/lab"
CALLER = "+48600100101"


@dataclass
class Office:
    """One Asterisk, and an administrator before the pages of its plan."""

    pbx: LabPbx
    world: World
    admin: Browser

    def save(self, path: str, values: dict[str, object]) -> None:
        _plan, version = pbx_plan.read(door_of(self.world.runtime), "lab")
        answer = self.admin.post(f"{PLAN}/{path}", {**values, "version": str(version)})
        assert answer.status_code == 302, re.findall("field-error.*", answer.get_data(as_text=True))

    def apply(self) -> Applied:
        """As the page offers it: files that somebody else wrote are ticked."""
        page = self.admin.text(f"{PLAN}/files")
        seen = re.findall(r'name="accept" value="([^"]+)"', page)
        (version,) = re.findall(r'name="version" value="(\d+)"', page)
        answer = self.admin.post(f"{PLAN}/apply", {"version": version, "accept": seen})
        number = int(answer.location.rpartition("/")[2])
        wait_until(lambda: self.applied(number).result != "running", timeout=60)
        assert self.admin.text(answer.location)
        return self.applied(number)

    def applied(self, number: int) -> Applied:
        with self.world.runtime.reader() as connection:
            found = queries.one_applied(connection, number)
        assert found is not None
        return found

    def queued(self) -> list[str]:
        return [
            row["appdata"].split(",")[0]
            for row in self.pbx.cel_rows()
            if row["eventtype"] == "APP_START" and row["appname"] == "Queue"
        ]

    def answered(self, extension: str) -> int:
        return sum(
            row["eventtype"] == "ANSWER" and row["channame"].startswith(f"PJSIP/{extension}-")
            for row in self.pbx.cel_rows()
        )

    def calls(self) -> set[str]:
        lines = self.pbx.console("core show channels concise").splitlines()
        return {line.split("!")[0] for line in lines if "!" in line}


@pytest.fixture
def office(make_lab: MakeLab, sqlite_url: str, tmp_path: Path) -> Iterator[Office]:  # noqa: F811
    manager = ManagerSecrets(witness=new_secret(), config=new_secret())
    pbx = make_lab(manager=manager)
    world = make_world(
        sqlite_url,
        tmp_path,
        ami=parse_ami_urls("AMI_URL", f"{pbx.ami_url}/lab"),
        ami_config=parse_ami_urls("AMI_CONFIG_URL", f"{pbx.plan.ami_config_url}/lab"),
        pbx_config=(("lab", pbx.work_dir / "etc"),),
        phone_key=pbx.plan.phone_key,
    )
    pbx_plan.begin(door_of(world.runtime), "lab", pbx.plan, user_id=None)
    desk = ConfigDesk(world.runtime)
    end = world.runtime.bus.serve_commands(desk.take)
    admin = Browser(create_app(world.runtime, testing=True))
    admin.log_in("admin")
    yield Office(pbx, world, admin)
    end()
    desk.stop(10)
    world.runtime.close()


def test_a_plan_is_applied_while_calls_go_on_and_put_back_where_it_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with DeskPhone(office.pbx, "1001", Behaviour(ring=0.2)):
        talking = call_in(office.pbx, [Call(number=CALLER, to=SUPPORT)], talk=60)
        wait_until(lambda: office.answered("1001") == 1)
        before = office.calls()
        _add_a_line(office)
        assert [step.words for step in office.apply().steps if not step.ok] == []
        assert office.calls() >= before
        _rings(office, 1)
        assert office.calls() >= before
        _break_and_apply(office, monkeypatch)
        _rings(office, 2)
        assert office.calls() >= before
        talking.stop()


def _add_a_line(office: Office) -> None:
    office.save(
        "queues/new",
        {
            "name": "campaign", "number": "861", "strategy": "ringall", "ring_seconds": "15",
            "wait_seconds": "60", "weight": "0", "wrapup_seconds": "0", "join_empty": "yes",
        },
    )  # fmt: skip
    new = {"number": NEW, "title": "Autumn campaign", "target": "queue:campaign"}
    office.save("numbers/new", new)
    supervisor = str(office.world.users["supervisor"])
    phone = {"user_id": supervisor, "extension": "1009", "queues": ["campaign"]}
    office.save("phones/new", {**phone, "ring_seconds": "20", "desk_phones": "1"})
    office.pbx.plan, _version = pbx_plan.read(door_of(office.world.runtime), "lab")


def _rings(office: Office, times: int) -> None:
    """The new number rings the new phone."""
    with DeskPhone(office.pbx, "1009", Behaviour(ring=0.2)):
        call_in(office.pbx, [Call(number=CALLER, to=NEW)], talk=2).wait()
    wait_until(lambda: office.answered("1009") == times)
    assert office.queued()[-1] == "campaign"


def _break_and_apply(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that went wrong so that only Asterisk sees it: it refuses the whole file."""

    def rendered(plan: PbxPlan) -> dict[str, str]:
        files = render(plan)
        return {**files, "extensions.conf": files["extensions.conf"] + "#include gone.conf\n"}

    monkeypatch.setattr(pbx_apply, "render", rendered)
    own = office.pbx.work_dir / "etc/extensions_custom.conf"
    own.write_text("; mine\n")
    office.save("numbers/new", {"number": NEVER, "target": "queue:sales"})
    applied = office.apply()
    assert applied.result == "undone", applied.steps
    assert [step.name for step in applied.steps if not step.ok] == ["reload"]
    assert NEVER not in (office.pbx.work_dir / "etc/extensions.conf").read_text()
    assert own.read_text() == "; mine\n"
