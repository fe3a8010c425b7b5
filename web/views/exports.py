"""Files given out."""

from __future__ import annotations

from flask import Blueprint

from web.access import allow

exports = Blueprint("exports", __name__, url_prefix="/exports")


@exports.get("")
@allow()
def page() -> str:
    return ""
