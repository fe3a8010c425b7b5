"""A call script as its form holds it: read, changed step by step, and from or to a file.

The form stays as it was typed until it is saved; buttons that add, move or remove a step change
only what is typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from callcenter.errors import Invalid
from callcenter.scripts.script import Option, Script, Step, steps_json, steps_of

LARGEST_FILE = 200_000
_MOST_STEPS = 200
_MOST_OPTIONS = 20
_NUMBERED = re.compile(r"s(\d{1,6})")


def script_in(form: Mapping[str, str]) -> Script:
    steps = []
    for n in range(_MOST_STEPS):
        if f"step-{n}-id" not in form:
            break
        steps.append(_step(form, f"step-{n}-"))
    return Script(
        title=form.get("title", "").strip(), queue=form.get("queue", "")[:80], steps=tuple(steps)
    )


def _step(form: Mapping[str, str], prefix: str) -> Step:
    options = []
    for n in range(_MOST_OPTIONS):
        if f"{prefix}option-{n}" not in form:
            break
        label, way = form[f"{prefix}option-{n}"], form.get(f"{prefix}option-{n}-next", "")
        options.append(Option(label.strip(), way))
    kind = form.get(f"{prefix}kind", "info")
    return Step(
        id=form[f"{prefix}id"].strip(),
        title=form.get(f"{prefix}title", "").strip(),
        text=form.get(f"{prefix}text", "").replace("\r\n", "\n").strip(),
        kind=kind,
        options=tuple(options) or ((Option(""), Option("")) if kind == "choice" else ()),
        next=form.get(f"{prefix}next", ""),
    )


def changed(script: Script, do: str) -> Script:
    """What a button of the form asks for; anything else leaves the script as it is."""
    action, _, rest = do.partition(":")
    places = [int(part) if part.isdecimal() and len(part) < 4 else -1 for part in rest.split(":")]
    at = places[0]
    steps = list(script.steps)
    if action == "add":
        return _with_new_step(script)
    if not 0 <= at < len(steps):
        return script
    if action == "remove":
        del steps[at]
    elif action in ("up", "down"):
        steps.insert(max(0, at + (-1 if action == "up" else 1)), steps.pop(at))
    elif action == "option":
        steps[at] = replace(steps[at], options=(*steps[at].options, Option("")))
    elif action == "drop" and len(places) > 1:
        kept = [one for n, one in enumerate(steps[at].options) if n != places[1]]
        steps[at] = replace(steps[at], options=tuple(kept))
    return replace(script, steps=tuple(steps))


def _with_new_step(script: Script) -> Script:
    """At the end; the step before it, if it ended the script, leads to it."""
    new = Step(id=_new_id(script))
    steps = list(script.steps)
    if steps and steps[-1].kind != "choice" and not steps[-1].next:
        steps[-1] = replace(steps[-1], next=new.id)
    return replace(script, steps=(*steps, new))


def _new_id(script: Script) -> str:
    numbers = [int(m.group(1)) for step in script.steps if (m := _NUMBERED.fullmatch(step.id))]
    return f"s{max(numbers, default=0) + 1}"


def begun() -> Script:
    """What an empty form begins with."""
    return Script(title="", steps=(Step(id="s1"),))


def to_file(script: Script) -> str:
    told = {"title": script.title, "queue": script.queue, "steps": steps_json(script.steps)}
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def from_file(text: str) -> Script:
    """Raises Invalid for what is no script at all; mistakes in a script are told by its form."""
    try:
        told: Any = json.loads(text[:LARGEST_FILE])
        title, queue = told.get("title", ""), told.get("queue", "")
        steps = steps_of(told["steps"])[:_MOST_STEPS]
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise Invalid("file", "this is not a script: JSON with a title and steps") from error
    kept = tuple(replace(step, options=step.options[:_MOST_OPTIONS]) for step in steps)
    return Script(
        title=title if isinstance(title, str) else "",
        queue=queue[:80] if isinstance(queue, str) else "",
        steps=kept,
    )
