"""Reads a recording's files into a `Recording`: what belongs to its calls, cut into slots.

The only module of the simulator that knows what the manager stream of a FastAGI step looks like.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ami.simulator.recording import Moment, Recording, RecordingError, is_kept
from ami.simulator.template import UNIQUEID, VALUE, VARIABLE, Headers, Pieces, Vocabulary, parse

_ENCODING = ("utf-8", "surrogateescape")
_OF_THE_ANSWER = frozenset({"AGIExecStart", "AGIExecEnd"})


def load(folder: Path) -> Recording:
    try:
        text = (folder / "ami.txt").read_bytes().decode(*_ENCODING)
        agi = _json(folder / "agi.json")
        truth = _json(folder / "scenario.json").get("calls", [])
    except (OSError, ValueError) as error:
        raise RecordingError(f"{folder}: {error}") from error
    messages = list(_of_the_calls(text))
    if not messages:
        raise RecordingError(f"{folder}: no channel in its manager stream")
    words = _vocabulary([headers for _, headers in messages])
    pattern = words.pattern()
    asked = [headers for _, headers in messages if _asks(headers)]
    requests = agi.get("requests", [])[: len(asked)]
    requests += [_environment(headers, words) for headers in asked[len(requests) :]]
    first = messages[0][1]
    return Recording(
        name=folder.name,
        moments=tuple(_moments(messages, words)),
        requests=tuple(words.cut("\n".join(lines), pattern) for lines in requests),
        answer=agi.get("answer", {}),
        channels={slot: words.cut(base, pattern) for slot, base in words.bases.items()},
        operators=_operators(words),
        outsiders=_outsiders(words),
        entry=(first.get("Context", ""), first.get("Exten", "")),
        truth=truth,
        whole=text.count("Event: FullyBooted") < 2 and _all_end([one for _, one in messages]),
    )


def _all_end(messages: Sequence[Headers]) -> bool:
    """Also not, where a program gave its own ids to channels: they cannot be given twice."""
    begun = {one.get("Uniqueid", "") for one in messages if one["Event"] == "Newchannel"}
    ended = {one.get("Uniqueid", "") for one in messages if one["Event"] == "Hangup"}
    return begun == ended and all(map(UNIQUEID.fullmatch, begun))


def _json(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return value if isinstance(value, dict) else {}


def _of_the_calls(text: str) -> Iterator[tuple[str, Headers]]:
    """Events from the first channel on, without what concerns no call."""
    begun = False
    for raw in text.replace("\r\n", "\n").split("\n\n"):
        message = raw.strip("\n")
        headers = parse(message)
        begun = begun or headers.get("Event") == "Newchannel"
        if begun and "Event" in headers and not _is_the_pbx_itself(headers):
            yield message, headers


def _is_the_pbx_itself(headers: Headers) -> bool:
    private = headers.get("Privilege", "").startswith(("system", "security"))
    return private or headers["Event"] in ("TestEvent", "ExtensionStatus")


def _vocabulary(messages: Sequence[Headers]) -> Vocabulary:
    words = Vocabulary()
    for headers in messages:
        words.learn(headers)
    for headers in messages:
        if headers["Event"] == "Newchannel" and headers.get("Uniqueid") == headers.get("Linkedid"):
            words.learn_outsider(headers)
    return words


def _moments(messages: list[tuple[str, Headers]], words: Vocabulary) -> Iterator[Moment]:
    pattern = words.pattern()
    began = float(messages[0][1].get("Timestamp", "0"))
    offset, asks = 0.0, 0
    answering: set[str] = set()  # channels whose AGI() is under way
    for text, headers in messages:
        offset = max(offset, float(headers.get("Timestamp", "0")) - began)
        name, channel = headers["Event"], headers.get("Uniqueid", "")
        if name in _OF_THE_ANSWER or (channel in answering and _sets_crm_variable(headers)):
            continue
        moment = Moment(offset, name, is_kept(headers), words.cut(text, pattern))
        if _asks(headers):
            setting = _as_varset(text)
            moment = replace(moment, ask=asks, setting=_filled_in(words.cut(setting, pattern)))
            asks += 1
            answering.add(channel)
        elif headers.get("Variable") == "AGISTATUS":
            answering.discard(channel)
        yield moment


def _asks(headers: Headers) -> bool:
    return headers.get("Event") == "Newexten" and headers.get("Application") == "AGI"


def _sets_crm_variable(headers: Headers) -> bool:
    return headers["Event"] == "VarSet" and headers.get("Variable", "").startswith("CRM_")


def _as_varset(newexten: str) -> str:
    """The same channel at the same place of the dialplan, now with a variable set."""
    own = ("Extension: ", "Application: ", "AppData: ")
    lines = [line for line in newexten.split("\n") if not line.startswith(own)]
    lines[0] = "Event: VarSet"
    return "\n".join([*lines, "Variable: \0", "Value: \0"])


def _filled_in(pieces: Pieces) -> Pieces:
    """The two places that `_as_varset` left open, as slots."""
    *before, last = pieces
    head, between, _ = str(last).split("\0")
    return (*before, head, VARIABLE, between, VALUE)


def _environment(newexten: Headers, words: Vocabulary) -> list[str]:
    """What Asterisk tells a script, as far as the manager stream knows it."""
    env = {
        "network": "yes",
        "network_script": "route",
        "request": newexten.get("AppData", ""),
        "channel": newexten.get("Channel", ""),
        "language": newexten.get("Language", ""),
        "uniqueid": newexten.get("Uniqueid", ""),
        "callerid": newexten.get("CallerIDNum", "unknown"),
        "calleridname": newexten.get("CallerIDName", "unknown"),
        "callingpres": "0" if words.numbers else "32",
        "dnid": "unknown",
        "context": newexten.get("Context", ""),
        "extension": newexten.get("Exten", ""),
        "priority": newexten.get("Priority", ""),
    }
    return [f"agi_{name}: {value}" for name, value in env.items()]


def _operators(words: Vocabulary) -> tuple[tuple[str, str], ...]:
    names = {index: name for name, index in words.operator_names.items()}
    return tuple((extension, names.get(index, "")) for extension, index in words.extensions.items())


def _outsiders(words: Vocabulary) -> tuple[tuple[str, str], ...]:
    names = {index: name for name, index in words.names.items()}
    return tuple((number, names.get(index, "")) for number, index in words.numbers.items())
