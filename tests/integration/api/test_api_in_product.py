"""The API inside the whole web door: pages, cookies and forgery protection change nothing of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.integration.api.world import World
from web.app import create_app, realtime_of


@pytest.fixture
def product(world: World) -> Iterator[FlaskClient]:
    app = create_app(world.runtime, testing=True)
    yield app.test_client()
    realtime_of(app).stop()


def bearer(world: World) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens['admin']}"}


def test_the_document_is_the_same(world: World, product: FlaskClient) -> None:
    whole = product.get("/api/v1/openapi.json").json
    assert whole["paths"] == world.get("/openapi.json", None).json["paths"]


def test_a_token_needs_no_form_token(world: World, product: FlaskClient) -> None:
    made = product.post("/api/v1/customers", json={"display_name": "A"}, headers=bearer(world))
    assert made.status_code == 201, made.text


@pytest.mark.parametrize(
    ("path", "status"), [("/api/v1/nothing", 404), ("/api/v1/customers/x", 422)]
)
def test_refusals_stay_problems(world: World, product: FlaskClient, path: str, status: int) -> None:
    answer = product.get(path, headers=bearer(world))
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_without_a_token_there_is_no_redirect_to_a_page(product: FlaskClient) -> None:
    for path in ("/api/v1/customers", "/api/v1/nothing", "/api/v1/"):
        answer = product.get(path)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_probes_and_metrics_answer(product: FlaskClient) -> None:
    assert product.get("/healthz").status_code == 200
    assert product.get("/readyz").json["checks"]
    assert "callcenter_sockets_connected 0.0" in product.get("/metrics").text


def test_unexpected_errors_are_problems_with_the_products_handlers_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("callcenter.queries.calls.live", break_down)
    app = create_app(world.runtime)
    answer = app.test_client().get("/api/v1/queues", headers=bearer(world))
    realtime_of(app).stop()
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
