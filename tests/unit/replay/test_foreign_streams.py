"""One call's manager events as logs, terminals and other tools keep them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ami.replay import UnreadableError, replay_file
from tests.scenarios.recorded import FOLDER

AMI = FOLDER / "direct-number-is-answered" / "ami.txt"
TEXT = AMI.read_text("utf-8").replace("\r\n", "\n")
TRUTH = replay_file(AMI)["calls"][0]


def events() -> list[dict[str, str]]:
    blocks = [block for block in TEXT.split("\n\n") if "Event: " in block]
    return [dict(line.split(": ", 1) for line in b.splitlines() if ": " in line) for b in blocks]


def blocks(some: list[dict[str, str]], between: str = "\n\n") -> str:
    return between.join("\n".join(f"{k}: {v}" for k, v in e.items()) for e in some) + "\n\n"


def replayed(tmp_path: Path, content: str | bytes) -> dict[str, Any]:
    path = tmp_path / "stream"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return replay_file(path)


def without_name(event: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in event.items() if key != "Event"}


ANSWER = {"Response": "Success", "ActionID": "7", "Message": "Channels will follow"}
TERMINAL = "Trying 127.0.0.1...\nConnected to localhost.\nEscape character is '^]'.\n"

TEXTS = {
    "terminal": TERMINAL + TEXT,
    "no empty lines": blocks(events(), "\n"),
    "sorted headers": blocks([dict(sorted(e.items())) for e in events()]),
    "answers between": blocks([events()[0], ANSWER, *events()[1:], ANSWER]),
    "behind a log's time": "\n".join(f"[2026-03-02 09:00:07] {line}" for line in TEXT.split("\n")),
    "behind arrows": "\n".join(f"<-- {line}" for line in TEXT.split("\n")),
    "CR only": TEXT.replace("\n", "\r"),
}
JSONS: dict[str, Any] = {
    "lists in lists": [events()[:3], [events()[3:9], [events()[9:]]]],
    "answers between": [ANSWER, *events()[:5], ANSWER, *events()[5:]],
    "headers apart": [{"event": e["Event"], "headers": without_name(e)} for e in events()],
    "name and data": [{"name": e["Event"], "data": without_name(e)} for e in events()],
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_one_call_is_the_same_in_every_kind_of_text(tmp_path: Path, text: str) -> None:
    assert replayed(tmp_path, text)["calls"] == [TRUTH]


@pytest.mark.parametrize("items", JSONS.values(), ids=JSONS.keys())
def test_one_call_is_the_same_in_every_kind_of_json(tmp_path: Path, items: Any) -> None:
    assert replayed(tmp_path, json.dumps(items))["calls"] == [TRUTH]


def test_objects_one_after_another_are_read(tmp_path: Path) -> None:
    text = "\n".join(json.dumps(event, indent=2) for event in events())
    assert replayed(tmp_path, text)["calls"] == [TRUTH]


def test_a_file_cut_in_its_last_event_keeps_the_rest(tmp_path: Path) -> None:
    result = replayed(tmp_path, json.dumps([*events(), {"Event": "Newstate"}])[:-12])
    assert result["calls"] == [TRUTH]
    assert [a["kind"] for a in result["anomalies"]].count("unreadable") == 1


def test_a_message_torn_in_mid_line_costs_no_other(tmp_path: Path) -> None:
    torn = "Event: VarSet\nPrivilege: dialplan,all\nChannelSt"
    assert replayed(tmp_path, torn + blocks(events()))["calls"] == [TRUTH]


def test_a_uniqueid_written_as_a_number_keeps_its_last_zero(tmp_path: Path) -> None:
    made = {"Event": "Newchannel", "Channel": "SIP/21-1", "Uniqueid": "1529941216.590"}
    text = json.dumps([made, {**made, "Event": "Hangup"}]).replace(
        '"1529941216.590"', "1529941216.590"
    )
    assert [c["id"] for c in replayed(tmp_path, text)["calls"]] == ["pbx/1529941216.590"]


def test_a_name_in_an_old_encoding_spoils_no_other_line(tmp_path: Path) -> None:
    some = [{**e, "CallerIDName": "Zo\u00eb"} if "CallerIDName" in e else e for e in events()]
    raw = blocks(some).encode("cp1252") + "X-Note: \u0141\u00f3d\u017a\n".encode()
    assert replayed(tmp_path, raw)["calls"][0]["caller"]["name"] == "Zo\u00eb"


def test_two_systems_in_one_stream_share_no_call(tmp_path: Path) -> None:
    some = [{k: v for k, v in e.items() if k != "SystemName"} for e in events()]
    ids = {v for e in some for k, v in e.items() if k.lower().endswith("uniqueid") and "." in v}
    text = json.dumps([{**e, "SystemName": name} for e in some for name in ("north", "south")])
    assert ids
    calls = replayed(tmp_path, text)["calls"]
    assert sorted(call["id"].split("/")[0] for call in calls) == ["north", "south"]
    assert {call["result"] for call in calls} == {"answered"}


def test_two_systems_that_tell_their_name_in_uniqueids_alone_share_no_call(tmp_path: Path) -> None:
    def one(name: str) -> list[dict[str, str]]:
        made = {"Channel": "SIP/21-1", "Uniqueid": f"{name}-1709629200.1", "CallerIDNum": "21"}
        return [{"Event": "Newchannel", **made}, {"Event": "Hangup", **made}]

    calls = replayed(tmp_path, json.dumps([one("north"), one("south")]))["calls"]
    assert sorted(call["id"] for call in calls) == [
        "north/north-1709629200.1",
        "south/south-1709629200.1",
    ]


def test_a_list_without_events_holds_no_calls(tmp_path: Path) -> None:
    assert replayed(tmp_path, "[]") == {"calls": [], "anomalies": []}


def test_another_programs_file_with_colons_is_no_stream(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        replayed(tmp_path, "root:x:0:0:root:/root:/bin/sh\nbin:x:1:1::/:/bin/false\n")


def test_a_recording_that_begins_after_the_channels_were_made_still_knows_who_they_are(
    tmp_path: Path,
) -> None:
    text = blocks([event for event in events() if event["Event"] != "Newchannel"])
    (call,) = replayed(tmp_path, text)["calls"]
    for figure in ("direction", "result", "caller", "dialed", "answered_by", "talk_seconds"):
        assert call[figure] == TRUTH[figure]


def _stamped(write: Callable[[float], Any], name: str) -> list[dict[str, Any]]:
    some: list[dict[str, Any]] = [dict(event) for event in events() if "Timestamp" in event]
    for event in some:
        event[name] = write(float(event.pop("Timestamp")))
    return some


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("Timestamp", lambda at: at),
        ("Timestamp", lambda at: int(at * 1000)),
        ("timestamp", lambda at: datetime.fromtimestamp(at, UTC).isoformat()),
        ("@timestamp", lambda at: datetime.fromtimestamp(at, UTC).isoformat()[:-6] + "Z"),
        ("dateReceived", lambda at: datetime.fromtimestamp(at, UTC).isoformat(" ")),
    ],
)
def test_a_time_is_read_wherever_a_tool_put_it(
    tmp_path: Path, name: str, write: Callable[[float], Any]
) -> None:
    (call,) = replayed(tmp_path, json.dumps(_stamped(write, name)))["calls"]
    assert call["started_at"][:19] == TRUTH["started_at"][:19]
    assert call["talk_seconds"] == pytest.approx(TRUTH["talk_seconds"], abs=0.01)


def test_a_logs_own_time_stands_in_where_the_stream_has_none(tmp_path: Path) -> None:
    lines: list[str] = []
    for event in (one for one in events() if "Timestamp" in one):
        at = datetime.fromtimestamp(float(event.pop("Timestamp")), UTC)
        head = at.strftime("[%Y-%m-%d %H:%M:%S.%f] ")
        lines += [*(f"{head}{key}: {value}" for key, value in event.items()), head]
    (call,) = replayed(tmp_path, "\n".join(lines))["calls"]
    assert call["talk_seconds"] == pytest.approx(TRUTH["talk_seconds"], abs=0.01)
