"""Text on its way into a column: what a network or a caller wrote may not be storable as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Table

# PostgreSQL refuses NUL in text; no encoding has lone surrogates. Both can be in a caller's name.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_AS_JSON = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
# What only Python's own encoder says, it is asked for.
_STRICTLY = (
    orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
) | orjson.OPT_PASSTHROUGH_SUBCLASS


def storable(text: str) -> str:
    if _is_plain(text):
        return text
    return _UNSTORABLE.sub("", text)


def _is_plain(text: str) -> bool:
    """Storable for sure; most texts by far, and quick to tell."""
    return text.isascii() and "\0" not in text


def clip(text: str, length: int) -> str:
    return storable(text)[:length]


def to_json(value: object) -> str:
    """`orjson` takes a tenth of the time; what it refuses (halves of letters, numbers of more than
    64 bits, keys that are no texts) Python's own writes, or refuses too."""
    try:
        return orjson.dumps(value, option=_STRICTLY).decode()
    except TypeError:
        return storable(_AS_JSON(value))


def storable_json(value: Any) -> Any:
    """A JSON value with all its texts made storable, those of keys included."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): storable_json(one) for key, one in value.items()}
    return [storable_json(one) for one in value] if isinstance(value, list | tuple) else value


def text_limits(table: Table) -> dict[str, int]:
    """Column name → the most characters it holds, for the columns that have such a limit."""
    return {
        column.name: length
        for column in table.columns
        if isinstance(length := getattr(column.type, "length", None), int)
    }


def clipped(row: dict[str, Any], limits: Mapping[str, int]) -> dict[str, Any]:
    """`row` with its texts made storable and cut to what their columns hold."""
    for name, length in limits.items():
        value = row.get(name)
        if value and isinstance(value, str) and not (len(value) <= length and _is_plain(value)):
            row[name] = clip(value, length)
    return row


def clip_all(rows: Sequence[dict[str, Any]], limits: Mapping[str, int]) -> None:
    """`clipped` for many rows: most columns need no look at their values one by one."""
    for name, length in limits.items():
        texts = [text for row in rows if (text := row.get(name))]
        if texts and (max(map(len, texts)) > length or _UNSTORABLE.search("".join(texts))):
            for row in rows:
                clipped(row, {name: length})
