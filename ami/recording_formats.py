"""What a recorded stream may look like: AMI text, JSON of AMI events, CEL tables. Text in, signals
out; what cannot be read comes out as words, with the rest unharmed.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from ami.cel import field_name, translate_cel
from ami.translate import WANTED_EVENTS, translate
from callcenter.calls.signals import Signal

EventDict = dict[str, str | list[str]]
Item = Signal | str
"""A signal, or words about a record that could not be read."""

_EVENT_NAMES = {name.lower(): name for name in WANTED_EVENTS}
# Only these end a line: a name may hold U+2028 or a vertical tab, which str.splitlines() cuts at.
_LINE_END = re.compile(r"\r\n|\n|\r")
_FOOTER = re.compile(r"\(?\d+ rows?( in set.*)?\)?", re.IGNORECASE)
_LONGEST_CELL = 1_000_000


class UnreadableError(ValueError):
    """The file is none of the formats that replay reads."""


class AnyCase(dict[str, str | list[str]]):
    """Headers by name in any case: other tools write them as they please."""

    def __init__(self, headers: EventDict) -> None:
        super().__init__((key.lower(), value) for key, value in headers.items())

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key.lower(), default)


def signals_of(text: str) -> Iterator[Item]:
    """In file order. Raises UnreadableError when the file holds nothing that can be read."""
    text = text.removeprefix("\ufeff")
    head = text.lstrip()[:1]
    if not head:
        return
    if head in "[{":
        yield from _from_events(_json_events(text))
    elif _looks_like_ami(text):
        yield from _from_events(_raw_messages(text))
    else:
        yield from _from_table(text)


def decoded(raw: bytes) -> str:
    """UTF-8 unless a byte order mark says UTF-16. Never raises."""
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    return raw.decode("utf-16" if utf16 else "utf-8", errors="replace")


def system_of(uniqueid: str) -> str:
    """A Uniqueid begins with the PBX's systemname, where it has one: `pbx1-1795314690.0`."""
    match = re.fullmatch(r"(.+)-\d+\.\d+", uniqueid)
    return match.group(1) if match else "pbx"


# -- AMI events --------------------------------------------------------------------------------


def _looks_like_ami(text: str) -> bool:
    first = next((line for line in _LINE_END.split(text) if line.strip()), "")
    if first.startswith("Asterisk Call Manager"):
        return True
    key, separator, _ = first.partition(":")
    return bool(separator) and "|" not in first and "," not in key and " " not in key.strip()


def _json_events(text: str) -> Iterator[EventDict | str]:
    try:
        whole = json.loads(text)
    except ValueError as error:
        if text.lstrip().startswith("["):
            raise UnreadableError(f"not a JSON list of AMI events: {error}") from error
        yield from _json_lines(text)
        return
    if isinstance(whole, dict):
        whole = whole["events"] if isinstance(whole.get("events"), list) else [whole]
    for item in whole:
        yield item if isinstance(item, dict) else f"not an object: {item!r:.80}"


def _json_lines(text: str) -> Iterator[EventDict | str]:
    for line in _LINE_END.split(text):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except ValueError as error:
            yield f"not JSON: {error}"
            continue
        yield item if isinstance(item, dict) else f"not an object: {line[:80]}"


def _raw_messages(text: str) -> Iterator[EventDict | str]:
    message: EventDict = {}
    for line in chain(_LINE_END.split(text), [""]):
        if not line.strip():
            if message:
                yield message
            message = {}
            continue
        key, separator, value = line.partition(":")
        if not separator:
            continue
        key, value = key.strip(), value.strip()
        known = message.get(key)
        if known is None:
            message[key] = value
        else:
            message[key] = [*(known if isinstance(known, list) else [known]), value]


def _from_events(items: Iterable[EventDict | str]) -> Iterator[Item]:
    events = [item if isinstance(item, str) else _event(item) for item in items]
    names = {name for e in events if isinstance(e, AnyCase) and (name := _text(e, "SystemName"))}
    pbx = names.pop() if len(names) == 1 else _first_system(events)
    understood = False
    for event in events:
        if isinstance(event, str):
            yield event
            continue
        pbx = _text(event, "SystemName") or pbx
        signal = translate(event, pbx)
        if signal is not None:
            understood = True
            yield signal
    if events and not understood:
        yield "no event that tells of a call was found; are these AMI events with their headers?"


def _event(item: EventDict) -> AnyCase:
    event = AnyCase({str(key): _as_text(value) for key, value in item.items()})
    name = _text(event, "Event")
    event["event"] = _EVENT_NAMES.get(name.lower(), name)
    return event


def _first_system(events: Iterable[AnyCase | str]) -> str:
    uniqueids = (_text(event, "Uniqueid") for event in events if isinstance(event, AnyCase))
    return system_of(next((uniqueid for uniqueid in uniqueids if uniqueid), ""))


def _text(event: AnyCase, name: str) -> str:
    value = event.get(name, "")
    return value if isinstance(value, str) else ""


def _as_text(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    return "" if value is None else str(value)


# -- CEL tables --------------------------------------------------------------------------------


def _from_table(text: str) -> Iterator[Item]:
    lines = [line for line in _LINE_END.split(text) if line.strip() and not _is_ruler(line)]
    start = next((at for at, line in enumerate(lines) if _names_fields(line)), None)
    if start is None:
        raise UnreadableError(
            "neither AMI text, nor JSON, nor a CEL table: a row must name CEL fields (eventtype, "
            f"eventtime, uniqueid, linkedid, channame, …); it begins {' / '.join(lines)[:120]!r}"
        )
    header = [field_name(cell) for cell in _cells(lines[start])]
    rows = _rows(text, lines[start:], header)
    understood = False
    for cells in rows:
        if isinstance(cells, str):
            yield cells
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        signal = translate_cel(row, system_of(row.get("uniqueid", "")))
        if signal is not None:
            understood = True
            yield signal
    if not understood:
        yield "no row of a known event type (CHAN_START, ANSWER, BRIDGE_ENTER, HANGUP, …)"


def _names_fields(line: str) -> bool:
    names = {field_name(cell) for cell in _cells(line)}
    return "eventtype" in names and bool({"uniqueid", "linkedid"} & names)


def _cells(line: str) -> list[str]:
    if "|" in line:
        return _pipe_cells(line, outer=line.lstrip().startswith("|"))
    return next(csv.reader([line]), [])


def _rows(text: str, lines: list[str], header: list[str]) -> Iterator[list[str] | str]:
    if "|" in lines[0]:
        outer = lines[0].lstrip().startswith("|")
        rows: Iterable[list[str] | str] = (_pipe_cells(line, outer=outer) for line in lines[1:])
    else:
        rows = _csv_rows(text[text.index(lines[0]) + len(lines[0]) :])
    for cells in rows:
        if isinstance(cells, str):
            yield cells
        elif len(cells) == 1 and _FOOTER.fullmatch(cells[0].strip()):
            continue
        elif len(cells) < len(header) // 2:
            yield f"torn ledger row: {str(cells)[:80]}"
        else:
            yield _with_name_whole(cells, header)


def _csv_rows(body: str) -> Iterator[list[str] | str]:
    """By the whole text, since a quoted cell may hold a line end."""
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(io.StringIO(body, newline=""))
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"not CSV: {error}"
            continue
        if cells and not _is_ruler(",".join(cells)):
            yield cells


def _with_name_whole(cells: list[str], header: list[str]) -> list[str]:
    """A caller's name is the only free text before the ids: surplus cells are pieces of it."""
    surplus = len(cells) - len(header)
    if surplus <= 0 or "cid_name" not in header:
        return cells
    at = header.index("cid_name")
    return [*cells[:at], " | ".join(cells[at : at + surplus + 1]), *cells[at + surplus + 1 :]]


def _pipe_cells(line: str, *, outer: bool) -> list[str]:
    """Cells between pipes; a table may or may not have outer pipes, its header row tells."""
    text = line.strip().removeprefix("|").removesuffix("|") if outer else line
    return [cell.strip().strip('"') for cell in text.split("|")]


def _is_ruler(line: str) -> bool:
    return not set(line.strip()) - set("-+=| ")
