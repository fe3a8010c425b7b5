"""Rendered files read back as Asterisk reads them, and what the plan must find in them. Pure.

The last look before a file goes to a PBX: what a template did wrong is found here, not by a caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from callcenter.pbx.plan import PbxPlan

_SECTION = re.compile(r"\[([^\[\]]+)\](?:\((.*)\))?")
_EXTEN = re.compile(r"exten\s*=>?\s*([^,]+),([^,]+),(.*)")
_SAME = re.compile(r"same\s*=>?\s*([^,]+),(.*)")
_GOTO = re.compile(r"\b(?:Goto|Gosub)\(([A-Za-z][A-Za-z0-9_-]*),([^,()${}]+),")
_BRANCH = re.compile(r"[?:]([A-Za-z][A-Za-z0-9_-]*),([^,:()${}]+),1")


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    parents: tuple[str, ...]
    lines: tuple[str, ...]

    def values(self, key: str) -> list[str]:
        found = (re.split(r"\s*=>?\s*", line, maxsplit=1) for line in self.lines)
        return [pair[1] for pair in found if len(pair) == 2 and pair[0] == key]


@dataclass(slots=True)
class Dialplan:
    """Context → extension → its steps (without hints); context → the contexts it includes."""

    contexts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    includes: dict[str, list[str]] = field(default_factory=dict)

    def leads(self, context: str, extension: str) -> bool:
        return extension in self.contexts.get(context, {})


def sections(text: str) -> list[Section]:
    """Raises ValueError for a line that Asterisk would not take."""
    found: list[Section] = []
    lines: list[str] = []
    for line in _lines(text):
        if line.startswith("["):
            matched = _SECTION.fullmatch(line)
            if matched is None:
                raise ValueError(f"no section: {line}")
            lines = []
            parents = tuple(filter(None, re.split(r"\s*,\s*", matched[2] or "")))
            found.append(Section(matched[1], parents, ()))
        elif line.startswith("#"):
            if not re.match(r"#(try)?include\s+\S", line):
                raise ValueError(f"no directive: {line}")
        elif "=" not in line or not found:
            raise ValueError(f"no setting: {line}")
        else:
            lines.append(line)
            found[-1] = Section(found[-1].name, found[-1].parents, tuple(lines))
    return found


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        kept = re.sub(r"(?<!\\);.*", "", line).strip()
        if kept:
            yield kept


def dialplan(text: str) -> Dialplan:
    plan = Dialplan()
    for section in sections(text):
        if section.name in ("general", "globals"):
            continue
        extensions = plan.contexts.setdefault(section.name, {})
        includes = plan.includes.setdefault(section.name, [])
        last = ""
        for line in section.lines:
            if (found := _EXTEN.fullmatch(line)) is not None:
                last = found[1].strip()
                if found[2] != "hint":
                    extensions.setdefault(last, []).append(found[3])
            elif (found := _SAME.fullmatch(line)) is not None:
                extensions.setdefault(last, []).append(found[2])
            elif line.startswith("include"):
                includes.append(re.split(r"\s*=>?\s*", line, maxsplit=1)[1])
    return plan


def faults(files: Mapping[str, str], plan: PbxPlan) -> list[str]:
    """What is wrong with the files, in English for the technician; nothing: they can go."""
    found: list[str] = []
    for name, text in files.items():
        try:
            sections(text)
        except ValueError as error:
            found.append(f"{name}: {error}")
    return found or [
        *_dialplan_faults(dialplan(files["extensions.conf"]), plan),
        *_missing(files["queues.conf"], "queues.conf", (queue.name for queue in plan.queues)),
        *_missing(files["pjsip.conf"], "pjsip.conf", endpoints_of(plan)),
    ]


def endpoints_of(plan: PbxPlan) -> list[str]:
    phones = [name for one in plan.operators for name in (one.extension, f"web{one.extension}")]
    return [*phones, *(trunk.name for trunk in plan.trunks)]


def _missing(text: str, name: str, wanted: Iterator[str] | list[str]) -> list[str]:
    there = {section.name for section in sections(text)}
    return [f"{name}: no section {one}" for one in wanted if one not in there]


def _dialplan_faults(found: Dialplan, plan: PbxPlan) -> list[str]:
    faults = [
        f"extensions.conf: {did.number} is not in from-trunk"
        for did in plan.dids
        if not found.leads("from-trunk", did.number)
    ]
    for context, included in found.includes.items():
        faults += [
            f"extensions.conf: {context} includes {one}, which is not there"
            for one in included
            if one not in found.contexts
        ]
    for context, target in sorted(_targets(found)):
        if not _answers(found, context, target):
            faults.append(f"extensions.conf: nothing at {context},{target}")
    return faults


def _targets(found: Dialplan) -> set[tuple[str, str]]:
    """The places that steps go to and that are written out."""
    steps = (
        step
        for extensions in found.contexts.values()
        for steps in extensions.values()
        for step in steps
    )
    return {
        (target[1], target[2].strip())
        for step in steps
        for pattern in (_GOTO, _BRANCH)
        for target in pattern.finditer(step)
    }


def _answers(found: Dialplan, context: str, extension: str) -> bool:
    extensions = found.contexts.get(context)
    if extensions is None:
        return False
    if extension in extensions or any(name.startswith("_") for name in extensions):
        return True
    return any(_answers(found, one, extension) for one in found.includes.get(context, ()))
