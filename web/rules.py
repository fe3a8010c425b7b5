"""Address rules that are made into builders of addresses when the first address is built.

Werkzeug compiles two functions for each rule as it is registered: with some hundred rules most of
an application's start, for rules of which a process builds few.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """As Werkzeug's own, except that its builders are compiled late."""

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        compile_now = super()._compile_builder
        compiled: list[_Builder] = []

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return build
