"""A stored journal part as signals again: what a call's record can be made from anew.

Pure. Reads what `ami` wrote: manager messages of the live stream, and the ledger's lines under a
row of titles.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ami.cel import LEDGER_SILENT, translate_cel
from ami.client.wire import parse_headers
from ami.translate import translate
from callcenter.calls.journal import JournalPart
from callcenter.calls.signals import Signal

_MESSAGE_END = b"\r\n\r\n"


def signals_of(part: JournalPart) -> list[Signal]:
    """In the order of the live stream; the ledger's by the time of each row."""
    read = _of_ledger if part.source == "ledger" else _of_stream
    return list(read(part))


def _of_stream(part: JournalPart) -> Iterator[Signal]:
    data = part.data if _MESSAGE_END in part.data else part.data.replace(b"\n", b"\r\n")
    for message in data.split(_MESSAGE_END):
        if message.strip():
            signal = translate(parse_headers(message), part.pbx)
            if signal is not None:
                yield signal


def _of_ledger(part: JournalPart) -> Iterator[Signal]:
    text = part.data.decode("utf-8", "replace")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), restval=""))
    rows.sort(key=lambda row: (row.get("eventtype") == LEDGER_SILENT, row.get("eventtime") or ""))
    for row in rows:
        signal = translate_cel(row, part.pbx)
        if signal is not None:
            yield signal
