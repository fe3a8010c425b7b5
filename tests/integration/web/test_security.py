"""Who may do what, and what nobody may do: roles, forgery, floods, markup, sessions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from callcenter.rights.viewer import built_in
from tests.support.web import EVIL, MARKUP, PASSWORD, Browser, World
from web import session
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


# --- log-in ------------------------------------------------------------------------------------


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser: Browser) -> None:
    wrong = browser.log_in("operator1", "not it")
    unknown = browser.log_in("nobody", "not it")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert "is wrong" in wrong.get_data(as_text=True)
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", wrong.get_data(as_text=True)) == strip.sub(
        "", unknown.get_data(as_text=True)
    )


def test_guessing_one_name_is_slowed_down_in_words(app: Flask) -> None:
    app.config["LOGIN_LIMIT_NAME"] = "3 per minute"
    statuses = [Browser(app).log_in("operator1", "guess").status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]
    answer = Browser(app).log_in("operator1")
    assert answer.status_code == 429
    assert "Too many attempts" in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"]
    assert Browser(app).log_in("operator2").status_code == 302


def test_guessing_many_names_from_one_address_is_slowed_down(app: Flask) -> None:
    app.config["LOGIN_LIMIT_ADDRESS"] = "3 per minute"
    statuses = [Browser(app).log_in(f"name{n}", "guess").status_code for n in range(4)]
    assert statuses == [401, 401, 401, 429]


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"]
)
def test_log_in_leads_only_to_our_own_pages(browser: Browser, target: str) -> None:
    assert browser.log_in("operator1", next=target).location == "/desk"


def test_log_in_leads_to_the_page_that_was_wanted(browser: Browser) -> None:
    wanted = browser.get("/interactions?result=missed").location
    assert "next=/interactions?result%3Dmissed" in wanted or "next=%2Finteractions" in wanted
    assert (
        browser.log_in("operator1", next="/interactions?result=missed").location
        == "/interactions?result=missed"
    )


def test_a_log_in_starts_a_new_session(app: Flask, browser: Browser) -> None:
    browser.token()
    with browser.client.session_transaction() as before:
        before["planted"] = "by somebody else"
    browser.log_in("operator1")
    with browser.client.session_transaction() as after:
        assert "planted" not in after


def _cookie(browser: Browser) -> str:
    cookie = browser.client.get_cookie("callcenter")
    assert cookie is not None
    return str(cookie.value)


def test_a_session_that_ran_out_says_so_and_leads_back_to_where_it_was(
    operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LONGEST", timedelta(0))
    page = operator.get("/customers?q=Maria", follow_redirects=True)
    assert "Your session has ended" in page.text
    assert 'name="next" value="/customers?q=Maria"' in page.text
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/tasks?scope=all"}
    piece = operator.get("/tasks", headers=headers)
    assert piece.status_code == 401
    assert piece.headers["HX-Redirect"] == "/login?next=/tasks?scope%3Dall&ended=yes"
    assert operator.log_in("operator1", next="/tasks?scope=all").location == "/tasks?scope=all"
    monkeypatch.undo()
    operator.post("/logout")
    assert "Your session has ended" not in operator.get("/tasks", follow_redirects=True).text


def test_a_copied_cookie_is_worth_nothing_after_log_out(app: Flask, operator: Browser) -> None:
    copied = _cookie(operator)
    operator.post("/logout")
    thief = app.test_client()
    thief.set_cookie("callcenter", copied)
    assert thief.get("/desk").status_code == 302


def test_logging_out_everywhere_ends_the_other_sessions_and_keeps_this_one(
    app: Flask, operator: Browser
) -> None:
    other = Browser(app)
    other.log_in("operator1")
    operator.post("/profile/sessions")
    assert other.get("/desk").status_code == 302
    assert operator.get("/desk").status_code == 200


def test_a_new_password_ends_every_other_session(app: Flask, operator: Browser) -> None:
    other = Browser(app)
    other.log_in("operator1")
    new = "another long password"
    answer = operator.post("/profile/password", {"current": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert other.get("/desk").status_code == 302
    assert operator.get("/desk").status_code == 200
    assert Browser(app).log_in("operator1", new).status_code == 302


def test_whoever_gives_a_new_password_is_asked_about_the_tokens(
    admin: Browser, operator: Browser, world: World
) -> None:
    operator.post("/profile/tokens", {"name": "till script"})
    target = f"/users/{world.users['operator1']}/password"
    for page in (admin.text(target), operator.text("/profile")):
        assert re.search(r'name="tokens" value="revoke" checked>[^<]*till script', page)
    shown = admin.post(target, {"tokens": "revoke"}).get_data(as_text=True)
    assert "No API token of theirs works any more" in shown
    assert operator.get("/desk").status_code == 302
    assert 'name="tokens"' not in admin.text(target)
    assert admin.get("/users/999/password").status_code == 404


def test_a_deactivated_user_is_out_at_once(admin: Browser, operator: Browser, world: World) -> None:
    admin.post(f"/users/{world.users['operator1']}/active", {"active": "no"})
    assert operator.get("/desk").status_code == 302


def test_whoever_is_taken_on_again_is_not_ready_by_themselves(
    admin: Browser, operator: Browser, world: World
) -> None:
    target = world.users["operator1"]
    operator.post("/desk/state", {"state": "ready"})
    for active in ("no", "yes"):
        admin.post(f"/users/{target}/active", {"active": active})
    with world.runtime.unit_of_work() as uow:
        status = uow.agents.get(target, world.runtime.clock.now())
    assert status is not None
    assert status.chosen == "offline"


def test_a_user_is_added_and_changed_by_an_administrator(app: Flask, admin: Browser) -> None:
    new = {
        "username": "ola",
        "display_name": "Ola",
        "role": "operator",
        "endpoint": "PJSIP/1001",
        "locale": "pl",
        "time_zone": "Europe/Warsaw",
        "password": PASSWORD,
    }
    refused = admin.post("/users/new", new)
    assert refused.status_code == 422
    assert "another user&#39;s phone" in refused.get_data(as_text=True)
    assert admin.post("/users/new", {**new, "endpoint": "PJSIP/1009"}).status_code == 302
    ola = Browser(app)
    assert ola.log_in("ola").status_code == 302
    assert ola.get("/live").status_code == 403
    admin.post("/users/6/edit", {**new, "endpoint": "PJSIP/1009", "role": "supervisor"})
    assert ola.get("/live").status_code == 302, "a session of the old role lives on"
    ola.log_in("ola")
    assert ola.get("/live").status_code == 200


def test_nobody_deactivates_themselves(admin: Browser, world: World) -> None:
    admin.post(f"/users/{world.users['admin']}/active", {"active": "no"})
    assert "cannot deactivate yourself" in admin.text("/users")


def test_a_token_is_shown_once(operator: Browser) -> None:
    answer = operator.post("/profile/tokens", {"name": "reports"})
    secret = re.search(r'id="token-secret">([^<]+)<', answer.get_data(as_text=True))
    assert secret
    later = operator.text("/profile")
    assert secret.group(1) not in later
    assert "reports" in later
    operator.post("/profile/tokens/1/revoke")
    assert "The token no longer works" in operator.text("/profile")


def test_nobody_revokes_the_token_of_another(operator: Browser, supervisor: Browser) -> None:
    operator.post("/profile/tokens", {"name": "reports"})
    assert supervisor.post("/profile/tokens/1/revoke").status_code == 404


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
