"""Who may do what: role x operation from the document itself, tokens, scopes, limits, cookies."""

from __future__ import annotations

from typing import Any

import pytest

from callcenter.accounts.user import ROLES
from callcenter.rights.policy import BUILTIN
from callcenter.services import accounts
from tests.integration.api.world import World
from web.doors import DOORS

_READING_POSTS = ("/api/v1/duplicates/likely",)
"""A card that is being typed is sent to ask who it may be: nothing is written."""
METHODS = ("get", "post", "patch")


def operations(world: World) -> list[tuple[str, str, list[str]]]:
    """(method, path, roles) of every operation that the document names."""
    document = world.get("/openapi.json", None).json
    return [
        (method, path, _let_in(item[method]))
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item and path.startswith("/api/v1")
    ]


def _let_in(operation: dict[str, Any]) -> list[str]:
    """The roles that it names, as far as their rights go."""
    name = operation["operationId"]
    right = next((r for key, r in DOORS.items() if key.rpartition(".")[2] == name), None)
    return [
        role
        for role in operation["x-roles"]
        if right is None or BUILTIN[role].scope(*right) != "none"
    ]


def concrete(path: str) -> str:
    return (
        path.replace("{call_id}", "pbx1/1.1")
        .replace("{", "")
        .replace("}", "")
        .replace("customer_id", "999")
        .replace("interaction_id", "999")
        .replace("organization_id", "999")
        .replace("user_id", "999")
        .replace("ledger/pbx", "ledger/nowhere")
    )


def test_every_operation_lets_in_the_roles_it_names_and_no_other(world: World) -> None:
    found = operations(world)
    assert len(found) >= 22
    for method, path, roles in found:
        for role in ROLES:
            answer = world.ask(method.upper(), concrete(path), role, json=None)
            refused = answer.status_code == 403
            assert refused == (role not in roles), (method, path, role, answer.text)


def test_no_operation_answers_without_a_token(world: World) -> None:
    for method, path, _ in operations(world):
        answer = world.ask(method.upper(), concrete(path), None)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.json["type"] == "urn:callcenter:problem:unauthenticated"


@pytest.mark.parametrize("scope", ["read", "write", "ledger"])
def test_a_token_does_what_its_scope_says_and_nothing_else(world: World, scope: str) -> None:
    world.tokens["program"] = world.add_token("admin", scope)
    paths = world.get("/openapi.json", None).json["paths"]
    for method, path, _ in operations(world):
        usual = "read" if method == "get" or path in _READING_POSTS else "write"
        needed = "ledger" if path.startswith("/api/v1/ledger") else usual
        assert paths[path][method]["security"] == [{"bearer": [needed]}]
        answer = world.ask(method.upper(), concrete(path), "program", json=None)
        assert (answer.status_code == 403) == (scope != needed), (method, path)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer no-such-token",
        "Basic YWRtaW46YWRtaW4=",
        "Bearer a b",
        "Bearer é",
    ],
)
def test_what_is_no_token_is_refused(world: World, header: str) -> None:
    answer = world.get("/queues", None, headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_revoked_token_and_a_deactivated_user_are_refused(world: World) -> None:
    with world.runtime.unit_of_work() as uow:
        token = uow.users.token_by_hash(accounts.token_hash(world.tokens["operator"]))
    accounts.revoke_token(
        token.id,
        user_id=world.users["operator"],
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )
    assert world.get("/queues", "operator").status_code == 401
    accounts.set_user_active(
        world.users["supervisor"],
        False,
        user_id=world.users["admin"],
        unit_of_work=world.runtime.unit_of_work,
        clock=world.runtime.clock,
    )
    assert world.get("/queues", "supervisor").status_code == 401


def test_the_last_use_of_a_token_is_kept(world: World) -> None:
    world.get("/queues")
    with world.runtime.unit_of_work() as uow:
        token = uow.users.token_by_hash(accounts.token_hash(world.tokens["admin"]))
    assert token.last_used_at == world.runtime.clock.now()


def test_a_token_in_a_cookie_or_in_the_address_opens_nothing(world: World) -> None:
    token = world.tokens["admin"]
    world.client.set_cookie("Authorization", f"Bearer {token}")
    assert world.get("/queues", None).status_code == 401
    assert world.get(f"/queues?access_token={token}", None).status_code == 401


def test_too_many_calls_with_one_token_must_wait(world: World) -> None:
    world.app.config["API_TOKEN_LIMIT"] = "3 per hour"
    answers = [world.get("/queues", "operator") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert world.get("/queues", "admin").status_code == 200


def test_guessing_tokens_is_slowed_down_without_stopping_the_honest_neighbour(world: World) -> None:
    world.app.config["API_GUESS_LIMIT"] = "2 per hour"
    bad = {"Authorization": "Bearer guess"}
    answers = [world.get("/queues", None, headers=bad).status_code for _ in range(3)]
    assert answers == [401, 401, 429]
    assert world.get("/queues", "operator").status_code == 200


def test_a_new_user_is_made_by_an_administrator_and_shows_no_password(any_world: World) -> None:
    body = {"username": "nina", "display_name": "Nina", "password": "long enough to be good"}
    made = any_world.post("/users", body)
    assert made.status_code == 201, made.text
    assert "password" not in made.text
    again = any_world.post("/users", body)
    assert again.status_code in (409, 422)
    assert again.json["errors"][0]["field"] == "username"
    names = [user["username"] for user in any_world.get("/users").json["items"]]
    assert names == ["operator", "supervisor", "admin", "nina"]
