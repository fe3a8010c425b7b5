"""A call's journal as events: manager messages and ledger lines in one order, and as one file.

Pure: text in, plain headers out. The file is JSON lines, one event a line, ledger lines in the
form in which the manager interface would tell them; `callcenter replay` reads it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callcenter.calls.journal import JournalPart, JournalSource
from callcenter.pbx import ledger_headers as names

Headers = dict[str, str | list[str]]
_LINE_END = re.compile(r"\r\n|\n|\r")
_LONGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """One event as it came. `at` is None where it carries no time."""

    source: JournalSource
    name: str
    at: datetime | None
    headers: Headers = field(default_factory=dict)

    @property
    def channel(self) -> str:
        return next(iter(self._ending(names.CHANNELS)), "")

    @property
    def uniqueids(self) -> tuple[str, ...]:
        return self._ending(names.UNIQUEIDS)

    @property
    def linkedids(self) -> tuple[str, ...]:
        return self._ending(names.LINKEDIDS)

    def _ending(self, end: str) -> tuple[str, ...]:
        found = (v for k, v in self.headers.items() if k.lower().endswith(end))
        return tuple(dict.fromkeys(v for v in found if isinstance(v, str) and v))


def events_of(parts: Sequence[JournalPart]) -> list[RawEvent]:
    """All events of the parts by time; those of one source keep their order."""
    timed: list[tuple[float, int, RawEvent]] = []
    for part in parts:
        last = part.started_at.timestamp() if part.started_at else 0.0
        for event in _events(part):
            last = max(last, event.at.timestamp()) if event.at else last
            timed.append((last, len(timed), event))
    timed.sort(key=lambda one: one[:2])
    return [event for _, _, event in timed]


def json_lines(events: Iterable[RawEvent]) -> Iterator[str]:
    for event in events:
        yield json.dumps(event.headers, ensure_ascii=False) + "\n"


def _events(part: JournalPart) -> Iterator[RawEvent]:
    text = part.data.decode("utf-8", errors="replace")
    messages = _messages(text) if part.source == "live" else _rows(text)
    for headers in messages:
        name = names.LEDGER_NAME if part.source == "ledger" else names.EVENT
        yield RawEvent(
            source=part.source, name=_text(headers, name), at=_time(headers), headers=headers
        )


def _messages(text: str) -> Iterator[Headers]:
    """Manager messages: `Name: value` lines, each message ended by an empty one."""
    message: Headers = {}
    for line in (*_LINE_END.split(text), ""):
        if not line.strip():
            if message:
                yield message
            message = {}
            continue
        key, separator, value = line.partition(":")
        if separator:
            _add(message, key.strip(), value.strip())


def _add(message: Headers, key: str, value: str) -> None:
    known = message.get(key)
    if known is None:
        message[key] = value
    else:
        message[key] = [*(known if isinstance(known, list) else [known]), value]


def _rows(text: str) -> Iterator[Headers]:
    """Ledger lines under a header row. Empty cells are left out, as they say nothing."""
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""))
    columns = [cell.strip().lower() for cell in next(rows, [])]
    headers = [names.LEDGER_HEADERS.get(column, column) for column in columns]
    for cells in rows:
        if cells:
            told = zip(headers, cells, strict=False)
            yield {names.EVENT: names.LEDGER_EVENT, **{key: cell for key, cell in told if cell}}


def _time(headers: Headers) -> datetime | None:
    for name in names.TIMES:
        text = _text(headers, name)
        if text:
            return _moment(text)
    return None


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(headers: Headers, name: str) -> str:
    value = headers.get(name, "")
    return value if isinstance(value, str) else ""
