"""Pure folders import the standard library, phonenumbers, rapidfuzz and each other: an allow-list,
which import-linter cannot express (its contracts in setup.cfg hold everything else).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import callcenter

PURE = (
    "agents",
    "alerts",
    "archive",
    "callbacks",
    "calls",
    "channels",
    "customers",
    "duplicates",
    "erlang",
    "finding",
    "forecast",
    "history",
    "hours",
    "interactions",
    "line",
    "menus",
    "missed",
    "phones",
    "privacy",
    "recordings",
    "reporting",
    "reports",
    "rights",
    "routing",
    "sales",
    "segments",
    "speech",
    "supervision",
    "surveys",
    "assessments",
    "tasks",
    "trade",
    "voicemail",
    "waiting",
    "wallboard",
    "webhooks",
)
# Of the accounts only what a user is: their secrets are hashed by a library of the world's.
ALLOWED = {
    "holidays",
    "num2words",
    "phonenumbers",
    "rapidfuzz",
    "callcenter.accounts.user",
    "callcenter.errors",
    *(f"callcenter.{name}" for name in PURE),
}
# In the standard library, but not pure: whoever imports these talks to the world.
WORLD = {"asyncio", "http", "multiprocessing", "os", "select", "socket", "sqlite3", "subprocess"}
ROOM = Path(callcenter.__file__).parent
FILES = [path for name in PURE for path in sorted((ROOM / name).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOM)))
def test_a_pure_module_imports_nothing_impure(path: Path) -> None:
    assert [name for name in _imports(path) if not _is_pure(name)] == []


def _is_pure(name: str) -> bool:
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return top not in WORLD
    return any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED)


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: relative imports hide where something lives"
            yield node.module or ""
