"""Translation catalogues as files: collect, merge, compile. `python -m web.catalogs [extract]`.

Without an argument it compiles: `.po` -> `.mo` for the server, and a JSON file per language with
only the messages that browser scripts use. `extract` collects the messages from the sources and
merges them into the `.po` files, leaving what is new empty for a translator.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).parent
TRANSLATIONS = WEB / "translations"
TRANSLATED = ("pl", "ru")
_METHODS = [
    ("frontend/src/**.js", "javascript"),
    ("templates/**.html", "jinja2"),
    ("**.py", "python"),
]
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "t": None,
    "ngettext": (1, 2),
    "tn": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
}


def po_path(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def script_catalog_path(locale: str) -> Path:
    return TRANSLATIONS / locale / "script.json"


def visitor_catalog_path(locale: str) -> Path:
    """What the widget of visitors says: they are sent nothing besides."""
    return TRANSLATIONS / locale / "visitor.json"


def read_catalog(locale: str) -> Catalog:
    with po_path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def extract() -> Catalog:
    """All messages of the door, each with the files (no line numbers: they only churn)."""
    catalog = Catalog(project="callcenter", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        WEB,
        method_map=_METHODS,
        options_map={"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true"}},
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda folder: Path(folder).name not in ("node_modules", "static", "api"),
    )
    for path, _line, message, comments, context in found:
        catalog.add(message, locations=[(path, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return catalog


def merge() -> None:
    template = extract()
    for locale in TRANSLATED:
        path = po_path(locale)
        catalog = read_catalog(locale) if path.exists() else Catalog(locale=locale, fuzzy=False)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=98, sort_output=True, omit_header=False)


def compile_all() -> None:
    for locale in TRANSLATED:
        catalog = read_catalog(locale)
        with po_path(locale).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        _write(script_catalog_path(locale), _script_messages(catalog, "frontend/"))
        visitors = _script_messages(catalog, "frontend/src/chat/visitor")
        _write(visitor_catalog_path(locale), visitors)


def ensure_compiled() -> None:
    """For tests and a first start from a checkout: compile what is older than its source."""
    for locale in TRANSLATED:
        made = [
            po_path(locale).with_suffix(".mo"),
            script_catalog_path(locale),
            visitor_catalog_path(locale),
        ]
        source = po_path(locale).stat().st_mtime
        if not all(path.exists() and path.stat().st_mtime >= source for path in made):
            compile_all()
            return


def _write(path: Path, messages: dict[str, Any]) -> None:
    text = json.dumps(messages, ensure_ascii=False, sort_keys=True, indent=0)
    path.write_text(text, encoding="utf-8")


def _script_messages(catalog: Catalog, under: str) -> dict[str, Any]:
    messages: dict[str, Any] = {}
    for message in catalog:
        if message.id and any(path.startswith(under) for path, _ in message.locations):
            key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
            text = message.string
            messages[key] = list(text) if isinstance(text, (list, tuple)) else text
    return messages


if __name__ == "__main__":
    merge() if sys.argv[1:] == ["extract"] else compile_all()
