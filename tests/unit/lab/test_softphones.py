"""What a soft phone makes of what its child process tells; PJSIP itself is tried on the lab."""

import pytest

from ami.lab import softphones
from ami.lab.pbx import LabError, LabPbx
from ami.lab.softphones import SoftPhone, desk_of, outsider
from callcenter.pbx.plan import PbxPlan


class Alive:
    def poll(self):
        return None


class Ended:
    def poll(self):
        return 1


@pytest.fixture
def pbx(tmp_path, monkeypatch):
    monkeypatch.setattr(softphones, "free_udp_port", lambda host: 40001)
    monkeypatch.setattr(softphones, "media_port", lambda host: 20000)
    return LabPbx(tmp_path, plan=PbxPlan())


@pytest.fixture
def phone(pbx):
    phone = SoftPhone(desk_of(pbx, "1001"))
    phone._process = Alive()
    return phone


def tells(phone, state, call=0, incoming=True):
    said = {"event": "state", "call": call, "state": state, "code": 0, "incoming": incoming}
    phone._hear(said)


def test_a_desk_signs_in_with_its_secret_and_shows_it_to_nobody(pbx):
    desk = desk_of(pbx, "1001")
    assert desk.secret == next(o.secret for o in pbx.plan.operators if o.extension == "1001")
    assert desk.secret not in repr(desk)
    assert desk.server == f"127.0.0.1:{pbx.plan.ports.sip}"


def test_somebody_out_there_does_not_sign_in_and_calls_from_the_trunks_side(pbx):
    anna = outsider(pbx, "+48600100101", "Anna")
    assert (anna.user, anna.name, anna.secret, anna.host) == (
        "+48600100101",
        "Anna",
        "",
        "127.0.0.2",
    )


def test_only_who_is_called_listens_where_the_trunk_leads(pbx):
    assert outsider(pbx, "+48501501501", is_called=True).port == pbx.plan.trunk.port
    assert outsider(pbx, "+48600100101").port == 40001


def test_sound_has_ports_of_its_own(pbx):
    assert desk_of(pbx, "1001").media_port == 20000


def test_a_call_that_comes_in_rings_once(phone):
    tells(phone, "INCOMING")
    tells(phone, "EARLY")
    line = phone.ringing()
    assert line.until_ringing().state == "EARLY"
    with pytest.raises(LabError, match="did not ring"):
        phone.ringing(seconds=0.01)


def test_a_call_of_our_own_does_not_ring(phone):
    tells(phone, "CALLING", incoming=False)
    with pytest.raises(LabError, match="did not ring"):
        phone.ringing(seconds=0.01)


def test_a_number_that_is_given_again_is_another_call(phone):
    tells(phone, "EARLY")
    first = phone.ringing()
    tells(phone, "DISCONNECTED")
    tells(phone, "EARLY")
    second = phone.ringing()
    assert first.over
    assert second is not first
    assert not second.over


def test_the_last_word_of_a_forgotten_call_begins_no_new_one(phone):
    tells(phone, "DISCONNECTED", call=7)
    with pytest.raises(LabError, match="did not ring"):
        phone.ringing(seconds=0.01)


def test_the_outcome_of_a_transfer_is_kept_with_its_call(phone):
    tells(phone, "CONFIRMED")
    line = phone.ringing()
    phone._hear({"event": "transfer", "call": 0, "code": 202, "final": False})
    assert line.transfer_code == 202


def test_waiting_for_a_phone_that_is_gone_says_what_it_needs(phone):
    phone._process = Ended()
    with pytest.raises(LabError, match="pjsua2-python"):
        phone.ringing()
