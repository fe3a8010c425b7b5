"""The built front end: names with a hash in them (so browsers may keep them for ever), read from
the manifest that `npm run build` writes, served compressed where the browser takes it.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from web.access import public

DIST = Path(__file__).parent / "static" / "dist"
assets = Blueprint("assets", __name__)

_NOT_BUILT = "The front end is not built. Run: make build (or npm ci && npm run build)"


@cache
def manifest() -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return names


def asset_url(name: str) -> str:
    """The address of a built file; a name that was never built is plainly absent, not a crash."""
    return url_for("assets.file", path=manifest().get(name, name))


@cache
def build_id() -> str:
    """Another one after every build: a screen that was drawn by an older one draws itself anew."""
    told = json.dumps(manifest(), sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def icon(name: str, size: int = 20) -> Markup:
    """An icon of the sprite; decorative, since a word always stands beside it."""
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false">'
        '<use href="{1}#{2}"></use></svg>'
    ).format(size, asset_url("icons.svg"), escape(name))


@assets.get("/static/dist/<path:path>")
@public
def file(path: str) -> Response:
    if not DIST.is_dir():
        abort(503, _NOT_BUILT)
    squeezed = request.accept_encodings.quality("gzip") > 0
    content = _content(f"{path}.gz") if squeezed else None
    answer = Response(content or _content(path) or abort(404), mimetype=_type(path))
    if content is not None:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def built_text(name: str) -> str:
    """A built file under the name it has in the sources; '' when it was never built."""
    content = _content(manifest().get(name, ""))
    return content.decode("utf-8") if content is not None else ""


def _content(name: str) -> bytes | None:
    try:
        return _read(name)
    except (OSError, NotFound):
        return None


@lru_cache(maxsize=64)
def _read(name: str) -> bytes:
    """A built file, kept in memory: its name changes with its content."""
    place = safe_join(str(DIST), name)
    if place is None:
        raise NotFound
    return Path(place).read_bytes()


def _type(path: str) -> str:
    types = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    return types.get(Path(path).suffix) or guess_type(path)[0] or "application/octet-stream"


def init_app(app: Flask) -> None:
    app.register_blueprint(assets)
    app.jinja_env.globals.update(asset_url=asset_url, icon=icon, build_id=build_id)
