"""The OpenAPI document: valid, complete, and what the API really does (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.config._checks import NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES
from schemathesis.core.parameters import ParameterLocation
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from tests.integration.api.world import World, open_world
from web.api.document import described

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


# Every operation is asked without a token, too, again and again.
FREELY = "1000000 per minute"


@pytest.fixture(scope="module")
def busy_world(_sqlite_databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("schemathesis")
    with open_world(_sqlite_databases.migrated(folder / "api.db"), folder) as world:
        world.add_customer("Anna Nowak", "+48221234567")
        world.add_call("+48221234567")
        world.add_call("+48229999999", live=True)
        world.app.config.update(API_TOKEN_LIMIT=FREELY, API_GUESS_LIMIT=FREELY)
        yield world


# A text beyond every limit may make the whole body too large: 413 refuses it as well as 422.
TOO_LARGE_IS_A_REFUSAL = SchemathesisConfig.from_dict(
    {
        "checks": {
            "negative_data_rejection": {
                "expected-statuses": [*NEGATIVE_DATA_REJECTION_EXPECTED_STATUSES, "413"]
            }
        }
    }
)


@pytest.fixture(scope="module")
def schema(busy_world: World) -> BaseSchema:
    """Read once: the document is long, and the library looks through the code behind it."""
    return schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", busy_world.app, config=TOO_LARGE_IS_A_REFUSAL
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each operation, read from the document; that needs no database."""
    if "operation" not in metafunc.fixturenames:
        return
    found = [
        (path, method) for path, item in described()["paths"].items() for method in sorted(item)
    ]
    metafunc.parametrize("operation", found, ids=[f"{m.upper()} {p}" for p, m in found])


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_the_api_does_what_its_document_says(
    busy_world: World, schema: BaseSchema, operation: tuple[str, str], mode: GenerationMode
) -> None:
    path, method = operation
    token = {"Authorization": f"Bearer {busy_world.tokens['admin']}"}

    @seed(4573)
    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def check(case: Any) -> None:
        # In an address an empty list is nothing, and a list or an object of one is what stands in
        # it: such a request is none that is wrong.
        assume(not any(_is_lost_in_an_address(value) for value in (case.query or {}).values()))
        # A schema cannot say which cursors or numbers exist: a 422 for a well-formed one is right.
        excluded = [positive_data_acceptance]
        if case.media_type == "application/octet-stream" and not _is_wrong_in_its_address(case):
            excluded.append(negative_data_rejection)  # no bytes are wrong as bytes
        case.call_and_validate(headers=token, excluded_checks=excluded)

    try:
        check()
    except Unsatisfiable:
        pytest.skip("nothing in this operation can be wrong")


def _is_lost_in_an_address(value: Any) -> bool:
    return isinstance(value, (list, dict)) and len(value) < 2


def _is_wrong_in_its_address(case: Any) -> bool:
    return any(
        part.mode == GenerationMode.NEGATIVE
        for place, part in case.meta.components.items()
        if place in (ParameterLocation.PATH, ParameterLocation.QUERY)
    )


def test_the_document_is_valid_openapi(world: World) -> None:
    answer = world.get("/openapi.json", None)
    assert answer.status_code == 200
    OpenAPIV31SpecValidator(answer.json).validate()
    assert answer.json["openapi"].startswith("3.1")


# Whom they ask about stands in no address, and so in no log.
ASKING_BY_POST = {"/api/v1/duplicates/likely"}


def test_every_operation_documents_its_refusals(world: World) -> None:
    document = world.get("/openapi.json", None).json
    for path, item in document["paths"].items():
        for method, operation in item.items():
            responses = operation["responses"]
            needed = {"401", "403", "404", "422", "429", "500", "503"}
            if method != "get":
                needed |= {"400", "409", "413", "415"}
            assert needed <= set(responses), (path, method)
            for status in needed:
                assert list(responses[status]["content"]) == ["application/problem+json"]
            assert operation["summary"], path
            asks = method == "get" or path in ASKING_BY_POST
            usual = "read" if asks else "write"
            scope = "ledger" if path.startswith("/api/v1/ledger") else usual
            assert operation["security"] == [{"bearer": [scope]}]


def test_every_reference_in_the_document_leads_somewhere(world: World) -> None:
    document = world.get("/openapi.json", None).json
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
