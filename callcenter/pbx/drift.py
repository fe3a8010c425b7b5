"""How a folder of Asterisk's differs from what the plan would put there. Pure.

Three versions of each file count: what was applied last (known by its hash), what lies there now,
and what the plan renders. A file that lies there and is neither is somebody else's work: it is
shown, and replaced only by who has seen it.
"""

from __future__ import annotations

import difflib
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

State = Literal["same", "changed", "missing", "foreign"]
"""`changed`: only the plan moved on; `missing`: not there (yet); `foreign`: somebody's own."""

_SALT = secrets.token_bytes(16)
_SECRET_LINE = re.compile(
    r"^([ \t]*(?:\w*secret|\w*password|password_digest|md5_cred|refresh_token|tls_?private_?key)"
    r"[ \t]*=>?[ \t]*)(\S.*)",
    re.I | re.M,
)
_MAILBOX_LINE = re.compile(r"^(\s*[0-9]+\s*=>?\s*)([^,\s]+)", re.M)
_URI_SECRET = re.compile(r"(sips?:[^:@\s]+:)([^@\s]+)(?=@)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    name: str
    state: State
    here: str = ""
    """sha256 of what lies there; '' for nothing."""
    diff: str = ""
    """From what lies there to what the plan renders, secrets masked."""
    added: int = 0
    removed: int = 0

    @property
    def is_written(self) -> bool:
        return self.state != "same"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def compare(
    rendered: Mapping[str, str], here: Mapping[str, str], applied: Mapping[str, str]
) -> list[FileState]:
    """`here`: the texts that lie in the folder, of the names in `rendered`; `applied`: by hash."""
    return [
        _state(name, text, here.get(name), applied.get(name)) for name, text in rendered.items()
    ]


def _state(name: str, rendered: str, here: str | None, applied: str | None) -> FileState:
    if here == rendered:
        return FileState(name=name, state="same", here=sha(rendered))
    lines = _diff(name, here or "", rendered)
    added = sum(line.startswith("+") for line in lines[2:])
    removed = sum(line.startswith("-") for line in lines[2:])
    found = sha(here) if here is not None else ""
    state: State = "missing" if here is None else "changed" if found == applied else "foreign"
    return FileState(
        name=name, state=state, here=found, diff="\n".join(lines), added=added, removed=removed
    )


def diff(name: str, before: str, after: str) -> str:
    return "\n".join(_diff(name, before, after))


def _diff(name: str, before: str, after: str) -> list[str]:
    one, other = masked(name, before).splitlines(), masked(name, after).splitlines()
    return list(difflib.unified_diff(one, other, name, name, lineterm="", n=2))


def masked(name: str, text: str) -> str:
    """Without a password; equal ones look alike while we run, so that a diff shows a new one."""
    text = _URI_SECRET.sub(_mask, _SECRET_LINE.sub(_mask, text))
    return _MAILBOX_LINE.sub(_mask, text) if name == "voicemail.conf" else text


def _mask(found: re.Match[str]) -> str:
    mark = hmac.new(_SALT, found[2].encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()
    return f"{found[1]}••••{mark[:4]}"
