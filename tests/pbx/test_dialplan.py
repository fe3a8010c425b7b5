"""What happens to calls on the real PBX, whatever the CRM says or fails to say."""

import socket
import threading

import pytest

from ami.lab.phones import HIDDEN, Behaviour, Call, DeskPhone, FarEnd, call_in
from ami.lab.witness import ScriptedAgi
from tests.support.waiting import wait_until

pytestmark = pytest.mark.pbx

SUPPORT, DIRECT = "+48221000001", "+48221000101"


def apps(pbx, app):
    """What this application was started with, in the ledger's order."""
    return [
        row["appdata"].split(",")[0]
        for row in pbx.cel_rows()
        if row["eventtype"] == "APP_START" and row["appname"] == app
    ]


def caller_ids(pbx):
    return {
        (row["cid_num"], row["cid_name"]) for row in pbx.cel_rows() if row["exten"] == "support"
    }


def written(pbx):
    """How many calls the ledger has closed; it writes a moment after the call is over."""
    return sum(row["eventtype"] == "LINKEDID_END" for row in pbx.cel_rows())


def ring_once(pbx, number="+48600100101", name="", to=SUPPORT, talk=2.0):
    """One call from outside, until the ledger has all of it. Answer() itself takes half a second
    of `talk`, as SIPp sends no sound."""
    before = written(pbx)
    call_in(pbx, [Call(number=number, name=name, to=to)], talk=talk).wait()
    wait_until(lambda: written(pbx) > before)


@pytest.mark.parametrize(
    ("route", "queue"),
    [
        ("", "support"),
        ("queue-support", "support"),
        ("queue-sales", "sales"),
        ("queue-vip", "vip"),
        ("queue-debtors", "debtors"),
        ("queue-of-nowhere", "support"),
        ("vip,n(start)", "support"),
        ("${SHELL(id)}", "support"),
    ],
)
def test_the_crms_word_chooses_the_queue_and_any_other_word_is_no_word(make_lab, route, queue):
    with ScriptedAgi({"CRM_PRIORITY": "10", "CRM_ROUTE": route}) as agi:
        pbx = make_lab(agi.address)
        ring_once(pbx)
    assert apps(pbx, "Queue") == [queue]


def test_a_blocked_caller_reaches_no_phone(make_lab):
    with ScriptedAgi({"CRM_ROUTE": "blocked"}) as agi:
        pbx = make_lab(agi.address)
        with DeskPhone(pbx, "1001"):
            for number in (SUPPORT, DIRECT):
                ring_once(pbx, to=number, talk=60)
    assert apps(pbx, "Queue") == apps(pbx, "Dial") == []
    noted = [row["extra"] for row in pbx.cel_rows() if row["userdeftype"] == "CRM_ROUTE"]
    assert noted == ['{"extra":"blocked"}'] * 2


def test_without_a_crm_the_caller_reaches_the_default_queue(make_lab):
    pbx = make_lab()
    ring_once(pbx)
    assert apps(pbx, "Queue") == ["support"]


def test_a_crm_that_accepts_and_never_answers_costs_two_seconds_and_no_caller(make_lab):
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        pbx = make_lab(frozen.getsockname()[:2])
        ring_once(pbx)
    assert apps(pbx, "Queue") == ["support"]
    assert "did not answer in time" in pbx.log_text()


def test_a_crm_that_hangs_up_in_mid_sentence_costs_no_caller(make_lab):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def say_half_and_die():
            connection, _ = server.accept()
            connection.sendall(b'SET VARIABLE CRM_PRIORITY "10"\nSET VARIA')
            connection.close()

        dying = threading.Thread(target=say_half_and_die)
        dying.start()
        pbx = make_lab(server.getsockname()[:2])
        ring_once(pbx)
        dying.join(5)
    assert apps(pbx, "Queue") == ["support"]


@pytest.mark.parametrize(
    ("number", "name", "seen"),
    [
        ("+48600100101", "Anna Wiśniewska", ("+48600100101", "Anna Wiśniewska")),
        ("+48600100101", "Пётр О'Нил", ("+48600100101", "Пётр О'Нил")),
        ("+48600100101", "${SHELL(id)}", ("+48600100101", "SHELLid")),
        ("+48600100101", "x),y(&PJSIP/trunk", ("+48600100101", "xyPJSIPtrunk")),
        ("+48600100101&x", "", ("+48600100101", "")),
        ("500$x", "", ("500", "")),
        ("bob", "", ("unknown", "")),
        (HIDDEN, "Anonymous", ("anonymous", "Anonymous")),
    ],
)
def test_what_a_caller_can_type_is_filtered_before_it_is_used(make_lab, number, name, seen):
    pbx = make_lab()
    ring_once(pbx, number, name)
    assert caller_ids(pbx) == {seen}


@pytest.mark.parametrize("dialled", ["48221000002", "0048221000002", "+48221000002"])
def test_a_number_is_ours_however_the_network_writes_it(make_lab, dialled):
    pbx = make_lab()
    ring_once(pbx, to=dialled)
    assert apps(pbx, "Queue") == ["sales"]


def test_an_unknown_number_of_ours_goes_to_the_default_queue(make_lab):
    pbx = make_lab()
    ring_once(pbx, to="+48221009999")
    assert apps(pbx, "Queue") == ["support"]


def turned_away(pbx, number, to):
    """One call from outside that Asterisk refuses before it makes a channel."""
    call_in(pbx, [Call(number=number, to=to)]).wait()
    return pbx.channels() == 0 and written(pbx) == 0


@pytest.mark.parametrize("dialled", ["1001", "600", "700", "support", "crm-dial-out"])
def test_a_stranger_reaches_no_internal_number(make_lab, dialled):
    pbx = make_lab()
    with DeskPhone(pbx, "1001"):
        assert turned_away(pbx, "+48600100101", dialled)


def test_a_stranger_reaches_no_outside_line(make_lab):
    pbx = make_lab()
    with FarEnd(pbx):
        ring_once(pbx, to="+48501501501")
    assert apps(pbx, "Dial") == []


def test_a_caller_who_poses_as_an_operator_is_a_caller(make_lab):
    pbx = make_lab()
    with DeskPhone(pbx, "1002"):
        assert turned_away(pbx, "1001", "1002")


@pytest.mark.parametrize("dialled", ["+79161234567", "0079161234567"])
def test_a_prefix_outside_the_plan_is_not_dialled(make_lab, dialled):
    pbx = make_lab(outbound_prefixes=("+48",))
    with DeskPhone(pbx, "1001") as phone, FarEnd(pbx):
        phone.call(dialled).wait()
        wait_until(lambda: written(pbx) or not pbx.channels())
    assert apps(pbx, "Dial") == []


def test_an_outbound_call_shows_our_number_and_not_the_extension(make_lab):
    pbx = make_lab()
    with DeskPhone(pbx, "1001") as phone, FarEnd(pbx, Behaviour(ring=0.1)):
        phone.call("+48501501501", talk=0.5).wait()
        wait_until(lambda: written(pbx) == 1 and pbx.cdr_rows())
    assert apps(pbx, "Dial") == ["PJSIP/+48501501501@trunk"]
    assert pbx.cdr_rows()[0]["src"] == pbx.plan.main_number


def test_only_so_many_calls_go_out_at_once(make_lab):
    pbx = make_lab(outbound_at_once=1)
    with (
        DeskPhone(pbx, "1001") as one,
        DeskPhone(pbx, "1002") as two,
        FarEnd(pbx, Behaviour(ring=0)),
    ):
        first = one.call("+48501501501", talk=3)
        wait_until(lambda: pbx.channels() == 2)
        two.call("+48501501502").wait()
        first.wait()
        wait_until(lambda: written(pbx) == 2)
    assert apps(pbx, "Dial") == ["PJSIP/+48501501501@trunk"]
    assert "Too many outbound calls" in pbx.log_text()


def test_a_wrong_password_places_no_call(make_lab):
    pbx = make_lab()
    phone = DeskPhone(pbx, "1001")
    phone.secret = "a-guessed-password"
    phone.call("1002").wait()
    assert pbx.cel_rows() == []


def test_a_recorded_call_leaves_one_file_named_by_its_id(make_lab):
    pbx = make_lab(record=True)
    with DeskPhone(pbx, "1001", Behaviour(ring=0.2)):
        ring_once(pbx, name="../../etc/passwd", talk=3)
    wait_until(pbx.cdr_rows)
    uniqueid = pbx.cdr_rows()[0]["uniqueid"]
    assert [path.name for path in (pbx.work_dir / "spool/monitor").iterdir()] == [f"{uniqueid}.wav"]
