"""What is shown of a PBX's files has no password in it, whoever wrote them."""

import pytest

from callcenter.pbx import drift
from callcenter.pbx.plan import PbxPlan
from callcenter.pbx.render import render
from callcenter.pbx.stored import store


@pytest.mark.parametrize(
    "line",
    [
        "secret = open sesame42",
        'password="open sesame42" ; Anna',
        "\tpassword => sesame42",
        "password_digest = MD5:asterisk:sesame42",
        "remotesecret = sesame42",
        "md5secret=sesame42",
        "outbound_password = sesame42",
    ],
)
def test_a_password_that_somebody_wrote_by_hand_is_masked_whole(line):
    shown = drift.masked("pjsip.conf", f"[anna]\ntype = auth\n{line}\nusername = anna\n")
    assert "sesame42" not in shown
    assert shown.count("\n") == 4
    assert "username = anna" in shown


def test_of_our_own_files_no_secret_is_shown():
    plan = PbxPlan()
    secrets = set(store(plan).secrets.values())
    files = render(plan)
    assert any(one in text for one in secrets for text in files.values())
    shown = [drift.masked(name, text) for name, text in files.items()]
    assert [one for one in secrets if any(one in text for text in shown)] == []
