"""Log-in, sessions, passwords and tokens: who comes in, who is put out, and what is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.support.web import PASSWORD, Browser, World
from web import session


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
