"""What tests of the simulator compare: records without the things that every run has its own of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ami.replay import replay_file
from ami.simulator.library import FOLDER, Library
from ami.simulator.recording import Recording

UNIQUEID = re.compile(r"(?:[\w-]+-)?\d{9,}\.\d+")
SERIAL = re.compile(r"(?<=-)[0-9a-f]{8}(?=[;\"\\\r\n ]|$)")
_CHANNEL = re.compile(r'(?P<base>[A-Za-z]+[0-9]*/[^"\s;]+-)[0-9a-f]{8}(?=[;"\\ ]|$)')
"""A serial alone is no name: PJSIP and Local count each for itself."""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


class _Recordings:
    """The library, read when a test asks for it: to collect the tests costs no seconds.

    It has no `__getattr__`: pytest asks every object of a module whether it is a fixture, and each
    worker would read all recordings for the answer.
    """

    def __getitem__(self, name: str) -> Recording:
        return _library()[name]

    def __iter__(self) -> Iterator[Recording]:
        return iter(_library())

    def continuing(self, begun: Recording, route: str) -> Recording:
        return _library().continuing(begun, route)

    def routes(self, begun: Recording) -> frozenset[str]:
        return _library().routes(begun)


LIBRARY = _Recordings()
names = st.deferred(lambda: st.sampled_from([recording.name for recording in LIBRARY]))


@cache
def _library() -> Library:
    return Library.read(FOLDER)


def ids_in(text: str) -> set[str]:
    """Every id of a channel, call or bridge that Asterisk would have made up anew."""
    without_uuids = UUID.sub("", re.sub(r"(?:Timestamp|SentNTP): [\d.]+", "", text))
    return {
        *UUID.findall(text),
        *UNIQUEID.findall(without_uuids),
        *SERIAL.findall(without_uuids),
    }


def record_of(stream: bytes, folder: Path, people: dict[str, str]) -> Any:
    """What the product makes of a stream; ids in order of appearance, times since the first.

    `people`: fresh number, name or extension → the recorded one.
    """
    path = folder / "stream.txt"
    path.write_bytes(stream)
    text = json.dumps(replay_file(path), ensure_ascii=False)
    for pattern in (UNIQUEID, _CHANNEL):
        seen: dict[str, str] = {}
        text = pattern.sub(lambda one, seen=seen: _numbered(one, seen), text)
    for fresh, recorded in sorted(people.items(), key=lambda pair: -len(pair[0])):
        text = re.sub(rf"(?<![\w+]){re.escape(fresh)}(?!\w)", recorded, text)
    moments = sorted(set(_MOMENT.findall(text)), key=datetime.fromisoformat)
    for moment in moments:
        since = datetime.fromisoformat(moment) - datetime.fromisoformat(moments[0])
        text = text.replace(f'"{moment}"', str(since.total_seconds()))
    return json.loads(text)


def _numbered(found: re.Match[str], seen: dict[str, str]) -> str:
    """The id's place in the order of appearance; of a channel, its name goes before."""
    base = found["base"] if "base" in found.groupdict() else ""
    return base + seen.setdefault(found[0], f"#{len(seen)}")


def alike(one: Any, other: Any) -> bool:
    """Equal, seconds to a hundredth: a moment of this century is good to a microsecond at most."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 0.01
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    return bool(one == other)
