"""What makes the product installable: its manifest, its service worker, and the honest page that
the worker shows when the server cannot be reached."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _

from web.access import public
from web.assets import DIST, asset_url, manifest

pwa = Blueprint("pwa", __name__)
_COLOUR = "#1458a8"


@pwa.get("/manifest.webmanifest")
@public
def web_manifest() -> Response:
    name = _("Call center")
    icons = [
        {"src": asset_url(file), "sizes": size, "type": "image/png", "purpose": purpose}
        for file, size, purpose in (
            ("icon-192.png", "192x192", "any"),
            ("icon-512.png", "512x512", "any"),
            ("icon-maskable-192.png", "192x192", "maskable"),
            ("icon-maskable-512.png", "512x512", "maskable"),
        )
    ]
    told = {
        "id": "/desk",
        "name": name,
        "short_name": name,
        "start_url": "/desk",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": _COLOUR,
        "icons": icons,
    }
    return Response(json.dumps(told), mimetype="application/manifest+json")


@pwa.get("/sw.js")
@public
def service_worker() -> Response:
    """Under a name that stays, so that a browser finds the next version of it."""
    built = DIST / manifest().get("sw.js", "")
    if not built.is_file():
        abort(404)
    answer = Response(built.read_bytes(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pwa.get("/offline")
@public
def offline() -> str:
    return render_template("offline.html")
