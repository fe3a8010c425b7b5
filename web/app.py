"""Puts the web door together: one Flask application for one runtime. Builds nothing at import."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from callcenter.runtime import Runtime, StartupError
from web import (
    access,
    addresses,
    alert_words,
    assessment_words,
    assets,
    bodies,
    context,
    csrf,
    errors,
    hours_words,
    i18n,
    joined_cards,
    left_out,
    limits,
    line_names,
    outcome_words,
    pauses,
    people_words,
    presentation,
    privacy_words,
    queue_names,
    security,
    session,
    settings_pages,
    showing,
    supervision_words,
    survey_words,
    theme,
    trade_words,
    whole_numbers,
)
from web.chat import guard as chat_guard
from web.chat import pages as chat_pages
from web.phone_leases import phone_leases
from web.realtime import Realtime
from web.revocation import revoked_sessions
from web.rules import LateRule
from web.views import BLUEPRINTS

MAX_BODY = 2 * 1024 * 1024


def create_app(runtime: Runtime, *, testing: bool = False) -> OpenAPI:
    settings = runtime.settings
    if not settings.secret_key:
        raise StartupError(
            "SECRET_KEY is not set, so log-ins cannot be signed. Set it to 32 or more random "
            'characters: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    secure = urlsplit(settings.public_url or "").scheme == "https"
    app = _flask(testing)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=MAX_BODY)
    if secure:  # we never speak TLS ourselves: an https origin means one proxy in front of us
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    context.attach(app, runtime)
    whole_numbers.init_app(app)
    app.extensions["phone_leases"] = phone_leases(settings.redis_url)
    session.init_app(app, revoked_sessions(settings.redis_url), secure=secure)
    i18n.init_app(app)
    presentation.init_app(app)
    pauses.init_app(app)
    supervision_words.init_app(app)
    queue_names.init_app(app)
    line_names.init_app(app)
    hours_words.init_app(app)
    alert_words.init_app(app)
    survey_words.init_app(app)
    assessment_words.init_app(app)
    outcome_words.init_app(app)
    trade_words.init_app(app)
    privacy_words.init_app(app)
    people_words.init_app(app)
    settings_pages.init_app(app)
    theme.init_app(app)
    assets.init_app(app)
    limits.init_app(app, settings.redis_url)
    left_out.init_app(app)
    access.init_app(app)
    joined_cards.init_app(app)
    showing.init_app(app)
    bodies.init_app(app)
    csrf.init_app(app, CSRFProtect())
    security.init_app(app, secure=secure, phone_url=settings.phone_url)
    errors.init_app(app)
    addresses.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    _register_api(app, runtime)
    chat_guard.init_app(app, chat_pages.chat)
    Realtime(runtime, app)
    return app


def realtime_of(app: Flask) -> Realtime:
    realtime = app.extensions["callcenter_realtime"]
    assert isinstance(realtime, Realtime)  # noqa: S101 - narrows the type of our own extension
    return realtime


def _flask(testing: bool) -> OpenAPI:
    app = OpenAPI(
        "web",
        info=Info(title="Call-center CRM", version="1"),
        doc_ui=False,  # web.api serves the document itself
        static_folder=None,
        template_folder="templates",
    )
    app.testing = testing
    app.url_rule_class = LateRule
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    return app


def _register_api(app: OpenAPI, runtime: Runtime) -> None:
    # They import web.context, which does not import us.
    from web import api, health, metrics  # noqa: PLC0415

    api.register(app, runtime)
    health.register(app, runtime)
    metrics.register(app, runtime)
