"""What an operator reads while a supervisor is in the call: who whispers is not who joined in."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.test_supervision import Visit, heard_by, listened_to, pytestmark, world
from tests.support.web import World

__all__ = ["pytestmark", "world"]


def test_whoever_joined_in_is_said_to_be_in_the_call_and_not_to_whisper(
    visit: Visit, world: World
) -> None:
    operator, boss, pbx, record, command = listened_to(visit, world)
    world.tell(heard_by(record, world, command.id, ended=False))
    bar = operator.locator("#callbar")
    expect(bar).to_contain_text("Ewa Krol listens")
    ways = boss.locator("#stepping")
    ways.get_by_role("button", name="Join in").click()
    assert pbx.until_told("step_mode").arguments["mode"] == "barge"
    expect(bar).to_contain_text("Ewa Krol is in the call")
    expect(bar).not_to_contain_text("speaks to you")
    ways.get_by_role("button", name="Whisper to the operator").click()
    expect(bar).to_contain_text("Ewa Krol speaks to you")
