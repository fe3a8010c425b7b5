"""Languages: English in the source, Russian and Polish beside it. Who gets which, and the
catalogue the browser's own scripts need.

The user's profile decides; before log-in a cookie, then the browser. Times are shown in the
user's zone. Compiled catalogues are made by `make i18n` (see web/catalogs.py).
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from flask import Flask, request
from flask_babel import Babel, get_locale
from flask_login import current_user

from web.catalogs import TRANSLATIONS, script_catalog_path, visitor_catalog_path

LOCALES = {"en": "English", "pl": "Polski", "ru": "Русский"}
LOCALE_COOKIE = "locale"


def select_locale() -> str:
    if current_user and current_user.is_authenticated and current_user.locale in LOCALES:
        return str(current_user.locale)
    wish = request.cookies.get(LOCALE_COOKIE, "")
    return wish if wish in LOCALES else request.accept_languages.best_match(LOCALES) or "en"


def select_time_zone() -> str | None:
    if current_user and current_user.is_authenticated:
        return str(current_user.zone.key)
    return None


@cache
def _catalog(locale: str, *, visitors: bool = False) -> dict[str, Any]:
    path = visitor_catalog_path(locale) if visitors else script_catalog_path(locale)
    if not path.exists():
        return {}
    catalog: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return catalog


def script_strings() -> dict[str, Any]:
    """Message -> translation (a list of plural forms where it counts) for t() and tn()."""
    return _catalog(str(get_locale()))


def visitor_strings() -> dict[str, Any]:
    """The same for the pages of visitors: what these say, and nothing else."""
    return _catalog(str(get_locale()), visitors=True)


def init_app(app: Flask) -> None:
    app.config.update(
        BABEL_DEFAULT_LOCALE="en",
        BABEL_DEFAULT_TIMEZONE="UTC",
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )
    Babel(app, locale_selector=select_locale, timezone_selector=select_time_zone)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]
    app.jinja_env.globals.update(
        get_locale=get_locale, LOCALES=LOCALES, script_strings=script_strings
    )
