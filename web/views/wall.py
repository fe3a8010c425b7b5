"""The page of a screen on a wall: a shell that holds nothing. What it shows comes over the socket,
by the token in the address after `#`: browsers send that part to nobody, so that it stands in no
access log, no proxy and no Referer.
"""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from web import board_words
from web.access import public
from web.i18n import LOCALES

wall = Blueprint("wall", __name__)


@wall.get("/wall")
@public
def page() -> ResponseReturnValue:
    wanted = request.args.get("lang", "")
    with force_locale(wanted if wanted in LOCALES else "en"):
        text = render_template("wall/page.html", words=_words())
    answer = make_response(text)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _words() -> dict[str, dict[str, str]]:
    """Of every tile: which of them a board has, its frames say."""
    return {
        kind: {"title": str(words.title), "icon": words.icon}
        for kind, words in board_words.TILE_WORDS.items()
    }
