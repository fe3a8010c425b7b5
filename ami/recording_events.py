"""Manager events as recordings hold them: raw text, JSON of many shapes. Text in, headers out; what
cannot be read comes out as words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ami.recording_text import lines_of
from ami.translate import WANTED_EVENTS

EventDict = dict[str, Any]

_BEGINS_MESSAGE = frozenset({"event", "response", "action"})
_HEADS_END = frozenset(name[-5:] for name in _BEGINS_MESSAGE)
RECEIVED = "received"
"""When a log says that it had a message, for streams that carry no time of their own."""
_AROUND_A_TIME = "[]<>()|#-: \t"
_FIRST = 10_000
_WANTED = {name.lower() for name in WANTED_EVENTS} | {"cel"}
_EVENT_LINE = re.compile(r"^(?P<before>.{0,60}?)Event: *\w", re.MULTILINE | re.IGNORECASE)
# Numbers stay as they were written: a Uniqueid 1529941216.590 is not 1529941216.59.
_AS_WRITTEN: dict[str, Any] = {"parse_float": str, "parse_int": str, "parse_constant": str}
_DECODER = json.JSONDecoder(**_AS_WRITTEN)


class AnyCase(dict[str, str | list[str]]):
    """Headers by name in any case: other tools write them as they please."""

    def __init__(self, headers: EventDict) -> None:
        super().__init__((str(key).lower(), _as_text(value)) for key, value in headers.items())

    def get(self, key: str, default: Any = None) -> Any:
        return super().get(key.lower(), default)

    def text(self, name: str) -> str:
        value = self.get(name, "")
        return value if isinstance(value, str) else ""


def _as_text(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [str(item) for item in value]
    if isinstance(value, dict):
        return json.dumps(value)
    return "" if value is None else str(value).strip()


# -- raw text ----------------------------------------------------------------------------------


def looks_like_ami(text: str) -> bool:
    """Some line names an event, be it behind a log's own time, or an answer comes first."""
    if _EVENT_LINE.search(text):
        return True
    first = next((line for line in lines_of(text[:_FIRST]) if line.strip()), "")
    return first.startswith(("Asterisk Call Manager", "Response:", "Privilege:", "ActionID:"))


def raw_messages(text: str) -> Iterator[EventDict]:
    """Blocks of `Name: value` lines; an empty line, or the head of another message, ends one."""
    prefix = _log_prefix(text)
    message: EventDict = {}
    for line in chain(lines_of(text), [""]):
        before = prefix.match(line) if prefix else None
        bare = line[before.end() :] if before else line
        name, separator, value = bare.partition(":")
        key, value = name.strip(), value.strip()
        whole = key
        if not separator:
            if bare.strip() or not message:
                continue
            yield message
            message = {}
        elif key[-5:].lower() in _HEADS_END:
            whole = _whole(key, value)
            if message and _heads_another(whole, key, message):
                yield message
                message = {}
        if whole:
            if before and not message:
                message[RECEIVED] = before.group().strip(_AROUND_A_TIME)
            _add(message, whole, value)


def _add(message: EventDict, key: str, value: str) -> None:
    known = message.get(key)
    if known is None:
        message[key] = value
    else:
        message[key] = [*(known if isinstance(known, list) else [known]), value]


def _heads_another(whole: str, key: str, message: EventDict) -> bool:
    if whole != key:
        return True
    name = key.lower()
    return name in _BEGINS_MESSAGE and any(known.lower() == name for known in message)


def _whole(key: str, value: str) -> str:
    """`ChannelStEvent: Hangup`: a message torn in mid-line, and the next one right behind it."""
    torn = len(key) > len("Event") and key.endswith("Event") and value.lower() in _WANTED
    return "Event" if torn else key


def _log_prefix(text: str) -> re.Pattern[str] | None:
    """What a log wrote before every line (a time, an arrow), by its shape."""
    found = _EVENT_LINE.search(text)
    before = found.group("before") if found else ""
    if not before.strip() or before[-1:].isalnum():
        return None
    shape = re.sub(r"\d+", lambda _: r"\d+", re.escape(before.rstrip()))
    return re.compile(rf"^{shape} ?")


# -- JSON --------------------------------------------------------------------------------------


def json_events(text: str) -> Iterator[EventDict | str]:
    """Events in lists (of lists, too), one a line, one after another, wrapped in other objects."""
    try:
        whole = json.loads(text, **_AS_WRITTEN)
    except ValueError:
        found = _lines(text) if _is_lines(text) else _one_after_another(text)
        yield from chain.from_iterable(_events_in(item) for item in found)
        return
    if whole != []:
        yield from _events_in(whole)


def _is_lines(text: str) -> bool:
    heads = [line.strip() for line in lines_of(text) if line.strip()][:20]
    return sum(line[:1] == "{" and line[-1:] == "}" for line in heads) * 2 > len(heads)


def _lines(text: str) -> Iterator[Any]:
    for line in lines_of(text):
        if not line.strip():
            continue
        try:
            yield json.loads(line.strip().rstrip(","), **_AS_WRITTEN)
        except ValueError as error:
            yield f"not JSON: {error}"


def _one_after_another(text: str) -> Iterator[Any]:
    """Objects of a file that is cut, or that has no commas between them."""
    at = text.find("{")
    while at >= 0:
        try:
            item, end = _DECODER.raw_decode(text, at)
        except ValueError as error:
            yield f"not JSON: {error}"
            end = at + 1
        else:
            yield item
        at = text.find("{", end)


def _events_in(item: Any) -> Iterator[EventDict | str]:
    if isinstance(item, str) and item.startswith("not JSON"):
        yield item
    elif isinstance(item, list) and item:
        yield from chain.from_iterable(_events_in(one) for one in item)
    elif isinstance(item, dict):
        yield from _events_of_object(item)
    else:
        yield f"not an object: {item!r:.80}"


def _events_of_object(item: EventDict) -> Iterator[EventDict | str]:
    inner = [value for value in item.values() if isinstance(value, dict | list)]
    lower = {str(key).lower(): value for key, value in item.items()}
    name = lower.get("event")
    if isinstance(name, str) or "eventtype" in lower or not inner:
        headers = [value for value in inner if isinstance(value, dict)] if name else []
        yield {**item, **{k: v for one in headers for k, v in one.items()}}
    elif isinstance(lower.get("name"), str) and isinstance(lower.get("data"), dict):
        yield {"Event": lower["name"], **lower["data"]}
    else:
        yield from chain.from_iterable(_events_in(value) for value in inner)
