"""What the dialplan gives operators, and what it keeps from callers, phones and networks."""

import pytest

from ami.lab.phones import Behaviour, Call, DeskPhone, FarEnd, call_in
from callcenter.pbx.plan import Operator, default_operators
from tests.support.waiting import wait_until

pytestmark = pytest.mark.pbx

DIRECT, OUTSIDE = "+48221000101", "+48501501501"


def moved_to(contact):
    return Behaviour(
        ring=0.001, status=f"302 Moved Temporarily\nContact: <sip:{contact}@127.0.0.1>"
    )


def made(pbx):
    """The devices that channels were made for, each as often as it was."""
    started = (row for row in pbx.cel_rows() if row["eventtype"] == "CHAN_START")
    return sorted(row["channame"].rpartition("-")[0] for row in started)


def applications(pbx):
    return {row["appname"] for row in pbx.cel_rows() if row["eventtype"] == "APP_START"}


def rows(pbx, event):
    return sum(row["eventtype"] == event for row in pbx.cel_rows())


def over(pbx, calls=1):
    wait_until(lambda: rows(pbx, "LINKEDID_END") >= calls)


def supervised():
    boss = Operator(extension="1003", name="Operator 3", supervisor=True)
    return (*default_operators()[:2], boss)


@pytest.mark.parametrize(
    "contact", ["1002", f"PJSIP%2F{OUTSIDE}%40trunk", f"Local%2F{OUTSIDE}%40crm-outbound"]
)
def test_a_phone_that_sends_its_caller_elsewhere_is_not_obeyed(make_lab, contact):
    pbx = make_lab()
    with DeskPhone(pbx, "1001", moved_to(contact)), DeskPhone(pbx, "1002"), FarEnd(pbx):
        call_in(pbx, [Call(number="+48600100102", to=DIRECT)]).wait()
        over(pbx)
    assert made(pbx) == ["PJSIP/1001", "PJSIP/trunk"]


def test_a_network_that_sends_our_call_elsewhere_is_not_obeyed(make_lab):
    pbx = make_lab(phones_forward=True, forward_outside=True)
    with DeskPhone(pbx, "1001") as phone, FarEnd(pbx, moved_to("+48900900900")):
        phone.call(OUTSIDE).wait()
        over(pbx)
    assert made(pbx) == ["PJSIP/1001", "PJSIP/trunk"]


@pytest.mark.parametrize(("extension", "listens"), [("1003", True), ("1002", False)])
def test_only_a_supervisors_phone_listens_in(make_lab, extension, listens):
    pbx = make_lab(operators=supervised())
    with DeskPhone(pbx, "1001", Behaviour(ring=0.1)), DeskPhone(pbx, extension) as phone:
        caller = call_in(pbx, [Call(number="+48600100102", to=DIRECT)], talk=4)
        wait_until(lambda: rows(pbx, "BRIDGE_ENTER") == 2)  # who is only rung has nothing to hear
        phone.call("*511001", talk=1).wait()
        caller.wait()
        over(pbx)
    assert ("ChanSpy" in applications(pbx)) is listens


def test_a_message_is_left_in_the_mailbox_of_who_does_not_answer(make_lab):
    owner = Operator(extension="1001", name="Operator 1", mailbox=True, ring_seconds=1)
    pbx = make_lab(operators=(owner, *default_operators()[1:]))
    call_in(pbx, [Call(number="+48600100102", to=DIRECT)], talk=4).wait()
    over(pbx)
    assert "VoiceMail" in applications(pbx)
    assert (pbx.work_dir / "spool/voicemail/default/1001").is_dir()
