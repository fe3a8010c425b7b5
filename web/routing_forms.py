"""What the form of a routing rule is sent: rows of conditions and an action, read into a rule.

A row may be half done: it is a condition all the same, and the checks say what it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import count
from typing import Any, Final

from callcenter.finding.latin import slug
from callcenter.routing.actions import (
    WHOS,
    Action,
    Announce,
    Block,
    Dialed,
    OfferCallback,
    OneAction,
    Outside,
    Preferred,
    Ring,
    ToMenu,
    ToQueue,
    Voicemail,
    kind_of,
    to_json,
)
from callcenter.routing.conditions import KINDS
from callcenter.routing.rules import STAGES, AnyOf, Condition, Rule, Term

MONEY: Final = frozenset({"overdue_minor", "lifetime_minor"})
MOST_ROWS: Final = 20
RINGS: Final = 4
FIRST_RINGS: Final = (Ring("last", 15), Ring("owner", 15), Ring("skill", 20))
_LARGEST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Row:
    """One condition; `joined` by "or" it belongs to the group of the row above."""

    condition: Condition
    joined: str = "and"
    place: int = 0
    """Of the rule's terms: where its problems are."""


@dataclass(frozen=True, slots=True)
class RuleForm:
    rule: Rule
    rows: tuple[Row, ...]
    typed_name: str = ""
    stamp: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def of_rule(rule: Rule, stamp: int | None) -> RuleForm:
    return RuleForm(rule, rows_of(rule), rule.name, stamp, action_fields(rule.action))


def read(form: Any, rule_id: str, zone: str, taken: Collection[str] = ()) -> RuleForm:
    """`taken` are the short names of the other rules: one that is made of the title is another."""
    rows = _edited(_read_rows(form, zone), form.get("edit", "").split())
    terms, placed = _terms(rows)
    title = form.get("title", "").strip()[:80]
    typed = form.get("name", "").strip()[:40]
    rule = Rule(
        id=rule_id,
        name=typed,
        title=title,
        stage=stage if (stage := form.get("stage", "")) in STAGES else "arrival",
        conditions=terms,
        action=_read_action(form),
        active=form.get("active", "yes") == "yes",
    )
    if not typed:
        rule = replace(rule, name=_free(slug(title) or slug(_words_of(rule)), taken))
    stamp = form.get("stamp", "")
    return RuleForm(
        rule,
        placed,
        typed,
        int(stamp) if stamp.isdecimal() and len(stamp) < 10 else None,
        action_fields(rule.action),
    )


def _words_of(rule: Rule) -> str:
    """What it asks first and what it does, for a rule that nobody gave a title."""
    asked = [one.kind for one in rule.conditions[:1] if isinstance(one, Condition)]
    told = to_json(rule.action)
    target = next((told[name] for name in ("queue", "menu", "box", "number") if told.get(name)), "")
    return " ".join((*asked, told["do"], str(target)))


def _free(name: str, taken: Collection[str]) -> str:
    others = (f"{name[:36]}-{number}" for number in count(2))
    return name if name not in taken else next(one for one in others if one not in taken)


def rows_of(rule: Rule) -> tuple[Row, ...]:
    rows: list[Row] = []
    for place, term in enumerate(rule.conditions):
        if isinstance(term, Condition):
            rows.append(Row(term, "and", place))
            continue
        for number, one in enumerate(term.conditions):
            rows.append(Row(one, "or" if number else "and", place))
    return tuple(rows)


def _read_rows(form: Any, zone: str) -> list[Row]:
    count = form.get("rows", "0")
    number = min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 4 else 0
    return [
        Row(_read_condition(form, f"c{row}-", zone), form.get(f"c{row}-join", "and"))
        for row in range(number)
    ]


def _edited(rows: list[Row], edits: Sequence[str]) -> list[Row]:
    """`edits`: "add" and "remove-<place of the row in the form>", all since it was last drawn."""
    left = [row for place, row in enumerate(rows) if f"remove-{place}" not in edits]
    more = min(edits.count("add"), MOST_ROWS - len(left))
    return [*left, *(Row(Condition("one")) for _ in range(more))]


def _read_condition(form: Any, prefix: str, zone: str) -> Condition:
    name = form.get(f"{prefix}kind", "")
    kind = KINDS.get(name)
    negated = form.get(f"{prefix}not", "") == "not"
    if kind is None:
        return Condition("one", negated=negated)
    if form.get(f"{prefix}was", name) != name:  # another kind: its values are not this one's
        return Condition(name, of=zone if kind.of == "zone" else "", negated=negated)
    return Condition(
        name,
        _values(form, prefix) if kind.asks in ("values", "reaches", "between") else (),
        _amount(form.get(f"{prefix}amount", ""), name in MONEY),
        form.get(f"{prefix}of", "").strip()[:80] if kind.of else "",
        negated,
    )


def _values(form: Any, prefix: str) -> tuple[str, ...]:
    chosen = form.getlist(f"{prefix}values")
    typed = form.get(f"{prefix}text", "").replace("–", "-").split(",")
    found = (one.strip()[:80] for one in (*chosen, *typed))
    return tuple(dict.fromkeys(one for one in found if one))[:200]


def _amount(text: str, money: bool) -> int:
    plain = text.strip().replace(" ", "").replace(",", ".")
    try:
        value = Decimal(plain) * (100 if money else 1)
    except InvalidOperation:
        return 0
    return int(value) if value.is_finite() and abs(value) < _LARGEST else 0


def _terms(rows: list[Row]) -> tuple[tuple[Term, ...], tuple[Row, ...]]:
    groups: list[list[Condition]] = []
    placed: list[Row] = []
    for row in rows:
        joined = "or" if row.joined == "or" and groups else "and"
        if joined == "or":
            groups[-1].append(row.condition)
        else:
            groups.append([row.condition])
        placed.append(Row(row.condition, joined, len(groups) - 1))
    terms = (one[0] if len(one) == 1 else AnyOf(tuple(one)) for one in groups)
    return tuple(terms), tuple(placed)


def _read_action(form: Any) -> Action:
    do = form.get("do", "dialed")
    if do == "announce":
        then = form.get("then", "")
        return Announce(_text(form, "prompt"), _one_action(form, then) if then else None)
    return _one_action(form, do)


def _one_action(form: Any, do: str) -> OneAction:
    queue, priority = _text(form, "queue"), _number(form, "priority")
    made: dict[str, OneAction] = {
        "queue": ToQueue(queue, priority, _number(form, "max_wait")),
        "preferred": Preferred(_rings(form), queue, priority),
        "menu": ToMenu(_text(form, "menu")),
        "voicemail": Voicemail(_text(form, "box")),
        "outside": Outside(_text(form, "number").replace(" ", ""), _number(form, "seconds", 40)),
        "callback": OfferCallback(queue),
        "block": Block(),
    }
    return made.get(do, Dialed())


def _rings(form: Any) -> tuple[Ring, ...]:
    if "r0-who" not in form:  # chosen just now: what most would choose
        return FIRST_RINGS
    asked = ((form.get(f"r{n}-who", ""), _number(form, f"r{n}-seconds", 20)) for n in range(RINGS))
    return tuple(Ring(who, seconds) for who, seconds in asked if who in WHOS)


def _text(form: Any, name: str) -> str:
    return str(form.get(name, "")).strip()[:80]


def _number(form: Any, name: str, otherwise: int = 0) -> int:
    text = form.get(name, "").strip()
    return int(text) if re.fullmatch(r"[+-]?\d{1,6}", text) else otherwise


def action_fields(action: Action) -> dict[str, Any]:
    """What stands in the fields of the action; what it does not have is empty."""
    after = action.then if isinstance(action, Announce) else action
    rings = after.rings if isinstance(after, Preferred) else FIRST_RINGS
    return {
        "do": kind_of(action),
        "prompt": getattr(action, "prompt", ""),
        "then": kind_of(after) if isinstance(action, Announce) and after is not None else "",
        "queue": getattr(after, "queue", ""),
        "priority": getattr(after, "priority", 0),
        "max_wait": getattr(after, "max_wait", 0),
        "menu": getattr(after, "menu", ""),
        "box": getattr(after, "box", ""),
        "number": getattr(after, "number", ""),
        "seconds": getattr(after, "seconds", 40),
        "rings": [(one.who, one.seconds) for one in rings],
    }
