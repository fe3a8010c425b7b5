"""How much a request may carry: little, except where a view says that it takes files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
_ROOM_FOR_THE_FORM = 64 * 1024


def takes_files(limit: int) -> Callable[[View], View]:
    """Let this view's request carry files of so many bytes together."""

    def mark(view: View) -> View:
        view.__body_limit__ = limit + _ROOM_FOR_THE_FORM  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask) -> None:
    """Before anything reads the form (the check of its token does)."""

    @app.before_request
    def widen() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        limit = getattr(view, "__body_limit__", None)
        if limit is not None:
            request.max_content_length = limit
