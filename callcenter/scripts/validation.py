"""Whether a script can be used. Each problem says in which step, in which field, and what to do.

Pure. A script without problems reaches its end from every step, whatever is answered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from callcenter.scripts.placeholders import ANSWER, FIELD, NAMES, has_lone_brace, placeholders_in
from callcenter.scripts.script import STEP_KINDS, Script, Step

MOST_STEPS = 100
MOST_OPTIONS = 9
LONGEST_TITLE = 120
LONGEST_TEXT = 2000
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Problem:
    """`step` is its id; '' where the whole script is meant. `field` as in the step's JSON."""

    step: str
    field: str
    message: str


def problems_of(script: Script) -> tuple[Problem, ...]:
    found = [*_of_whole(script)]
    for step in script.steps:
        found += _of_step(script, step)
    return tuple(found) or tuple(_endless(script))


def unreached(script: Script) -> tuple[str, ...]:
    """Steps that nothing leads to: no mistake, but hardly meant."""
    seen: set[str] = set()
    ahead = [script.steps[0].id] if script.steps else []
    while ahead:
        step = script.step(ahead.pop())
        if step is not None and step.id not in seen:
            seen.add(step.id)
            ahead += step.ways
    return tuple(step.id for step in script.steps if step.id not in seen)


def _of_whole(script: Script) -> Iterator[Problem]:
    if not script.title.strip():
        yield Problem("", "title", "give the script a name")
    if len(script.title) > LONGEST_TITLE:
        yield Problem("", "title", f"must have at most {LONGEST_TITLE} characters")
    if not script.steps:
        yield Problem("", "steps", "a script needs at least one step")
    if len(script.steps) > MOST_STEPS:
        yield Problem("", "steps", f"at most {MOST_STEPS} steps; make two scripts of it")
    for step_id, count in Counter(step.id for step in script.steps).items():
        if count > 1:
            yield Problem(step_id, "id", f"two steps are called {step_id}; rename one")


def _of_step(script: Script, step: Step) -> Iterator[Problem]:
    if not _ID.fullmatch(step.id):
        yield Problem(step.id, "id", "a step's id is 1 to 40 letters, digits, - or _")
    if not step.title:
        yield Problem(step.id, "title", "give the step a name")
    if len(step.title) > LONGEST_TITLE:
        yield Problem(step.id, "title", f"must have at most {LONGEST_TITLE} characters")
    if len(step.text) > LONGEST_TEXT:
        yield Problem(step.id, "text", f"must have at most {LONGEST_TEXT} characters")
    if step.kind not in STEP_KINDS:
        yield Problem(step.id, "kind", f"must be one of: {', '.join(STEP_KINDS)}")
    yield from _of_text(script, step)
    yield from _of_options(step)
    yield from _of_ways(script, step)


def _of_text(script: Script, step: Step) -> Iterator[Problem]:
    if has_lone_brace(step.text):
        message = "a brace stands alone; write placeholders as {customer.name}"
        yield Problem(step.id, "text", message)
    for name in placeholders_in(step.text):
        if name.startswith(ANSWER):
            asked = script.step(name.removeprefix(ANSWER))
            if asked is None or asked.kind in ("info", "card_data"):
                message = f"{{{name}}}: no step asks for that; take the id of a step that does"
                yield Problem(step.id, "text", message)
        elif name not in NAMES and not name.startswith(FIELD):
            known = ", ".join(f"{{{one}}}" for one in (*NAMES, f"{FIELD}KEY", f"{ANSWER}STEP"))
            message = f"{{{name}}} is not a placeholder; there are {known}"
            yield Problem(step.id, "text", message)


def _of_options(step: Step) -> Iterator[Problem]:
    if step.kind != "choice":
        return
    if not step.options:
        yield Problem(step.id, "options", "a choice needs at least one answer to choose")
    if len(step.options) > MOST_OPTIONS:
        yield Problem(step.id, "options", f"at most {MOST_OPTIONS} answers, one for each digit")
    if any(not option.label for option in step.options):
        yield Problem(step.id, "options", "give each answer its words")
    if any(len(option.label) > LONGEST_TITLE for option in step.options):
        yield Problem(step.id, "options", f"must have at most {LONGEST_TITLE} characters")
    for label, count in Counter(option.label for option in step.options).items():
        if label and count > 1:
            yield Problem(step.id, "options", f"two answers are called {label}; rename one")


def _of_ways(script: Script, step: Step) -> Iterator[Problem]:
    for place, way in enumerate(step.ways):
        if way and script.step(way) is None:
            field = f"options.{place}.next" if step.kind == "choice" else "next"
            yield Problem(step.id, field, f"there is no step {way}; choose one that is there")


def _endless(script: Script) -> Iterator[Problem]:
    """Steps from which no way leads to the end: whoever gets there goes round for ever."""
    ending = {step.id for step in script.steps if "" in step.ways}
    while grown := {
        step.id
        for step in script.steps
        if step.id not in ending and any(way in ending for way in step.ways)
    }:
        ending |= grown
    for step in script.steps:
        if step.id not in ending:
            message = "no way leads from here to the end; let one of its ways end the script"
            yield Problem(step.id, "next", message)
