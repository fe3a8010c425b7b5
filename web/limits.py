"""How often one address, or one name, may try to log in. Counted in memory, or in Redis when
several web processes must count together."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

PER_ADDRESS = "30 per minute"
PER_NAME = "10 per 5 minutes"

limiter = Limiter(key_func=get_remote_address, strategy="moving-window", headers_enabled=True)


def name_tried() -> str:
    return "name:" + request.form.get("username", "").strip().casefold()[:64]


def per_address() -> str:
    return str(current_app.config["LOGIN_LIMIT_ADDRESS"])


def per_name() -> str:
    return str(current_app.config["LOGIN_LIMIT_NAME"])


def init_app(app: Flask, redis_url: str | None) -> None:
    app.config.setdefault("LOGIN_LIMIT_ADDRESS", PER_ADDRESS)
    app.config.setdefault("LOGIN_LIMIT_NAME", PER_NAME)
    app.config.update(
        RATELIMIT_STORAGE_URI=redis_url or "memory://",
        # While Redis is away each process counts for itself instead of refusing everybody.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(redis_url),
        RATELIMIT_IN_MEMORY_FALLBACK=PER_ADDRESS if redis_url else None,
    )
    limiter.init_app(app)
