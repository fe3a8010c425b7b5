"""What we know of one person, as a page that they can read in any browser. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin-bottom:1.5em}"
    "td{border-top:1px solid #bbb;padding:.3em .6em;vertical-align:top;overflow-wrap:anywhere}"
    "td:first-child{width:12em;color:#555}tr.first td{border-top:3px solid #888}"
)
_FIRST = ' class="first"'
Row = Mapping[str, Any]


def page(name: str, made_at: str, sections: Mapping[str, Sequence[Row]]) -> str:
    title = escape(name)
    body = "".join(_section(heading, rows) for heading, rows in sections.items())
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(made_at)}</p>{body}</body></html>\n"
    )


def _section(heading: str, rows: Sequence[Row]) -> str:
    lines = "".join(_row(row) for row in rows)
    return f"<h2>{escape(_words(heading))} ({len(rows)})</h2><table>{lines}</table>"


def _row(row: Row) -> str:
    cells = [(_words(name), _text(value)) for name, value in row.items()]
    return "".join(
        f"<tr{_FIRST if place == 0 else ''}><td>{escape(name)}</td><td>{escape(value)}</td></tr>"
        for place, (name, value) in enumerate(cells)
    )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_text(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
