"""Who may do what, and what nobody may do: roles, forgery, floods, markup, headers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from callcenter.rights.viewer import built_in
from tests.support.web import EVIL, MARKUP, Browser, World
from web.access import ROLES, allowed_roles, is_self_guarded
from web.app import create_app
from web.doors import DOORS

VALUES = {
    "segment_id": 1,
    "organization_id": 1,
    "file_id": 1,
    "field_id": 1,
    "tag_id": 1,
    "import_id": 1,
    "export_id": 1,
    "team_id": 1,
    "object_id": 1,
    "change_id": 1,
    "batch_id": 1,
    "merge_id": 1,
    "record_id": 1,
    "job_id": 1,
    "webhook_id": 1,
    "object_type": "customer",
    "kind": "invoices",
    "template_id": 1,
    "widget_key": "shop",
    "conversation_id": 1,
    "interaction_id": 1,
    "customer_id": 1,
    "user_id": 2,
    "token_id": 1,
    "outcome_id": 1,
    "script_id": 1,
    "deal_id": 1,
    "number": "+48221234567",
    "name": "support",
    "task_id": 1,
    "missed_id": 1,
    "help_id": 1,
    "call_id": "pbx/1",
    "action": "hangup",
    "code": "pl",
    "path": "x.js",
    "role": "operator",
    "key": "main",
    "locale": "en",
    "pbx": "pbx",
    "rule_id": "vip",
}
# What an allowed role gets is up to the view; what a forbidden one gets is not.
ASIDE = {"login.leave"}  # ends the session that the other cases need


def _value(rule: Rule, name: str) -> object:
    """One of the words that the rule lists, where it lists any."""
    converter = rule._converters[name]
    listed = getattr(converter, "items", None)
    if listed:
        return min(listed)
    return 1 if isinstance(converter, IntegerConverter) else VALUES.get(name, "main")


def _endpoints(app: Flask) -> list[tuple[str, str, str]]:
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if is_self_guarded(rule.rule) or rule.endpoint in ASIDE:
            continue
        path = adapter.build(rule.endpoint, {name: _value(rule, name) for name in rule.arguments})
        found += [
            (rule.endpoint, m, path) for m in sorted((rule.methods or set()) & {"GET", "POST"})
        ]
    return found


def test_every_view_says_who_may_call_it(app: Flask) -> None:
    silent = [e for e, _, _ in _endpoints(app) if not allowed_roles(app.view_functions[e])]
    assert silent == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_it_may_and_nothing_else(app: Flask, role: str) -> None:
    browser = Browser(app)
    browser.log_in({"operator": "operator1"}.get(role, role))
    token, viewer = browser.token("/profile"), built_in(1, role)
    for endpoint, method, path in _endpoints(app):
        answer = browser.client.open(path, method=method, headers={"X-CSRFToken": token})
        right = DOORS.get(endpoint)
        has_right = right is None or viewer.may(*right)
        allowed = role in allowed_roles(app.view_functions[endpoint]) and has_right
        assert (answer.status_code != 403) == allowed, (
            f"{role} {method} {path}: {answer.status_code}"
        )


def test_who_is_not_logged_in_reaches_only_what_is_public(app: Flask, browser: Browser) -> None:
    token = browser.token()
    for endpoint, method, path in _endpoints(app):
        answer = browser.client.open(path, method=method, headers={"X-CSRFToken": token})
        if "anonymous" not in allowed_roles(app.view_functions[endpoint]):
            assert answer.status_code in (302, 401), f"{method} {path}: {answer.status_code}"
            assert answer.status_code == 401 or "/login" in answer.location


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_post_without_a_token_is_refused_everywhere(
    app: Flask, admin: Browser, headers: dict[str, str]
) -> None:
    for _, method, path in _endpoints(app):
        if method == "POST":
            answer = admin.client.post(path, headers=headers)
            assert answer.status_code == 400, path
            assert "older than your session" in answer.get_data(as_text=True)


def test_a_field_that_routes_calls_is_for_supervisors(
    operator: Browser, supervisor: Browser, world: World
) -> None:
    customer = world.customers["Piotr Zając"]
    data = {"field": "vip_level", "value": "3", "version": "1"}
    assert operator.post(f"/customers/{customer}/facts", data).status_code == 403
    whole = {"display_name": "Piotr Zając", "vip_level": "3", "blocked": "yes", "version": "1"}
    whole |= {"shown": "supervised"}
    operator.post(f"/customers/{customer}/edit", whole)
    assert "VIP" not in operator.text(f"/customers/{customer}")
    supervisor.post(f"/customers/{customer}/edit", {**whole, "version": "2"})
    text = operator.text(f"/customers/{customer}")
    assert "VIP 3" in text
    assert "turned away" in text


# --- what callers and customers can type -------------------------------------------------------


def test_markup_in_names_is_shown_as_text_on_every_page(supervisor: Browser, world: World) -> None:
    world.ring(EVIL, name=MARKUP)
    world.answer()
    world.hang_up()
    supervisor.post("/interactions/1/note", {"text": MARKUP})
    evil = world.customers[MARKUP]
    for path in (
        f"/customers/{evil}",
        f"/customers/{evil}/edit",
        f"/customers/{evil}/facts?edit=remarks",
        "/customers",
        "/customers?q=img",
        "/interactions",
        "/interactions/1",
        "/desk",
        "/desk/call/1",
        "/palette?q=img",
        "/live",
    ):
        text = supervisor.text(path)
        assert "<img" not in text, path
    assert "&lt;img" in supervisor.text(f"/customers/{evil}")


def test_what_was_searched_for_is_shown_as_text(operator: Browser) -> None:
    assert "<script>alert" not in operator.text("/customers?q=<script>alert(1)</script>")


# --- headers -----------------------------------------------------------------------------------


def test_pages_allow_no_inline_script_no_frame_and_no_keeping(operator: Browser) -> None:
    answer = operator.get("/desk")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    text = answer.get_data(as_text=True)
    assert not re.search(r"\son\w+=|style=|<script>|javascript:", text)


def test_the_cookie_is_for_the_server_only(browser: Browser) -> None:
    cookie = browser.log_in("operator1").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_renewed_while_one_works_and_not_with_every_answer(
    operator: Browser,
) -> None:
    """Else an answer that is late brings a message back that another page has shown already."""
    operator.get("/desk")
    assert "Set-Cookie" not in operator.get("/desk").headers
    with operator.client.session_transaction() as session:
        session["renewed"] -= 700
    assert "Expires=" in operator.get("/desk").headers["Set-Cookie"]
    assert "Set-Cookie" not in operator.get("/desk").headers


def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host(world: World) -> None:
    settings = replace(world.runtime.settings, web_origins=("https://crm.example.org",))
    app = create_app(replace(world.runtime, settings=settings), testing=True)
    client = app.test_client()
    answer = client.get(
        "/login", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.9"}
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-callcenter=")
    assert "Secure" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_view_without_a_rule_is_closed(world: World) -> None:
    app = create_app(world.runtime, testing=True)
    app.add_url_rule("/forgotten", view_func=lambda: "open", endpoint="forgotten")
    browser = Browser(app)
    browser.log_in("admin")
    assert browser.get("/forgotten").status_code == 403


def test_nothing_from_outside_is_loaded(operator: Browser) -> None:
    def external(text: str) -> list[Any]:
        return re.findall(r'(?:src|href)="(https?:)?//[^"]*"', text)

    assert external(operator.text("/desk")) == []
    styles = Path("web/frontend/src/styles.css").read_text(encoding="utf-8")
    assert "http" not in styles
