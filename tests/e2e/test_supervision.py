"""A supervisor steps into a call from the live page; operators see it where the policy says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from ami.outcomes import DONE, Outcome
from ami.pbx_commands import result_message
from callcenter.calls.record import CallRecord, Leg
from callcenter.ports import PbxCommand
from callcenter.settings_forms import parse_ami_urls
from tests.support.waiting import wait_until
from tests.support.web import ONE, UNKNOWN, World, make_world

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CALL = "pbx/1"


@pytest.fixture
def world(sqlite_url: str, tmp_path: Path) -> Iterator[World]:
    hands = parse_ami_urls("AMI_ORIGINATE_URL", "ami://nobody:nothing@127.0.0.1:5038")
    made = make_world(sqlite_url, tmp_path, ami_originate=hands)
    with made.runtime.unit_of_work() as uow:
        query = "update users set endpoint = 'PJSIP/1009', extension = '1009' where username = :who"
        uow.connection.execute(text(query), {"who": "supervisor"})  # type: ignore[attr-defined]
        uow.commit()
    yield made
    made.runtime.close()


class ObedientPbx:
    """Does what it is told, unless it has `refuses` instead, and tells what becomes of the call."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.told: list[PbxCommand] = []
        self.refuses = DONE
        world.runtime.bus.serve_commands(self._obey)

    def _obey(self, command: PbxCommand) -> None:
        self.told.append(command)
        self._world.runtime.bus.publish([result_message(command, self.refuses)])

    def until_told(self, action: str) -> PbxCommand:
        wait_until(lambda: self.told and self.told[-1].action == action, words=str(self.told))
        return self.told[-1]


def heard_by(record: CallRecord, world: World, command_id: str, *, ended: bool) -> CallRecord:
    """The call with the supervisor's phone listening, or not any more."""
    now = world.runtime.clock.now()
    channel = f"crm-step-{command_id}"
    others = tuple(leg for leg in record.legs if leg.role != "spy")
    spy = Leg(
        channel="PJSIP/1009-00000009",
        uniqueid=channel,
        endpoint="PJSIP/1009",
        number="1009",
        name="",
        role="spy",
        ringing_at=None,
        answered_at=now,
        ended_at=now if ended else None,
        result="unknown",
        talk_seconds=0.0,
        hold_seconds=0.0,
    )
    return replace(record, legs=(*others, spy))


def listens(boss: Page, pbx: ObedientPbx) -> PbxCommand:
    boss.locator(f"[data-call='{CALL}']").get_by_text("Step in").click()
    boss.get_by_role("button", name="Listen", exact=True).click()
    return pbx.until_told("step_in")


def listened_to(
    visit: Visit, world: World
) -> tuple[Page, Page, ObedientPbx, CallRecord, PbxCommand]:
    """An operator in a call, and the supervisor who has begun to listen from the live page."""
    pbx = ObedientPbx(world)
    operator, boss = visit("operator1"), visit("supervisor")
    world.ring(ONE)
    record = world.answer()
    boss.goto(boss.url.split("/desk")[0] + "/live")
    return operator, boss, pbx, record, listens(boss, pbx)


def test_a_supervisor_listens_from_the_live_page_and_the_operator_sees_it_by_policy(
    visit: Visit, world: World
) -> None:
    operator, boss, pbx, record, command = listened_to(visit, world)
    spoken = next(leg for leg in record.legs if leg.endpoint == "PJSIP/1001")
    assert (command.endpoint, command.arguments["channel"]) == ("PJSIP/1009", spoken.channel)

    world.tell(heard_by(record, world, command.id, ended=False))
    alert = boss.locator("#stepping")
    expect(alert).to_contain_text("Listening to Anna Nowak")
    expect(boss.locator("#callbar")).to_contain_text("No call")
    expect(operator.locator("#callbar")).to_contain_text("Ewa Krol listens")

    boss.locator(f"[data-call='{CALL}']").get_by_text("Step in").click()
    again = boss.locator(".step-ways").get_by_role("button", name="Listen", exact=True)
    expect(again).to_have_attribute("aria-disabled", "true")
    expect(again).to_have_accessible_description("You are in the call in this way already.")
    boss.keyboard.press("Escape")

    alert.get_by_role("button", name="Whisper to the operator").click()
    assert pbx.until_told("step_mode").arguments["mode"] == "whisper"
    expect(operator.locator("#callbar")).to_contain_text("Ewa Krol speaks to you")
    operator.reload()
    expect(operator.locator("#callbar")).to_contain_text("Ewa Krol speaks to you")

    world.tell(heard_by(record, world, command.id, ended=True))
    expect(alert).not_to_contain_text("Anna Nowak")
    expect(operator.locator("#callbar")).not_to_contain_text("Ewa Krol")

    admin = visit("admin")
    admin.goto(boss.url.replace("/live", "/supervision"))
    expect(admin.locator("tbody tr")).to_have_count(2)
    admin.get_by_role("group", name="In the whole centre").get_by_label("No", exact=True).check()
    admin.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("Saved.")).to_be_visible()
    command = listens(boss, pbx)
    world.tell(heard_by(record, world, command.id, ended=False))
    expect(alert).to_contain_text("Listening to Anna Nowak")
    expect(operator.locator("#callbar")).not_to_contain_text("Ewa Krol")


def directs(boss: Page, name: str) -> None:
    boss.locator(f"[data-call='{CALL}']").get_by_text("Direct", exact=True).click()
    boss.locator(".step-ways").get_by_role("button", name=name, exact=True).click()


def test_whose_phone_rings_for_a_waiting_caller_is_said_and_why_it_does_not(
    visit: Visit, world: World
) -> None:
    pbx = ObedientPbx(world)
    boss = visit("supervisor")
    world.ring(ONE, to=())
    world.ring(UNKNOWN, call_id="pbx/2")
    boss.goto(boss.url.split("/desk")[0] + "/live")
    boss.locator(f"[data-call='{CALL}']").get_by_text("Direct", exact=True).click()
    menu = boss.locator(".step-ways:visible")
    expect(menu).to_contain_text("The phone that you choose rings first.")
    taken = menu.get_by_role("button", name="To Anna Nowak", exact=True)
    expect(taken).to_have_attribute("aria-disabled", "true")
    expect(taken).to_have_accessible_description(
        "This phone is in use: choose somebody who is free."
    )
    expect(menu.locator(".why-not")).to_be_in_viewport()
    expect(menu.get_by_role("button", name="To me")).not_to_have_attribute("aria-disabled", "true")
    boss.keyboard.press("Escape")

    said = boss.locator("#toasts")
    pbx.refuses = Outcome(why="unreachable")
    directs(boss, "To me")
    pbx.until_told("pull")
    expect(said).to_contain_text("That phone cannot be reached now.")
    pbx.refuses = Outcome(why="busy")
    free_again(world)
    directs(boss, "To me")
    expect(said).to_contain_text("This phone is in use: choose somebody who is free.")
    pbx.refuses = DONE
    free_again(world)
    directs(boss, "To me")
    expect(said).to_contain_text("Your phone rings: lift it, and you speak with the caller.")


def free_again(world: World) -> None:
    """As the manager door does when the PBX has refused."""
    with world.runtime.unit_of_work() as uow:
        for claim in uow.supervision.claims({CALL}):
            uow.supervision.release(claim.command_id)
        uow.commit()
