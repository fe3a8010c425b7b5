"""Words and looks of outcomes, scripts and deals, and what their services say when they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from web.presentation import Look

KINDS: Mapping[str, Look] = {
    "good": Look("ok", "circle-check", _l("Good")),
    "neutral": Look("calm", "circle-dot", _l("Neutral")),
    "bad": Look("bad", "circle-x", _l("Bad")),
}
REQUIREMENTS: Mapping[str, Any] = {
    "note": _l("a note"),
    "callback_at": _l("a call-back"),
    "task": _l("a task"),
    "deal_step": _l("the next step of a deal"),
}
STEP_KINDS: Mapping[str, Any] = {
    "info": _l("Read out"),
    "choice": _l("Choice"),
    "text": _l("Text"),
    "number": _l("Number"),
    "date": _l("Date"),
    "card_data": _l("Card data (recording pauses)"),
}
STAGES: Mapping[str, Any] = {
    "new": _l("New"),
    "qualified": _l("Qualified"),
    "proposal": _l("Proposal"),
    "negotiation": _l("Negotiation"),
}
DEAL_STATES: Mapping[str, Look] = {
    "open": Look("talking", "circle-dot", _lp("state", "Open")),
    "won": Look("ok", "circle-check", _l("Won")),
    "lost": Look("bad", "circle-x", _l("Lost")),
}
GAPS: Mapping[str, Any] = {
    "customer.name": _l("name"),
    "customer.given_name": _l("first name"),
    "customer.organization": _l("organisation"),
    "customer.owes": _l("amount owed"),
    "operator.name": _l("your name"),
    "call.queue": _l("queue"),
    "call.number": _l("number"),
}
KNOWN: tuple[tuple[str, Any], ...] = (
    (r"choose an outcome first", _l("Choose an outcome first.")),
    (
        r"this outcome is not one of the queue's any more.*",
        _l("This outcome is not in use any more. Choose another."),
    ),
    (r"this is a group: .*", _l("This is a group. Choose one of the outcomes under it.")),
    (r"write a note first: .*", _l("Write a note first: this outcome asks for one.")),
    (r"say when to call back", _l("Say when to call back.")),
    (r"say what is to be done", _l("Say what is to be done.")),
    (r"say what the next step of the deal is", _l("Say what the next step of the deal is.")),
    (r"is in the past; take a later time", _l("This time is in the past. Take a later one.")),
    (r"is more than a year away.*", _l("This is more than a year away. Take an earlier time.")),
    (
        r"another operator gave it an outcome.*",
        _l("Another operator gave this call its outcome; a supervisor can change it."),
    ),
    (r"you took no part in this call", _l("You took no part in this call.")),
    (
        r"say first whose call it was.*",
        _l("Say first whose call it was: a deal belongs to a customer."),
    ),
    (
        r"this is no open deal of this customer.*",
        _l("This is no open deal of this customer. Choose another."),
    ),
    (r"say what the deal is about", _l("Say what the deal is about.")),
    (r"say why the deal was lost", _l("Say why the deal was lost.")),
    (r"must be 0 or more", _l("This must be 0 or more.")),
    (
        r"somebody else changed this (deal|script) meanwhile.*",
        _l("Somebody else changed this meanwhile. Reload to see it, then make your change again."),
    ),
    (r"give the outcome a name", _l("Give the outcome a name.")),
    (
        r"at most (?P<limit>\d+) choices one under the other",
        _l("At most %(limit)s choices one under the other."),
    ),
    (r"there is no such group .*", _l("This group is not there any more.")),
    (r"the script was changed meanwhile.*", _l("The script was changed meanwhile. Look again.")),
    (r"there is no script .*", _l("There is no script for this call.")),
    (r"choose one of the answers", _l("Choose one of the answers.")),
    (r"write the answer, at most .*", _l("Write the answer, at most 2000 characters.")),
    (r"write a number, such as .*", _l("Write a number, such as 12 or 12.5.")),
    (r"write a date", _l("Write a date.")),
    (r"give the script a name", _l("Give the script a name.")),
    (r"a script needs at least one step", _l("A script needs at least one step.")),
    (r"at most (?P<limit>\d+) steps.*", _l("At most %(limit)s steps; make two scripts of it.")),
    (r"two steps are called (?P<name>.+); .*", _l("Two steps are called %(name)s; rename one.")),
    (r"a step's id is .*", _l("A step's id is 1 to 40 Latin letters, digits, - or _.")),
    (r"give the step a name", _l("Give the step a name.")),
    (
        r"a brace stands alone.*",
        _l("A brace stands alone. Write placeholders as {customer.name}."),
    ),
    (
        r"\{(?P<name>.+)\}: no step asks for that.*",
        _l("{%(name)s}: no step asks for that. Take the id of a step that does."),
    ),
    (
        r"\{(?P<name>.*?)\} is not a placeholder.*",
        _l("{%(name)s} is not a placeholder. Those that there are stand under the form."),
    ),
    (r"a choice needs at least one answer.*", _l("A choice needs at least one answer.")),
    (r"at most (?P<limit>\d+) answers.*", _l("At most %(limit)s answers, one for each digit.")),
    (r"give each answer its words", _l("Give each answer its words.")),
    (r"two answers are called (?P<name>.+); .*", _l("Two answers are called %(name)s.")),
    (r"there is no step (?P<name>.+); .*", _l("There is no step %(name)s. Choose another.")),
    (r"this is not a script: .*", _l("This is not a script: JSON with a title and steps.")),
    (
        r"no way leads from here to the end.*",
        _l("No way leads from here to the end. Let one of its ways end the script."),
    ),
)


def label_of(outcome: Any) -> str:
    """An outcome's words in the reader's language."""
    return str(outcome.label_in(str(get_locale())))


def gap_words(name: str) -> str:
    return str(GAPS.get(name) or name.removeprefix("answer."))


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(outcome_label=label_of, gap_words=gap_words)
    app.jinja_env.globals.update(
        OUTCOME_KINDS=KINDS,
        REQUIREMENTS=REQUIREMENTS,
        STEP_KINDS=STEP_KINDS,
        STAGES=STAGES,
        DEAL_STATES=DEAL_STATES,
    )
