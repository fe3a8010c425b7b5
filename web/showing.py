"""Takes out of every page what its reader may not see, just before the template is drawn.

Whatever views and lists a view hands to its template goes through `callcenter.queries.showing`:
a page cannot forget to ask.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import Any

from flask import Flask, before_render_template
from flask_login import current_user

from callcenter.queries import showing
from web.context import reading
from web.viewer import the_viewer

_OURS = frozenset({"g", "request", "session", "config", "current_user", "layout"})


def as_seen(value: Any) -> Any:
    """For what leaves a view without a template."""
    viewer = the_viewer()
    if viewer.policy.unlimited:
        return value
    with reading() as connection:
        return showing.shown(connection, viewer, value)


def _redact(_app: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:
    del template
    if not current_user.is_authenticated or the_viewer().policy.unlimited:
        return
    wanted = {name: one for name, one in context.items() if name not in _OURS and _may_hold(one)}
    context.update(as_seen(wanted))


def _may_hold(value: Any) -> bool:
    return type(value) in (tuple, list, dict) or is_dataclass(value) or isinstance(value, tuple)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["the_viewer"] = the_viewer
    before_render_template.connect(_redact, app)
