"""Ledger lines as Asterisk writes them, for calls that never were."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ami.ledger.fold import LedgerFolder
from ami.ledger.forward import Piece
from ami.ledger.records import RecordSplitter
from ami.ledger.rows import Refused, Row, read_record
from callcenter.calls.topology import Topology
from callcenter.pbx.ledger_columns import CEL_COLUMNS

NOON = 1_704_110_400
"""2024-01-01 12:00 UTC, in seconds."""
NOW = datetime.fromtimestamp(NOON + 2 * 86400, UTC)
TOPOLOGY = Topology(trunks=("PJSIP/trunk*",))


def line(event: str, at: float, uniqueid: str, **more: str) -> str:
    """One line without its end. Columns by name; `extra` may be given as it is."""
    values = {
        "eventtype": event,
        "eventtime": f"{at:.6f}",
        "uniqueid": uniqueid,
        "linkedid": uniqueid,
        **more,
    }
    return ",".join('"' + values.get(name, "").replace('"', '""') + '"' for name in CEL_COLUMNS)


def bridge(name: str) -> str:
    return json.dumps({"bridge_id": name, "bridge_technology": "simple_bridge"})


def answered_call(
    number: int, at: float = NOON, *, system: str = "pbx1-", talk: float = 10.0
) -> list[str]:
    """A caller from the trunk reaches PJSIP/1001: two channels, `number` and `number + 1`."""
    caller, desk = f"{system}{int(at)}.{number}", f"{system}{int(at)}.{number + 1}"
    trunk = {"channame": f"PJSIP/trunk-{number:08x}", "linkedid": caller, "cid_num": "+48600100101"}
    phone = {"channame": f"PJSIP/1001-{number + 1:08x}", "linkedid": caller, "cid_num": "1001"}
    together = {"extra": bridge(f"bridge-{system}{int(at)}-{number}")}
    done = {"extra": json.dumps({"hangupcause": 16, "hangupsource": trunk["channame"]})}
    end = at + 2 + talk
    start = {"exten": "+48221000101", "context": "from-trunk"}
    return [
        line("CHAN_START", at, caller, **trunk, **start),
        line("APP_START", at + 0.1, caller, **trunk, appname="Dial", appdata="PJSIP/1001"),
        line("CHAN_START", at + 0.2, desk, **phone),
        line("ANSWER", at + 2, desk, **phone),
        line("ANSWER", at + 2, caller, **trunk),
        line("BRIDGE_ENTER", at + 2, desk, **phone, **together),
        line("BRIDGE_ENTER", at + 2, caller, **trunk, **together),
        line("BRIDGE_EXIT", end, desk, **phone, **together),
        line("HANGUP", end, desk, **phone, **done),
        line("CHAN_END", end, desk, **phone),
        line("BRIDGE_EXIT", end, caller, **trunk, **together),
        line("HANGUP", end, caller, **trunk, **done),
        line("CHAN_END", end, caller, **trunk),
        line("LINKEDID_END", end, caller, **trunk),
    ]


def lost_call(number: int, at: float = NOON, *, system: str = "pbx1-") -> list[str]:
    """A caller who hangs up before anybody answers: one channel."""
    caller = f"{system}{int(at)}.{number}"
    trunk = {"channame": f"PJSIP/trunk-{number:08x}", "cid_num": "+48600100102"}
    done = {"extra": json.dumps({"hangupcause": 16, "hangupsource": trunk["channame"]})}
    start = {"exten": "+48221000101", "context": "from-trunk"}
    return [
        line("CHAN_START", at, caller, **trunk, **start),
        line("HANGUP", at + 4, caller, **trunk, **done),
        line("CHAN_END", at + 4, caller, **trunk),
        line("LINKEDID_END", at + 4, caller, **trunk),
    ]


def text(*calls: Iterable[str]) -> bytes:
    return "".join(f"{one}\n" for lines in calls for one in lines).encode()


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def split(*parts: bytes, splitter: RecordSplitter | None = None) -> list[tuple[bytes, str]]:
    """The records of a file that comes in these parts: (data, fault)."""
    splitter = splitter or RecordSplitter()
    records, offset = [], 0
    for part in parts:
        records += list(splitter.feed(Piece("file", "cel.csv", offset, part, False)))
        offset += len(part)
    return [(record.data, record.fault) for record in records]


def read_rows(data: bytes, *, now: datetime = NOW) -> list[Row | Refused]:
    records = RecordSplitter().feed(Piece("file", "cel.csv", 0, data, True))
    return [row for record in records for row in read_record(record, now)]


def fold(lines: Sequence[str], *, now: float = 0.0) -> LedgerFolder:
    """A folder that has read these lines."""
    folder = LedgerFolder("pbx1", TOPOLOGY)
    feed(folder, lines, now)
    return folder


def feed(folder: LedgerFolder, lines: Sequence[str], now: float) -> None:
    rows = read_rows(text(lines))
    folder.feed([row for row in rows if isinstance(row, Row)], now)
