"""Streams as other people's PBXs keep them give the calls that truly happened.

The files in `field/` were written by hand, and so was `truth.json` (see `field/README.md`): nothing
of it was made by our own code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ami.replay import replay_file
from callcenter.calls.topology import endpoint_of

FOLDER = Path(__file__).parent / "field"
TRUTH: dict[str, list[dict[str, Any]]] = json.loads((FOLDER / "truth.json").read_text("utf-8"))
TOLERANCE = 0.5
Call = dict[str, Any]

_FIGURES: dict[str, Callable[[Call], Any]] = {
    "caller": lambda call: call["caller"]["number"],
    "name": lambda call: call["caller"]["name"],
    "answered_by": lambda call: list(dict.fromkeys(map(endpoint_of, call["answered_by"]))),
    "last_speaker": lambda call: endpoint_of(call["last_speaker"] or ""),
    "transfers": lambda call: [transfer["kind"] for transfer in call["transfers"]],
    "transfer_to": lambda call: [transfer["to"] for transfer in call["transfers"]],
    "endpoints": lambda call: sorted({endpoint_of(leg["channel"]) for leg in call["legs"]}),
}
_SECONDS = {"talk": "talk_seconds", "hold": "hold_seconds", "wait": "wait_seconds"}


def seen(call: Call, figure: str) -> Any:
    made = _FIGURES.get(figure)
    return made(call) if made else call[figure]


def check(call: Call, truth: dict[str, Any]) -> None:
    for figure, expected in truth.items():
        if figure in _SECONDS:
            assert call[_SECONDS[figure]] == pytest.approx(expected, abs=TOLERANCE), figure
        elif figure == "hangup":
            by = call["hangup"]["by"]
            assert expected in (by, endpoint_of(by or "") or None), figure
        elif figure == "legs":
            legs = {(endpoint_of(x["channel"]), x["role"], x["result"]) for x in call["legs"]}
            assert {(endpoint, *rest) for endpoint, rest in expected.items()} <= legs
        else:
            assert seen(call, figure) == expected, figure


@pytest.mark.parametrize("name", TRUTH, ids=lambda name: Path(name).stem)
def test_a_foreign_stream_tells_what_happened(name: str) -> None:
    calls = replay_file(FOLDER / name)["calls"]
    assert len(calls) == len(TRUTH[name])
    for call, truth in zip(calls, TRUTH[name], strict=True):
        check(call, truth)


@pytest.mark.parametrize("name", TRUTH, ids=lambda name: Path(name).stem)
def test_a_foreign_stream_cut_at_any_place_still_gives_records(name: str, tmp_path: Path) -> None:
    text = (FOLDER / name).read_text("utf-8")
    part = tmp_path / name
    for tenth in range(1, 10):
        part.write_text(text[: len(text) * tenth // 10], "utf-8")
        calls = replay_file(part)["calls"]
        assert len(calls) <= len(TRUTH[name]) + 2


def test_every_stream_has_its_truth() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"truth.json", "README.md"}
    assert files == set(TRUTH)
