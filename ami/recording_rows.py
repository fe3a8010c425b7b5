"""Rows of a channel event log as others keep them, put in the words that `ami.cel` knows.

Owns what back ends differ in: names of columns, numbers for event types, ways to write a time. Text
in, text out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ami.cel import field_name

Row = dict[str, str]

_ALIASES = {
    "application": "appname",
    "acctcode": "accountcode",
    "callerid_name": "cid_name",
    "callerid_num": "cid_num",
    "calleridani": "cid_ani",
    "calleriddnid": "cid_dnid",
    "calleridrdnis": "cid_rdnis",
    "channelname": "channame",
    "channel_name": "channame",
    "cidani": "cid_ani",
    "ciddnid": "cid_dnid",
    "cidname": "cid_name",
    "cidnum": "cid_num",
    "cidrdnis": "cid_rdnis",
    "ani": "cid_ani",
    "dnid": "cid_dnid",
    "rdnis": "cid_rdnis",
    "name": "cid_name",
    "num": "cid_num",
    "event_extra": "extra",
    "event_time": "eventtime",
    "event_type": "eventtype",
    "linked_id": "linkedid",
    "unique_id": "uniqueid",
    "peeracct": "peeraccount",
    "system_name": "systemname",
    "usereventname": "userdeftype",
    "user_defined_name": "userdeftype",
}
# Databases may keep the type as its number (main/cel of Asterisk 12 and later).
_NUMBERED = {
    "1": "CHAN_START",
    "2": "CHAN_END",
    "3": "HANGUP",
    "4": "ANSWER",
    "5": "APP_START",
    "6": "APP_END",
    "7": "BRIDGE_ENTER",
    "8": "BRIDGE_EXIT",
    "9": "PARK_START",
    "10": "PARK_END",
    "11": "BLINDTRANSFER",
    "12": "ATTENDEDTRANSFER",
    "13": "USER_DEFINED",
    "14": "LINKEDID_END",
    "15": "PICKUP",
    "16": "FORWARD",
    "17": "LOCAL_OPTIMIZE",
    "18": "LOCAL_OPTIMIZE_BEGIN",
}
EVENT_TYPES = frozenset(_NUMBERED.values()) | {"BRIDGE_START", "BRIDGE_END", "BRIDGE_UPDATE"}
_EMPTY = frozenset({"NULL", "null", "\\N", "<null>", "[null]"})

_DIGITS = re.compile(r"\d{13}|\d{16}")
_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})[ T,]+(.+)")
_ZONE = re.compile(r"\s+(UTC|GMT|Z)$")
_WORDS = ("%a %b %d %H:%M:%S %Y", "%b %d %H:%M:%S %Y", "%d %b %Y %H:%M:%S")
_EPOCH = re.compile(r"(\d{9,10})\.\d+$")


def column(header: str) -> str:
    """A title in any back end's words as the field it means."""
    name = header.strip().strip("\"'`[]").lower().replace(" ", "_")
    return _ALIASES.get(name) or field_name(name)


def names_a_row(names: set[str]) -> bool:
    return "eventtype" in names and bool({"uniqueid", "linkedid"} & names)


def row_of(fields: Mapping[str, Any]) -> Row:
    """One row, its keys by `column` or not yet, values of any kind."""
    row = {column(str(name)): _text(value) for name, value in fields.items()}
    kind = row.get("eventtype", "")
    row["eventtype"] = _NUMBERED.get(kind, kind.removeprefix("AST_CEL_"))
    if "uniqueid" not in row and row.get("channame"):
        row["uniqueid"] = row["channame"]  # as good a name, while the channel lives
    row["eventtime"] = told_time(row.get("eventtime", ""), row.get("uniqueid", ""))
    return row


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value)
    text = "" if value is None else str(value).strip()
    return "" if text in _EMPTY else text


def told_time(value: str, uniqueid: str = "") -> str:
    """An instant as ISO 8601 or epoch seconds; as it stands where no way to read it is known.

    Whether 03/05 is in March or in May the Uniqueid tells, which begins with an epoch.
    """
    value = value.strip()
    if _DIGITS.fullmatch(value):
        return f"{value[:10]}.{value[10:]}"
    numeric = _DATE.fullmatch(value)
    if numeric:
        return _numeric(numeric, uniqueid) or value
    value = _ZONE.sub("+00:00", value).replace(",", ".")
    if value[4:5] == "/":
        return value.replace("/", "-")
    return _worded(value) or value


def _numeric(found: re.Match[str], uniqueid: str) -> str:
    first, separator, second, year, clock = found.groups()
    orders = [(int(second), int(first)), (int(first), int(second))]
    if separator == "/":
        orders.reverse()
    moments = [f"{year}-{month:02}-{day:02} {clock}" for month, day in orders if month <= 12]
    epoch = _EPOCH.search(uniqueid)
    if epoch is None or len(moments) < 2:
        return moments[0] if moments else ""
    made = datetime.fromtimestamp(int(epoch.group(1)), UTC).date()
    return min(moments, key=lambda moment: abs((_day(moment) - made).days))


def _day(moment: str) -> date:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return date.max


def _worded(value: str) -> str:
    if not value[:1].isalpha() and not value[:2].strip().isdigit():
        return ""
    for form in _WORDS:
        try:
            return datetime.strptime(value, form).replace(tzinfo=UTC).isoformat()
        except ValueError:
            continue
    return ""
