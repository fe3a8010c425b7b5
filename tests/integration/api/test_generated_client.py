"""A Python client generated from the API's own description works against the running server."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.integration.api.world import World
from web.api.document import described

CONFIG = Path(__file__).parents[3] / "scripts" / "client.yml"
PACKAGE = "callcenter_client"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_text(json.dumps(described()))
    generator = Path(sys.executable).with_name("openapi-python-client")
    made = subprocess.run(
        [
            *(generator, "generate", "--path", document, "--config", CONFIG),
            *("--meta", "none", "--output-path", folder / PACKAGE),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "WARNING" not in made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder))


@pytest.fixture
def server(world: World) -> Iterator[str]:
    running = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join(5)


def test_the_generated_client_makes_finds_and_changes_a_customer(
    package: ModuleType, server: str, world: World
) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")

    def ask(area: str, operation: str, *path: int, **rest: Any) -> Any:
        module = importlib.import_module(f"{PACKAGE}.api.{area}.{operation}")
        with package.AuthenticatedClient(base_url=server, token=world.tokens["admin"]) as client:
            return module.sync(*path, client=client, **rest)

    phones = [{"number": "22 123 45 67", "kind": "mobile", "is_primary": True}]
    draft = models.CustomerNew.from_dict({"display_name": "Anna Nowak", "phones": phones})
    made = ask("customers", "create_customer", body=draft)
    assert made.display_name == "Anna Nowak"
    who = ask("customers", "find_customers_by_phone", number="+48221234567")
    assert [one.id for one in who.customers] == [made.id]
    patch = models.CustomerPatch.from_dict({"vip_level": 2, "version": made.version})
    assert ask("customers", "change_customer", made.id, body=patch).vip_level == 2
    call = models.InteractionNew.from_dict({"number": "+48221234567", "external_id": "1"})
    logged = ask("interactions", "log_interaction", body=call)
    assert logged.customer.id == made.id
    refused = ask("customers", "get_customer", 999)
    assert refused.status == 404
