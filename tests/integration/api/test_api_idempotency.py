"""A POST with an Idempotency-Key is done once, however often and however fast it comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.api.world import World

KEY = {"Idempotency-Key": "order-1881"}


def people(world: World) -> int:
    return len(world.get("/customers").json["items"])


def test_a_repeat_gets_the_first_answer_and_changes_nothing(any_world: World) -> None:
    body = {"display_name": "Anna"}
    first = any_world.post("/customers", body, headers=KEY)
    again = any_world.post("/customers", body, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert people(any_world) == 1


def test_a_key_belongs_to_one_request(any_world: World) -> None:
    any_world.post("/customers", {"display_name": "Anna"}, headers=KEY)
    other = any_world.post("/customers", {"display_name": "Bogdan"}, headers=KEY)
    assert other.status_code == 422
    assert other.json["errors"][0]["field"] == "Idempotency-Key"


def test_a_key_belongs_to_one_user(any_world: World) -> None:
    body = {"display_name": "Anna"}
    any_world.post("/customers", body, "admin", headers=KEY)
    any_world.post("/customers", body, "operator", headers=KEY)
    assert people(any_world) == 2


def test_a_refused_request_leaves_its_key_free(any_world: World) -> None:
    body = {"display_name": "Anna", "phones": [{"number": "hello"}]}
    assert any_world.post("/customers", body, headers=KEY).status_code == 422
    good = any_world.post("/customers", {"display_name": "Anna"}, headers=KEY)
    assert good.status_code == 201


def test_of_the_same_request_at_once_one_is_done(any_world: World) -> None:
    def send(_: int) -> int:
        return (
            any_world.app.test_client()
            .post(
                "/api/v1/customers",
                json={"display_name": "Anna"},
                headers={**KEY, "Authorization": f"Bearer {any_world.tokens['admin']}"},
            )
            .status_code
        )

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(send, range(8)))
    assert answers <= {201, 409}
    assert people(any_world) == 1


def test_what_broke_off_is_not_done_again_unseen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("callcenter.services.customers.create_customer", _break)
        assert world.post("/customers", {"display_name": "Anna"}, headers=KEY).status_code == 500
    again = world.post("/customers", {"display_name": "Anna"}, headers=KEY)
    assert again.status_code == 409


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "ключ".encode().decode("latin-1")])
def test_a_bad_key_is_named(world: World, key: str) -> None:
    answer = world.post("/customers", {"display_name": "A"}, headers={"Idempotency-Key": key})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"


def _break(*_: object, **__: object) -> None:
    raise ZeroDivisionError
