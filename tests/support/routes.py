"""Address rules parsed once for all applications of a run: each test makes an application of its
own, and parsing its six hundred rules anew is half of that.
"""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Map

from web.rules import LateRule

_Parsed = tuple[list[Any], list[Any], dict[str, Any]]


class _Parsing:
    """What a rule is parsed into hangs on its text, and on how its map reads it. It is never
    changed afterwards, but each rule has lists of its own."""

    def __init__(self) -> None:
        self._parsed: dict[tuple[Any, ...], _Parsed] = {}
        self._parse = LateRule.compile

    def compile(self, rule: LateRule) -> None:
        key = _key(rule, rule.map)
        if key not in self._parsed:
            self._parse(rule)
            self._parsed[key] = (rule._parts, rule._trace, rule._converters)
            return
        parts, trace, converters = self._parsed[key]
        rule._parts, rule._trace, rule._converters = [*parts], [*trace], {**converters}
        rule.arguments.update(converters)
        rule._build = rule._compile_builder(False).__get__(rule, None)
        rule._build_unknown = rule._compile_builder(True).__get__(rule, None)


def _key(rule: LateRule, map_: Map) -> tuple[Any, ...]:
    return (
        type(rule),
        rule.rule,
        rule.host if map_.host_matching else rule.subdomain,
        rule.merge_slashes,
        frozenset(map_.converters.items()),
    )


def share_parsed_rules() -> None:
    """Of all applications that this process makes from now on."""
    parsing = _Parsing()

    def compile_once(rule: LateRule) -> None:
        parsing.compile(rule)

    LateRule.compile = compile_once
