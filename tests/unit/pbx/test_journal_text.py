"""A call's journal becomes one file of events, with or without what tells who it was."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ami.replay import replay_file
from callcenter.calls.journal import JournalPart, JournalSource
from callcenter.pbx.journal_text import RawEvent, events_of, json_lines
from callcenter.pbx.masking import masked

RECORDINGS = Path("tests/scenarios/recordings")
SOME = (
    "inbound-call-is-answered-through-the-queue",
    "queue-tries-a-second-operator-when-the-first-does-not-answer",
    "hidden-caller-is-answered",
    "outbound-call-is-answered",
    "direct-number-is-busy",
)


def part(source: JournalSource, data: bytes) -> JournalPart:
    return JournalPart(
        call_id="pbx/1", pbx="pbx", source=source, started_at=None, events=0, data=data
    )


def live_part(name: str) -> JournalPart:
    return part("live", (RECORDINGS / name / "ami.txt").read_bytes())


def replayed(events: list[RawEvent], folder: Path) -> dict[str, Any]:
    path = folder / "call.jsonl"
    path.write_text("".join(json_lines(events)), encoding="utf-8")
    return replay_file(path)


def test_a_message_keeps_every_header_and_tells_who_and_when() -> None:
    text = (
        "Event: DialBegin\r\nTimestamp: 1795315459.5\r\nChannel: PJSIP/trunk-1\r\nUniqueid: a.1\r\n"
        "DestUniqueid: a.2\r\nLinkedid: a.1\r\nDestLinkedid: a.1\r\nOther: 1\r\nOther: 2\r\n\r\n"
    )
    (event,) = events_of([part("live", text.encode())])
    assert event.name == "DialBegin"
    assert event.at == datetime.fromtimestamp(1795315459.5, UTC)
    assert (event.uniqueids, event.linkedids) == (("a.1", "a.2"), ("a.1",))
    assert event.channel == "PJSIP/trunk-1"
    assert event.headers["Other"] == ["1", "2"]


def test_a_ledger_line_is_told_as_the_manager_would_tell_it() -> None:
    text = (
        '"eventtype","eventtime","cid_num","channame","uniqueid","linkedid","extra"\n'
        '"HANGUP","1795315460.5","+48600100101","PJSIP/1-1","a.1","a.0","{""hangupcause"":16}"\n'
    )
    (event,) = events_of([part("ledger", text.encode())])
    assert json.loads(next(json_lines([event]))) == {
        "Event": "CEL",
        "EventName": "HANGUP",
        "EventTime": "1795315460.5",
        "CallerIDnum": "+48600100101",
        "Channel": "PJSIP/1-1",
        "UniqueID": "a.1",
        "LinkedID": "a.0",
        "Extra": '{"hangupcause":16}',
    }


def test_both_sources_stand_in_one_order_and_an_event_without_time_keeps_its_place() -> None:
    live = "Event: A\nTimestamp: 10\n\nEvent: B\n\nEvent: C\nTimestamp: 30\n\n"
    ledger = "eventtype,eventtime\nX,20\nY,40\n"
    events = events_of([part("ledger", ledger.encode()), part("live", live.encode())])
    assert [event.name for event in events] == ["A", "B", "X", "C", "Y"]


@pytest.mark.parametrize("name", SOME)
def test_the_file_of_a_journal_replays_to_the_same_calls(name: str, tmp_path: Path) -> None:
    events = events_of([live_part(name)])
    assert (
        replayed(events, tmp_path)["calls"] == replay_file(RECORDINGS / name / "ami.txt")["calls"]
    )


@pytest.mark.parametrize("name", SOME)
def test_a_masked_file_tells_nobody_and_replays_to_the_same_structure(
    name: str, tmp_path: Path
) -> None:
    events = events_of([live_part(name)])
    plain, hidden = replayed(events, tmp_path), replayed(masked(events), tmp_path)
    assert structure(hidden) == structure(plain)
    text = "".join(json_lines(masked(events)))
    for call in plain["calls"]:
        number, caller = call["caller"]["number"], call["caller"]["name"]
        assert not number.strip("+").isdecimal() or len(number) < 7 or number not in text
        assert " " not in caller or caller not in text


def structure(told: dict[str, Any]) -> list[Any]:
    return [
        (
            call["direction"],
            call["result"],
            call["started_at"],
            call["talk_seconds"],
            [(leg["channel"], leg["role"], leg["result"]) for leg in call["legs"]],
        )
        for call in told["calls"]
    ]


def test_one_number_in_several_spellings_stays_one_number() -> None:
    headers = [
        {"Event": "A", "CallerIDNum": "+48600100101", "CallerIDName": "Anna Wiśniewska"},
        {"Event": "B", "Exten": "600100101", "DialString": "0048600100101@trunk"},
        {"Event": "C", "ConnectedLineName": "Anna Wiśniewska", "Exten": "1001", "Queue": "support"},
        {"Event": "D", "Uniqueid": "pbx1-1795315459.100101", "Channel": "PJSIP/trunk-48600101"},
    ]
    events = [RawEvent(source="live", name="", at=None, headers=dict(one)) for one in headers]
    one, two, three, four = (event.headers for event in masked(events))
    assert one["CallerIDNum"] == "+48600000001"
    assert (two["Exten"], two["DialString"]) == ("600000001", "0048600000001@trunk")
    assert one["CallerIDName"] == three["ConnectedLineName"] == "Name 1"
    assert (three["Exten"], three["Queue"]) == ("1001", "support")
    assert four == headers[3]


def test_rubbish_in_a_journal_is_passed_over() -> None:
    assert events_of([part("live", b"\xff\xfe\n\n:::\n\n"), part("ledger", b"")]) != []
    assert events_of([part("ledger", b"eventtype\n")]) == []
