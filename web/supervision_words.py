"""Words for the ways to step into a call, and which of them the signed-in user has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from callcenter.rights.objects import ACTIONS
from web.context import me
from web.viewer import the_viewer

MODE_WORDS: Mapping[str, Any] = {
    "listen": _l("Listened"),
    "whisper": _l("Whispered"),
    "barge": _l("Joined in"),
    "take_over": _l("Took over"),
}
_BUTTONS = (
    ("listen", "headphones", _l("Listen")),
    ("whisper", "microphone", _l("Whisper to the operator")),
    ("barge", "users", _l("Join in")),
    ("take_over", "hand-grab", _l("Take over")),
)


def my_steps() -> tuple[str, ...]:
    """What the user may do in calls of others, as far as their role says; the server asks again for
    each call whose it is."""
    if not me().is_supervisor:
        return ()
    viewer = the_viewer()
    return tuple(one for one in ACTIONS["supervision"] if viewer.may("supervision", one))


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(my_steps=my_steps, STEP_BUTTONS=_BUTTONS)
