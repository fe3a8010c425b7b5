"""Streams as people really have them: other tools' JSON, psql tables, odd cases, torn rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ami.replay import UnreadableError, replay_file
from tests.scenarios.recorded import FOLDER

AMI = FOLDER / "direct-number-is-answered" / "ami.txt"
CEL = FOLDER / "direct-number-is-answered" / "cel.csv"


def events() -> list[dict[str, str]]:
    text = AMI.read_text("utf-8").replace("\r\n", "\n")
    blocks = [block for block in text.split("\n\n") if "Event: " in block]
    return [dict(line.split(": ", 1) for line in b.splitlines() if ": " in line) for b in blocks]


def replayed(tmp_path: Path, content: str | bytes) -> dict[str, Any]:
    path = tmp_path / "stream"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return replay_file(path)


def answered(result: dict[str, Any]) -> None:
    (call,) = result["calls"]
    assert (call["result"], call["direction"]) == ("answered", "inbound")
    assert call["talk_seconds"] > 1


@pytest.mark.parametrize(
    "form",
    [
        json.dumps,
        lambda e: "\n".join(json.dumps(one) for one in e),
        lambda e: json.dumps({"events": e}),
        lambda e: json.dumps([{key.lower(): value for key, value in one.items()} for one in e]),
        lambda e: json.dumps([{**one, "Event": one["Event"].upper()} for one in e]),
        lambda e: json.dumps(e).encode("utf-16"),
        lambda e: "\n\n".join("\n".join(f"{k}: {v}" for k, v in one.items()) for one in e),
        lambda e: "\r\n\r\n".join("\r\n".join(f"{k}: {v}" for k, v in one.items()) for one in e),
    ],
    ids=["list", "lines", "wrapped", "lower case", "upper case", "UTF-16", "LF", "CRLF"],
)
def test_one_call_is_the_same_in_every_form_of_ami_events(tmp_path: Path, form: Any) -> None:
    answered(replayed(tmp_path, form(events())))


def rows() -> list[list[str]]:
    import csv

    return list(csv.reader(CEL.read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("", " | ".join, ""),
        ("", lambda cells: "| " + " | ".join(cells) + " |", ""),
        ("psql=# select * from cel;\n", " | ".join, "\n(23 rows)\n"),
        ("", lambda cells: " | ".join(f'"{c}"' for c in cells), ""),
    ],
    ids=["pipes", "outer pipes", "psql", "quoted"],
)
def test_one_call_is_the_same_in_every_form_of_cel_table(
    tmp_path: Path, before: str, line: Any, after: str
) -> None:
    header, *body = rows()
    ruler = "-+-".join("-" * 5 for _ in header)
    text = "\n".join([line(header), ruler, *(line(cells) for cells in body)])
    result = replayed(tmp_path, before + text + after)
    answered(result)
    assert [a for a in result["anomalies"] if a["kind"] == "unreadable"] == []


def test_a_pipe_in_a_name_shifts_nothing(tmp_path: Path) -> None:
    header, *body = rows()
    at = header.index("cid_name")
    for cells in body:
        cells[at] = "Jan | Kow"
    result = replayed(tmp_path, "\n".join("|".join(cells) for cells in [header, *body]))
    answered(result)
    assert result["calls"][0]["caller"]["name"] == "Jan | Kow"


def test_a_name_with_odd_line_signs_stays_whole(tmp_path: Path) -> None:
    name = "Ja\x0bn\u2028K"
    text = "\r\n\r\n".join(
        "\r\n".join(f"{key}: {name if key == 'CallerIDName' else v}" for key, v in one.items())
        for one in events()
    )
    assert replayed(tmp_path, text)["calls"][0]["caller"]["name"] == name


def test_a_system_name_that_comes_late_splits_no_call(tmp_path: Path) -> None:
    some = events()
    some[0].pop("SystemName", None)
    for event in some[1:]:
        event["SystemName"] = "pbx1"
    answered(replayed(tmp_path, json.dumps(some)))


def test_a_stream_without_times_has_an_order_and_no_durations(tmp_path: Path) -> None:
    some = [{k: v for k, v in event.items() if k != "Timestamp"} for event in events()]
    (call,) = replayed(tmp_path, json.dumps(some))["calls"]
    assert call["result"] == "answered"
    assert (call["started_at"], call["answered_at"], call["ended_at"]) == (None, None, None)
    assert (call["talk_seconds"], call["wait_seconds"]) == (0.0, None)


def test_a_ledger_without_bridges_still_knows_who_answered(tmp_path: Path) -> None:
    header, *body = rows()
    kept = [cells for cells in body if not cells[0].startswith("BRIDGE")]
    answered(replayed(tmp_path, "\n".join("|".join(cells) for cells in [header, *kept])))


def test_records_that_cannot_be_read_are_named_and_cost_no_other_anything(tmp_path: Path) -> None:
    lines = [json.dumps(event) for event in events()]
    result = replayed(tmp_path, "\n".join([lines[0], "{torn", "[]", *lines[1:]]))
    answered(result)
    told = [a["detail"] for a in result["anomalies"] if a["kind"] == "unreadable"]
    assert len(told) == 2


@pytest.mark.parametrize("content", ["just words\nand more\n", "---+---\n", "[1, 2"])
def test_a_file_of_no_known_format_says_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(UnreadableError):
        replayed(tmp_path, content)


def test_an_empty_file_holds_no_calls(tmp_path: Path) -> None:
    assert replayed(tmp_path, b"\xef\xbb\xbf \n") == {"calls": [], "anomalies": []}


def test_events_that_mean_nothing_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    result = replayed(tmp_path, json.dumps([{"Kind": "Hangup", "Id": "1"}]))
    assert result["calls"] == []
    assert [a["kind"] for a in result["anomalies"]] == ["unreadable"]
