"""Light, dark, or as the system says: a choice of this browser, kept in a cookie."""

from __future__ import annotations

from flask import Flask, request

COOKIE = "theme"
THEMES = ("system", "light", "dark")


def chosen_theme() -> str:
    choice = request.cookies.get(COOKIE, "")
    return choice if choice in THEMES else "system"


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"theme_choice": chosen_theme(), "themes": THEMES})
