"""`require("redis")`: skip with the command that would enable the test, or fail when the run was
told that everything (CALLCENTER_REQUIRE=all) or this thing must be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

CACHE = Path(os.environ.get("CALLCENTER_CACHE", "/var/cache/callcenter"))


def postgresql_bin() -> Path | None:
    """The folder with `initdb` and `postgres`; Debian keeps it off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    folders += [Path(on_path).resolve().parent] if on_path else []
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _root() -> bool:
    return os.geteuid() == 0


# what: (is it here?, the command that would bring it)
KNOWN: dict[str, tuple[Callable[[], bool], str]] = {
    "postgresql": (lambda: postgresql_bin() is not None, "apt-get install postgresql"),
    "redis": (_program("redis-server"), "apt-get install redis-server"),
    "sipp": (_program("sipp"), "apt-get install sip-tester"),
    "dovecot": (
        lambda: Path("/usr/sbin/dovecot").exists(),
        "apt-get install dovecot-imapd",
    ),
    "chromium": (_program("chromium", "chromium-browser"), "apt-get install chromium"),
    "debootstrap": (_program("debootstrap"), "apt-get install debootstrap"),
    "node": (_program("node"), "apt-get install nodejs npm"),
    "docker": (_program("dockerd"), "apt-get install docker.io docker-compose"),
    "root": (_root, "sudo make test"),
    "asterisk": (lambda: _root() and any(CACHE.glob("*")), "sudo make pbx-rootfs"),
}


def require(what: str) -> None:
    """Skip (or fail) unless `what`, one of KNOWN, is here."""
    here, _ = KNOWN[what]
    if not here():
        lacking(what)


def lacking(what: str, reason: str = "", enable: str = "") -> NoReturn:
    """Skip (or fail) now: the caller found out by itself that `what` is not to be had."""
    command = enable or (KNOWN[what][1] if what in KNOWN else "")
    words = f"needs {what}{f' ({reason})' if reason else ''}; enable with: {command}"
    if is_required(what):
        pytest.fail(f"CALLCENTER_REQUIRE: {words}", pytrace=False)
    pytest.skip(words)


def is_required(what: str) -> bool:
    asked = {part.strip() for part in os.environ.get("CALLCENTER_REQUIRE", "").split(",")}
    return "all" in asked or what in asked
