"""The browser's own tests of its pure modules (node's runner)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.require import require

FRONTEND = Path(__file__).parents[3] / "web" / "frontend"


def test_the_scripts_pass_their_own_tests() -> None:
    require("node")
    files = sorted(str(path) for path in (FRONTEND / "test").glob("*.test.js"))
    done = subprocess.run(
        ["node", "--test", *files], cwd=FRONTEND, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
