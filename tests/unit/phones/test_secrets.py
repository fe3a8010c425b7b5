"""Each browser's password follows from one key."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from callcenter.pbx.commands import render as render_command
from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.render import render
from callcenter.phones.secrets import web_secret
from callcenter.settings import Settings, SettingsError

KEY = "a-key-for-tests-that-opens-no-phone"


def test_the_configuration_holds_what_the_web_door_derives() -> None:
    text = render(PbxPlan(phone_key=KEY))["pjsip.conf"]
    assert f"username = web1001\npassword = {web_secret(KEY, 'web1001')}" in text


def test_no_two_phones_and_no_two_keys_share_a_password() -> None:
    secrets = {web_secret(key, who) for key in (KEY, KEY + "2") for who in ("web1001", "web1002")}
    assert len(secrets) == 4


def test_without_a_key_every_rendering_has_passwords_of_its_own() -> None:
    first, second = PbxPlan(), PbxPlan()
    assert first.operators[0].web_secret != second.operators[0].web_secret


def test_the_key_itself_is_in_no_file() -> None:
    assert not any(KEY in text for text in render(PbxPlan(phone_key=KEY)).values())


def test_the_command_takes_the_key_from_the_environment(tmp_path: Path) -> None:
    done = CliRunner().invoke(render_command, [str(tmp_path)], env={"PHONE_KEY": KEY})
    assert done.exit_code == 0, done.output
    assert web_secret(KEY, "web1002") in (tmp_path / "pjsip.conf").read_text("utf-8")
    assert KEY not in done.output


@pytest.mark.parametrize(
    "environment",
    [
        {"PHONE_URL": "wss://crm.example/ws"},
        {"PHONE_URL": "https://crm.example/ws", "PHONE_KEY": KEY},
        {"PHONE_URL": "wss://crm.example/ws", "PHONE_KEY": "too short"},
        {"PHONE_URL": "wss://crm.example; script-src */ws", "PHONE_KEY": KEY},
        {"PHONE_URL": "wss://user:word@crm.example/ws", "PHONE_KEY": KEY},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused_in_words(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="PHONE_") as refused:
        Settings.from_env(environment)
    assert KEY not in str(refused.value)
