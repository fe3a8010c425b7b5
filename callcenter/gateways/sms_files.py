"""Short messages as files, for a modem's daemon or a test: `out/` is written by us, `in/` is read.

A file appears whole or not at all (written beside, then renamed). What was read moves to `done/`,
what could not be to `failed/`. Documents are those of `sms_http`; in `in/` also reports
(`{"id", "status": "delivered" | "failed", "reason"}`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from callcenter.channels.mail import SendFailed
from callcenter.settings_channels import SmsAddress

_LARGEST = 64 * 1024
_AT_ONCE = 200


class FileSms:
    def __init__(self, carrier: SmsAddress, number: str) -> None:
        self._folder = carrier.folder
        self._number = number

    def send(self, reference: str, to: str, text: str) -> str:
        document = {"reference": reference, "from": self._number, "to": to, "text": text}
        try:
            folder = self._place("out")
            target, beside = folder / f"{reference}.json", folder / f".{reference}.tmp"
            beside.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
            beside.rename(target)
        except OSError as error:
            words = f"the folder of short messages cannot be written to ({error.strerror})"
            raise SendFailed(words, lasting=False) from error
        return reference

    def take_in(self, one: Callable[[Mapping[str, Any]], None]) -> int:
        """Hands over each document in `in/`, the oldest first. How many there were."""
        paths = sorted(self._place("in").glob("*.json"))
        for path in paths[:_AT_ONCE]:
            document = _read(path)
            if document is not None:
                one(document)
            path.rename(self._place("done" if document is not None else "failed") / path.name)
        return len(paths)

    def _place(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
