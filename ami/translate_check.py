"""What a PBX's answers say about its own set-up, as plain values. Pure; knows header names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from ami.client.wire import parse_headers
from ami.headers import Event, text

_RIGHTS = re.compile(r"\(Priv: ([^)]*)\)")
_APPLICATIONS_ASKING = {"agi", "eagi"}


@dataclass(frozen=True, slots=True)
class DialplanFacts:
    """The contexts there are, and the FastAGI addresses that some step calls."""

    contexts: frozenset[str]
    agi_steps: tuple[str, ...]


@dataclass(slots=True)
class Heard:
    """What arrived on a link that takes every event."""

    names: set[str] = field(default_factory=set)
    rights: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    timestamps: bool = False

    def hear(self, raw: bytes) -> None:
        event = parse_headers(raw)
        self.names.add(text(event, "Event"))
        self.rights.update(set(text(event, "Privilege").split(",")) - {"all", ""})
        self.variables.add(text(event, "Variable"))
        self.timestamps = self.timestamps or bool(event.get("Timestamp"))


def permitted_actions(answer: Event) -> dict[str, frozenset[str]]:
    """ListCommands: the actions that this user may ask for, with the rights that allow each."""
    found: dict[str, frozenset[str]] = {}
    for action, words in answer.items():
        match = _RIGHTS.search(words if isinstance(words, str) else words[-1])
        if match:
            found[action] = frozenset(match.group(1).split(","))
    return found


def asterisk_and_system(answer: Event) -> tuple[str, str]:
    """CoreSettings: (version as Asterisk writes it, systemname)."""
    return text(answer, "AsteriskVersion"), text(answer, "SystemName")


def version_of(words: str) -> tuple[int, ...]:
    """`22.10.1+dfsg+~cs6` → (22, 10, 1); empty when there is no number."""
    match = re.search(r"\d+(?:\.\d+)*", words)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def queues_and_members(items: Iterable[Event]) -> dict[str, list[str]]:
    """QueueStatus: queue → its members' devices."""
    queues: dict[str, list[str]] = {}
    for item in items:
        if item.get("Event") == "QueueParams":
            queues.setdefault(text(item, "Queue"), [])
        elif item.get("Event") == "QueueMember":
            queues.setdefault(text(item, "Queue"), []).append(
                text(item, "StateInterface", "Location")
            )
    return queues


def dialplan_facts(items: Iterable[Mapping[str, str | list[str]]]) -> DialplanFacts:
    """ShowDialPlan."""
    contexts, steps = set(), []
    for item in items:
        if item.get("Event") != "ListDialplan":
            continue
        contexts.add(text(item, "Context"))
        if text(item, "Application").lower() in _APPLICATIONS_ASKING:
            steps.append(text(item, "AppData"))
    return DialplanFacts(frozenset(contexts), tuple(steps))


def sole_variable(step: str) -> str:
    """`CRM_AGI` of `${CRM_AGI}`; '' for anything else."""
    found = re.fullmatch(r"\$\{(\w+)\}", step.strip())
    return found[1] if found else ""


def pbx_told(step: str) -> str | None:
    """Under which name a step asks for a decision, '' for none; None where it asks something else.

    What it says after variables of the call is nothing to go by, and comes last.
    """
    try:
        url = urlsplit(step.partition(",")[0])
    except ValueError:
        return None
    if url.scheme not in ("agi", "hagi") or url.path.strip("/") != "route":
        return None
    return dict(parse_qsl(url.query, keep_blank_values=True)).get("pbx", "")
