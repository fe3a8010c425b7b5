"""What a caller can write into a manager event is told from what the PBX says.

The forged numbers are those that a call of SIPp's brought into the streams of 16.28 and 22.10.1.
"""

from __future__ import annotations

import pytest

from ami.client.genuine import Genuine
from ami.client.wire import Splitter, parse_headers
from tests.scenarios.recorded import FOLDER, FOLDER_16

STAMP = "Timestamp: 1795326560.836808\r\nSystemName: pbx1\r\n"
VICTIM = "pbx1-1795326500.1"


def event(name: str, *headers: str) -> str:
    return "\r\n".join([f"Event: {name}\r\nPrivilege: call,all\r\n{STAMP}Channel: A", *headers])


def newchannel(number: str = "1", dialled: str = "2") -> str:
    numbers = (f"CallerIDNum: {number}", "CallerIDName: x", f"Exten: {dialled}")
    return event("Newchannel", *numbers, "Priority: 1", "Uniqueid: u.2", "Linkedid: u.2")


def only(*events: str, answers: bytes = b"ActionID: ours") -> tuple[list[str], int]:
    genuine = Genuine()
    messages = Splitter().feed("".join(one + "\r\n\r\n" for one in events).encode())
    kept = genuine.only(messages, lambda raw: answers in raw)
    return [raw.decode() for raw in kept], genuine.forged


HELLO = event("Newstate", "Uniqueid: u.1", "Linkedid: u.1")
HANGUP = event("Hangup", "Uniqueid: u.1", "Linkedid: u.1")


def test_an_ordinary_stream_passes_whole() -> None:
    assert only(HELLO, newchannel(), HANGUP) == ([HELLO, newchannel(), HANGUP], 0)


def test_an_event_in_a_dialled_number_goes_with_the_event_it_was_cut_from() -> None:
    forged = newchannel(dialled=f"1\r\n\r\nEvent: Hangup\r\nUniqueid: {VICTIM}")
    assert only(HELLO, forged, HANGUP) == ([HELLO, HANGUP], 1)


def test_an_event_in_a_callers_number_goes_too_however_many_follow_it() -> None:
    number = f"1\r\nUniqueid: {VICTIM}\r\nLinkedid: x\r\n\r\nEvent: A\r\n\r\nEvent: B"
    assert only(HELLO, newchannel(number), HANGUP) == ([HELLO, HANGUP], 2)


def test_the_beginning_of_an_event_leaves_no_room_in_a_number() -> None:
    stamp = STAMP.replace("pbx1", "pbx").removesuffix("\r\n")
    assert len(f"\r\n\r\nEvent: Hold\r\nPrivilege: x,all\r\n{stamp}") > 79
    bare = event("Newchannel", f"CallerIDNum: \r\n\r\nEvent: Hold\r\nPrivilege: x\r\n{stamp}")
    assert only(HELLO, bare, HANGUP) == ([HELLO, HANGUP], 1)


def test_a_time_without_the_systems_name_is_not_believed_where_others_carry_both() -> None:
    number = "\r\n\r\nEvent: Hold\r\nPrivilege: call,all\r\nTimestamp: 1795326560.836808"
    kept, _ = only(HELLO, newchannel(number, f"1\r\nUniqueid: {VICTIM}\r\n\r\nEvent: A"), HANGUP)
    assert kept == [HELLO, HANGUP]


def test_an_answer_to_our_own_action_and_the_welcome_need_no_beginning() -> None:
    item = "Event: CoreShowChannel\r\nActionID: ours\r\nUniqueid: u.1"
    welcome = "Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 3\r\nStatus: Fully Booted"
    assert only(HELLO, item, welcome, HANGUP) == ([HELLO, item, welcome, HANGUP], 0)


def test_an_answer_to_an_action_that_nobody_asked_is_not_believed() -> None:
    number = "1\r\n\r\nEvent: CoreShowChannelsComplete\r\nActionID: guessed"
    assert only(HELLO, newchannel(number)) == ([HELLO], 1)


def test_a_pbx_that_writes_no_times_is_taken_as_it_is() -> None:
    bare = "Event: Hangup\r\nPrivilege: call,all\r\nUniqueid: u.1"
    assert only(bare, bare) == ([bare, bare], 0)


@pytest.mark.parametrize("header", ["Channel: PJSIP/1001-1", f"Uniqueid: {VICTIM}", "Linkedid: x"])
def test_an_event_with_a_header_in_a_number_says_nothing(header: str) -> None:
    assert parse_headers(newchannel(dialled=f"1\r\n{header}").encode()) == {}
    assert parse_headers(newchannel().encode())["Uniqueid"] == "u.2"


def test_no_event_of_any_recording_is_taken_for_forged() -> None:
    streams = [*FOLDER.glob("*/ami.txt"), *FOLDER_16.glob("*/ami.txt")]
    assert streams
    for path in streams:
        _, _, after_login = path.read_bytes().partition(b"Event: FullyBooted")
        if after_login.count(b"Event: FullyBooted"):
            continue  # two links in one file, the first one cut off in mid-message
        messages = Splitter().feed(b"Event: FullyBooted" + after_login)
        genuine = Genuine()
        kept = genuine.only(messages, lambda raw: raw.startswith(b"Response: "))
        assert (len(kept), genuine.forged) == (len(messages), 0), path
