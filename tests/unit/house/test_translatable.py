"""Words are seen by whoever collects them for translation: they stand in calls that Babel reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
_ASKS = frozenset(
    {
        *("_", "gettext", "ngettext", "pgettext", "npgettext"),
        *("_l", "_lp", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"),
    }
)


def inside_f_strings(text: str) -> Iterator[str]:
    """Babel passes over what stands between the braces: such words stay English for ever."""
    for formatted in ast.walk(ast.parse(text)):
        if isinstance(formatted, ast.JoinedStr):
            for node in ast.walk(formatted):
                if isinstance(node, ast.Call) and _name(node.func) in _ASKS:
                    yield f"{node.lineno}: {ast.unparse(node)}"


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def test_no_words_are_asked_for_inside_an_f_string() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{told}"
        for path in sorted((ROOT / "web").rglob("*.py"))
        for told in inside_f_strings(path.read_text("utf-8"))
    ]
    assert hidden == []


def test_they_are_found_however_they_are_asked_for() -> None:
    for asked in ("_('a')", "ngettext('a', 'b', n)", "flask_babel.pgettext('c', 'a')"):
        assert list(inside_f_strings(f'told = f"{{x}}, {{{asked} if x else y}}"')) == [
            f"1: {asked}"
        ]
    assert not list(inside_f_strings("told = f'{word}, {str(word)}' + _('a')"))
