"""Each browser's password follows from one key."""

from __future__ import annotations

from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.render import render
from callcenter.phones.secrets import web_secret

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
