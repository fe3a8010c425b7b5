"""Every role at every door: what is denied is denied in page, API, file and export alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from tests.integration.rights.conftest import ROLES, Company
from web.access import allowed_roles
from web.doors import DOORS, KEYS

_ARGUMENTS = {
    "call_id": "pbx/1",
    "name": "support",
    "number": "1",
    "what": "claim",
    "role": "admin",
}
_LEAVES = ("login.leave", "profile.end_sessions")
"""Doors that end the session they are asked in."""


def doors(company: Company) -> Iterator[tuple[str, str, str, Rule]]:
    """(endpoint, method, path with ids of records, its rule)."""
    adapter = company.app.url_map.bind("localhost")
    for rule in company.app.url_map.iter_rules():
        if rule.endpoint in _LEAVES or allowed_roles_of(company, rule.endpoint) is None:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            values = {name: _value(company, rule, name) for name in rule.arguments}
            yield rule.endpoint, method, adapter.build(rule.endpoint, values, method), rule


def _value(company: Company, rule: Rule, name: str) -> object:
    choices = getattr(rule._converters.get(name), "items", None)
    if choices:
        return sorted(choices)[0]
    return company.ids.get(name, _ARGUMENTS.get(name, 1))


def allowed_roles_of(company: Company, endpoint: str) -> frozenset[str] | None:
    """The built-in roles that come in; None for what asks nobody."""
    view = company.app.view_functions[endpoint]
    api = getattr(view, "api_rule", None)
    if api is not None:
        return frozenset(api.roles)
    roles = allowed_roles(view)
    return roles if roles and "anonymous" not in roles else None


def test_every_door_says_which_right_it_asks_for(company: Company) -> None:
    assert {one for one in company.app.view_functions if one not in DOORS} == set()


def test_the_table_names_no_door_that_is_gone(company: Company) -> None:
    assert {one for one in DOORS if one not in company.app.view_functions} == set()


def expected(company: Company, role: str, endpoint: str, rule: Rule) -> set[int] | None:
    """The statuses of a refusal; None where this role may come in."""
    viewer, right = company.viewers[role], DOORS.get(endpoint)
    if viewer.base not in (allowed_roles_of(company, endpoint) or ()):
        return {403}
    if right is not None and not viewer.may(*right):
        return {403}
    named = {KEYS[name] for name in rule.arguments if name in KEYS}
    foreign = [one for one in named if viewer.scope(one, "read") in ("own", "none")]
    return {404} if foreign and "organization" not in foreign else None


@pytest.mark.parametrize("role", ROLES)
def test_denied_means_denied(company: Company, role: str) -> None:
    wrong = []
    for endpoint, method, path, rule in doors(company):
        refusal = expected(company, role, endpoint, rule)
        if refusal is None:
            continue
        status = company.ask(role, method, path).status_code
        if status not in refusal:
            wrong.append((endpoint, method, path, status, refusal))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_allowed_is_not_refused(company: Company, role: str) -> None:
    wrong = []
    for endpoint, method, path, rule in doors(company):
        if method != "GET" or expected(company, role, endpoint, rule) is not None:
            continue
        status = company.ask(role, method, path).status_code
        if status in (401, 403) or status >= 500:
            wrong.append((endpoint, path, status))
    assert [one for one in wrong if one[0] not in _OWN_WORDS] == []


_OWN_WORDS = {
    # Operators hear, and are told of, calls that they took part in: held by their own tests.
    "recordings.sound",
    "recordings.peaks",
    "recordings.players",
    "explain.page",
    "explain.download",
    "outcomes.desk",
    "scripts.desk",
    "line.conversation",
    # A chat is handed over by who has it.
    "chats.transfer_form",
    # Open to programs with the scope for it alone.
    "api_v1.ledger.get_ledger_position",
    "api_v1.tasks.list_tasks",
    "api_v1.interactions.explain_interaction",
    "api_v1.interactions.get_recording",
}
