"""Files of reports and reports by mail belong to the rights that they are made with: nobody reads
through a colleague's what they could not read by themselves, nor keeps what they lost since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from callcenter import file_jobs, report_mails
from callcenter.reporting.schedule import Schedule
from callcenter.rights.policy import BUILTIN, Policy
from callcenter.rights.teams import Team
from tests.support.web import ONE, Browser, World

_OF_A_TEAM = ("report", "export", "interaction")
_FIELDS = BUILTIN["supervisor"].fields
PLAN = {
    "title": "Board",
    "report": "traffic",
    "address": "",
    "format": "csv",
    "every": "day",
    "at": "07:00",
    "zone": "UTC",
    "recipients": "boss@example.com",
    "active": "yes",
}


def signed_in(app: Flask, username: str) -> Browser:
    browser = Browser(app)
    browser.log_in(username)
    return browser


@dataclass
class Centre:
    """`lead` leads a team that the administrator belongs to as well; operator1 is of none."""

    world: World
    lead: Browser
    admin: Browser

    def give(self, username: str, scope: str, **fields: str) -> None:
        """A role of a supervisor whose rights to reports, files and contacts reach so far."""
        scopes = {
            key: scope if key[0] in _OF_A_TEAM and key[1] != "create" and told == "all" else told
            for key, told in BUILTIN["supervisor"].scopes.items()
        }
        access = {**_FIELDS, **{("interaction", name): told for name, told in fields.items()}}
        role = Policy(f"of-{username}", "supervisor", username, scopes, access)  # type: ignore[arg-type]
        with self.world.runtime.unit_of_work() as uow:
            uow.rights.save_role(role)
            change = text("update users set role_code = :code where username = :name")
            told = {"code": role.code, "name": username}
            uow.connection.execute(change, told)  # type: ignore[attr-defined]
            uow.commit()

    def file(self, who: Browser, form: str, report: str = "traffic") -> str:
        who.post(f"/reports/{report}/export", {"form": form, "address": ""})
        assert file_jobs.make_exports(self.world.runtime)
        with self.world.runtime.unit_of_work() as uow:
            newest = text("select max(id) from exports")
            number = uow.connection.execute(newest).scalar()  # type: ignore[attr-defined]
        return f"/exports/{number}/file"

    def forget_how_it_was_made(self) -> None:
        """As files of an older version are."""
        with self.world.runtime.unit_of_work() as uow:
            plan = '{"report": "traffic", "what": "contacts", "address": ""}'
            change = text("update exports set plan = :plan")
            uow.connection.execute(change, {"plan": plan})  # type: ignore[attr-defined]
            uow.commit()

    def schedule(self, path: str) -> Schedule:
        with self.world.runtime.unit_of_work() as uow:
            found = uow.report_views.schedule(int(path.rsplit("/", 1)[-1]))
        assert found is not None
        return found


@pytest.fixture
def centre(app: Flask, world: World) -> Centre:
    made = Centre(world=world, lead=signed_in(app, "supervisor"), admin=signed_in(app, "admin"))
    members = (world.users["operator2"], world.users["admin"])
    with world.runtime.unit_of_work() as uow:
        lead_id = world.users["supervisor"]
        uow.rights.save_team(Team(id=0, name="B", lead_id=lead_id, member_ids=members))
        uow.commit()
    made.give("supervisor", "team")
    world.ring(ONE)
    world.answer()
    world.hang_up()
    return made


def fetched(answer: Any) -> tuple[int, str]:
    with answer as got:
        return got.status_code, got.get_data(as_text=True)


@pytest.mark.parametrize("form", ["table.csv", "contacts.csv"])
def test_a_lead_gets_no_file_that_a_member_made_with_wider_rights(
    centre: Centre, form: str
) -> None:
    theirs, own = centre.file(centre.admin, form), centre.file(centre.lead, form)
    assert fetched(centre.lead.get(theirs))[0] == 403
    assert fetched(centre.lead.get(own))[0] == 200
    assert fetched(centre.admin.get(theirs))[0] == 200
    assert fetched(centre.admin.get(own))[0] == 200
    page = centre.lead.text("/reports/files")
    assert own in page
    assert theirs not in page
    assert "There is more in it than you may see." in page


def test_a_file_is_lost_to_its_maker_with_the_rights_it_was_made_with(centre: Centre) -> None:
    centre.give("supervisor", "all")
    made = centre.file(centre.lead, "contacts.csv")
    status, told = fetched(centre.lead.get(made))
    assert (status, ONE in told) == (200, True)
    centre.give("supervisor", "all", number="masked")
    assert fetched(centre.lead.get(made))[0] == 403
    masked = centre.file(centre.lead, "contacts.csv")
    status, told = fetched(centre.lead.get(masked))
    assert (status, ONE in told) == (200, False)
    centre.give("supervisor", "own")
    assert fetched(centre.lead.get(masked))[0] == 403
    centre.give("supervisor", "all")
    assert fetched(centre.lead.get(made))[0] == 200


def test_an_older_file_that_does_not_say_is_for_its_maker_and_who_sees_all(centre: Centre) -> None:
    theirs = centre.file(centre.admin, "contacts.csv")
    own = centre.file(centre.lead, "contacts.csv")
    centre.forget_how_it_was_made()
    assert fetched(centre.lead.get(theirs))[0] == 403
    assert fetched(centre.lead.get(own))[0] == 200
    assert fetched(centre.admin.get(own))[0] == 200


def test_customers_given_out_follow_the_fields_that_were_asked_for(centre: Centre) -> None:
    def made(*columns: str) -> str:
        asked = {"kind": "customers", "format": "csv", "columns": list(columns)}
        return str(centre.admin.post("/exports", asked).location)

    names, numbers = made("display_name"), made("display_name", "phones")
    masked = {**_FIELDS, ("customer", "phones"): "masked"}
    with centre.world.runtime.unit_of_work() as uow:
        scopes = BUILTIN["supervisor"].scopes
        uow.rights.save_role(Policy("of-supervisor", "supervisor", "x", scopes, masked))  # type: ignore[arg-type]
        uow.commit()
    assert fetched(centre.lead.get(names))[0] == 200
    assert fetched(centre.lead.get(numbers))[0] == 403


def test_a_lead_keeps_their_own_mails_alone_wherever_they_try(centre: Centre) -> None:
    theirs = str(centre.admin.post("/reports/schedules", PLAN).location)
    own = str(centre.lead.post("/reports/schedules", PLAN).location)
    before = centre.schedule(theirs)
    page = centre.lead.text("/reports/schedules")
    assert own in page
    assert theirs not in page
    turned = {**PLAN, "report": "operators", "recipients": "spy@example.com"}
    answers = {
        "read": centre.lead.get(theirs),
        "save": centre.lead.post(theirs, turned),
        "send": centre.lead.post(f"{theirs}/send"),
        "drop": centre.lead.post(f"{theirs}/delete"),
    }
    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 404)
    assert centre.schedule(theirs) == before
    assert centre.lead.post(f"{own}/delete").status_code == 302


def test_who_says_what_goes_to_whom_has_it_made_with_their_own_rights(
    centre: Centre, tmp_path: Any
) -> None:
    centre.give("supervisor", "all")
    path = str(centre.admin.post("/reports/schedules", PLAN).location)
    page = centre.lead.text(path)
    assert "and sees what they may see" in page
    assert "and sees what you may see" not in page
    admin, lead = (centre.world.users[one] for one in ("admin", "supervisor"))
    centre.lead.post(path, {**PLAN, "title": "Board of the day", "at": "08:00"})
    assert (centre.schedule(path).owner_id, centre.schedule(path).at) == (admin, "08:00")
    centre.lead.post(path, {**PLAN, "recipients": "boss@example.com other@example.com"})
    assert centre.schedule(path).owner_id == lead
    assert "and sees what you may see" in centre.lead.text(path)
    centre.give("supervisor", "own")
    desk, one = report_mails.desk_of(centre.world.runtime), centre.schedule(path)
    today = centre.world.runtime.clock.now().date()
    with pytest.raises(Exception, match="not for this user any more"):
        desk.make(one, (today, today), tmp_path / "made.csv")
