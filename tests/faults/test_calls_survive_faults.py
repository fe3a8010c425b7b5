"""A brief run of the harness (`make faults` is the long one): real processes, servers and PBX."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.lab import require_lab
from tests.support.require import require

pytestmark = [
    pytest.mark.pbx,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.timeout(600),
]

_FAULTS = (
    "listener killed",
    "database stopped",
    "link half-open",
    "ledger rotated while the listener is away",
    "PBX killed while the listener is away",
)


def test_no_call_is_lost_doubled_or_wrong_whatever_dies() -> None:
    require_lab()
    require("postgresql")
    require("redis")
    command = [
        sys.executable,
        "-m",
        "tests.faults",
        "--seed",
        "7",
        "--calls",
        "60",
        "--rate",
        "2.5",
    ]
    command += ["--scale", "0.3", "--without", "direct, no answer"]
    command += [word for name in _FAULTS for word in ("--only", name)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
