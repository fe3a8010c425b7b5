"""Bad input: each is refused as problem+json that names the field at fault; nothing is a 500."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from callcenter.queries.paging import encode_cursor
from tests.integration.api.world import World

JSON = {"Content-Type": "application/json"}
TOO_LARGE = encode_cursor(datetime(2026, 1, 1, tzinfo=UTC), 10**20)

BAD_QUERIES = [
    ("/interactions?sicne=2026-01-01T00:00:00Z", "sicne"),
    ("/interactions?limit=0", "limit"),
    ("/interactions?limit=201", "limit"),
    ("/interactions?limit=ten", "limit"),
    ("/interactions?limit=1&limit=2", "limit"),
    ("/interactions?since=yesterday", "since"),
    ("/interactions?since=1700000000", "since"),
    ("/interactions?since=2026-01-01T00:00:00", "since"),
    ("/interactions?since=0001-01-01T00:00:00%2B02:00", "since"),
    ("/interactions?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "until"),
    ("/interactions?result=great", "result"),
    ("/interactions?direction=up", "direction"),
    ("/interactions?customer_id=abc", "customer_id"),
    ("/interactions?customer_id=99999999999999999999", "customer_id"),
    ("/interactions?phone=hello", "phone"),
    ("/interactions?phone=%00", "phone"),
    ("/interactions?queue=%00", "queue"),
    ("/interactions?cursor=nonsense", "cursor"),
    ("/interactions?cursor=W10", "cursor"),
    (f"/interactions?cursor={TOO_LARGE}", "cursor"),
    ("/interactions?cursor=" + "A" * 600, "cursor"),
    ("/customers?cursor=WyIAIiwxXQ", "cursor"),
    ("/customers?q=%00", "q"),
    ("/customers?q=" + "x" * 300, "q"),
    ("/customers?vip=perhaps", "vip"),
    ("/customers/by-phone", "number"),
    ("/customers/by-phone?number=", "number"),
    ("/customers/by-phone?nummer=1", "nummer"),
    ("/customers/0", "customer_id"),
    ("/customers/-1", "customer_id"),
    ("/customers/abc", "customer_id"),
    ("/customers/9223372036854775808", "customer_id"),
    ("/customers/1/timeline?limit=x", "limit"),
    ("/calls/live?all=1", "all"),
    ("/calls/pbx%001", "call_id"),
    ("/agents?state=asleep", "state"),
    ("/users?cursor=nonsense", "cursor"),
]

BAD_BODIES = [
    ({}, "display_name"),
    ({"display_name": 5}, "display_name"),
    ({"display_name": None}, "display_name"),
    ({"display_name": "x" * 161}, "display_name"),
    ({"display_name": "a\x00b"}, "display_name"),
    ({"display_name": "A", "vip_level": 4}, "vip_level"),
    ({"display_name": "A", "vip_level": 10**30}, "vip_level"),
    ({"display_name": "A", "blocked": "perhaps"}, "blocked"),
    ({"display_name": "A", "email": "not an address"}, "email"),
    ({"display_name": "A", "owner_id": 999}, "owner_id"),
    ({"display_name": "A", "colour": "red"}, "colour"),
    ({"display_name": "A", "id": 7}, "id"),
    ({"display_name": "A", "phones": "+48221234567"}, "phones"),
    ({"display_name": "A", "phones": [{"number": "hello"}]}, "phones.0.number"),
    ({"display_name": "A", "phones": [{"number": "1001"}]}, "phones.0.number"),
    ({"display_name": "A", "phones": [{"number": "22 123 45 67", "kind": "fax"}]}, "phones.0.kind"),
    ({"display_name": "A", "phones": [{}]}, "phones.0.number"),
]


def check_problem(answer, status: int, field: str | None = None) -> None:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert "Traceback" not in answer.text
    if field is not None:
        assert field in [error["field"] for error in problem["errors"]], problem


@pytest.mark.parametrize(("path", "field"), BAD_QUERIES)
def test_a_bad_parameter_is_named(world: World, path: str, field: str) -> None:
    check_problem(world.get(path), 422, field)


def test_a_misspelt_parameter_is_told_its_right_name(world: World) -> None:
    assert "did you mean since?" in world.get("/interactions?sicne=x").json["detail"]


@pytest.mark.parametrize(("body", "field"), BAD_BODIES)
def test_a_bad_body_field_is_named(world: World, body: object, field: str) -> None:
    check_problem(world.post("/customers", body), 422, field)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"display_name": NaN}', 400),
        (b'\xff\xfe{"a": 1}', 400),
        (b"[" * 30_000, 400),
        (b'{"vip_level": ' + b"9" * 5_000 + b"}", 400),
        (b"[]", 422),
        (b'"{}"', 422),
        (b"null", 422),
        (b'{"display_name": "\\ud800"}', 422),
        (b'{"remarks": "' + b"x" * 70_000 + b'"}', 413),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_a_body_that_is_no_object_is_refused(world: World, body: bytes, status: int) -> None:
    check_problem(world.ask("POST", "/customers", data=body, headers=JSON), status)


def test_a_body_of_another_type_is_refused(world: World) -> None:
    answer = world.ask("POST", "/customers", data="display_name=Anna")
    check_problem(answer, 415)


@pytest.mark.parametrize("path", ["/nothing", "/customers/1/nothing", "/customers/", "/"])
def test_an_unknown_address_is_a_problem_and_no_page(world: World, path: str) -> None:
    check_problem(world.get(path), 404)


@pytest.mark.parametrize("method", ["PUT", "TRACE", "POST"])
def test_a_method_that_is_not_served_names_those_that_are(world: World, method: str) -> None:
    answer = world.ask(method, "/customers/1")
    check_problem(answer, 405)
    assert answer.headers["Allow"] == "GET, PATCH, DELETE"


@pytest.mark.parametrize("if_match", ["3", "W/x", '"abc"', "\x7f"])
def test_a_bad_if_match_is_named(world: World, if_match: str) -> None:
    customer = world.add_customer("Anna")
    answer = world.patch(f"/customers/{customer}", {}, headers={"If-Match": if_match})
    check_problem(answer, 422, "If-Match")


def test_an_unexpected_error_is_a_500_with_a_name_and_no_trace(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("callcenter.queries.calls.live", break_down)
    answer = world.get("/queues")
    check_problem(answer, 500)
    assert "secret detail" not in answer.text
    assert answer.json["instance"].startswith("urn:uuid:")


def test_a_database_that_is_away_is_a_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from callcenter.errors import Unavailable

    def fail(*_: object) -> None:
        raise Unavailable("", "connection to 10.0.0.5 failed")

    monkeypatch.setattr("callcenter.queries.calls.live", fail)
    answer = world.get("/queues")
    check_problem(answer, 503)
    assert "10.0.0.5" not in answer.text
    assert answer.headers["Retry-After"]


def test_text_from_callers_comes_back_as_data(world: World) -> None:
    name = "<script>alert(1)</script>'; DROP TABLE customers; --"
    customer = world.add_customer(name)
    answer = world.get(f"/customers/{customer}")
    assert json.loads(answer.data)["display_name"] == name
    assert answer.mimetype == "application/json"
