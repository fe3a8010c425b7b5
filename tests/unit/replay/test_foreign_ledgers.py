"""One call's ledger as other back ends, exports and editors would have written it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ami.replay import replay_file
from callcenter.pbx.ledger_headers import LEDGER_HEADERS
from tests.scenarios.recorded import FOLDER

CEL = FOLDER / "direct-number-is-answered" / "cel.csv"
HEADER, *BODY = list(csv.reader(CEL.read_text("utf-8").splitlines()))
Rows = list[list[str]]

SAMPLE = (
    *("eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid"),
    *("exten", "context", "channame", "appname", "appdata", "amaflags", "accountcode"),
    *("uniqueid", "linkedid", "peer", "userfield", "userdeftype", "extra"),
)
CEL_CUSTOM = {
    "eventtype": "EventType",
    "eventtime": "EventTime",
    "cid_name": "CIDName",
    "cid_num": "CIDNum",
    "channame": "ChanName",
    "accountcode": "AcctCode",
    "uniqueid": "UniqueID",
    "linkedid": "LinkedID",
    "userdeftype": "UserEventName",
    "extra": "Extra",
}
NUMBERS = {
    "CHAN_START": "1",
    "CHAN_END": "2",
    "HANGUP": "3",
    "ANSWER": "4",
    "APP_START": "5",
    "APP_END": "6",
    "BRIDGE_ENTER": "7",
    "BRIDGE_EXIT": "8",
    "LINKEDID_END": "14",
}


def replayed(tmp_path: Path, content: str | bytes) -> dict[str, Any]:
    path = tmp_path / "ledger"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return replay_file(path)


def call_of(result: dict[str, Any]) -> dict[str, Any]:
    (call,) = result["calls"]
    return dict(call)


TRUTH = replay_file(CEL)["calls"][0]


def written(rows: Rows, **form: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", **form).writerows(rows)
    return text.getvalue()


def all_rows() -> Rows:
    return [HEADER, *BODY]


def laid_out(columns: tuple[str, ...]) -> str:
    rows = [dict(zip(HEADER, row, strict=True)) for row in BODY]
    return written([[row.get(c, "") for c in columns] for row in rows], quoting=csv.QUOTE_ALL)


def timed(write: Callable[[datetime], str]) -> str:
    at = HEADER.index("eventtime")
    moments = [datetime.fromtimestamp(float(row[at]), UTC) for row in BODY]
    rows = [[*row[:at], write(m), *row[at + 1 :]] for row, m in zip(BODY, moments, strict=True)]
    return written([HEADER, *rows])


def objects(names: dict[str, str]) -> list[dict[str, Any]]:
    return [{names.get(k, k): v for k, v in zip(HEADER, row, strict=True)} for row in BODY]


def test_the_recording_itself_is_an_answered_call() -> None:
    assert (TRUTH["result"], TRUTH["direction"]) == ("answered", "inbound")
    assert TRUTH["talk_seconds"] > 1


@pytest.mark.parametrize(
    "content",
    [
        written(all_rows(), delimiter="\t"),
        written(all_rows(), delimiter=";"),
        written(all_rows(), quotechar="'", quoting=csv.QUOTE_ALL),
        written(all_rows(), quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\"),
        written(all_rows(), delimiter="|", quoting=csv.QUOTE_ALL),
        written([[CEL_CUSTOM.get(c, c) for c in HEADER], *BODY], delimiter="\t"),
        written([HEADER, *([NUMBERS.get(r[0], r[0]), *r[1:]] for r in BODY)]),
        written([HEADER, *([cell or "NULL" for cell in r] for r in BODY)], delimiter="\t"),
        written([HEADER, *BODY[::-1]]),
        written([HEADER, *BODY, *BODY]),
        written(all_rows()).replace("\n", "\r"),
    ],
    ids=[
        *("tabs", "semicolons", "single quotes", "backslashes", "quoted pipes"),
        *("cel_custom names", "numbered types", "NULLs", "newest first", "doubled", "CR only"),
    ],
)
def test_one_call_is_the_same_in_every_kind_of_table(tmp_path: Path, content: str) -> None:
    assert call_of(replayed(tmp_path, content)) == TRUTH


@pytest.mark.parametrize(
    "columns",
    [tuple(HEADER), SAMPLE, SAMPLE[:18], (SAMPLE[0], "literal", *SAMPLE[1:])],
    ids=["our file", "sample file", "sample file of old", "sample file with a literal"],
)
def test_files_as_asterisk_writes_them_have_no_titles(
    tmp_path: Path, columns: tuple[str, ...]
) -> None:
    call = call_of(replayed(tmp_path, laid_out(columns)))
    assert call["result"] == "answered"
    assert call["talk_seconds"] == TRUTH["talk_seconds"]


@pytest.mark.parametrize(
    "write",
    [
        lambda m: f"{m.timestamp():.6f}",
        lambda m: f"{m.timestamp() * 1000:.0f}",
        lambda m: m.strftime("%Y-%m-%d %H:%M:%S.%f"),
        lambda m: m.strftime("%Y-%m-%d %H:%M:%S.%f UTC"),
        lambda m: m.strftime("%Y-%m-%dT%H:%M:%S,%fZ"),
        lambda m: m.strftime("%Y-%m-%d %H:%M:%S.%f+0000"),
        lambda m: m.strftime("%Y/%m/%d %H:%M:%S.%f"),
        lambda m: m.strftime("%d.%m.%Y %H:%M:%S.%f"),
        lambda m: m.strftime("%d/%m/%Y %H:%M:%S"),
        lambda m: m.strftime("%m/%d/%Y %H:%M:%S"),
        lambda m: m.strftime("%a %b %d %H:%M:%S %Y"),
    ],
    ids=[
        *("epoch", "milliseconds", "ISO", "named zone", "T, comma and Z", "offset", "slashes"),
        *("day first", "day first, slashes", "month first", "words"),
    ],
)
def test_times_are_read_however_they_are_written(
    tmp_path: Path, write: Callable[[datetime], str]
) -> None:
    call = call_of(replayed(tmp_path, timed(write)))
    assert call["started_at"][:19] == TRUTH["started_at"][:19]
    assert call["talk_seconds"] == pytest.approx(TRUTH["talk_seconds"], abs=1.0)


@pytest.mark.parametrize("names", [{}, CEL_CUSTOM], ids=["database names", "cel_custom names"])
@pytest.mark.parametrize("extra", [str, lambda text: json.loads(text) if text else None])
def test_rows_may_be_json_objects(
    tmp_path: Path, names: dict[str, str], extra: Callable[[str], Any]
) -> None:
    key = names.get("extra", "extra")
    rows = [{**row, key: extra(row[key])} for row in objects(names)]
    lines = "\n".join(json.dumps(row) for row in rows)
    assert call_of(replayed(tmp_path, json.dumps(rows))) == TRUTH
    assert call_of(replayed(tmp_path, lines)) == TRUTH


def test_the_manager_tells_ledger_rows_as_events(tmp_path: Path) -> None:
    events = [{"Event": "CEL", **row} for row in objects(dict(LEDGER_HEADERS))]
    text = "\r\n\r\n".join("\r\n".join(f"{k}: {v}" for k, v in e.items()) for e in events)
    assert call_of(replayed(tmp_path, json.dumps(events))) == TRUTH
    assert call_of(replayed(tmp_path, text)) == TRUTH


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_encoding_changes_nothing(tmp_path: Path, encoding: str) -> None:
    assert call_of(replayed(tmp_path, CEL.read_text("utf-8").encode(encoding))) == TRUTH


def test_a_separator_inside_a_text_shifts_nothing(tmp_path: Path) -> None:
    at = HEADER.index("appdata")
    rows = [[*r[:at], f"{r[at]}|30|tT", *r[at + 1 :]] for r in BODY]
    text = "\n".join("|".join(row) for row in [HEADER, *rows])
    assert call_of(replayed(tmp_path, text)) == TRUTH


def test_a_pbx_named_in_a_column_keeps_its_calls_apart(tmp_path: Path) -> None:
    def of(name: str) -> Rows:
        at = HEADER.index("uniqueid")
        return [[*r[:at], "1795315459.1", *r[at + 1 :], name] for r in BODY[:1]]

    text = written([[*HEADER, "systemname"], *of("north"), *of("south")])
    assert sorted(call["id"].split("/")[0] for call in replayed(tmp_path, text)["calls"]) == [
        "north",
        "south",
    ]


def test_a_table_without_uniqueids_tells_channels_by_their_names(tmp_path: Path) -> None:
    at = HEADER.index("uniqueid")
    text = written([[*row[:at], *row[at + 1 :]] for row in all_rows()])
    call = call_of(replayed(tmp_path, text))
    for figure in ("direction", "result", "caller", "answered_by", "talk_seconds"):
        assert call[figure] == TRUTH[figure]
