"""Writes a rendered configuration into a folder without treading on anyone's work.

A manifest beside the files remembers what we wrote (by hash) and the secrets we made. A file that
is not in it, or that was edited since, is somebody's own and stays, unless told otherwise.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from callcenter.pbx.render import SECRET_FILES

MANIFEST = ".callcenter-pbx.json"
_SECRET_MODE, _PLAIN_MODE = 0o640, 0o644


class NotOursError(Exception):
    """Files stand in the way that we did not write; nothing was changed."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True)
class Manifest:
    """`plan`: what was rendered, as `stored` keeps it; older renderings did not tell it."""

    hashes: dict[str, str]
    secrets: dict[str, str]
    plan: dict[str, Any] | None = None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """What an earlier rendering left; empty where there was none, or it is not readable."""
        try:
            stored: Any = json.loads((folder / MANIFEST).read_text("utf-8"))
            return cls(dict(stored["hashes"]), dict(stored["secrets"]), stored.get("plan"))
        except (OSError, ValueError, KeyError, TypeError):
            return cls({}, {})


def write(
    folder: Path,
    files: Mapping[str, str],
    secrets: Mapping[str, str],
    *,
    force: bool,
    plan: Mapping[str, Any] | None = None,
) -> list[str]:
    """Write all files or none; the names of those that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    known = Manifest.read(folder).hashes
    if not force:
        theirs = [name for name in files if _is_theirs(folder / name, known.get(name))]
        if theirs:
            raise NotOursError(theirs)
    changed = [name for name, text in files.items() if _hash_of(folder / name) != _hash(text)]
    for name in changed:
        mode = _SECRET_MODE if name in SECRET_FILES else _PLAIN_MODE
        replace_file(folder / name, files[name], mode)
    manifest = {
        "hashes": {name: _hash(text) for name, text in files.items()},
        "secrets": dict(secrets),
        "plan": dict(plan) if plan is not None else None,
    }
    replace_file(folder / MANIFEST, json.dumps(manifest, indent=1) + "\n", 0o600)
    return changed


def _is_theirs(path: Path, hash_we_wrote: str | None) -> bool:
    return path.exists() and _hash_of(path) != hash_we_wrote


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _hash_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def replace_file(path: Path, text: str, mode: int, group: int | None = None) -> None:
    """Never a half-written file, never a secret readable for a moment. `group`: whose it is, where
    we may give it away."""
    handle, partial = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if group is not None:
            with contextlib.suppress(PermissionError):
                os.chown(partial, -1, group)
        Path(partial).chmod(mode)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
