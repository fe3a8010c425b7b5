"""The guide's blocks (docs/connect-your-asterisk.md), pasted as a reader would paste them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "connect-your-asterisk.md"
_BLOCK = re.compile(r"^`(\w+\.conf)`([^\n]*):\n\n```ini\n(.*?)```", re.M | re.S)
_BEFORE = re.compile(r"Suppose this is yours:\n\n```ini\n(.*?)```", re.S)
_COMMAND = re.compile(r"^asterisk -rx '([^']+)'$", re.M)


@dataclass(frozen=True)
class Block:
    file: str
    where: str
    text: str


def blocks() -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(GUIDE.read_text("utf-8"))]


def dialplan_before() -> str:
    """What the guide supposes a reader to have."""
    found = _BEFORE.search(GUIDE.read_text("utf-8"))
    assert found is not None
    return found.group(1)


def console_commands() -> list[str]:
    return _COMMAND.findall(GUIDE.read_text("utf-8"))


def paste(folder: Path, secret: str, *, older: bool = False) -> None:
    """`older`: the blocks for an older Asterisk in place of those that it does not understand."""
    for block in blocks():
        if "older" in block.where and not older:
            continue
        text = block.text.replace("CHANGE-ME", secret)
        if older and "older" not in block.where:
            text = _for_older(block.file, text)
        path = folder / block.file
        old = path.read_text("utf-8") if path.exists() else ""
        path.write_text(_pasted(old, text, block.where), "utf-8")


def _for_older(file: str, text: str) -> str:
    if file == "cel_custom.conf":
        return ""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("eventfilter("))


def _pasted(old: str, text: str, where: str) -> str:
    section = re.search(r"in `(\[\w+\])`", where)
    if section:
        name = section.group(1)
        assert f"{name}\n" in old
        kept = "".join(_without(old, text))
        return kept.replace(f"{name}\n", f"{name}\n{text}", 1)
    if "instead of your own" in where:
        assert dialplan_before() in old
        return old.replace(dialplan_before(), text)
    return f"{old}\n{text}"


def _without(old: str, text: str) -> Iterator[str]:
    """The lines that set nothing which `text` sets."""
    keys = {line.partition("=")[0].strip() for line in text.splitlines()}
    for line in old.splitlines(keepends=True):
        if line.partition("=")[0].strip() not in keys:
            yield line
