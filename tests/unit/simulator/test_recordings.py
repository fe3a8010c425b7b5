"""What a recording keeps of the lab's stream, and which of them go on for each other."""

from __future__ import annotations

import pytest

from ami.simulator.instance import Cast, Instance, Mint
from ami.simulator.library import FOLDER, load_once
from ami.simulator.reading import load
from ami.simulator.recording import RecordingError, is_kept
from ami.simulator.template import parse
from tests.support.simulator import LIBRARY

ANSWERED = load_once(FOLDER / "inbound-call-is-answered-through-the-queue")
VIP = load_once(FOLDER / "vip-caller-goes-to-the-vip-queue")
BLOCKED = load_once(FOLDER / "blocked-caller-hears-a-message-and-no-phone-rings")
DEBTOR = load_once(FOLDER / "debtor-caller-goes-to-the-debtors-queue")
GIVES_UP = load_once(FOLDER / "caller-gives-up-in-the-queue")
VIP_GIVES_UP = load_once(FOLDER / "vip-caller-gives-up-in-the-vip-queue")


def events(instance: Instance) -> list[dict[str, str]]:
    return [parse(raw.decode().replace("\r\n", "\n")) for _, raw in instance.messages()]


def test_the_pbx_s_own_affairs_are_not_part_of_a_call():
    names = {moment.event for recording in LIBRARY for moment in recording.moments}
    assert "Newchannel" in names
    assert not names & {"FullyBooted", "SuccessfulAuth", "ChallengeSent", "PeerStatus", "TestEvent"}


def test_a_recording_ends_with_no_channel_left():
    for recording in LIBRARY:
        born = [one.event for one in recording.moments].count("Newchannel")
        died = [one.event for one in recording.moments].count("Hangup")
        assert born == died, recording.name


def test_only_what_the_listener_s_filter_lets_through_is_kept():
    kept = {moment.event for recording in LIBRARY for moment in recording.moments if moment.kept}
    assert "Hangup" in kept
    assert not kept & {"RTCPSent", "DTMFEnd", "ContactStatus"}
    assert is_kept({"Event": "Newexten", "Application": "VoiceMail"})
    assert not is_kept({"Event": "Newexten", "Application": "Dial"})
    assert is_kept({"Event": "VarSet", "Variable": "CRM_ROUTE"})
    assert not is_kept({"Event": "VarSet", "Variable": "BRIDGEPEER"})


def test_every_inbound_call_asks_the_crm_once():
    for recording in LIBRARY:
        directions = [call["direction"] for call in recording.truth]
        if "inbound" in directions:
            assert recording.asks == directions.count("inbound"), recording.name


@pytest.mark.parametrize(
    "name",
    [
        "asterisk-dies-in-mid-call-and-is-started-anew",
        "caller-falls-silent-and-the-call-never-ends",
        "click-to-call-by-a-local-channel-is-answered-by-both-sides",
        "dialplan-rewrites-the-callers-number-before-the-phone-rings",
    ],
)
def test_what_cannot_be_played_with_other_people_is_left_out(name):
    assert not load(FOLDER / name).is_playable
    assert name not in {recording.name for recording in LIBRARY}


def test_transfers_can_be_played():
    assert "callee-transfers-the-caller-after-speaking-with-the-colleague" in {
        recording.name for recording in LIBRARY
    }


def test_the_crm_is_told_the_fresh_ids_and_the_fresh_number():
    instance = Instance(ANSWERED, Mint("pbx9", 5), 1.8e9, 1.0, Cast(outsiders=(("+48501", "Ola"),)))
    first = events(instance)[0]

    environment = instance.environment(0, 1.8e9)

    assert environment["agi_callerid"] == "+48501"
    assert environment["agi_calleridname"] == "Ola"
    assert environment["agi_uniqueid"] == first["Uniqueid"] == "pbx9-1800000000.5"
    assert environment["agi_channel"] == first["Channel"]
    assert environment["agi_dnid"] == ANSWERED.entry[1]


def test_the_variables_are_those_that_the_crm_sets_now():
    instance = Instance(ANSWERED, Mint("pbx1"), 1.8e9)
    ask = ANSWERED.moments[ANSWERED.first_ask()]
    answer = {"CRM_PRIORITY": "30", "CRM_ROUTE": "queue-vip"}

    told = [
        parse(raw.decode().replace("\r\n", "\n")) for raw in instance.settings(ask, answer, 1.8e9)
    ]

    assert [(one["Event"], one["Variable"], one["Value"]) for one in told] == [
        ("VarSet", "CRM_PRIORITY", "30"),
        ("VarSet", "CRM_ROUTE", "queue-vip"),
    ]
    assert told[0]["Uniqueid"] == events(instance)[0]["Uniqueid"]
    assert "AppData" not in told[0]


@pytest.mark.parametrize(
    ("begun", "route", "expected"),
    [
        (ANSWERED, "queue-support", ANSWERED),
        (ANSWERED, "queue-vip", VIP),
        (ANSWERED, "blocked", BLOCKED),
        (ANSWERED, "queue-debtors", DEBTOR),
        (GIVES_UP, "queue-vip", VIP_GIVES_UP),
    ],
    ids=lambda one: getattr(one, "name", one),
)
def test_the_crm_s_answer_decides_which_recording_goes_on(begun, route, expected):
    assert LIBRARY.continuing(begun, route) is expected


def test_an_answer_that_leads_to_the_same_queue_changes_nothing():
    assert LIBRARY.continuing(GIVES_UP, "queue-support") is GIVES_UP
    assert LIBRARY.continuing(ANSWERED, "") is ANSWERED


def test_an_answer_that_was_never_recorded_changes_nothing():
    assert LIBRARY.continuing(ANSWERED, "queue-of-the-future") is ANSWERED
    menu = LIBRARY["caller-gives-up-in-the-menu-before-any-queue"]
    assert LIBRARY.continuing(menu, "queue-vip") is menu


def test_the_call_goes_on_under_the_ids_it_began_with():
    instance = Instance(ANSWERED, Mint("pbx1", 40), 1.8e9)
    opening = ANSWERED.moments[: ANSWERED.first_ask() + 1]
    before = {parse(_text(instance, one)).get("Uniqueid") for one in opening}

    position = instance.continue_as(VIP)

    after = {parse(_text(instance, one)).get("Uniqueid") for one in VIP.moments[position:]}
    assert before == {"pbx1-1800000000.40"}
    assert before < after


def test_a_folder_without_a_call_is_refused_by_name(tmp_path):
    (tmp_path / "ami.txt").write_text("Event: FullyBooted\r\n\r\n")
    with pytest.raises(RecordingError, match="no channel"):
        load(tmp_path)
    with pytest.raises(RecordingError, match=r"there are: .*blocked-caller"):
        LIBRARY["never made"]


def test_without_the_recorded_request_one_is_made_from_the_stream(tmp_path):
    source = ANSWERED
    folder = tmp_path / "old"
    folder.mkdir()
    (folder / "ami.txt").write_bytes(
        b"".join(raw for _, raw in Instance(source, Mint("pbx1"), 1.8e9).messages())
    )
    environment = Instance(load(folder), Mint("pbx1"), 1.8e9).environment(0, 1.8e9)
    assert environment["agi_callerid"] == source.outsiders[0][0]
    assert environment["agi_network_script"] == "route"


def _text(instance: Instance, moment) -> str:
    return instance.message(moment, 1.8e9).decode().replace("\r\n", "\n")
