"""Whatever the audit writes down has words: no screen shows the code of an action or a record."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from callcenter.imports.kinds import KINDS
from web.audit_words import AUDIT, OBJECTS, object_words

ROOT = Path(__file__).parents[3]
_FILES = {*KINDS, "report"}
_BY_HAND: Final[dict[str, set[str]]] = {
    "assessment_replies.respond: _step(before, 'agree' if agrees else 'dispute')": {
        "answered",
        "disputed",
    },
    "callback_requests.close: state": {"done", "cancelled"},
    "export_making._end: job.kind": _FILES,
    "exports.ask: kind": _FILES,
    "exports.cancel: job.kind": _FILES,
    "pin_guard._write_down: kind": {"caller_pins"},
    "reveal.reveal: held.thing": {"customer", "organization", "deal", "interaction", "task"},
    "roles._audit: kind": {"role", "team", "user"},
    "voicemails.act: step": {"take", "release", "assign", "done", "reopen"},
}
"""What the sources do not say beside the call: the values come from outside, or from a rule."""


@dataclass(frozen=True, slots=True)
class Place:
    """A function and where it stands; `owner` is its class, if it is a method."""

    module: str
    owner: str
    function: ast.FunctionDef

    @property
    def name(self) -> str:
        return self.module.rpartition(".")[2]

    def says(self, node: ast.expr) -> str:
        return f"{self.name}.{self.function.name}: {ast.unparse(node)}"

    def parameters(self) -> list[str]:
        told = self.function.args
        return [one.arg for one in (*told.args, *told.kwonlyargs)]

    def default(self, parameter: str) -> ast.expr:
        """Of what a call leaves out."""
        told = self.function.args
        late = dict(zip([one.arg for one in told.kwonlyargs], told.kw_defaults, strict=True))
        names = [one.arg for one in told.args][len(told.args) - len(told.defaults) :]
        found = {**dict(zip(names, told.defaults, strict=True)), **late}[parameter]
        assert found is not None
        return found

    def assigned(self, node: ast.expr) -> Iterator[ast.expr]:
        for one in ast.walk(self.function):
            match one:
                case ast.Assign([target], value) | ast.AnnAssign(target, _, ast.expr() as value):
                    yield from _parts_named(ast.unparse(node), target, value)


def _parts_named(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    """`a = x`, and each pair of `a, b = x, y`."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its_value in zip(target.elts, value.elts, strict=True):
            yield from _parts_named(name, one, its_value)
    elif ast.unparse(target) == name:
        yield value


@cache
def _calls() -> tuple[tuple[str, ast.Call, Place], ...]:
    """All calls of the use cases, and of whatever else writes into the audit: what is called, the
    call, and the function that it stands in."""
    found: list[tuple[str, ast.Call, Place]] = []
    for path in sorted((ROOT / "callcenter").rglob("*.py")):
        module, text = (
            ".".join(path.relative_to(ROOT).with_suffix("").parts),
            path.read_text("utf-8"),
        )
        if path.parent.name != "services" and ".audit.record(" not in text:
            continue
        for place in _places(module, ast.parse(text)):
            found += [
                (ast.unparse(node.func), node, place)
                for node in ast.walk(place.function)
                if isinstance(node, ast.Call)
            ]
    return tuple(found)


def _places(module: str, tree: ast.Module) -> Iterator[Place]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield Place(module, "", node)
        elif isinstance(node, ast.ClassDef):
            for one in node.body:
                if isinstance(one, ast.FunctionDef):
                    yield Place(module, node.name, one)


@cache
def _recorded(argument: str) -> frozenset[str]:
    """All that is ever given to `audit.record` as this argument."""
    found: set[str] = set()
    for called, call, place in _calls():
        if called.endswith(".audit.record"):
            given = {one.arg: one.value for one in call.keywords}
            if argument in given:
                found |= _values(given[argument], place)
            else:
                found |= _spread(given[None], argument, place)
    return frozenset(found)


def _spread(node: ast.expr, argument: str, place: Place) -> set[str]:
    """`**who`, where `who` is a dictionary of the same function."""
    (told,) = place.assigned(node)
    assert isinstance(told, ast.Dict)
    for key, value in zip(told.keys, told.values, strict=True):
        if isinstance(key, ast.Constant) and key.value == argument:
            return _values(value, place)
    raise AssertionError(place.says(node))


def _values(node: ast.expr, place: Place) -> set[str]:
    """The texts that an expression can be; an unreadable one fails, so that none goes unseen."""
    if place.says(node) in _BY_HAND:
        return _BY_HAND[place.says(node)]
    match node:
        case ast.Constant(str() as text):
            return {text}
        case ast.IfExp(_, one, other):
            return _values(one, place) | _values(other, place)
        case ast.JoinedStr(parts):
            return {"".join(those) for those in product(*[_values(one, place) for one in parts])}
        case ast.FormattedValue(value):
            return _values(value, place)
        case ast.Name(name):
            return _named(node, name, place)
    raise AssertionError(f"what can this be? {place.says(node)}")


def _named(node: ast.Name, name: str, place: Place) -> set[str]:
    if assigned := list(place.assigned(node)):
        return set().union(*(_values(one, place) for one in assigned))
    if name in place.parameters():
        return _given(name, place)
    value = getattr(importlib.import_module(place.module), name, None)
    assert isinstance(value, str), f"what can this be? {place.says(node)}"
    return {value}


def _given(parameter: str, place: Place) -> set[str]:
    """By its type, if that lists the values; else by all who call the function."""
    home: Any = importlib.import_module(place.module)
    function = getattr(getattr(home, place.owner) if place.owner else home, place.function.name)
    hint = get_type_hints(function)[parameter]
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    nth = place.parameters().index(parameter) - bool(place.owner)
    found: set[str] = set()
    for called, call, caller in _calls():
        if _reaches(called, caller, place):
            by_name = {one.arg: one.value for one in call.keywords}
            if parameter in by_name:
                found |= _values(by_name[parameter], caller)
            elif nth < len(call.args):
                found |= _values(call.args[nth], caller)
            else:
                found |= _values(place.default(parameter), place)
    assert found, f"nobody calls {place.name}.{place.function.name}"
    return found


def _reaches(called: str, caller: Place, place: Place) -> bool:
    name = place.function.name
    at_home = caller.module == place.module
    if place.owner:
        return called.endswith(f".{name}") and (at_home or not name.startswith("_"))
    return called == (name if at_home else f"{place.name}.{name}")


def test_every_action_that_is_written_down_has_words() -> None:
    actions = _recorded("action")
    assert {"export_asked", "voicemail_reopen", "assessment_finished", "wall_opened"} <= actions
    assert actions - set(AUDIT) == set()


def test_no_words_are_kept_for_what_is_never_written_down() -> None:
    assert set(AUDIT) - _recorded("action") == set()


def test_every_kind_of_record_that_is_written_down_has_words() -> None:
    kinds = _recorded("object_type")
    assert {"user", "token", "report_view", "customers", "caller_pins"} <= kinds
    assert kinds - set(OBJECTS) == set()
    assert set(OBJECTS) - kinds == set()


def test_what_something_was_done_to_is_told_by_name_or_by_kind_and_number() -> None:
    people = {1: "Anna Nowak"}
    assert object_words("user", "1", people) == "User Anna Nowak"
    assert object_words("user", "7", people) == "User 7"
    assert object_words("deal", "12", people) == "Deal 12"
    assert object_words("caller_pins", "centre", people) == "PINs of callers"
    assert object_words("goal", "", people) == "Goal"
    assert object_words("routing", "draft", people) == "Routing"
    assert object_words("of_a_later_version", "3", people) == "of_a_later_version 3"
